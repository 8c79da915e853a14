"""The gazetteer: regions by GB/T 2260 codes, what each is part of, and where a text names one.

`Areas` is read from catalog/areas.csv; which region a figure is about `pipeline.statistics.region_resolver`
says. What cannot be told is None, never a guess: a name that several regions
bear (朝阳区) is settled by the other regions that the document names, or not at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.statistics.name_heads import NameHeads

COUNTRY = "CN"
"""China as a whole, for which GB/T 2260 has no code: ISO 3166-1, like other countries."""

ELSEWHERE = "-"
"""A place that has no code here: in areas.csv (欧盟, 长三角), and what 全镇, 全校 means."""

_COMMON = frozenset(
    "老城区 新城区 城区 郊区 矿区 城中区 城关区 东区 西区 市中区 城东区 城西区 城北区 城厢区".split()
)
"""Names that are common words too: a region only right after what it is part of (洛阳市老城区)."""


_STEMLESS = ("区", "县", "市", "旗")
"""What a county's name ends with, and a masthead leaves out."""


_BY_STEM = ("市", "县", "旗")
"""What ends the name of a county that is called by its stem as well; a district's is a common word."""

_WORDS = frozenset(
    "延长 和平 友谊 富裕 方正 共和 合作 同心 团结 新民 平安 永安 会同 大安 天长 明光 开化 无为 平和 平定 海盐"
    " 莲花 明水 响水 清流 灯塔 梨树 磐石 铜鼓 樟树 木兰 巴彦 长子 和顺 文水 石楼 高台 天台 三门".split()
)
"""Stems of counties that are common words too."""
_FEW, _OFTEN = 3, 3
"""Provinces of a text that is about them; times that it then calls a county by its stem."""

_STREETS = frozenset("路街道巷桥河江湖山寺庙塔站线")
"""After a county's stem: the name of something else (金水路)."""

_STEM = 2
"""Characters of the shortest stem that is read without its ending."""

_BESIDE = 3
"""Characters to each side of a short name in which words are cut."""


class Place(NamedTuple):
    """A region's name in a text; `codes` are all the regions that bear it, today's first."""

    begin: int
    stop: int
    codes: tuple[str, ...]


class Area(NamedTuple):
    """A line of the gazetteer; what is not known is empty."""

    code: str
    name: str
    also: str = ""
    """Other names, with spaces between."""
    until: str = ""
    """Last month (YYYY-MM) of a code, or of a code's name, that is of the past."""
    since: str = ""
    """First month in the lists that the gazetteer is made from; empty where they begin with it."""
    successor: str = ""
    """The code that took its place."""
    name_en: str = ""


class Areas:
    """The gazetteer: regions by name, their codes and what they are part of."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        """rows: the cells of `Area`s, the last of which may be left out."""
        self._names: dict[str, str] = {}
        self._listed: dict[str, Area] = {}
        today: set[str] = set()
        bearers: dict[str, list[str]] = {}
        for area in sorted((Area(*row) for row in rows), key=lambda row: row.until):  # today's codes first
            code, name, also, until = area[:4]
            if code:
                self._names.setdefault(code, name)
                self._list(area)
            today |= set() if until else {code}
            for word in (name, *also.split()):
                known = bearers.setdefault(word, [])
                heirs = [other for other in known if other[:2] == code[:2]]
                if code and not (until and heirs) and code not in known:
                    known.append(code)
        self._codes = {word: tuple(codes) for word, codes in bearers.items()}
        self._stems: dict[str, list[str]] = {}
        for word, codes in self._codes.items():
            if len(word) > _STEM and word.endswith(_STEMLESS):
                self._stems.setdefault(word[:-1], []).extend(
                    c for c in codes if c in today and c.isdigit() and c[4:] != "00"
                )
        self._lengths: dict[str, tuple[int, ...]] = {}
        for word in bearers:
            self._lengths[word[:2]] = (*self._lengths.get(word[:2], ()), len(word))
        self._lengths = {
            pair: tuple(sorted(set(sizes), reverse=True)) for pair, sizes in self._lengths.items()
        }
        self._heads = NameHeads(self._lengths)
        self._called: dict[str, list[tuple[str, str]]] = {}
        for stem, heirs in self._stems.items():
            common = stem in self._codes or stem in _WORDS or len(heirs) != 1
            if not common and self._names[heirs[0]].endswith(_BY_STEM):
                self._called.setdefault(heirs[0][:2], []).append((stem, heirs[0]))
        self._stem_heads = {stem[:_STEM] for stem in self._stems}
        self._parents = {code: self._levels(code) for code in self._names}

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def name(self, code: str) -> str:
        """The region's name; KeyError for an unknown code."""
        return self._names[code]

    def listed(self) -> list[Area]:
        """A line for each code, by code: as it is today, former names of a code among the other ones."""
        return [self._listed[code] for code in sorted(self._listed) if code != ELSEWHERE]

    def _list(self, area: Area) -> None:
        known = self._listed.setdefault(area.code, area)
        names = dict.fromkeys((*known.also.split(), area.name, *area.also.split()))
        also = " ".join(name for name in names if name != known.name)
        self._listed[area.code] = known._replace(also=also)

    def parents(self, code: str) -> tuple[str, ...]:
        """What the region is part of, nearest first: 410102 is in 410100, 410000 and CN."""
        known = self._parents.get(code)
        return self._levels(code) if known is None else known

    def _levels(self, code: str) -> tuple[str, ...]:
        if not code.isdigit():
            return ()
        levels = (code[:4] + "00", code[:2] + "0000")
        return (
            *(level for level in dict.fromkeys(levels) if level != code and level in self._names),
            COUNTRY,
        )

    def find(self, text: str, begin: int = 0, stop: int | None = None) -> Iterator[Place]:
        """Every region named in text[begin:stop], longest name first, in order.

        A region written after the one it is part of (郑州市中原区, 浙江义乌) is one place.
        """
        last: Place | None = None
        stop = len(text) if stop is None else stop
        for place in self._scan(text, begin, stop):
            if last:
                if last.stop > place.begin:  # it was read as part of a county's stem
                    continue
                if last.stop == place.begin and (codes := self._inside(place.codes, last)):
                    last = self._lengthened(text, Place(last.begin, place.stop, codes), stop)
                    continue
                yield last
            last = None
            if text[place.begin : place.stop] not in _COMMON:
                last = self._lengthened(text, place, stop)
        if last:
            yield last

    def shortened(self, text: str, places: Iterable[Place]) -> list[Place]:
        """These places of a text, with the counties among them where only their stems stand (义乌).

        A county is meant that the text names in full, or one of a province that it is about, said often.
        """
        found = list(places)
        sure = {place.codes[0] for place in found if len(place.codes) == 1}
        provinces = {code[:2] for code in sure if code.isdigit()}
        stems = {
            stem: code
            for province in (provinces if len(provinces) <= _FEW else ())
            for stem, code in self._called.get(province, ())
            if code in sure or text.count(stem) >= _OFTEN
        }
        if not stems:
            return found
        named = [(place.begin, place.stop) for place in found]
        for match in re.finditer("|".join(map(re.escape, stems)), text):
            begin, stop = match.span()
            before = bisect_right(named, (begin, len(text))) - 1
            free = before < 0 or named[before][1] <= begin
            if free and text[stop : stop + 1] not in _STREETS and not _straddled(text, begin, stop):
                found.append(Place(begin, stop, (stems[match[0]],)))
        return sorted(found)

    def _inside(self, codes: Iterable[str], place: Place) -> tuple[str, ...]:
        """The codes that are part of a place."""
        return tuple(code for code in codes if not set(self.parents(code)).isdisjoint(place.codes))

    def _lengthened(self, text: str, place: Place, stop: int) -> Place:
        """The county whose stem follows its province or city (浙江义乌), or the place as it is."""
        if text[place.stop : place.stop + _STEM] not in self._stem_heads or COUNTRY in place.codes:
            return place
        for size in (4, 3, 2):
            end = place.stop + size
            if end > stop:
                continue
            stem = text[place.stop : end]
            codes = () if stem in self._codes else self._inside(self._stems.get(stem, ()), place)
            if codes and text[end : end + 1] not in _STEMLESS:
                return Place(place.begin, end, codes)
        return place

    def settle(self, codes: Collection[str], context: Collection[str]) -> str | None:
        """The one region meant: the only one, or the only one that lies in a region of the context."""
        if len(codes) < 2:
            return next(iter(codes), None)
        near = [
            code for code in codes if code in context or not set(self.parents(code)[:-1]).isdisjoint(context)
        ]
        return near[0] if len(near) == 1 else None

    def read(self, words: str) -> str | None:
        """The region that a sidecar or masthead names: a code, a name (郑州市中原区) or its stem (中原)."""
        words = words.strip()
        if words in self._names:
            return words
        stems = [code for kind in _STEMLESS for code in self._codes.get(words + kind, ())]
        if len(stems) == 1 and words not in self._codes:
            return stems[0]
        return self.settle([*self.find(words)][-1].codes, ()) if self.ends(words) else None

    def ends(self, text: str) -> bool:
        """Whether a text ends with a region's name."""
        places = list(self.find(text))
        return bool(places) and places[-1].stop == len(text)

    def _scan(self, text: str, begin: int, stop: int) -> Iterator[Place]:
        lengths, known = self._lengths, self._codes
        for at in self._heads.find(text, begin, stop):
            if at < begin:  # within the name before
                continue
            for size in lengths[text[at : at + 2]]:
                codes = known.get(text[at : at + size])
                if codes is not None and at + size <= stop:
                    short = size == _STEM and COUNTRY not in codes
                    if codes and not (short and _straddled(text, at, at + size)):
                        yield Place(at, at + size, codes)
                    begin = at + size
                    break


def _straddled(text: str, begin: int, stop: int) -> bool:
    """Whether a short name is no word of its own here: 海地 of 沿海地带, 海南 of 黄海南部."""
    opening = max(0, begin - _BESIDE)
    return _apart(text[opening : stop + _BESIDE], begin - opening, stop - opening)


@lru_cache(maxsize=20_000)
def _apart(text: str, begin: int, stop: int) -> bool:
    """Whether words of the text lie across the ends of text[begin:stop]."""
    from rjieba import cut

    at = 0
    for word in cut(text):
        after = at + len(word)
        if at < begin < after or (begin < at < stop < after):
            return True
        at = after
    return False
