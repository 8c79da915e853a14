"""Decode: from a file's bytes to text, or a reason why they are none."""

from __future__ import annotations

import codecs
import re
from functools import cache

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
"""Byte order mark, the encoding's name, the codec for what follows it."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffe\uffff]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_ADVICE = "save it as UTF-8"

_MOST_CONTROLS = 0.05
_LEAST_COMMON = 0.5
"""Share of the non-ASCII characters of real GB18030 text that are common ones: simplified
text has over 0.95, traditional text some 0.6; random bytes and other encodings 0.2."""


class UnreadableError(Exception):
    """A file, or what is left of one, that cannot be read; the message says why and how to mend it."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of UTF-8, GB18030, or UTF-16 with a byte order mark, and the encoding's name.

    Line ends stay as they are; the byte order mark is no part of the text. Raises
    `UnreadableError` for anything else, and for a text of nothing but space.
    """
    text, encoding = _decoded(data)
    if not text.strip():
        raise UnreadableError("is empty" if not data else "holds nothing but space")
    controls = len(_CONTROL.findall(text))
    if controls > _MOST_CONTROLS * len(text):
        raise UnreadableError(f"is no text: {controls} of its {len(text)} characters are control characters")
    return text, encoding


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(data) % 4 == 0:
        raise UnreadableError(f"is UTF-32, which is not read; {_ADVICE}")
    for mark, encoding, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(codec), encoding
            except UnicodeDecodeError as error:
                place = error.start + len(mark)
                raise UnreadableError(f"is broken {encoding} at byte {place}; {_ADVICE}") from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _nearly_utf8(data):
            raise UnreadableError(f"is broken UTF-8 at byte {error.start}; {_ADVICE}") from error
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"is neither UTF-8 nor GB18030 (byte {error.start}) nor UTF-16 with a byte order mark; {_ADVICE}"
        ) from error
    not_ascii = _NON_ASCII.findall(text)
    common = sum(char in _common() for char in not_ascii)
    if common < _LEAST_COMMON * len(not_ascii):
        raise UnreadableError(
            f"makes no sense as GB18030: {common} of {len(not_ascii)} characters are common ones; {_ADVICE}"
        )
    return text, "gb18030"


def _nearly_utf8(data: bytes) -> bool:
    """Whether all but a few of its characters are good UTF-8: a damaged file, not another encoding."""
    text = data.decode("utf-8", "replace")
    good = len(_NON_ASCII.findall(text))
    bad = text.count("\ufffd")
    return good > 20 * bad


@cache
def _common() -> frozenset[str]:
    """GB 2312's signs, fullwidth forms and its first level of Han, the 3,755 most used."""
    rows = (*range(0xA1, 0xA4), *range(0xB0, 0xD8))
    codes = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return frozenset("".join(code.decode("gb2312", "ignore") for code in codes) + "—·…“”‘’〇　")


def utf8(text: str) -> bytes:
    """What UTF-8 can hold of a text; a lone surrogate of a damaged one becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def without_surrogates(text: str) -> str:
    """The text, U+FFFD for each half of a character, as JSON may have them and libraries fail on."""
    return utf8(text).decode()
