"""Places behind URLs: any file system that fsspec knows, and what goes wrong with one in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from pipeline.errors import WenshuError, is_passing, one_line

_WAITS = (1.0, 5.0)
"""Seconds before a second and a third try, beside the tries that a file system makes of its own."""

_THEIRS = ("botocore", "aiobotocore", "aiohttp", "fsspec", "s3fs", "paramiko", "gcsfs", "adlfs", "azure")

_WITH_CONTAINERS = {"abfs", "abfss", "wasb", "wasbs", "az"}
_INSTEAD = (
    "put them into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for s3://, "
    "FSSPEC_SFTP_USERNAME and FSSPEC_SFTP_PASSWORD for sftp://)"
)

T = TypeVar("T")


def is_url(text: str) -> bool:
    """Whether a place is named by its URL and not by its path."""
    return "://" in text


def place_named(text: str) -> Path | str:
    """A folder as its path, a URL as it is."""
    return text if is_url(text) else Path(text)


def without_secret(url: str) -> str:
    """The URL; raises `WenshuError` where it has a user or password in it.

    Lists of processes, logs and records show a URL; an environment they do not. What stands
    before the @ in Azure's URLs is no user, but a container.
    """
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0]
    user, at, host = authority.rpartition("@")
    port = host.partition("]")[2] if host.startswith("[") else host
    # A password may hold a slash, which its URL should have escaped.
    unescaped = not at and ":" in port and not port.rpartition(":")[2].isdecimal() and "@" in rest
    if (at and (":" in user or scheme.lower() not in _WITH_CONTAINERS)) or unescaped:
        raise WenshuError(f"{one_line(url)} has a user or password in it, which logs would show; {_INSTEAD}")
    return url


@contextmanager
def place(url: str, kept: str) -> Iterator[tuple[Any, str]]:
    """The file system of a URL and the path in it; whatever goes wrong with it is said in one line.

    kept: what is as it was where the work within fails. Raises `WenshuError` where the URL
    names no place, a package is missing, or the place cannot be reached, read or written.
    """
    try:
        import fsspec
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise WenshuError("to use a URL, fsspec is needed, and s3fs for s3://; install wenshu[s3]") from error
    where = one_line(without_secret(url))
    if not is_url(url):
        raise WenshuError(f"{where} is no URL; give one like s3://bucket/folder")
    try:
        fs, root = url_to_fs(url)
    except (ImportError, ValueError) as error:
        known = ", ".join(sorted({"s3", "file"} & set(fsspec.available_protocols())))
        raise WenshuError(f"{where}: {one_line(str(error))}; there are {known} and more") from error
    try:
        yield fs, root.rstrip("/")
    except WenshuError:
        raise
    except OSError as error:
        raise WenshuError(f"{where}: {_advice(error)}; {kept}") from error
    except Exception as error:
        if not type(error).__module__.startswith(_THEIRS):
            raise
        said = one_line(str(error))
        raise WenshuError(f"{where} cannot be reached, read or written: {said}; {kept}") from error


def patiently(call: Callable[[], T]) -> T:
    """What the call returns, tried again where what goes wrong may be over a moment later."""
    for wait in _WAITS:
        try:
            return call()
        except OSError as error:
            if not is_passing(error):
                raise
        sleep(wait)
    return call()


def _advice(error: OSError) -> str:
    said = one_line(str(error)) or type(error).__name__
    if isinstance(error, FileNotFoundError):
        return f"there is no such bucket or folder ({said})"
    if isinstance(error, PermissionError):
        return f"access is refused ({said}); mend its permissions or your credentials"
    if is_passing(error):
        return f"it is busy or away ({said}); try again later"
    return said
