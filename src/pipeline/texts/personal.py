"""Personal data: numbers of persons, which are no statistics and are never released.

Identity numbers are recognised by their check digit (GB 11643), bank cards by theirs (Luhn, ISO/IEC 7812)
and by the words before them, mobile numbers by their form. Each of their characters becomes *,
so that every offset stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

MASKED = "masked: "
"""How the note begins that says what was masked."""

_FULLWIDTH = str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9A-Za-z])\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?(?![0-9A-Za-z])")
_CARD_WORDS = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|银行卡|借记卡|储蓄卡|信用卡|社保卡)[^\d。！？\n]{0,20}$"
)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.,$￥¥])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"(?![0-9A-Za-z]|[.,]\d|\s?[余多万亿元吨人个户家件米亩%％])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LOOK_BACK = 32
_SHORTEST_CARD = 13

_KIND_NAMES = {"identity": "an identity number", "card": "a bank card", "mobile": "a mobile number"}
_MOST_LISTED = 10


class PersonalNumber(NamedTuple):
    """A person's number in a text."""

    kind: str
    """identity, card or mobile."""
    start: int
    end: int


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with the numbers of persons masked, and a note that says which and where."""
    found = sorted(find(text), key=lambda span: span.start)
    if not found:
        return text, ()
    parts: list[str] = []
    at = 0
    for span in found:  # of two that overlap both are masked: the end of a card may read like a mobile number
        parts += (text[at : span.start], "*" * (span.end - max(at, span.start)))
        at = max(at, span.end)
    listed = ", ".join(f"{_KIND_NAMES[span.kind]} at {span.start}" for span in found[:_MOST_LISTED])
    more = f" and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    return "".join((*parts, text[at:])), (f"{MASKED}{listed}{more}",)


def find(text: str) -> Iterator[PersonalNumber]:
    """The numbers of persons in a text."""
    digits = text.translate(_FULLWIDTH)
    for match in _IDENTITY.finditer(digits):
        if _is_identity(match[0]):
            yield PersonalNumber("identity", *match.span())
    for match in _CARD.finditer(digits):
        before = digits[max(0, match.start() - _LOOK_BACK) : match.start()]
        if _CARD_WORDS.search(before) and (length := _card_length(match[0])):
            yield PersonalNumber("card", match.start(), match.start() + length)
    for match in _MOBILE.finditer(digits):
        yield PersonalNumber("mobile", *match.span())


def _is_identity(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def _card_length(number: str) -> int:
    """The characters of it that are a card's: its last groups may be another figure (… 7894 10万元)."""
    digits = [int(char) for char in number if char.isdigit()]
    if len(digits) < _SHORTEST_CARD:
        return 0
    doubled = [sum(divmod(2 * digit, 10)) if n % 2 else digit for n, digit in enumerate(reversed(digits))]
    if sum(doubled) % 10 == 0:
        return len(number)
    return _card_length(re.sub(r"[ -]?\d+$", "", number))
