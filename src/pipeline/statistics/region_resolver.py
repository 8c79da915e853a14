"""Where the figures of a document hold: the region of each, from sidecar, masthead and text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from pipeline.statistics.areas import COUNTRY, ELSEWHERE, Areas, Place
from pipeline.texts.layout import Flow

_RELATIVE = re.compile(
    r"(?:[全我该]|本(?!州))(?:省|市|区|县|州|盟|旗|镇|乡|村|街道|社区|校|院|厂|公司|集团)(?![区镇乡]|民)|当地(?!时间)"
)
_ASIDE = re.compile(
    r"(?:[对与和从自向赴同往由比距占居]|来自|前往|高于|低于|快于|优于|好于|位列|位居|领跑|靠近|邻近|邻国)$"
)
"""A place right after one of these is the other party or what is compared with."""

_RANKED = re.compile(
    r"(?:前列|平均|第[一二三四五六七八九十\d]|首位|领先|同类|总[值量]的|的[一二三四五六七八九十\d])"
)
"""A place right before one of these is only compared with."""


_OF_THAT = "其中"
"""Begins a sentence on parts of what the one before is about."""

_BACK = 3
"""Sentences before, of which one may say where that is."""

_GLOSS = re.compile(r"[（(][^（）()\n]*[）)]")
"""What stands in brackets that are closed before a figure is not about it."""

_HERE = "当地"
"""Means the region named last."""

_KINDS = frozenset("省市区县州盟旗")
"""Kinds of region that have codes."""

_SOURCE = re.compile(r"(?:据|根据|按照)$")
"""A place right after one of these names who says it; it is the figure's own where no other is named."""

_PART = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:社区|街道|[^农乡]村(?!民|庄|委)|[^乡城集市]镇(?!化|级|街)|[^城]乡(?!村|镇|亲|土)|片区|小区|园区|景区|煤矿|机场)"
)
"""Right after a region: a place within it that has no code."""

_TOGETHER = re.compile(r"[、—–\-至到往和与及]|返")
"""After a place at the head of a sentence: it is not that place alone that the sentence is about."""

_JOINTS = frozenset("、 和 与 及 以及 ，".split())
"""What stands between places named in a row."""

_HEAD = 3_000
"""Characters of a document that are searched for what it is about."""

_OPENING, _OFTEN = 120, 5
"""What a document is about is named in its first characters, or this often."""

_WINDOW = 400
"""Characters before a figure, in its sentence, in which its region is sought."""

_SHARE = 0.6
"""Share of a document's place names that must lie in the region it is about."""


class ResolvedRegion(NamedTuple):
    """Where a figure holds."""

    area: str | None
    """Its region's code; `ELSEWHERE` for a place that has none, None where nothing tells."""
    part: bool = False
    """Whether it is rather a place within the region: a village, a site."""
    unsettled: str | None = None
    """The region's name, where several bear it and nothing says which."""


class RegionResolver:
    """Where the figures of one document hold.

    region: the sidecar's, code or name. publisher, title: as far as known.
    """

    def __init__(
        self,
        areas: Areas,
        flow: Flow,
        *,
        region: str | None = None,
        publisher: str | None = None,
        title: str | None = None,
    ) -> None:
        self._areas, self._flow = areas, flow
        self._region, self._banner = region, f"{title or ''}\n{publisher or ''}"
        self._blocks = [block.begin for block in flow.blocks]

    @cached_property
    def area(self) -> str | None:
        """The region that the document is about, or None."""
        said = self._areas.read(self._region) if self._region else None
        return said or self._prevailing()

    @cached_property
    def context(self) -> frozenset[str]:
        """The regions that the document names beyond doubt, with what they are part of."""
        sure = {
            code
            for places in (self._named, self._titled)
            for place in places
            if len(place.codes) == 1
            for code in place.codes
        }
        if self._region and (said := self._areas.read(self._region)):
            sure.add(said)
        return frozenset(sure.union(*map(self._areas.parents, sure)) - {COUNTRY, ELSEWHERE})

    def at(
        self, sentence: tuple[int, int], begin: int, turn: tuple[int, int] | None = None
    ) -> ResolvedRegion:
        """Where the figure at `begin` in its sentence holds.

        turn: which of how many figures it is in a list, each of which goes with a region of its own
        where as many are named in a row (河南、湖北分别为1、2).
        """
        marks = self._marks(max(sentence[0], begin - _WINDOW), begin)
        row = self._row(marks)
        if turn and len(row) == turn[1]:
            return self._settled(row[turn[0]])
        source: Place | None = None
        while marks:
            row, last = self._row(marks), marks[-1]
            if isinstance(last, str):
                return ResolvedRegion(self._relative(last, begin))
            said_by = bool(_SOURCE.search(self._flow.text, max(sentence[0], row[0].begin - 2), row[0].begin))
            if said_by:
                source = source or last
            elif not self._aside(row, sentence[0]):
                return self._settled(last) if len(row) == 1 else ResolvedRegion(ELSEWHERE)
            del marks[-len(row) :]
        if self._flow.text.startswith(_OF_THAT, sentence[0]) and (before := self._before(sentence[0])):
            return self.at(before, before[1])
        told = self._topic(sentence[0]) or self.area
        return self._settled(source) if source and not told else ResolvedRegion(told)

    def _before(self, begin: int) -> tuple[int, int] | None:
        """The last sentence before that does not itself say what of that, if it is near."""
        index = bisect_left(self._flow.sentences, (begin, begin)) - 1
        for near in range(index, max(-1, index - _BACK), -1):
            span = self._flow.sentences[near]
            if not self._flow.text.startswith(_OF_THAT, span[0]):
                return span
        return None

    def _aside(self, row: Sequence[Place], begin: int) -> bool:
        """Whether places in a row are named only beside the matter: 对东盟, 占全国, 全国前列."""
        text = self._flow.text
        before = text[max(begin, row[0].begin - 3) : row[0].begin]
        return bool(_ASIDE.search(before) or _RANKED.match(text, row[-1].stop))

    def _row(self, marks: Sequence[Place | str]) -> list[Place]:
        """The places at the end that are named in a row: 河南、湖北和湖南."""
        row: list[Place] = []
        for mark in reversed(marks):
            if isinstance(mark, str) or (row and self._flow.text[mark.stop : row[0].begin] not in _JOINTS):
                break
            row.insert(0, mark)
        return row

    @cached_property
    def _named(self) -> tuple[Place, ...]:
        return tuple(self._areas.find(self._flow.text, 0, min(len(self._flow.text), _HEAD)))

    @cached_property
    def _titled(self) -> tuple[Place, ...]:
        return tuple(self._areas.find(self._banner))

    @cached_property
    def _early(self) -> frozenset[str]:
        """The regions named at the head of the document."""
        head = self._flow.text[:_OPENING] + self._banner
        return frozenset(code for place in self._areas.find(head) for code in place.codes)

    def _code(self, codes: tuple[str, ...]) -> str | None:
        """The one region of these that is meant, or None."""
        return codes[0] if len(codes) == 1 else self._areas.settle(codes, self.context)

    def _settled(self, place: Place) -> ResolvedRegion:
        code = self._code(place.codes)
        part = _PART.match(self._flow.text, place.stop) is not None
        return ResolvedRegion(code, part, None if code else self._flow.text[place.begin : place.stop])

    def _marks(self, begin: int, stop: int) -> list[Place | str]:
        """Places and relative words (全区) between two offsets, in order."""
        text = self._flow.text
        found: list[tuple[int, Place | str]] = [(p.begin, p) for p in self._areas.find(text, begin, stop)]
        found += [(m.start(), m[0]) for m in _RELATIVE.finditer(text, begin, stop)]
        glosses = [match.span() for match in _GLOSS.finditer(text, begin, stop)] if found else []
        found = [one for one in found if not any(opening < one[0] < end for opening, end in glosses)]
        return [mark for _, mark in sorted(found, key=lambda item: item[0])]

    def _relative(self, word: str, begin: int) -> str | None:
        """What 全区, 我市 means: the nearest region of that kind, the document's or one named before."""
        kind = word[1:]
        before = self._named[: bisect_left(self._named, begin, key=lambda place: place.begin)][-3:]
        settled = (self._settled(place).area for place in reversed(before))
        near = [code for code in settled if code and code != ELSEWHERE]
        if word == _HERE:
            return near[0] if near else self.area
        for code in (*([self.area] if self.area else []), *near):
            for region in (code, *self._areas.parents(code)):
                if self._areas.name(region).endswith(kind):
                    return region
        return None if kind in _KINDS else ELSEWHERE

    def _topic(self, begin: int) -> str | None:
        """The region at the head of the sentence before, in the same block."""
        index = bisect_left(self._flow.sentences, (begin, begin)) - 1
        if index < 0:
            return None
        start, stop = self._flow.sentences[index]
        if bisect_left(self._blocks, start + 1) != bisect_left(self._blocks, begin + 1):
            return None
        place = next(self._areas.find(self._flow.text, start, min(stop, start + 12)), None)
        if not place or place.begin - start > 3 or _TOGETHER.match(self._flow.text, place.stop):
            return None
        return self._settled(place).area

    def _prevailing(self) -> str | None:
        """The narrowest region in which most of the places named lie, read off title, masthead and text."""
        named: defaultdict[tuple[str, ...], int] = defaultdict(int)
        for places, weight in ((self._titled, 3), (self._named, 1)):
            for place in places:
                named[place.codes] += weight
        weights: defaultdict[str, int] = defaultdict(int)
        for codes, weight in named.items():
            if code := self._code(codes):
                weights[code] += weight
        total = sum(weights.values())
        within: defaultdict[str, int] = defaultdict(int)
        for code, weight in weights.items():
            for region in (code, *self._areas.parents(code)):
                within[region] += weight
        likely = [
            code
            for code, weight in within.items()
            if weight >= _SHARE * total and code in weights and (weight >= _OFTEN or code in self._early)
        ]
        likely.sort(key=lambda code: (len(self._areas.parents(code)), within[code]), reverse=True)
        return likely[0] if likely and likely[0] != ELSEWHERE else None
