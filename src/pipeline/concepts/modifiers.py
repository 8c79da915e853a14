"""What the words before a concept's name say: a breakdown, a population, a state, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.concepts.concept import Pairs
from pipeline.concepts.endings import Beginnings, Endings

NOTHING = "none"
POPULATION = "population"
STATE = "state"
NOUNS = ("activity", "product")
"""Dimensions whose words are nouns: one of these may be the end of a longer one that no list knows."""
DIMENSIONS = (NOTHING, POPULATION, STATE, *NOUNS, "sex", "age", "residence", "partner", "designation")
"""What a line of catalog/breakdowns may be about."""

_AGE = re.compile(r"(\d{1,3})(?:(?:周?岁)?[-—~至到](\d{1,3})周?岁|周?岁(及?以[上下]|以内))(?:的|年龄段)?")
_PARTNER = re.compile(r"(?:对|与|从|来自)([^对与自从来的]{2,12}?)的?$")
_JOINTS = ("和", "与", "及", "、", "或")
"""Between what are several together: 城镇和农村居民 are neither of the two."""
_PLACE_END = "省市区县州盟旗镇乡村国地的"
"""What a place that is left to others ends with."""


class Said(NamedTuple):
    """What modifiers say."""

    breakdown: Pairs
    population: str | None
    state: str | None
    rest: str


class Modifiers:
    """The lists of catalog/breakdowns, ready to read what stands before a name."""

    def __init__(self, lines: Iterable[tuple[str, str, tuple[str, ...]]] = ()) -> None:
        """lines: dimension, value, words."""
        self._right: Endings[tuple[str, str]] = Endings()
        self._left: Beginnings[tuple[str, str]] = Beginnings()
        for dimension, value, words in lines:
            for word in words:
                self._right.add(word, (dimension, value))
                self._left.add(word, (dimension, value))

    def read(self, text: str) -> Said:
        """What the words say: from both ends as far as the lists know them; `rest` is what lies between."""
        found: list[tuple[str, str]] = []
        begin, stop = self._from_left(text, found)
        begin, stop = self._from_right(text, begin, stop, found)
        rest = text[begin:stop].strip("的")
        if any(rest.startswith(word) or rest.endswith(word) for word in _JOINTS):
            return Said((), None, None, text)
        if rest and (partner := _PARTNER.fullmatch(rest)):
            found.append(("partner", partner[1]))
            rest = ""
        said = dict(found)
        population, state = said.pop(POPULATION, None), said.pop(STATE, None)
        said.pop(NOTHING, None)
        return Said(tuple(sorted(said.items())), population, state, rest)

    def _from_left(self, text: str, found: list[tuple[str, str]]) -> tuple[int, int]:
        begin, stop = 0, len(text)
        while begin < stop:
            if age := _AGE.match(text, begin, stop):
                found.append(("age", _age(*age.groups())))
                begin = age.end()
                continue
            word = self._left.longest(text, begin, stop)
            if word is None or (word[1][0] in NOUNS and word[0] < stop):
                break
            begin = word[0]
            found.append(word[1])
        return begin, stop

    def _from_right(self, text: str, begin: int, stop: int, found: list[tuple[str, str]]) -> tuple[int, int]:
        while begin < stop:
            if text[stop - 1] == "的":
                stop -= 1
                continue
            words = [(at, value) for at, value in self._right.of(text, stop) if at >= begin]
            if not words:
                break
            at, value = words[-1]
            if at > begin and stop - at == 1:  # 城市 ends with no 市 of its own
                break
            if value[0] in NOUNS and at > begin and text[at - 1] not in _PLACE_END:
                break
            found.append(value)
            stop = at
        return begin, stop


def _age(low: str, high: str | None, bound: str | None) -> str:
    """SDMX's code of an age: Y_GE65, Y_LE15, Y0T14."""
    if high is not None:
        return f"Y{int(low)}T{int(high)}"
    if bound and bound.endswith("上"):
        return f"Y_GE{int(low)}"
    return f"Y_LE{int(low)}" if bound and bound.startswith("及") else f"Y_LT{int(low)}"
