"""Units of measurement, money and count, with their standard codes.

Codes are UCUM's for what is measured (Unified Code for Units of Measure), ISO 4217's
for money, and 1 for what is counted. Units that UCUM lacks (亩, 斤) are UCUM
annotations in braces. Words are in simplified script: the flow is folded before they
are looked up, and the unit of a mention keeps the characters as written.

The table is data/units.tsv: a unit's word, kind and code; what it is not followed by
(本 of 本市); the prefixes of the International System that it takes (`only`: it is no
unit without one); its marks, which say what numerals before it are (docs/extraction.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from string import ascii_letters, digits
from types import MappingProxyType
from typing import NamedTuple

from pipeline.numbers.entries import entries, word_lengths
from pipeline.texts.fold import FOLDED, simplify


class Unit(NamedTuple):
    """A unit of the table: the kind of quantity it makes, and its standard code."""

    kind: str
    code: str
    unless: tuple[str, ...] = ()
    """What it is not followed by: there it is the beginning of another word."""
    marks: frozenset[str] = frozenset()
    """What numerals before it may be, by the table's marks."""


_PREFIXES = {"K": "k", "μ": "u", "百": "h", "千": "k", "兆": "M", "吉": "G", "太": "T", "拍": "P",
             "分": "d", "厘": "c", "毫": "m", "微": "u", "纳": "n", "皮": "p"}  # fmt: skip
"""UCUM's letter for a prefix that it writes in another way."""

CURRENCY_SIGNS = re.compile(
    r"(?P<sign>(?:HK|US|NT|[ACS])?\$|[¥€£₩]|RMB|USD|HKD|CNY|EUR|JPY"
    r"|人民币|港币|港元|美元|美金|欧元|日元|日币|英镑|澳元|澳门元|新台币|台币|韩元|加元) ?$"
)
"""A sign, code or word of money that ends where a number begins."""

_SIGN_CODES = {"$": "USD", "US$": "USD", "HK$": "HKD", "¥": "CNY", "RMB": "CNY", "NT$": "TWD", "A$": "AUD",
               "C$": "CAD", "S$": "SGD", "€": "EUR", "£": "GBP", "₩": "KRW", "USD": "USD", "HKD": "HKD",
               "CNY": "CNY", "EUR": "EUR", "JPY": "JPY"}  # fmt: skip

_LATIN = frozenset(ascii_letters + digits)


class Units:
    """The units of a grammar; immutable. Looked up by the text that stands after a number."""

    __slots__ = ("_lengths", "_marked", "by_word")

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.by_word = MappingProxyType(dict(units))
        marks = {mark for unit in units.values() for mark in unit.marks}
        self._marked = {
            mark: frozenset(word for word, unit in units.items() if mark in unit.marks) for mark in marks
        }
        self._lengths = word_lengths(units, 0)

    def match(self, text: str, at: int) -> str | None:
        """The longest unit that stands at `at` and is no part of a longer word, or None."""
        for length in self._lengths.get(text[at : at + 1], ()):
            stop = at + length
            word = text[at:stop]
            unit = self.by_word.get(word)
            if unit is None or (unit.unless and text.startswith(unit.unless, stop)):
                continue
            if word[-1] in _LATIN and text[stop : stop + 1] in _LATIN and stop < len(text):
                continue
            return word
        return None

    def kind(self, word: str) -> str:
        """The kind of quantity that a unit of the table makes."""
        return self.by_word[word].kind

    def marked(self, mark: str) -> frozenset[str]:
        """The units that bear a mark."""
        return self._marked.get(mark, frozenset())


@cache
def base_units() -> Mapping[str, Unit]:
    """The units of the table by their words, prefixed ones among them."""
    return MappingProxyType(dict(_table()))


def _table() -> Iterator[tuple[str, Unit]]:
    for entry in entries("units"):
        word, unless = entry["word"], tuple(entry["unless followed by"].split())
        prefixes = entry["prefixes"].split()
        if "only" in prefixes:
            prefixes.remove("only")
        else:
            yield word, Unit(entry["kind"], entry["code"], unless, frozenset(entry["marks"].split()))
        for prefix in prefixes:
            code = _PREFIXES.get(prefix, prefix) + entry["code"]
            yield prefix + word, Unit(entry["kind"], code)


@lru_cache(maxsize=4096)
def unit_code(kind: str, unit: str | None) -> str:
    """The standard code of a mention's unit: UCUM, ISO 4217, or 1 for a count.

    A compound unit is coded part by part (元/平方米: CNY/m2, 米每秒: m/s).
    Words with no code are a UCUM annotation in braces.
    """
    return code_of(kind, unit, base_units())


def code_of(kind: str, unit: str | None, units: Mapping[str, Unit]) -> str:
    """As `unit_code`, by the units of a lexicon too."""
    if not unit:
        return "%" if kind == "percent" else "1"  # the shares of 6:42:52 are printed without a sign
    if unit not in units and not unit.isascii():
        unit = simplify("".join(FOLDED.get(c, c) for c in unit))
    if unit in _SIGN_CODES:
        return _SIGN_CODES[unit]
    known_unit = units.get(unit)
    if known_unit and (known_unit.kind == kind or kind in ("duration", "percent")):
        return known_unit.code
    if kind == "count":
        return "1"
    if known_unit:
        return known_unit.code
    for joint in ("/", "每"):
        numerator, has_joint, denominator = unit.partition(joint)
        if has_joint and numerator and denominator:
            return f"{code_of(kind, numerator, units)}/{code_of('measure', denominator, units)}"
    return "{" + unit.replace("{", "").replace("}", "") + "}"
