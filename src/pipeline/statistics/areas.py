"""Which region a figure is about: GB/T 2260 codes from sidecar, masthead and text.

`Areas` is the gazetteer, read from catalog/areas.csv; `pipeline.statistics.region_resolver` answers for one
document. What cannot be told is None, never a guess: a name that several regions
bear (朝阳区) is settled by the other regions that the document names, or not at all.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from pipeline.errors import WenshuError
from pipeline.texts.decode import code_points

COUNTRY = "CN"
"""China as a whole, for which GB/T 2260 has no code: ISO 3166-1, like other countries."""

ELSEWHERE = "-"
"""A place that has no code here: in areas.csv (欧盟, 长三角), and what 全镇, 全校 means."""

_COLUMNS = ["code", "name", "also", "until"]
_MORE = ["since", "successor", "name_en"]
"""Columns that a file may leave out."""
_COMMON = frozenset(
    "老城区 新城区 城区 郊区 矿区 城中区 城关区 东区 西区 市中区 城东区 城西区 城北区 城厢区".split()
)
"""Names that are common words too: a region only right after what it is part of (洛阳市老城区)."""


_STEMLESS = ("区", "县", "市", "旗")
"""What a county's name ends with, and a masthead leaves out."""


_STEM = 2
"""Characters of the shortest stem that is read without its ending."""

_BESIDE = 3
"""Characters to each side of a short name in which words are cut."""

_SHORT = 60
"""Characters of a text that are looked at sooner one by one."""


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
        self._heads = _Heads(self._lengths)
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


class _Heads:
    """Finds where names may begin by their first two characters, in a whole text at once.

    Most characters of a text begin some region's name, and few pairs of them do.
    """

    def __init__(self, pairs: Collection[str]) -> None:
        import numpy as np

        self._pairs = frozenset(pairs)
        firsts, seconds = (sorted({pair[place] for pair in pairs}) for place in (0, 1))
        self._first, self._second = np.zeros((2, sys.maxunicode + 1), np.int32)
        width = len(seconds) + 1
        self._first[[ord(char) for char in firsts]] = np.arange(1, len(firsts) + 1) * width
        self._second[[ord(char) for char in seconds]] = np.arange(1, width)
        self._known = np.zeros((len(firsts) + 1) * width, np.bool_)
        self._known[[self._first[ord(pair[0])] + self._second[ord(pair[1])] for pair in pairs]] = True

    def find(self, text: str, begin: int, stop: int) -> Iterable[int]:
        """Where in text[begin:stop] one of the pairs stands."""
        if stop - begin < _SHORT:
            return [at for at in range(begin, stop - 1) if text[at : at + 2] in self._pairs]
        codes = code_points(text[begin:stop])
        found = self._known[self._first[codes[:-1]] + self._second[codes[1:]]].nonzero()[0]
        return cast("list[int]", (found + begin).tolist())


def load_areas(*paths: Path) -> Areas:
    """Read areas.csv and what is beside it; WenshuError names the line that is wrong.

    Where two give a code different names, the last file's counts.
    """
    rows = [row for path in reversed(paths) for row in _area_rows(path)]
    return Areas(rows)


def _area_rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        raise WenshuError(f"{path}: cannot be read as UTF-8 CSV with a header ({error})") from error
    if header != (_COLUMNS + _MORE)[: max(len(header), len(_COLUMNS))]:
        raise WenshuError(
            f"{path}:1: the columns must be {','.join(_COLUMNS)}, and may be followed by {','.join(_MORE)}"
        )
    for line, row in enumerate(rows, 2):
        if len(row) != len(header) or not row[1] or not re.fullmatch(r"\d{6}|[A-Z]{2}|-|", row[0]):
            raise WenshuError(
                f"{path}:{line}: want a six-digit or two-letter code, a name, other names, until"
            )
    return rows
