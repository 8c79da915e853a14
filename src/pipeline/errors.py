"""Errors that the user can correct, as messages of one line."""

from __future__ import annotations

import errno
import re
import traceback
import unicodedata
from pathlib import Path

_CODE = Path(__file__).parent


class WenshuError(Exception):
    """An error that the user can correct; its message says what, where and how.

    The command line prints it as one line on stderr and exits with 2. Credentials in URLs are
    masked (`masked`).
    """

    def __str__(self) -> str:
        return masked(super().__str__())


_USER = re.compile(r"(://)[^\s'\"<>]{0,2000}@")
_QUERY = re.compile(r"(://[^\s'\"<>?]{0,2000}\?)[^\s'\"<>]+")


def masked(text: str) -> str:
    """The text with the user, password and query of each URL replaced by `***`."""
    if "://" not in text:
        return text
    return _QUERY.sub(r"\1***", _USER.sub(r"\1***@", text))


def one_line(text: str) -> str:
    """The text made safe for a terminal: one line, control and bidi characters escaped."""
    if text.isprintable():  # the common case, for which no character is looked up
        return text
    return "".join(
        c
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else c.encode("unicode_escape").decode()
        for c in text
    )


def shortened(text: str, longest: int) -> str:
    """The text, or its first characters and an ellipsis where it is longer."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def encode_escaped(text: str) -> bytes:
    """The text in UTF-8, a lone surrogate as an escape."""
    return text.encode("utf-8", "backslashreplace")


class LimitError(Exception):
    """An article exceeds one of the limits; the message says which."""

    def __init__(self, limit: str, demand: str, maximum: int) -> None:
        """limit: its key in [limits]. demand: what the article needs. maximum: the limit's value."""
        super().__init__(
            f"{demand}, more than the {maximum} of {limit} in [limits]; split it, or raise the limit"
        )


def fault_message(error: Exception) -> str:
    """Why an article is left out: the error, and the line of our code that it was raised in."""
    if isinstance(error, LimitError):
        return str(error)
    if isinstance(error, MemoryError):
        return "takes more memory than that of [limits]; split it, or raise the limit"
    steps = [
        f"{Path(frame.filename).parent.name}/{Path(frame.filename).name} line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_CODE)
    ]
    where = f" in {steps[-1]}" if steps else ""
    return f"cannot be read: {type(error).__name__}{where}; wenshu fails on this text, please report it"


_TRANSIENT = {
    *(errno.EAGAIN, errno.EBUSY, errno.ECONNRESET, errno.EINTR),
    *(errno.EIO, errno.EREMOTEIO, errno.ESTALE, errno.ETIMEDOUT),
}
"""Errors of a disk, a network share or a URL: S3's 503 is raised as EBUSY, its 500 as EREMOTEIO."""


def is_transient(error: BaseException) -> bool:
    """Whether it makes sense to try again a moment later; after a full disk it does not."""
    if isinstance(error, (TimeoutError, ConnectionError)):
        return True
    return isinstance(error, OSError) and error.errno in _TRANSIENT


def is_disk_full(error: OSError) -> bool:
    """Whether the disk is full, or the user's quota used up."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def as_user_error(error: Exception, output: Path) -> Exception:
    """The error as a `WenshuError` where a file below the output folder could not be written or read."""
    if isinstance(error, OSError):
        return write_error(error, output)
    # Databases and writers of other packages raise errors of their own when a disk is full.
    if not isinstance(error, WenshuError) and "No space left on device" in str(error):
        return write_error(OSError(errno.ENOSPC, "no room"), output)
    return error


def write_error(error: OSError, output: Path) -> WenshuError:
    """What to do where a file below the output folder could not be written or read."""
    where = one_line(str(error.filename or output))
    if is_disk_full(error):
        return WenshuError(
            f"the disk of {one_line(str(output))} is full; free some space, for instance with "
            "`wenshu releases prune`, and run again. latest/ is as it was"
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return WenshuError(
            f"{where} cannot be written ({error.strerror}); make it writable or give another "
            "--output, and run again. latest/ is as it was"
        )
    return WenshuError(f"{where}: {error.strerror or error}; latest/ is as it was")
