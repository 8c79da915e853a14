"""Figures in their places: what stands around each number, which structure is read from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from pipeline.numbers.extract import Reading
from pipeline.numbers.mention import STATISTICAL, Mention
from pipeline.numbers.units import unit_code
from pipeline.relations.relation_cues import CUES, last_clause

ZERO = Decimal(0)
HALF = Decimal("0.5")
ONE = Decimal(1)

PERCENT = "percent %"
POINTS = "percent 个百分点"

_BRACKET = re.compile(r"[（(）)]")
_SET_WIDE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_CELL = re.compile(r"([\d,]+(?:\.\d+)?) (?![万亿])[^\s\d%‰]+")
"""After a space: a number, and what begins the next cell; 1.96 亿立方米 is one."""
_CELLS = frozenset(("count", "date", "duration", "ordinal"))
_RATES = frozenset("a 1 Cel {level} {point} {score} deg % dB".split())

_SAME = {
    word: words.split()[0]
    for words in (
        "人 名 位 口 口人 例 宗 员 人员",
        "起 宗案 起案",
        "架次 列次 艘次 辆次 车次 架列艘辆次 架次列次 辆",
        "户 户次 农户 住户",
        "票 张",
    )
    for word in words.split()
}
"""Counting words that count one thing: 累计确诊20宗，其中18人病情平稳."""


class Figure(NamedTuple):
    """A stated quantity with its value, its slack and its place in the text's structure."""

    number: int
    """Its index in `Reading.mentions`."""
    pos: int
    """In `Index.figures`; negative for what stands in no list (an end of a span)."""
    rank: int
    """In its family."""
    value: Decimal
    slack: Decimal
    """Half a unit of the last printed place; zero for a whole count."""
    place: Decimal
    family: str
    """What it can be added to: same unit, or words that count the same thing."""
    begin: int
    stop: int
    bracket: int
    """The bracket it stands in, an index into `Index.brackets`; -1 outside any."""
    sentence: int
    mention: Mention


class Index:
    """A reading's figures, in order, with what stands around them.

    A family's figures are in `families`, the offsets of brackets with the bracket
    around each in `brackets`: (begin, stop, parent).
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.flow.text
        self.brackets = _brackets(self.text)
        self.figures = _figures(reading, self.brackets)
        self.families: dict[str, list[Figure]] = {}
        for figure in self.figures:
            self.families.setdefault(figure.family, []).append(figure)

    def unindexed(self, number: int, value: Decimal) -> Figure:
        """A numeral that is in none of the index's lists, as a figure of a value, of no family."""
        mention, place = self.reading.mentions[number], ONE.scaleb(int(value.as_tuple().exponent))
        return Figure(
            number, number - len(self.reading.mentions) - 1, -1, value, place * HALF, place, "",
            mention.begin, mention.stop, -1, mention.sentence, mention,
        )  # fmt: skip

    def previous(self, figure: Figure) -> Figure | None:
        """The figure before one, in whatever sentence; None before the first."""
        return self.figures[figure.pos - 1] if figure.pos > 0 else None

    def following(self, figure: Figure) -> Figure | None:
        """The figure after one, in whatever sentence; None after the last."""
        return self.figures[figure.pos + 1] if 0 <= figure.pos < len(self.figures) - 1 else None

    def text_before(self, figure: Figure) -> str:
        """What stands between the figure before and this one."""
        return _squeezed(self._before(figure))

    def _before(self, figure: Figure) -> str:
        previous = self.previous(figure)
        begin = previous.stop if previous else 0
        return self.text[max(begin, figure.begin - 60) : figure.begin]

    def label(self, figure: Figure) -> str:
        """The words of its own clause before a figure."""
        return self._labels[figure.pos]

    @cached_property
    def _labels(self) -> list[str]:
        return [last_clause(self.text_before(figure)) for figure in self.figures]

    def name(self, figure: Figure) -> str:
        """Its label, or that of the figure which it follows without a word: 减少20户56人."""
        return self._names[figure.pos]

    @cached_property
    def _names(self) -> list[str]:
        names = self._labels[:1]
        for before, figure in pairwise(self.figures):
            joined = before.stop == figure.begin
            names.append(names[-1] if joined and not self.label(figure) else self.label(figure))
        return names

    def text_after(self, figure: Figure) -> str:
        """The words of its own clause after a figure."""
        following = self.following(figure)
        stop = following.begin if following else len(self.text)
        text = self.text[figure.stop : min(stop, figure.stop + 30)]
        match = CUES.clause.search(text)
        return text[: match.start()] if match else text

    def clause(self, figure: Figure) -> str:
        """The words of its own clause, without the figure."""
        return self.label(figure) + self.text_after(figure)

    def gap(self, left: Figure, right: Figure) -> str:
        """What stands between two figures."""
        return _squeezed(self.text[left.stop : right.begin])

    def clause_begin(self, figure: Figure) -> int:
        """Where the words of a figure's own clause begin."""
        return figure.begin - len(last_clause(self._before(figure)))

    def is_change(self, figure: Figure) -> bool:
        """Whether it states by how much something changed (比上年增加N)."""
        return self._is_change[figure.pos]

    @cached_property
    def _is_change(self) -> list[bool]:
        # 较高峰时期的13.9万件下降 is a level
        return [bool(CUES.change.search(name) and not CUES.than.search(name)) for name in self._names]

    def is_level(self, figure: Figure) -> bool:
        """Whether it is neither a change nor what the level before it is compared with."""
        if self.is_change(figure):
            return False
        if not CUES.compared.search(self.label(figure)):
            return True
        following = self.following(figure)
        return not (following and following.sentence == figure.sentence and self.is_change(following))

    def words(self, figure: Figure) -> str:
        """Everything that its clause and its frame say of a figure."""
        mention = figure.mention
        return f"{self.name(figure)}{mention.subject or ''}{mention.state or ''}{self.text_after(figure)}"

    def preceding(self, figure: Figure, back: int) -> list[Figure]:
        """The figures of the same sentence before one, nearest first."""
        before = reversed(self.figures[max(0, figure.pos - back) : figure.pos])
        return list(takewhile(lambda other: other.sentence == figure.sentence, before))

    def family_before(self, figure: Figure, back: int) -> list[Figure]:
        """The figures of its family before one, so many at most, in their order."""
        return self.families[figure.family][max(0, figure.rank - back) : figure.rank]

    def direction(self, figure: Figure) -> int:
        """1 where the words before a figure say that it rose, -1 where it fell, 0 where neither."""
        label = self.name(figure)
        up = max((m.end() for m in CUES.up.finditer(label)), default=-1)
        down = max((m.end() for m in CUES.down.finditer(label)), default=-1)
        return 0 if up == down else 1 if up > down else -1

    def opens_sublist(self, figure: Figure) -> bool:
        """Whether 其中 stands before it, so that inside a list it belongs to the part before."""
        return self._opens_sublist[figure.pos]

    @cached_property
    def _opens_sublist(self) -> list[bool]:
        return [bool(CUES.nested.search(CUES.gloss.sub("", self.text_before(f)))) for f in self.figures]

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in CUES.row_end.finditer(self.text)]

    @cached_property
    def percent_rows(self) -> list[list[Figure]]:
        """Percentages with nothing but a separator between them: 13.2%和11.2%, 25.7:26.8:47.5."""
        rows: list[list[Figure]] = []
        for figure in self.families.get(PERCENT, ()):
            left = rows[-1][-1] if rows else figure
            beside = left.pos == figure.pos - 1 and figure.begin - left.stop <= 3
            if beside and len(self.gap(left, figure).strip()) <= 1:
                rows[-1].append(figure)
            else:
                rows.append([figure])
        return [row for row in rows if len(row) > 1]

    def row_end(self, figure: Figure) -> int:
        """Where the next semicolon or full stop after a figure stands: the end of its row."""
        at = bisect_left(self._breaks, figure.stop)
        return self._breaks[at] if at < len(self._breaks) else len(self.text)

    def row_begin(self, end: int) -> int:
        """Where the row begins that ends at a break."""
        at = bisect_left(self._breaks, end)
        return self._breaks[at - 1] if at else 0

    def figures_between(self, begin: int, end: int) -> list[Figure]:
        """The figures of a stretch of the text."""
        first = bisect_left(self.figures, begin, key=lambda figure: figure.begin)
        return list(takewhile(lambda figure: figure.begin < end, self.figures[first:]))


def _squeezed(text: str) -> str:
    """Without the spaces between characters that a text set wide has: 其 中."""
    return _SET_WIDE.sub("", text) if " " in text else text


def _brackets(text: str) -> list[tuple[int, int, int]]:
    """The brackets of a text that close, in order: begin, stop, the one around."""
    found: list[list[int]] = []
    open_: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] in "（(":
            found.append([match.start(), -1, open_[-1] if open_ else -1])
            open_.append(len(found) - 1)
        elif open_:
            found[open_.pop()][1] = match.end()
    return [(begin, stop, parent) for begin, stop, parent in found]


def _figures(reading: Reading, brackets: Sequence[tuple[int, int, int]]) -> list[Figure]:
    figures: list[Figure] = []
    ranks: dict[str, int] = {}
    inside: list[int] = []
    following = 0
    text = reading.flow.text
    for number, mention in enumerate(reading.mentions):
        value, place, kind, unit = mention.value, mention.place, mention.kind, mention.unit
        begin, flat = mention.begin, kind in _CELLS and text[mention.begin - 1 : mention.begin] == " "
        cell = _CELL.fullmatch(text, begin, mention.stop) if flat and (unit or kind == "date") else None
        if cell and text[mention.stop : mention.stop + 1].isalpha():
            # The next cell's first character was taken for a unit: 美国 22 日本 19.
            value, kind, unit = Decimal(cell[1].replace(",", "")), "count", None
            place = ONE.scaleb(int(value.as_tuple().exponent))
        elif value is None or place is None or kind not in STATISTICAL:
            continue
        while following < len(brackets) and brackets[following][0] < begin:
            if brackets[following][1] > 0:
                inside.append(following)
            following += 1
        while inside and brackets[inside[-1]][1] <= begin:
            inside.pop()
        slack = ZERO if kind == "count" and place == ONE else place * HALF
        family = family_of(kind, unit)
        ranks[family] = rank = ranks.get(family, -1) + 1
        bracket = inside[-1] if inside else -1
        figures.append(Figure(
            number, len(figures), rank, value, slack, place, family, begin, mention.stop, bracket,
            mention.sentence, mention,
        ))  # fmt: skip
    return figures


@lru_cache(maxsize=4096)
def is_additive(family: str) -> bool:
    """Whether figures of a family can be parts and total of a sum: amounts, and no rates, ages or grades."""
    kind, _, code = family.partition(" ")
    if kind == "duration":
        return code == "天"  # 优120天、良192天
    return kind in ("count", "money", "measure") and "/" not in code and code.strip() not in _RATES


@lru_cache(maxsize=4096)
def family_of(kind: str, unit: str | None) -> str:
    """What figures of a kind and unit can be added to."""
    if kind in ("money", "measure"):
        return f"{kind} {unit_code(kind, unit)}"
    if kind == "count":
        word = CUES.gloss.sub("", unit or "")
        if unit and word != unit:
            word = unit.translate(str.maketrans("", "", "（）()、,，"))
        return "count " + _SAME.get(word, word)
    return f"{kind} {unit or '%'}" if kind == "percent" else f"{kind} {unit}"
