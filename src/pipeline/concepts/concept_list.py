"""The concept list, indexed by how a subject ends: a look-up costs as much as the subject is long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from pipeline.concepts.concept import Concept, Match
from pipeline.concepts.modifiers import NOUNS, Modifiers, ParsedModifiers
from pipeline.concepts.unit_conversions import same_dimension, unit_fits
from pipeline.concepts.word_index import WordIndex
from pipeline.texts.fold import FOLDED, TRADITIONAL, simplify

_SIGNS = str.maketrans(FOLDED) | str.maketrans("", "", "“”‘’\"'「」『』《》〈〉 \n")
_BRACKETS = re.compile(r"[（(][^（()）]{0,20}[)）]$")
_TRADITIONAL = re.compile(f"[{TRADITIONAL}]")
_TAILS = (
    *"平均值 均值 涨幅 涨跌幅 同比增速 平均增速 增长率 增长速度 增速 增幅 降幅 增长".split(),
    *"所占比重 所占比例 占比 比重 占有率".split(),
    *"总量 总额 总数 总人数 数量 人数 户数 规模 数 量 额".split(),
)
"""What may follow a name that is in the list without it."""


class _Name(NamedTuple):
    concept: Concept
    bare: bool

    def allows(self, kind: str | None, unit: str | None) -> bool:
        """Whether a figure of this kind and unit may be of the concept, called so."""
        return same_dimension(self.concept, unit) if self.bare else unit_fits(self.concept, kind, unit)


class ConceptList:
    """Statistical concepts by their names."""

    def __init__(self, concepts: Iterable[Concept], modifiers: Modifiers | None = None) -> None:
        """Where two concepts claim a name, the first one has it."""
        self._concepts = {concept.code: concept for concept in concepts}
        self._modifiers = modifiers or Modifiers()
        self._names: WordIndex[list[_Name]] = WordIndex()
        for concept in self._concepts.values():
            for word in (concept.zh, *concept.also):
                self._names.add(normalize_name(word), []).append(_Name(concept, bare=False))
            for word in concept.bare:
                self._names.add(normalize_name(word), []).append(_Name(concept, bare=True))

    @property
    def concepts(self) -> Mapping[str, Concept]:
        """The concepts by their codes, in the order of the files."""
        return MappingProxyType(self._concepts)

    def with_concepts(self, *concepts: Concept) -> ConceptList:
        """The list with these concepts, each in the place of one of its code; itself where it has them."""
        more = {concept.code: concept for concept in concepts}
        if all(self._concepts.get(code) == concept for code, concept in more.items()):
            return self
        return ConceptList({**self._concepts, **more}.values(), self._modifiers)

    def parse_modifiers(self, words: str) -> ParsedModifiers:
        """What words that stand before a subject say, by the lists of catalog/breakdowns."""
        return self._modifiers.parse(normalize_name(words))

    def by_name(self, name: str) -> tuple[Concept, ...]:
        """The concepts of a name: several where they have units of different dimensions."""
        word = normalize_name(name)
        whole = (names for at, names in self._names.suffixes(word) if at == 0)
        return tuple(one.concept for one in next(whole, ()))

    def find(self, subject: str, kind: str | None = None, unit: str | None = None) -> Match | None:
        """What a subject names, or None: by the longest name that it ends with and the figure's unit allows.

        subject: as printed, best without the region's name before it (a place stays in `Match.rest`).
        kind: the figure's, of `pipeline.numbers.mention.KINDS`. unit: its code (`numbers.units.unit_code`).
        Either None where not known: names that ask for a unit then match nothing.
        """
        text = normalize_name(subject)
        best: Match | None = None
        for stop in _name_ends(text):
            found = self._ending_at(text, stop, kind, unit)
            if found and not (found.concept.general and found.rest):
                return found
            best = best or found
        return best

    def find_across(self, before: str, subject: str, kind: str, unit: str) -> Match | None:
        """The concept whose name begins in the words before a subject: 铁路发送旅客, the subject 旅客."""
        text = normalize_name(before + subject)
        edge = len(text) - len(normalize_name(subject))
        found = None
        for at, names in self._names.suffixes(text):
            for name in names if at < edge else ():
                if name.allows(kind, unit):
                    found = Match(name.concept, text[at:])
        return found

    def _ending_at(self, text: str, stop: int, kind: str | None, unit: str | None) -> Match | None:
        """What text[:stop] names, by a name that it ends with."""
        names = [
            (at, name)
            for at, same in self._names.suffixes(text, stop=stop)
            for name in same
            if name.allows(kind, unit)
        ]
        each = ((self._match(text, at, stop, name.concept), name.bare) for at, name in reversed(names))
        # 收购玉米 is not 玉米 produced, and 江苏省 not a number of 省
        matches = (match for match, bare in each if not match.rest or (len(match.words) > 1 and not bare))
        first = next(matches, None)
        if first is None:
            return None
        if first.rest or any(dimension in NOUNS for dimension, _ in first.breakdown):
            # 商务|服务业增加值 is the 增加值 of 商务服务业, which begins before 服务业增加值
            return next((other for other in matches if other.breakdown and not other.rest), first)
        return first

    def _match(self, text: str, at: int, stop: int, concept: Concept) -> Match:
        return Match(concept, text[at:stop], *self._modifiers.parse(text[:at]), tail=text[stop:])


def normalize_name(words: str) -> str:
    """Words as the list writes them: simplified script, no quotation marks, no spaces."""
    words = words.translate(_SIGNS)
    return simplify(words) if _TRADITIONAL.search(words) else words


def _name_ends(text: str) -> list[int]:
    """Where a name may end: at the end, before a bracket, before a word of measure."""
    stops = [len(text)]
    if bracket := _BRACKETS.search(text):
        stops.append(bracket.start())
    tail = next((tail for tail in _TAILS if text.endswith(tail, 0, stops[-1])), None)
    if tail and stops[-1] > len(tail):
        stops.append(stops[-1] - len(tail))
    return stops
