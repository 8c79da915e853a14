"""What the words before a concept's name say: a breakdown, a population, a state, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.concepts.concept import Pairs
from pipeline.concepts.word_index import WordIndex

NOTHING = "none"
POPULATION = "population"
STATE = "state"
NOUNS = ("activity", "product")
"""Dimensions whose words are nouns: one of these may be the end of a longer noun that no list has."""
DIMENSIONS = (NOTHING, POPULATION, STATE, *NOUNS, "sex", "age", "residence", "partner", "designation")
"""What a line of catalog/breakdowns may be about."""

_AGE = re.compile(r"(\d{1,3})(?:(?:周?岁)?[-—~至到](\d{1,3})周?岁|周?岁(及?以[上下]|以内))(?:的|年龄段)?")
_PARTNER = re.compile(r"(?:对|与|从|来自)([^对与自从来的]{2,12}?)的?$")
_JOINTS = ("和", "与", "及", "、", "或")
"""Conjunctions between modifiers: 城镇和农村居民 are neither of the two."""
_PLACE_END = "省市区县州盟旗镇乡村国地的"
"""Last characters of the name of a place, which is read elsewhere."""


class ParsedModifiers(NamedTuple):
    """What modifiers say."""

    breakdown: Pairs
    population: str | None
    state: str | None
    rest: str


class Modifiers:
    """The lists of catalog/breakdowns, which parse what stands before a name."""

    def __init__(self, lines: Iterable[tuple[str, str, tuple[str, ...]]] = ()) -> None:
        """lines: dimension, value, words."""
        self._words: WordIndex[tuple[str, str]] = WordIndex()
        for dimension, value, words in lines:
            for word in words:
                self._words.add(word, (dimension, value))

    def parse(self, text: str) -> ParsedModifiers:
        """What the words say: from both ends as far as the lists have them; `rest` is what lies between."""
        found: list[tuple[str, str]] = []
        begin = self._from_left(text, found)
        stop = self._from_right(text, begin, found)
        rest = text[begin:stop].strip("的")
        if rest.startswith(_JOINTS) or rest.endswith(_JOINTS):
            return ParsedModifiers((), None, None, text)
        if rest and (partner := _PARTNER.fullmatch(rest)):
            found.append(("partner", partner[1]))
            rest = ""
        values = dict(found)
        population, state = values.pop(POPULATION, None), values.pop(STATE, None)
        values.pop(NOTHING, None)
        return ParsedModifiers(tuple(sorted(values.items())), population, state, rest)

    def _from_left(self, text: str, found: list[tuple[str, str]]) -> int:
        """Collect the modifiers that a text begins with; where they end."""
        begin, stop = 0, len(text)
        while begin < stop:
            if age := _AGE.match(text, begin):
                found.append(("age", _age_code(*age.groups())))
                begin = age.end()
                continue
            word = self._words.longest_prefix(text, begin, stop)
            if word is None or (word[1][0] in NOUNS and word[0] < stop):
                break
            begin = word[0]
            found.append(word[1])
        return begin

    def _from_right(self, text: str, begin: int, found: list[tuple[str, str]]) -> int:
        """Collect the modifiers that text[begin:] ends with; where they begin."""
        stop = len(text)
        while begin < stop:
            if text[stop - 1] == "的":
                stop -= 1
                continue
            words = list(self._words.suffixes(text, begin, stop))
            if not words:
                break
            at, value = words[-1]
            if at > begin and stop - at == 1:  # 城市 does not end with the modifier 市
                break
            if value[0] in NOUNS and at > begin and text[at - 1] not in _PLACE_END:
                break
            found.append(value)
            stop = at
        return stop


def _age_code(low: str, high: str | None, bound: str | None) -> str:
    """SDMX's code of an age: Y_GE65, Y_LE15, Y0T14."""
    if high is not None:
        return f"Y{int(low)}T{int(high)}"
    if bound and bound.endswith("上"):
        return f"Y_GE{int(low)}"
    return f"Y_LE{int(low)}" if bound and bound.startswith("及") else f"Y_LT{int(low)}"
