"""The region that a document is about, read off sidecar, title, masthead and text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

from pipeline.statistics.patterns import CUES
from pipeline.statistics.regions.areas import COUNTRY, ELSEWHERE, Areas, Place
from pipeline.texts.layout import Block

_HEAD = 3_000
"""Characters of a document that are searched for what it is about."""
_OPENING, _MIN_TIMES = 120, 5
"""What a document is about is named in its first characters, or this often."""
_ITEMS = 3
"""Headlines with a text of their own that make a digest of news."""
_SHARE, _TITLED = 0.6, 0.3
"""Share of a document's places that lie in its region, at least; in a region that its title names."""
_NATIONAL = 2
"""Times that a document about no other region names the country."""


class DocumentRegion:
    """What the places that a text names say of the region that it is about."""

    def __init__(
        self, areas: Areas, text: str, region: str | None, banner: str, blocks: Sequence[Block] = ()
    ) -> None:
        """region: the sidecar's, code or name. banner: title and publisher. blocks: those of the text."""
        self._areas, self._text, self._banner, self._blocks = areas, text, banner, blocks
        self._sidecar_region = areas.read(region) if region else None
        self._begin = 0

    def at(self, begin: int) -> str | None:
        """The region that the text at `begin` is about: in a digest of news that of the item, or None."""
        if not self._items:
            return self.area
        place = bisect_right(self._items, begin, key=lambda item: item._begin) - 1
        return self._items[max(0, place)].area or (COUNTRY if self._located == COUNTRY else None)

    @cached_property
    def _items(self) -> list[DocumentRegion]:
        """The items of a digest; none where most of them are about one region, or the banner names one."""
        heads = [one.begin for before, one in pairwise((None, *self._blocks)) if one and _opens(before, one)]
        if len(heads) < _ITEMS or self._sidecar_region or self.titled:
            return []
        items = [self._item(begin, stop) for begin, stop in pairwise((*heads, len(self._text)))]
        naming = [item for item in items if item.places]
        one = sum(self.area in item.context for item in naming)
        return items if 2 * one < len(naming) else []

    def _item(self, begin: int, stop: int) -> DocumentRegion:
        item = DocumentRegion(self._areas, self._text, None, "")
        item._begin = begin
        first, last = (bisect_left(self.places, (at,)) for at in (begin, stop))
        item.places = self.places[first:last]
        return item

    @cached_property
    def area(self) -> str | None:
        """The region that the document is about, or None."""
        area = self._located or (COUNTRY if self._opens_nationally() else None)
        return None if area == COUNTRY and self._of_one_nameless() else area

    @cached_property
    def _located(self) -> str | None:
        """The region by sidecar and places, whoever speaks first."""
        return self._sidecar_region or self._prevailing()

    @cached_property
    def context(self) -> frozenset[str]:
        """The regions that the document names beyond doubt, with what they are part of."""
        certain = {
            code
            for places in (self.named, self.titled)
            for place in places
            if len(place.codes) == 1
            for code in place.codes
        }
        if self._sidecar_region:
            certain.add(self._sidecar_region)
        return frozenset(certain.union(*map(self._areas.parents, certain)) - {COUNTRY, ELSEWHERE})

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every region that the text names: it is looked through once."""
        found = self._areas.with_stems(self._text, self._areas.find(self._text))
        elsewhere = [place for place in found if self._text[place.begin : place.stop] != "全国"]
        return tuple(elsewhere if _abroad(elsewhere) else found)  # 全国 is theirs

    @cached_property
    def named(self) -> tuple[Place, ...]:
        """The places at the head of the text."""
        head = self.places[: bisect_right(self.places, self._begin + _HEAD, key=lambda place: place.stop)]
        return _subjects(self._text, head)

    @cached_property
    def titled(self) -> tuple[Place, ...]:
        """The places in title and publisher."""
        credits = [credit.span() for credit in CUES.publisher.finditer(self._banner)]
        found = _subjects(self._banner, self._areas.find(self._banner))
        return tuple(
            place for place in found if not any(begin < place.begin < stop for begin, stop in credits)
        )

    @cached_property
    def abroad(self) -> bool:
        """Whether the text names other countries, and no place in China."""
        return _abroad(self.named)

    def code(self, codes: tuple[str, ...]) -> str | None:
        """The region that a name means, of all that have it; None where that is not known."""
        return codes[0] if len(codes) == 1 else self._areas.disambiguate(codes, self.context)

    def _of_one_nameless(self) -> bool:
        """Whether a text names no region below the country and yet is about one: 全县, 我市."""
        named = {code for place in (*self.named, *self.titled) for code in place.codes}
        return named <= {COUNTRY, ELSEWHERE} and CUES.own_region.search(self._text, self._begin) is not None

    def _opens_nationally(self) -> bool:
        """Whether an agency of the whole country speaks first: 记者从商务部获悉, and not 俄国防部."""
        found = None if self.abroad else CUES.national.search(self._text, self._begin, self._begin + _OPENING)
        if found is None or found.start() == self._begin:
            return found is not None
        return CUES.speaker_opening.match(self._text, found.start() - 1) is not None

    @cached_property
    def _early(self) -> frozenset[str]:
        """The regions named in the text's first characters."""
        opening = self._begin + _OPENING
        head = self.named[: bisect_right(self.named, opening, key=lambda place: place.stop)]
        return frozenset(code for place in (*head, *self.titled) for code in place.codes)

    def _prevailing(self) -> str | None:
        """The narrowest region in which most of the places named lie, read off title, masthead and text."""
        named: defaultdict[tuple[str, ...], int] = defaultdict(int)
        regions = (place for place in self.titled if not self._banner.startswith("海关", place.stop))
        titled = {code for place in regions if (code := self.code(place.codes))}
        above = set[str]().union(*map(self._areas.parents, titled))  # 金乡县（山东年鉴） is about the county
        for places, weight in ((self.titled, 3), (self.named, 1)):
            for place in places:
                if places is self.named or not above.intersection(place.codes):
                    named[place.codes] += weight
        weights: defaultdict[str, int] = defaultdict(int)
        for codes, weight in named.items():
            if code := self.code(codes):
                weights[code] += weight
        total = sum(weights.values())
        within: defaultdict[str, int] = defaultdict(int)
        for code, weight in weights.items():
            for region in (code, *self._areas.parents(code)):
                within[region] += weight
        likely = [
            code
            for code, weight in within.items()
            if weight >= (_TITLED if code in titled - {COUNTRY} else _SHARE) * total
            and code in weights
            and (
                weight >= _MIN_TIMES
                or code in self._early
                or (code == COUNTRY and weights[code] >= _NATIONAL)
            )
        ]
        likely.sort(key=lambda code: (len(self._areas.parents(code)), within[code]), reverse=True)
        return likely[0] if likely and likely[0] != ELSEWHERE else None


def _opens(before: Block | None, block: Block) -> bool:
    """Whether a block is the first headline of an item."""
    return block.kind == "headline" and (before is None or before.kind != "headline")


def _subjects(text: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """The places without those in names, and where a meeting took place (会议在北京举行)."""
    return tuple(
        place
        for place in places
        if not (text.endswith("在", 0, place.begin) and CUES.meeting.match(text, place.stop))
        and not CUES.product.match(text, place.stop)
        and not CUES.news_agency.match(text, place.stop)
        and not (COUNTRY in place.codes and CUES.proper_name.match(text, place.stop))
    )


def _abroad(places: Iterable[Place]) -> bool:
    """Whether places are in other countries, and none in China."""
    codes = {code for place in places for code in place.codes if code != ELSEWHERE}
    return bool(codes) and not any(code.isdigit() or code == COUNTRY for code in codes)
