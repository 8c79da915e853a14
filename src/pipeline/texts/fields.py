"""Fields: what a sidecar, a row or a line states about its text, read as people write it.

Names may be Chinese, codes and page numbers without quotes, dates in any usual form. A value
that cannot be used is left out and reported; it costs the field, never the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline.errors import one_line
from pipeline.texts.decode import without_surrogates
from pipeline.tsv import read_entries

_TABLE = {entry["field"]: entry for entry in read_entries(files(__package__) / "fields.tsv")}
FIELDS = tuple(field for field, entry in _TABLE.items() if entry["value"])
"""Fields of `Source` that can be given for a text."""
NAMES = {name: field for field in FIELDS for name in _TABLE[field]["names"].split()}
"""The names by which a field may go."""
META = {field: _TABLE[field]["meta"].split() for field in FIELDS}
"""The meta tags of a web page that say a field, the surest first."""
TEXTS, IDS = (frozenset(_TABLE[field]["names"].split()) for field in ("text", "id"))
"""What the column or key of an article's text may be called, in a file of many, and what names it there."""

_DATE = re.compile(r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))(?![\d])")
_TEN = "[一二三四五六七八九十]{1,3}"
_HAN = re.compile(rf"([〇零○一二三四五六七八九]{{4}})年({_TEN})月({_TEN})日")
_DIGITS = dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True))
_LINE = re.compile(r"\s*([^\s:：#'\"-][^:：]{0,30}?)\s*[:：](.*)")


class Fields(NamedTuple):
    """The fields that describe a text, and what was given that could not be used."""

    values: dict[str, Any]
    """Fields of `Source`."""
    faults: tuple[str, ...] = ()
    """A line for each that was left out, with what to do."""


def name_of(key: str) -> str:
    """A key as it is compared: folded, in lower case, without space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", key)).lower()


def read_fields(items: Iterable[tuple[str, Any]], *, strict: bool = True) -> Fields:
    """The fields of some keys and values. strict: whether a key that no field has is a fault."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for key, value in items:
        field = NAMES.get(name_of(key))
        if field is None:
            if strict:
                alike = 0.6 if key.isascii() else 0.5  # of 来原 and 来源 every second character is one
                close = get_close_matches(name_of(key), NAMES, n=1, cutoff=alike)
                hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(FIELDS)}"
                faults.append(f"{one_line(key)[:40]}: no field is called so; {hint}")
            continue
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            values[field] = _PARSERS[field](value)
        except (TypeError, ValueError):
            faults.append(
                f"{one_line(key)}: {one_line(str(value))[:60]!r} is left out; give {_TABLE[field]['value']}"
            )
    return Fields(values, tuple(faults))


def read_lines(text: str) -> list[tuple[str, str]]:
    """Keys and values, line by line, of what was meant as YAML and is none (标题：甲, title: a: b)."""
    found = (_LINE.match(line) for line in text.splitlines())
    return [(match[1], match[2].strip().strip("'\"“”")) for match in found if match]


def read_date(value: Any) -> date:
    """A day, of 2026-11-02, 2026/11/2, 20261102, 2026年11月2日, 二〇二六年十一月二日; a time may follow.

    Raises ValueError for anything else.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError("no date")
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if match := _DATE.match(text):
        year, month, day = match[1], match[2] or match[4], match[3] or match[5]
        return date(int(year), int(month), int(day))
    if match := _HAN.match(text):
        return date(int("".join(map(_DIGITS.__getitem__, match[1]))), _number(match[2]), _number(match[3]))
    raise ValueError("no date")


def _number(word: str) -> int:
    """十一 is 11, 二十 20, 三十一 31."""
    head, ten, tail = word.partition("十")
    if not ten:
        return int(_DIGITS[head])
    return 10 * int(_DIGITS[head] if head else "1") + int(_DIGITS[tail] if tail else "0")


def _word(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | float | date):
        raise TypeError
    if isinstance(value, float) and value.is_integer():  # how a workbook keeps 410102
        value = int(value)
    return without_surrogates(str(value).strip())


def _url(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"https?://\S+", value.strip()):
        raise ValueError
    return value.strip()


_TRUE, _FALSE = ("true", "yes", "是", "1"), ("false", "no", "否", "0")


def _flag(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise ValueError
    return word in _TRUE


_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("title", "publisher", "region", "page", "licence"), _word),
    "issued": read_date,
    "url": _url,
    "example": _flag,
}
