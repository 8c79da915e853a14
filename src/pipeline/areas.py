"""Which region a figure is about: GB/T 2260 codes from sidecar, masthead and text.

`Areas` is the gazetteer, read from catalog/areas.csv; `Locator` answers for one
document. What cannot be told is None, never a guess: a name that several regions
bear (朝阳区) is settled by the other regions that the document names, or not at all.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import WenshuError
from pipeline.layout import Flow

COUNTRY = "CN"
"""China as a whole, for which GB/T 2260 has no code: ISO 3166-1, like other countries."""

ELSEWHERE = "-"
"""A place that has no code here: in areas.csv (欧盟, 长三角), and what 全镇, 全校 means."""

_COLUMNS = ["code", "name", "also", "until"]
_RELATIVE = re.compile(
    r"(?:[全我该]|本(?!州))(?:省|市|区|县|州|盟|旗|镇|乡|村|街道|社区|校|院|厂|公司|集团)(?![区镇乡]|民)"
)
_ASIDE = re.compile(
    r"(?:[对与和从自向赴同往由比距占居]|来自|前往|高于|低于|快于|优于|好于|位列|位居|领跑|据)$"
)
"""A place right after one of these is the other party or what is compared with, not where the figure holds."""

_RANKED = re.compile(
    r"(?:前列|平均|第[一二三四五六七八九十\d]|首位|领先|同类|总[值量]的|的[一二三四五六七八九十\d])"
)
"""A place right before one of these is only compared with."""


_KINDS = frozenset("省市区县州盟旗")
"""Kinds of region that have codes."""

_COMMON = frozenset(
    "老城区 新城区 城区 郊区 矿区 城中区 城关区 东区 西区 市中区 城东区 城西区 城北区 城厢区".split()
)
"""Names that are common words too: a region only right after what it is part of (洛阳市老城区)."""

_TOGETHER = re.compile(r"[、—–\-至到往和与及]|返")
"""After a place at the head of a sentence: it is not that place alone that the sentence is about."""

_JOINTS = frozenset("、 和 与 及 以及 ，".split())
"""What stands between places named in a row."""

_HEAD = 6_000
"""Characters of a document that are searched for what it is about."""

_SHARE = 0.6
"""Share of a document's place names that must lie in the region it is about."""


class Place(NamedTuple):
    """A region's name in a text; `codes` are all the regions that bear it, today's first."""

    begin: int
    stop: int
    codes: tuple[str, ...]


class Areas:
    """The gazetteer: regions by name, their codes and what they are part of."""

    def __init__(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        """rows: (code, name, other names with spaces between, last month of a retired code or "")."""
        self._names: dict[str, str] = {}
        bearers: dict[str, list[str]] = {}
        for code, name, also, until in sorted(rows, key=lambda row: row[3]):  # today's codes first
            if code:
                self._names.setdefault(code, name)
            for word in (name, *also.split()):
                known = bearers.setdefault(word, [])
                heirs = [other for other in known if other[:2] == code[:2]]
                if code and not (until and heirs) and code not in known:
                    known.append(code)
        self._codes = {word: tuple(codes) for word, codes in bearers.items()}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for word in bearers:
            self._lengths[word[:2]] = (*self._lengths.get(word[:2], ()), len(word))
        self._lengths = {
            pair: tuple(sorted(set(sizes), reverse=True)) for pair, sizes in self._lengths.items()
        }
        self._first = re.compile(f"[{re.escape(''.join({word[0] for word in bearers}))}]")

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def name(self, code: str) -> str:
        """The region's name; KeyError for an unknown code."""
        return self._names[code]

    def parents(self, code: str) -> tuple[str, ...]:
        """What the region is part of, nearest first: 410102 is in 410100, 410000 and CN."""
        if not code.isdigit():
            return ()
        levels = (code[:4] + "00", code[:2] + "0000")
        return (
            *(level for level in dict.fromkeys(levels) if level != code and level in self._names),
            COUNTRY,
        )

    def find(self, text: str, begin: int = 0, stop: int | None = None) -> Iterator[Place]:
        """Every region named in text[begin:stop], longest name first, in order.

        A region written after the one it is part of (郑州市中原区) is one place.
        """
        last: Place | None = None
        for place in self._scan(text, begin, len(text) if stop is None else stop):
            if last and last.stop == place.begin:
                within = tuple(c for c in place.codes if not set(self.parents(c)).isdisjoint(last.codes))
                if within:
                    last = Place(last.begin, place.stop, within)
                    continue
            if last:
                yield last
            last = None if text[place.begin : place.stop] in _COMMON else place
        if last:
            yield last

    def settle(self, codes: Collection[str], context: Collection[str]) -> str | None:
        """The one region meant: the only one, or the only one that lies in a region of the context."""
        if len(codes) < 2:
            return next(iter(codes), None)
        near = [
            code for code in codes if code in context or not set(self.parents(code)[:-1]).isdisjoint(context)
        ]
        return near[0] if len(near) == 1 else None

    def read(self, words: str) -> str | None:
        """The region that a sidecar names: a code (410102) or a name (郑州市中原区)."""
        words = words.strip()
        if words in self._names:
            return words
        return self.settle([*self.find(words)][-1].codes, ()) if self.ends(words) else None

    def ends(self, text: str) -> bool:
        """Whether a text ends with a region's name."""
        places = list(self.find(text))
        return bool(places) and places[-1].stop == len(text)

    def _scan(self, text: str, begin: int, stop: int) -> Iterator[Place]:
        at = begin
        while at < stop and (match := self._first.search(text, at, stop)):
            at = match.start()
            for size in self._lengths.get(text[at : at + 2], ()):
                codes = self._codes.get(text[at : at + size])
                if codes is not None and at + size <= stop:
                    if codes:
                        yield Place(at, at + size, codes)
                    at += size - 1
                    break
            at += 1


@lru_cache(maxsize=4)
def load_areas(path: Path) -> Areas:
    """Read catalog/areas.csv; WenshuError names the line that is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        raise WenshuError(f"{path}: cannot be read as UTF-8 CSV with a header ({error})") from error
    if header != _COLUMNS:
        raise WenshuError(f"{path}:1: the columns must be {','.join(_COLUMNS)}")
    for line, row in enumerate(rows, 2):
        if len(row) != len(_COLUMNS) or not row[1] or not re.fullmatch(r"\d{6}|[A-Z]{2}|-|", row[0]):
            raise WenshuError(
                f"{path}:{line}: want a six-digit or two-letter code, a name, other names, until"
            )
    return Areas((code, name, also, until) for code, name, also, until in rows)


class Locator:
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
    ) -> tuple[str | None, str | None]:
        """The region of the figure at `begin` in its sentence, and the name that could not be settled.

        `ELSEWHERE` where a place is named that has no code, None where none is told. turn: which of how many figures it is in a list, each of which goes with a region of its own
        where as many are named in a row (河南、湖北分别为1、2).
        """
        marks = self._marks(sentence[0], begin)
        row = self._row(marks)
        if turn and len(row) == turn[1]:
            return self._settled(row[turn[0]])
        while marks:
            row = self._row(marks)
            last = marks[-1]
            if isinstance(last, str):
                return self._relative(last, begin), None
            if not self._aside(row, sentence[0]):
                return self._settled(last) if len(row) == 1 else (ELSEWHERE, None)
            del marks[-len(row) :]
        return self._topic(sentence[0]) or self.area, None

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

    def _settled(self, place: Place) -> tuple[str | None, str | None]:
        code = self._areas.settle(place.codes, self.context)
        if code is None:
            return None, self._flow.text[place.begin : place.stop]
        return code, None

    def _marks(self, begin: int, stop: int) -> list[Place | str]:
        """Places and relative words (全区) between two offsets, in order."""
        text = self._flow.text
        found: list[tuple[int, Place | str]] = [(p.begin, p) for p in self._areas.find(text, begin, stop)]
        found += [(m.start(), m[0]) for m in _RELATIVE.finditer(text, begin, stop)]
        return [mark for _, mark in sorted(found, key=lambda item: item[0])]

    def _relative(self, word: str, begin: int) -> str | None:
        """What 全区, 我市 means: the nearest region of that kind, of the places before it or the document's."""
        kind = word[1:]
        before = self._named[: bisect_left(self._named, begin, key=lambda place: place.begin)][-3:]
        near = [code for place in reversed(before) if (code := self._settled(place)[0]) in self._areas]
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
        return self._settled(place)[0]

    def _prevailing(self) -> str | None:
        """The narrowest region in which most of the places named lie, read off title, masthead and text."""
        weights: Counter[str] = Counter()
        for places, weight in ((self._titled, 3), (self._named, 1)):
            for place in places:
                if code := self._areas.settle(place.codes, self.context):
                    weights[code] += weight
        total = weights.total()
        within: Counter[str] = Counter()
        for code, weight in weights.items():
            for region in (code, *self._areas.parents(code)):
                within[region] += weight
        likely = [
            code
            for code, weight in within.items()
            if weight >= _SHARE * total and weights[code] and code != ELSEWHERE
        ]
        likely.sort(key=lambda code: (len(self._areas.parents(code)), within[code]), reverse=True)
        return likely[0] if likely else None
