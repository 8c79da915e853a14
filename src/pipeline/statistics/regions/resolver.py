"""Where the figures of a document hold: the region of each, from sidecar, masthead and text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.statistics.clauses import OF_THAT, continues_block
from pipeline.statistics.patterns import CUES
from pipeline.statistics.regions.areas import COUNTRY, ELSEWHERE, Areas, Place
from pipeline.statistics.regions.document_region import DocumentRegion
from pipeline.texts.layout import Flow
from pipeline.texts.source import Source

_BACK = 3
"""Sentences before one with 其中 that are searched for its region."""

_WINDOW = 400
"""Characters before a figure, in its sentence, that are searched for its region."""

_HERE = "当地"
"""Means the region named last."""

_KINDS = frozenset("省市区县州盟旗")
"""Kinds of region that have codes."""

_JOINTS = frozenset("、 和 与 及 以及 ，".split())
"""What stands between places named in a row."""


class ResolvedRegion(NamedTuple):
    """Where a figure holds."""

    area: str | None
    """Its region's code; `ELSEWHERE` for a place that has none, None where it is not known."""
    part: bool = False
    """Whether it is rather a place within the region: a village, a site."""
    ambiguous_name: str | None = None
    """The region's name, where it is that of several and nothing says which."""
    origin: str = "stated"
    """stated (in the sentence or the one before), document (the region that it is about) or unknown."""
    others: tuple[str, ...] = ()
    """The other side, 对东盟, 比全国: codes, or the names of places that have none."""
    name_stop: int | None = None
    """Where in the text its name ends, if that is in the figure's sentence."""


class _SentencePlaces(NamedTuple):
    """A sentence's places and relative words (which have no codes), and its brackets."""

    sentence: tuple[int, int]
    places: list[Place]
    brackets: list[tuple[int, int]]


class RegionResolver:
    """Where the figures of one document hold."""

    def __init__(self, areas: Areas, flow: Flow, source: Source) -> None:
        """source: has the document's region, publisher and title, where these are known."""
        self._areas, self._flow = areas, flow
        banner = f"{source.title or ''}\n{source.publisher or ''}"
        self._document = DocumentRegion(areas, flow.text, source.region, banner, flow.blocks)
        self._code = self._document.code
        self._last = _SentencePlaces((-1, -1), [], [])
        self._inland: set[int] = set()
        """Where the sentences begin that have a figure of a part of the country without a code."""

    @property
    def area(self) -> str | None:
        """The region that the document is about, or None."""
        return self._document.area

    def resolve(
        self, sentence: tuple[int, int], begin: int, list_position: tuple[int, int] | None = None
    ) -> ResolvedRegion:
        """Where the figure at `begin` in its sentence holds. To be called for figures in their order.

        list_position: the figure's index in a list of figures and the length of that. Where as many regions
        are named in a row, each figure goes with one (河南、湖北分别为1、2).
        """
        places = self._places_before(sentence, begin)
        row = self._row(places)
        if list_position and len(row) == list_position[1]:
            place = row[list_position[0]]
            if not self._is_aside(row, sentence[0]):
                return self._resolved(place)
            partner = (self._code_or_name(place),)
            return ResolvedRegion(self._document.at(begin), origin="document", others=partner)
        source: Place | None = None
        others: list[str] = []
        text = self._flow.text  # 对东盟出口表现良好，同比增长: of the clause before
        clause, item = (text.rfind(mark, sentence[0], begin) for mark in "，、")
        if CUES.change_words.fullmatch(text, clause + 1, begin):
            clause = item = text.rfind("，", sentence[0], max(clause, sentence[0]))
        while places:
            row, last = self._row(places), places[-1]
            if not last.codes:
                relative = self._relative_region(text[last.begin : last.stop], begin)
                return ResolvedRegion(relative, others=tuple(others), name_stop=last.stop)
            agency = CUES.news_agency.match(text, last.stop)
            if agency or CUES.source.search(text, max(sentence[0], row[0].begin - 2), row[0].begin):
                source = source or (None if agency else last)
            elif self._is_struck(row[0], last, sentence[0]) or (
                not self._is_aside(row, sentence[0])
                and (row[0].begin > clause or self._leads(row[0], last, sentence[0]))
            ):
                found = self._resolved(last) if len(row) == 1 else ResolvedRegion(ELSEWHERE)
                if found.area == ELSEWHERE and CUES.part_of_country.search(text, last.begin, last.stop):
                    self._inland.add(sentence[0])
                return found._replace(others=tuple(others), name_stop=last.stop)
            elif row[0].begin > max(clause, item):
                others = [*map(self._code_or_name, row), *others]
            del places[-len(row) :]
        if text.startswith(OF_THAT, sentence[0]) and (before := self._before(sentence[0])):
            return self.resolve(before, before[1])._replace(others=tuple(others))
        if topic := self._topic(sentence[0]):
            return topic._replace(others=tuple(others))
        area = self._document.at(begin)
        if source and not area:
            return self._resolved(source)
        national = self._national(sentence[0], begin)
        code = COUNTRY if national else area
        origin = "stated" if national else "document" if code else "unknown"
        return ResolvedRegion(code, origin=origin, others=tuple(others))

    def _leads(self, first: Place, last: Place, begin: int) -> bool:
        """Whether places of an earlier clause are what the later ones are about, and not incidental."""
        text = self._flow.text
        opening = max(begin, max(text.rfind(mark, begin, first.begin) for mark in "，；:：") + 1)
        return bool(
            CUES.clause_opening.match(text[opening : first.begin]) or CUES.announcement.match(text, last.stop)
        )

    def _is_struck(self, first: Place, last: Place, begin: int) -> bool:
        """Whether the event of the sentence happened at these places: 对黎巴嫩发动袭击."""
        before = self._flow.text[max(begin, first.begin - 4) : first.begin]
        if CUES.attack.search(before):
            return True
        located = ELSEWHERE not in last.codes and before.endswith(("在", "对", "向"))
        return located and CUES.event_at.match(self._flow.text, last.stop) is not None

    def _code_or_name(self, place: Place) -> str:
        """The place's code; its name where it has none, or several."""
        code = self._code(place.codes)
        return code if code and code != ELSEWHERE else self._flow.text[place.begin : place.stop]

    def _national(self, begin: int, stop: int) -> bool:
        """Whether the sentence so far, or the one before it, has a national agency or word speak."""
        text = self._flow.text
        index = bisect_left(self._flow.sentences, (begin, begin))
        opening = self._flow.sentences[index - 1][0] if continues_block(self._flow, index) else begin
        return not self._document.abroad and any(
            not CUES.local.match(text, found.start() - 1)
            and (CUES.publishes.match(text, found.end()) or self._document.at(begin) in (None, COUNTRY))
            for found in CUES.national.finditer(text, max(opening, stop - _WINDOW), stop)
        )

    def _before(self, begin: int) -> tuple[int, int] | None:
        """The last sentence before, among the nearest ones, that does not begin with 其中 itself."""
        index = bisect_left(self._flow.sentences, (begin, begin)) - 1
        for near in range(index, max(-1, index - _BACK), -1):
            span = self._flow.sentences[near]
            if not self._flow.text.startswith(OF_THAT, span[0]):
                return span
        return None

    def _is_aside(self, row: Sequence[Place], begin: int) -> bool:
        """Whether places in a row are only a partner or a comparison: 对东盟, 占全国, 全国前列."""
        text = self._flow.text
        before = text[max(begin, row[0].begin - 4) : row[0].begin]
        after = row[-1].stop
        codes = row[-1].codes
        named = COUNTRY in codes and CUES.proper_name.match(text, after)
        named = named or ((COUNTRY in codes or ELSEWHERE in codes) and CUES.fraction.match(text, after))
        return bool(CUES.compared_place.search(before) or CUES.ranking.match(text, after) or named)

    def _row(self, places: Sequence[Place]) -> list[Place]:
        """The places at the end that are named in a row: 河南、湖北和湖南."""
        row: list[Place] = []
        for place in reversed(places):
            joint = self._flow.text[place.stop : row[0].begin] if row else "、"
            within = joint == "，" and self._flow.text.endswith(("在", "从"), 0, place.begin)
            if not place.codes or joint not in _JOINTS or within:  # 在东北地区，辽宁…: of the latter
                break
            row.insert(0, place)
        return row

    def _resolved(self, place: Place) -> ResolvedRegion:
        code = self._code(place.codes)
        part = CUES.part_of_region.match(self._flow.text, place.stop) is not None
        return ResolvedRegion(code, part, None if code else self._flow.text[place.begin : place.stop])

    def _places_before(self, sentence: tuple[int, int], begin: int) -> list[Place]:
        """Places and words such as 全区 before a figure in its sentence, none in brackets that are closed."""
        if self._last.sentence != sentence:
            self._last = self._sentence_places(sentence)
        found = self._last.places
        first, last = (bisect_left(found, (at,)) for at in (begin - _WINDOW, begin))
        closed = [span for span in self._last.brackets if span[1] <= begin]
        return [place for place in found[first:last] if place.stop <= begin and not _in_gloss(place, closed)]

    def _sentence_places(self, sentence: tuple[int, int]) -> _SentencePlaces:
        text = self._flow.text
        first, last = (bisect_left(self._document.places, (at,)) for at in sentence)
        found = [*self._document.places[first:last]]
        found += [Place(*m.span(), ()) for m in CUES.relative_region.finditer(text, *sentence)]
        brackets = [match.span() for match in CUES.gloss.finditer(text, *sentence)] if found else []
        return _SentencePlaces(sentence, sorted(found), brackets)

    def _relative_region(self, word: str, begin: int) -> str | None:
        """What 全区, 我市 means: the nearest region of that kind, the document's or one named before."""
        kind = word[1:]
        before = self._document.named[: bisect_left(self._document.named, (begin,))][-3:]
        resolved = (self._resolved(place).area for place in reversed(before))
        near = [code for code in resolved if code and code not in (ELSEWHERE, COUNTRY)]
        area = self._document.at(begin)
        if word == _HERE:
            return near[0] if near else area
        for code in (*([area] if area else []), *near):
            for region in (code, *self._areas.parents(code)):
                if self._areas.name(region).endswith(kind):
                    return region
        return None if kind in _KINDS else ELSEWHERE

    def _topic(self, begin: int) -> ResolvedRegion | None:
        """The region at the head of the sentence before, in its block, or a part of the country in it."""
        index = bisect_left(self._flow.sentences, (begin, begin)) - 1
        if not continues_block(self._flow, index + 1):
            return None
        start, stop = self._flow.sentences[index]
        if start in self._inland and self._document.at(begin) in (None, COUNTRY):
            self._inland.add(begin)
            return ResolvedRegion(ELSEWHERE)
        place = next(self._areas.find(self._flow.text, start, min(stop, start + 12)), None)
        if not place or place.begin - start > 3 or CUES.more_places.match(self._flow.text, place.stop):
            return None
        if self._is_aside([place], start):  # 居全国第九位
            return None
        topic = self._resolved(place)
        return topic._replace(ambiguous_name=None) if topic.area else None


def _in_gloss(place: Place, brackets: Sequence[tuple[int, int]]) -> bool:
    """Whether a place stands in brackets with other words: 中欧班列（西安） is of the place."""
    return any(
        opening < place.begin < end and (place.begin, place.stop) != (opening + 1, end - 1)
        for opening, end in brackets
    )
