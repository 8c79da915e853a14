"""The gazetteer: regions by GB/T 2260 codes, what each is part of, and where a text names one.

`Areas` is read from catalog/areas.csv; `pipeline.statistics.regions.resolver` finds the region of a figure.
What is not known is None, never a guess: which of several regions with one name (朝阳区) it is follows from
the other regions that the document names, or stays open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.csvfile import read_rows
from pipeline.errors import WenshuError

_CODE = re.compile(r"\d{6}|[A-Z]{2}|-|")

COUNTRY = "CN"
"""China as a whole, for which GB/T 2260 has no code: ISO 3166-1, like other countries."""

ELSEWHERE = "-"
"""A place that has no code here: in areas.csv (欧盟, 长三角), and what 全镇, 全校 means."""

_COMMON_NAMES = frozenset(
    "老城区 新城区 城区 郊区 矿区 城中区 城关区 东区 西区 市中区 城东区 城西区 城北区 城厢区".split()
)
"""Names that are common words too: a region only right after what it is part of (洛阳市老城区)."""

_ENDINGS = ("区", "县", "市", "旗")
"""What a county's name ends with, and a masthead leaves out: the rest of it is the stem."""

_STEM_ENDINGS = ("市", "县", "旗")
"""What ends the name of a county that is called by its stem as well; a district's stem is a common word."""

_COMMON_STEMS = frozenset(
    "延长 和平 友谊 富裕 方正 共和 合作 同心 团结 新民 平安 永安 会同 大安 天长 明光 开化 无为 平和 平定 海盐"
    " 莲花 明水 响水 清流 灯塔 梨树 磐石 铜鼓 樟树 木兰 巴彦 长子 和顺 文水 石楼 高台 天台 三门".split()
)
"""Stems of counties that are common words too."""
_MAX_PROVINCES, _MIN_TIMES = 3, 3
"""Provinces that a text is about, at most; times that it then has a county's stem, at least."""

_STREET_WORDS = frozenset("路街道巷桥河江湖山寺庙塔站线")
"""After a county's stem: the name of something else (金水路)."""

_STEM = 2
"""Characters of a stem that is read without its ending, at least."""

_MARGIN = 3
"""Characters to each side of a short name that are cut into words with it."""


class Place(NamedTuple):
    """A region's name in a text; `codes` are all the regions of that name, today's first."""

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
        """rows: the cells of each `Area`; the last ones may be left out."""
        self._names: dict[str, str] = {}
        self._listed: dict[str, Area] = {}
        current: set[str] = set()
        by_name: dict[str, list[str]] = {}
        for area in sorted((Area(*row) for row in rows), key=lambda row: row.until):  # today's codes first
            code, name, also, until = area[:4]
            if code:
                self._names.setdefault(code, name)
                self._list(area)
            current |= set() if until else {code}
            for word in (name, *also.split()):
                codes = by_name.setdefault(word, [])
                in_province = any(other[:2] == code[:2] for other in codes)
                if code and not (until and in_province) and code not in codes:
                    codes.append(code)
        self._codes = {word: tuple(codes) for word, codes in by_name.items()}
        self._lengths: defaultdict[str, list[int]] = defaultdict(list)
        """Of the names that begin with two characters, the longest first."""
        for size, head in sorted({(len(word), word[:2]) for word in by_name}, reverse=True):
            self._lengths[head].append(size)
        self._stems: dict[str, list[str]] = {}
        for word, names in self._codes.items():
            if len(word) > _STEM and word.endswith(_ENDINGS):
                self._stems.setdefault(word[:-1], []).extend(
                    code for code in names if code in current and code.isdigit() and code[4:] != "00"
                )
        self._stem_heads = {stem[:_STEM] for stem in self._stems}
        self._province_stems: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        """Stems that only one county has and that are no other word, by the province's first digits."""
        for stem, counties in self._stems.items():
            common = stem in self._codes or stem in _COMMON_STEMS or len(counties) != 1
            if not common and self._names[counties[0]].endswith(_STEM_ENDINGS):
                self._province_stems[counties[0][:2]].append((stem, counties[0]))
        self._parents: dict[str, tuple[str, ...]] = {}

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def name(self, code: str) -> str:
        """The region's name; KeyError for an unknown code."""
        return self._names[code]

    def listed(self) -> list[Area]:
        """A line for each code, by code: as it is today, former names of a code among the other ones."""
        return [self._listed[code] for code in sorted(self._listed) if code != ELSEWHERE]

    def _list(self, area: Area) -> None:
        listed = self._listed.setdefault(area.code, area)
        names = dict.fromkeys((*listed.also.split(), area.name, *area.also.split()))
        also = " ".join(name for name in names if name != listed.name)
        self._listed[area.code] = listed._replace(also=also)

    def parents(self, code: str) -> tuple[str, ...]:
        """What the region is part of, nearest first: 410102 is in 410100, 410000 and CN."""
        if not code.isdigit():
            return ()
        if code not in self._parents:
            levels = dict.fromkeys((code[:4] + "00", code[:2] + "0000"))
            above = [level for level in levels if level != code and level in self._names]
            self._parents[code] = (*above, COUNTRY)
        return self._parents[code]

    def find(self, text: str, begin: int = 0, stop: int | None = None) -> Iterator[Place]:
        """Every region named in text[begin:stop], longest name first, in order.

        A region written after the one it is part of (郑州市中原区, 浙江义乌) is one place.
        """
        last: Place | None = None
        stop = len(text) if stop is None else stop
        for place in self._scan(text, begin, stop):
            if last:
                if last.stop > place.begin:  # read as part of a county's stem already
                    continue
                if last.stop == place.begin and (codes := self._parts(place.codes, last)):
                    last = self._with_stem(text, Place(last.begin, place.stop, codes), stop)
                    continue
                yield last
            last = None
            if text[place.begin : place.stop] not in _COMMON_NAMES:
                last = self._with_stem(text, place, stop)
        if last:
            yield last

    def with_stems(self, text: str, places: Iterable[Place]) -> list[Place]:
        """These places of a text, with the counties among them where only their stems stand (义乌).

        A county that the text also names in full, or, in a text about its province, often by its stem.
        """
        found = list(places)
        certain = {place.codes[0] for place in found if len(place.codes) == 1}
        provinces = {code[:2] for code in certain if code.isdigit()}
        stems = {
            stem: code
            for province in (provinces if len(provinces) <= _MAX_PROVINCES else ())
            for stem, code in self._province_stems.get(province, ())
            if code in certain or text.count(stem) >= _MIN_TIMES
        }
        if not stems:
            return found
        named = [(place.begin, place.stop) for place in found]
        for match in re.finditer("|".join(map(re.escape, stems)), text):
            begin, stop = match.span()
            before = bisect_right(named, (begin, len(text))) - 1
            free = before < 0 or named[before][1] <= begin
            if free and text[stop : stop + 1] not in _STREET_WORDS and not _cuts_words(text, begin, stop):
                found.append(Place(begin, stop, (stems[match[0]],)))
        return sorted(found)

    def _parts(self, codes: Iterable[str], place: Place) -> tuple[str, ...]:
        """The codes that are part of a place."""
        return tuple(code for code in codes if not set(self.parents(code)).isdisjoint(place.codes))

    def _with_stem(self, text: str, place: Place, stop: int) -> Place:
        """The county whose stem follows its province or city (浙江义乌), or the place as it is."""
        if text[place.stop : place.stop + _STEM] not in self._stem_heads or COUNTRY in place.codes:
            return place
        for size in (4, 3, 2):
            end = place.stop + size
            if end > stop:
                continue
            stem = text[place.stop : end]
            codes = () if stem in self._codes else self._parts(self._stems.get(stem, ()), place)
            if codes and text[end : end + 1] not in _ENDINGS:
                return Place(place.begin, end, codes)
        return place

    def disambiguate(self, codes: Collection[str], context: Collection[str]) -> str | None:
        """The only region of these, or the only one that lies in a region of the context; else None."""
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
        stems = [code for kind in _ENDINGS for code in self._codes.get(words + kind, ())]
        if len(stems) == 1 and words not in self._codes:
            return stems[0]
        places = [*self.find(words)]
        at_end = places and places[-1].stop == len(words)
        return self.disambiguate(places[-1].codes, ()) if at_end else None

    def _scan(self, text: str, begin: int, stop: int) -> Iterator[Place]:
        for at in range(begin, stop - 1):
            if at < begin:  # within the name before
                continue
            for size in self._lengths.get(text[at : at + 2], ()):
                codes = self._codes.get(text[at : at + size])
                if codes is not None and at + size <= stop:
                    short = size == _STEM and COUNTRY not in codes
                    if codes and not (short and _cuts_words(text, at, at + size)):
                        yield Place(at, at + size, codes)
                    begin = at + size
                    break


def _cuts_words(text: str, begin: int, stop: int) -> bool:
    """Whether a short name is made of parts of other words: 海地 of 沿海地带, 海南 of 黄海南部."""
    opening = max(0, begin - _MARGIN)
    return _crossed(text[opening : stop + _MARGIN], begin - opening, stop - opening)


@lru_cache(maxsize=20_000)
def _crossed(text: str, begin: int, stop: int) -> bool:
    """Whether words of the text cross the ends of text[begin:stop]."""
    from rjieba import cut

    at = 0
    for word in cut(text):
        after = at + len(word)
        if at < begin < after or (begin < at < stop < after):
            return True
        at = after
    return False


def load_areas(*paths: Path) -> Areas:
    """Read areas.csv and what is beside it; WenshuError names the line that is wrong.

    Where two give a code different names, the last file's counts.
    """
    rows = []
    for path in reversed(paths):
        for line, row in read_rows(path, Area._fields[:4], Area._fields[4:]):
            if not row["name"] or not _CODE.fullmatch(row["code"]):
                message = "want a six-digit or two-letter code, a name, other names, until"
                raise WenshuError(f"{path}:{line}: {message}")
            rows.append([*row.values()])
    return Areas(rows)
