"""Number words that are no numbers: 四川, 一线, 统一, 六厂前街, 一环两纵七横.

The words come from data/dictionary.tsv (a general dictionary's words that hold a numeral),
data/words.tsv (what that lacks) and the user's lexicon; the patterns from how names are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from pipeline.numbers.entries import entries
from pipeline.numbers.units import Units

_NUMERAL = "〇零一二三四五六七八九十百千万亿两"
_NUMERALS = frozenset(_NUMERAL)

# A numeral that begins a name's own part: 六厂前街, 三里屯, 五一路, 八一公园.
_NOT_IN_A_NAME = rf"\W\d_{_NUMERAL}的了是在和与及有为个名余多几"
_PLACE_NAME = re.compile(
    rf"[{_NUMERAL}]+(?P<rest>[^{_NOT_IN_A_NAME}]{{0,3}}?)"
    r"(?P<end>街|大道|路(?!公交|大军|人马|纵队|并进|汇)|巷|胡同|里屯|村(?![民级])|庄|屯|桥|寺|庙|山|河|湖|沟(?!渠)|岭|坪|坝"
    r"|镇(?![区级])|乡(?![镇村])|湾|塘|井|堡|(?<!大)关(?![于注键系心])|环路|环线|大队|中队|支队(?!伍)|型(?![号的])|厂(?![房商家])|院区|号楼)"
)
_NAME_ENDS = frozenset("街道路巷同屯村庄桥寺庙山河湖沟岭坪坝镇乡湾塘井堡关线队型厂区楼")
# 九井镇, 五道沟: units elsewhere, here what a place was named after.
_PARTS_OF_LAND = frozenset("道台门口")
_SETTLEMENTS = frozenset("沟岭镇乡村屯河湾")
# What a name of one numeral and its ending needs before it: 二路, 三大队, but 兵分三路, 四个村.
_PARTS = frozenset("分共有各的了达计第等出走")
# 一环两纵七横, 六稳六保, 三心二意: numeral and one word, twice or more.
_PAIRS = re.compile(rf"(?:[{_NUMERAL}][^\W\d_，。、（）{_NUMERAL}]){{2,}}")
_PAIR_UNITS = frozenset(
    "个名位人家户件项条例宗次场座所栋间套台架艘辆张份篇部集年月天日周时分秒元角块米里亩吨克斤岁级成折倍点县市区省乡镇村国男女胜负平金银铜死伤"
)


class Word(NamedTuple):
    """What a word is, and whether the user's lexicon says so, against any quantity that it cuts."""

    kind: str
    """name or other"""
    fixed: bool = False


class Covering(NamedTuple):
    """A word around a run of number words: its offsets, and what it is."""

    begin: int
    stop: int
    word: Word


class Words:
    """Words that hold a numeral, by their run and the character after it, or by the one before where
    it ends the word; immutable."""

    __slots__ = ("_by_key", "has_figures")

    def __init__(self, words: Mapping[str, Word]) -> None:
        self._by_key: dict[str, list[tuple[str, str, Word]]] = {}
        self.has_figures = False
        for word, said in words.items():
            m = _RUN.search(word)
            if not m:
                continue
            prefix, run, suffix = word[: m.start()], m.group(), word[m.end() :]
            key = run + suffix[0] if suffix else prefix[-1:] + run
            self.has_figures = self.has_figures or run.isascii()
            self._by_key.setdefault(key, []).append((prefix, suffix, said))

    def covering(self, text: str, begin: int, stop: int) -> Covering | None:
        """The longest word around the numeral text[begin:stop]."""
        best: Covering | None = None
        longest = 1
        for prefix, suffix, said in self._candidates(text, begin, stop):
            left, right = begin - len(prefix), stop + len(suffix)
            longer = left >= 0 and right - left > longest
            if longer and text.startswith(suffix, stop) and text.startswith(prefix, left):
                best, longest = Covering(left, right, said), right - left
        return best

    def _candidates(self, text: str, begin: int, stop: int) -> Iterable[tuple[str, str, Word]]:
        by_key = self._by_key
        after = by_key.get(text[begin : stop + 1], ())
        before = by_key.get(text[begin - 1 : stop], ()) if begin else by_key.get(text[begin:stop], ())
        return (*after, *before, *by_key.get(text[begin:stop], ())) if begin else (*after, *before)


_RUN = re.compile(rf"[{_NUMERAL}]+|[0-9]+")


@cache
def base_words() -> Mapping[str, Word]:
    """The words of data/dictionary.tsv and data/words.tsv."""
    both = (*entries("dictionary"), *entries("words"))
    return MappingProxyType({entry["word"]: Word(entry["kind"]) for entry in both})


def name_pattern(text: str, begin: int, stop: int, units: Units) -> int | None:
    """Where a name that begins with the number words text[begin:stop] stops, or None."""
    m = _PAIRS.match(text, begin) if text[begin + 2 : begin + 3] in _NUMERALS else None
    if m and not any(c in _PAIR_UNITS for c in m.group()[1::2]):
        return m.end()
    if _NAME_ENDS.isdisjoint(text[stop : stop + 5]):
        return None
    m = _PLACE_NAME.match(text, begin)
    if not m:
        return None
    if m["rest"]:
        named = m["rest"] == "里" or (m["rest"] in _PARTS_OF_LAND and m["end"] in _SETTLEMENTS)
        return m.end() if named or not units.match(text, m.start("rest")) else None
    if m["end"] == "井" and text[m.end() : m.end() + 1] in tuple("镇乡村"):
        return m.end() + 1
    left = text[begin - 1 : begin] if begin else ""
    own_ending = m["end"] in ("环路", "环线", "大队", "中队", "支队", "型", "号楼")
    named = left.isalnum() and left not in _PARTS and m["end"] in ("路", "街", "巷", "院区", "厂")
    return m.end() if own_ending or named else None
