"""Remote file systems by URL, through fsspec: retries, and errors as messages of one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from pipeline.errors import WenshuError, is_transient, one_line

_WAITS = (1.0, 5.0)
"""Seconds before the second and the third attempt, beside the retries of the file system itself."""

_LIBRARIES = ("botocore", "aiobotocore", "aiohttp", "fsspec", "s3fs", "paramiko", "gcsfs", "adlfs", "azure")

_CONTAINER_SCHEMES = {"abfs", "abfss", "wasb", "wasbs", "az"}
_ADVICE = (
    "put them into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for s3://, "
    "FSSPEC_SFTP_USERNAME and FSSPEC_SFTP_PASSWORD for sftp://)"
)

T = TypeVar("T")


def is_url(text: str) -> bool:
    """Whether a location is a URL and not a path."""
    return "://" in text


def path_or_url(text: str) -> Path | str:
    """A URL as it is, anything else as a path."""
    return text if is_url(text) else Path(text)


def require_no_credentials(url: str) -> str:
    """The URL; raises `WenshuError` where it contains a user or password.

    Process lists, logs and run records show a URL, but not the environment. The part before
    the @ in Azure's URLs is a container and no user.
    """
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0]
    user, at, host = authority.rpartition("@")
    port = host.partition("]")[2] if host.startswith("[") else host
    # A password may contain a slash that is not escaped as it should be.
    unescaped = not at and ":" in port and not port.rpartition(":")[2].isdecimal() and "@" in rest
    if (at and (":" in user or scheme.lower() not in _CONTAINER_SCHEMES)) or unescaped:
        raise WenshuError(f"{one_line(url)} has a user or password in it, which logs would show; {_ADVICE}")
    return url


@contextmanager
def remote_filesystem(url: str, unchanged: str) -> Iterator[tuple[Any, str]]:
    """The file system of a URL and the path in it; errors within the block become messages of one line.

    unchanged: what is left as it was after an error, for the message. Raises `WenshuError` where the URL
    is invalid, a package is missing, or the location cannot be reached, read or written.
    """
    try:
        import fsspec
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise WenshuError("to use a URL, fsspec is needed, and s3fs for s3://; install wenshu[s3]") from error
    where = one_line(require_no_credentials(url))
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
        raise WenshuError(f"{where}: {_explanation(error)}; {unchanged}") from error
    except Exception as error:
        if not type(error).__module__.startswith(_LIBRARIES):
            raise
        reason = one_line(str(error))
        raise WenshuError(f"{where} cannot be reached, read or written: {reason}; {unchanged}") from error


def with_retries(call: Callable[[], T]) -> T:
    """The result of the call, which is repeated after transient errors."""
    for wait in _WAITS:
        try:
            return call()
        except OSError as error:
            if not is_transient(error):
                raise
        sleep(wait)
    return call()


def _explanation(error: OSError) -> str:
    reason = one_line(str(error)) or type(error).__name__
    if isinstance(error, FileNotFoundError):
        return f"there is no such bucket or folder ({reason})"
    if isinstance(error, PermissionError):
        return f"access is refused ({reason}); mend its permissions or your credentials"
    if is_transient(error):
        return f"it is busy or away ({reason}); try again later"
    return reason
