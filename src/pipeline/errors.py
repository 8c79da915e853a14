"""What goes wrong for a reason that the user can mend, said in one line."""

from __future__ import annotations

import errno
import re
import traceback
import unicodedata
from pathlib import Path

_CODE = Path(__file__).parent


class WenshuError(Exception):
    """Something that the user can mend; its text says what, where and how.

    The command line prints it as one line on stderr and exits with 2. No URL in it says who
    signs in with what (`masked`).
    """

    def __str__(self) -> str:
        return masked(super().__str__())


_USER = re.compile(r"(://)[^\s'\"<>]{0,2000}@")
_QUERY = re.compile(r"(://[^\s'\"<>?]{0,2000}\?)[^\s'\"<>]+")


def masked(text: str) -> str:
    """The text, the user, password and query of each URL in it as `***`."""
    if "://" not in text:
        return text
    return _QUERY.sub(r"\1***", _USER.sub(r"\1***@", text))


def one_line(text: str) -> str:
    """The text as it may stand on a terminal: one line, control and bidi characters spelt out."""
    if text.isprintable():  # as nearly all are: no character needs a look by itself
        return text
    return "".join(
        c
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else c.encode("unicode_escape").decode()
        for c in text
    )


def spelt_out(text: str) -> bytes:
    """The text in UTF-8, a lone surrogate of a damaged one as an escape."""
    return text.encode("utf-8", "backslashreplace")


class LimitError(Exception):
    """An article wants more than it may take; the message says of what."""

    def __init__(self, limit: str, said: str, most: int) -> None:
        """limit: one of wenshu.toml's [limits]. said: what the article wants of it. most: what that is."""
        super().__init__(f"{said}, more than the {most} of {limit} in [limits]; split it, or raise the limit")


def fault(error: Exception) -> str:
    """Why an article is left out on which a step fails: what went wrong, and in which line of our code."""
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


_PASSING = {
    *(errno.EAGAIN, errno.EBUSY, errno.ECONNRESET, errno.EINTR),
    *(errno.EIO, errno.EREMOTEIO, errno.ESTALE, errno.ETIMEDOUT),
}
"""Of a disk, a share or a place behind a URL: S3's 503 comes as EBUSY, its 500 as EREMOTEIO."""


def is_passing(error: BaseException) -> bool:
    """Whether what goes wrong may be over a moment later; a full disk may not."""
    if isinstance(error, (TimeoutError, ConnectionError)):
        return True
    return isinstance(error, OSError) and error.errno in _PASSING


def is_full(error: OSError) -> bool:
    """Whether what went wrong is that a disk has no room, or the user no quota."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def mended(error: Exception, output: Path) -> Exception:
    """What went wrong, as something to mend below the output folder where it is that."""
    if isinstance(error, OSError):
        return mendable(error, output)
    # Databases and writers of other packages have errors of their own for a disk without room.
    if not isinstance(error, WenshuError) and "No space left on device" in str(error):
        return mendable(OSError(errno.ENOSPC, "no room"), output)
    return error


def mendable(error: OSError, output: Path) -> WenshuError:
    """What to do where something below the output folder could not be written or read."""
    where = one_line(str(error.filename or output))
    if is_full(error):
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
