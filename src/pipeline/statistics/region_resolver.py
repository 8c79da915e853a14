"""Where the figures of a document hold: the region of each, from sidecar, masthead and text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.statistics.areas import COUNTRY, ELSEWHERE, Areas, Place
from pipeline.statistics.document_region import DocumentRegion
from pipeline.statistics.region_words import (
    AGENCY,
    ANNOUNCES,
    ASIDE,
    BEFALLS,
    CHANGES,
    FRACTION,
    GLOSS,
    HERE,
    INLAND,
    JOINTS,
    KINDS,
    LEADING,
    NAMED,
    NATIONAL,
    NOT_NATIONAL,
    OF_THAT,
    PART,
    RANKED,
    RELATIVE,
    SOURCE,
    SPEAKS,
    STRUCK,
    TOGETHER,
)
from pipeline.statistics.resolved import ResolvedRegion
from pipeline.texts.layout import Flow

_BACK = 3
"""Sentences before, of which one may say where that is."""

_WINDOW = 400
"""Characters before a figure, in its sentence, in which its region is sought."""


class _Seen(NamedTuple):
    """A sentence's places and relative words (which have no codes), and its brackets."""

    sentence: tuple[int, int]
    marks: list[Place]
    glosses: list[tuple[int, int]]


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
        banner = f"{title or ''}\n{publisher or ''}"
        self._document = DocumentRegion(areas, flow.text, region, banner, flow.blocks)
        self._code = self._document.code
        self._blocks = [block.begin for block in flow.blocks]
        self._seen = _Seen((-1, -1), [], [])
        self._inland: set[int] = set()
        """The sentences, by where they begin, with a figure of a part of the country that has no code."""

    @property
    def area(self) -> str | None:
        """The region that the document is about, or None."""
        return self._document.area

    def at(
        self, sentence: tuple[int, int], begin: int, turn: tuple[int, int] | None = None
    ) -> ResolvedRegion:
        """Where the figure at `begin` in its sentence holds. The figures are asked for in their order.

        turn: which of how many figures it is in a list, each of which goes with a region of its own
        where as many are named in a row (河南、湖北分别为1、2).
        """
        row = self._row(marks := self._marks(sentence, begin))
        if turn and len(row) == turn[1]:
            if not self._aside(row, sentence[0]):
                return self._settled(row[turn[0]])
            partner = (self._called(row[turn[0]]),)
            return ResolvedRegion(self._document.at(begin), origin="document", others=partner)
        source: Place | None = None
        others: list[str] = []
        text = self._flow.text  # 对东盟出口表现良好，同比增长: of the clause before
        clause, item = (text.rfind(mark, sentence[0], begin) for mark in "，、")
        if CHANGES.fullmatch(text, clause + 1, begin):
            clause = item = text.rfind("，", sentence[0], max(clause, sentence[0]))
        while marks:
            row, last = self._row(marks), marks[-1]
            if not last.codes:
                told = self._relative(text[last.begin : last.stop], begin)
                return ResolvedRegion(told, others=tuple(others), named=last.stop)
            said_by = bool(SOURCE.search(text, max(sentence[0], row[0].begin - 2), row[0].begin))
            if said_by or AGENCY.match(text, last.stop):
                source = source or (last if said_by and not AGENCY.match(text, last.stop) else None)
            elif self._befell(row[0], last, sentence[0]) or (
                not self._aside(row, sentence[0])
                and (row[0].begin > clause or self._leads(row[0], last, sentence[0]))
            ):
                found = self._settled(last) if len(row) == 1 else ResolvedRegion(ELSEWHERE)
                if found.area == ELSEWHERE and INLAND.search(text, last.begin, last.stop):
                    self._inland.add(sentence[0])
                return found._replace(others=tuple(others), named=last.stop)
            elif row[0].begin > max(clause, item):
                others = [*map(self._called, row), *others]
            del marks[-len(row) :]
        if text.startswith(OF_THAT, sentence[0]) and (before := self._before(sentence[0])):
            return self.at(before, before[1])._replace(others=tuple(others))
        if topic := self._topic(sentence[0]):
            return topic._replace(others=tuple(others))
        area = self._document.at(begin)
        if source and not area:
            return self._settled(source)
        national = self._national(sentence[0], begin)
        told = COUNTRY if national else area
        origin = "said" if national else "document" if told else "unknown"
        return ResolvedRegion(told, origin=origin, others=tuple(others))

    def _leads(self, first: Place, last: Place, begin: int) -> bool:
        """Whether places of an earlier clause are what the later ones are about, and not said in passing."""
        text = self._flow.text
        opening = max(begin, max(text.rfind(mark, begin, first.begin) for mark in "，；:：") + 1)
        return bool(LEADING.match(text[opening : first.begin]) or SPEAKS.match(text, last.stop))

    def _befell(self, first: Place, last: Place, begin: int) -> bool:
        """Whether what is told befell these places: 对黎巴嫩发动袭击, 在多伦多着陆时发生事故."""
        before = self._flow.text[max(begin, first.begin - 4) : first.begin]
        if STRUCK.search(before):
            return True
        known = ELSEWHERE not in last.codes and before.endswith(("在", "对", "向"))
        return known and BEFALLS.match(self._flow.text, last.stop) is not None

    def _called(self, place: Place) -> str:
        """The place's code; its name where it has none, or several."""
        code = self._code(place.codes)
        return code if code and code != ELSEWHERE else self._flow.text[place.begin : place.stop]

    def _national(self, begin: int, stop: int) -> bool:
        """Whether the sentence so far, or the one before it, has a national agency or word speak."""
        text = self._flow.text
        index = bisect_left(self._flow.sentences, (begin, begin))
        opening = self._flow.sentences[index - 1][0] if index and self._same_block(index) else begin
        return not self._document.abroad and any(
            not NOT_NATIONAL.match(text, found.start() - 1)
            and (ANNOUNCES.match(text, found.end()) or self._document.at(begin) in (None, COUNTRY))
            for found in NATIONAL.finditer(text, max(opening, stop - _WINDOW), stop)
        )

    def _before(self, begin: int) -> tuple[int, int] | None:
        """The last sentence before that does not itself say what of that, if it is near."""
        index = bisect_left(self._flow.sentences, (begin, begin)) - 1
        for near in range(index, max(-1, index - _BACK), -1):
            span = self._flow.sentences[near]
            if not self._flow.text.startswith(OF_THAT, span[0]):
                return span
        return None

    def _aside(self, row: Sequence[Place], begin: int) -> bool:
        """Whether places in a row are named only beside the matter: 对东盟, 占全国, 全国前列."""
        text = self._flow.text
        before = text[max(begin, row[0].begin - 4) : row[0].begin]
        after = row[-1].stop
        codes = row[-1].codes
        named = COUNTRY in codes and NAMED.match(text, after)
        named = named or ((COUNTRY in codes or ELSEWHERE in codes) and FRACTION.match(text, after))
        return bool(ASIDE.search(before) or RANKED.match(text, after) or named)

    def _row(self, marks: Sequence[Place]) -> list[Place]:
        """The places at the end that are named in a row: 河南、湖北和湖南."""
        row: list[Place] = []
        for mark in reversed(marks):
            joint = self._flow.text[mark.stop : row[0].begin] if row else "、"
            within = joint == "，" and self._flow.text.endswith(("在", "从"), 0, mark.begin)
            if not mark.codes or joint not in JOINTS or within:  # 在东北地区，辽宁…: of the latter
                break
            row.insert(0, mark)
        return row

    def _settled(self, place: Place) -> ResolvedRegion:
        code = self._code(place.codes)
        part = PART.match(self._flow.text, place.stop) is not None
        return ResolvedRegion(code, part, None if code else self._flow.text[place.begin : place.stop])

    def _marks(self, sentence: tuple[int, int], begin: int) -> list[Place]:
        """Places and words such as 全区 before a figure in its sentence, none in brackets that are closed."""
        if self._seen.sentence != sentence:
            self._seen = self._found(sentence)
        found, glosses = self._seen.marks, self._seen.glosses
        first, last = (bisect_left(found, (place,)) for place in (begin - _WINDOW, begin))
        closed = [span for span in glosses if span[1] <= begin]
        return [mark for mark in found[first:last] if mark.stop <= begin and not _beside(mark, closed)]

    def _found(self, sentence: tuple[int, int]) -> _Seen:
        text = self._flow.text
        first, last = (bisect_left(self._document.places, (at,)) for at in sentence)
        found = [*self._document.places[first:last]]
        found += [Place(*m.span(), ()) for m in RELATIVE.finditer(text, *sentence)]
        glosses = [match.span() for match in GLOSS.finditer(text, *sentence)] if found else []
        return _Seen(sentence, sorted(found), glosses)

    def _relative(self, word: str, begin: int) -> str | None:
        """What 全区, 我市 means: the nearest region of that kind, the document's or one named before."""
        kind = word[1:]
        before = self._document.named[: bisect_left(self._document.named, (begin,))][-3:]
        settled = (self._settled(place).area for place in reversed(before))
        near = [code for code in settled if code and code not in (ELSEWHERE, COUNTRY)]
        area = self._document.at(begin)
        if word == HERE:
            return near[0] if near else area
        for code in (*([area] if area else []), *near):
            for region in (code, *self._areas.parents(code)):
                if self._areas.name(region).endswith(kind):
                    return region
        return None if kind in KINDS else ELSEWHERE

    def _topic(self, begin: int) -> ResolvedRegion | None:
        """The region at the head of the sentence before, in its block, or a part of the country in it."""
        index = bisect_left(self._flow.sentences, (begin, begin)) - 1
        if index < 0 or not self._same_block(index + 1):
            return None
        start, stop = self._flow.sentences[index]
        if start in self._inland and self._document.at(begin) in (None, COUNTRY):
            self._inland.add(begin)
            return ResolvedRegion(ELSEWHERE)
        place = next(self._areas.find(self._flow.text, start, min(stop, start + 12)), None)
        if not place or place.begin - start > 3 or TOGETHER.match(self._flow.text, place.stop):
            return None
        if self._aside([place], start):  # 居全国第九位
            return None
        settled = self._settled(place)
        return settled._replace(unsettled=None) if settled.area else None

    def _same_block(self, sentence: int) -> bool:
        """Whether a sentence stands in one block with the one before it."""
        if sentence >= len(self._flow.sentences):
            return False
        before, own = (self._flow.sentences[place][0] for place in (sentence - 1, sentence))
        return bisect_left(self._blocks, before + 1) == bisect_left(self._blocks, own + 1)


def _beside(mark: Place, glosses: Sequence[tuple[int, int]]) -> bool:
    """Whether a place stands in brackets with more than it: 中欧班列（西安） is of the place."""
    return any(
        opening < mark.begin < end and (mark.begin, mark.stop) != (opening + 1, end - 1)
        for opening, end in glosses
    )
