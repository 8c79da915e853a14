"""Levels that no structure ties to their change: after it, in another sentence, with others between.

The figures around are paired by what the change's words name (成交套数下跌, 西区比东区少, 2019年相比2018年)
and by which of the two is said to be of an earlier period; each pair with how well it is said, for `pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.relations.cues import CUES, last_row
from pipeline.relations.figures import HALF, PERCENT, Figure, Page, adds
from pipeline.relations.label_overlap import alike
from pipeline.relations.levels import OF_POINTS, Pair, comparable, from_to, is_times
from pipeline.relations.operand_pairs import BESIDE, NAMED, around

_CLAUSE, _YEARS_APART = 40, 20
"""Characters before a change that may name what it is compared with; years between its two levels."""
_FIRST = 2
"""Levels before a change, the nearest ones, that it may be of by where they stand."""
_FULL = 5
"""Characters of a name, at least, that is another figure's only: 增速高于城镇居民人均可支配收入2个百分点."""
_HEADLINE, _FAR = 3, 24
"""Percentages that a text begins with; figures of a level's kind before it that may be of the year before."""


class Row(NamedTuple):
    """A change in its place of a row: 分别下降10.1%、7.8%和9.8%; alone, it is a row of one."""

    percents: Sequence[Figure]
    place: int


def elsewhere(page: Page, change: Figure, row: Row) -> Iterator[tuple[int, Pair]]:
    """The pairs around a change that its words leave possible, with how well they say them, from 0 to 4."""
    after = page.figures[change.at + 1 : change.at + 3]
    same = [f for f in after if f.family == change.family and f.sentence == change.sentence]
    if len(same) == 2 and from_to(page, *same):
        yield 2 * NAMED, Pair(after[1], after[0], "level elsewhere")
        return
    amount = page.figures[change.at - 1]
    against = change.at > 0 and _is_against(page, amount)
    who, what = ("", "") if against else _named(page, row.percents[0])
    points = change.family in OF_POINTS
    near = [f for f in around(page, change, changes=points) if _may_be(page, change, f)]
    if change.family == PERCENT and page.changes(amount) and amount.sentence == change.sentence:
        name = _stem(page.label(amount))
        for n, level in enumerate(f for f in near if f.family == amount.family and not page.aside(f)):
            said = max(_bears(page, level, name or who), BESIDE * (n < _FIRST))
            yield NAMED + said, Pair(level, amount, "grown by")
    nows = [f for f in near if not _is_against(page, f)]
    nows.sort(key=lambda f: (f.at > change.at, _age(_period(page, f))))
    if len(row.percents) > 1:
        nows, who = _in_row(page, nows, row), ""
    for n, now in enumerate(nows):
        first = n < (_FIRST if against else 1) and now.sentence == change.sentence
        said = max(_bears(page, now, who), BESIDE * (not n or first), NAMED * (first and not who))
        for other in dict.fromkeys((*near, *_farther(page, change, now))) if said else ():
            alike_moved = page.changes(other) == page.changes(now) or other.at == change.at - 1
            if other.at != now.at and other.family == now.family and alike_moved:
                fit = said + _compared_with(page, change, now, other, what)
                rule = "named levels" if fit >= 2 * NAMED else "level elsewhere"
                sure = points and now.at == change.at - 1 and len(what) > _FULL and what in page.words(other)
                yield fit, Pair(now, other, rule, sure)


def _may_be(page: Page, change: Figure, figure: Figure) -> bool:
    if change.family == PERCENT or is_times(change):
        return (adds(figure.family) or "/" in figure.family) and comparable(page, change, figure)
    points = OF_POINTS.get(change.family)
    return figure.family == points if points else comparable(page, change, figure)


def _named(page: Page, change: Figure) -> tuple[str, str]:
    """What a change is said to be of, and what that is compared with."""
    label = page.label(change)
    told = CUES.year_against_year.search(label) or (is_times(change) and CUES.times_of_what.search(label))
    if told:
        return told["who"], told["what"]
    if CUES.joint.search(label):  # 分别高于全国、全省平均水平3.1和2.2个百分点
        return _named(page, page.figures[change.at - 1]) if change.at and label else ("", "")
    begin = max(page.reading.flow.sentences[change.sentence][0], change.begin - _CLAUSE)
    versus = CUES.against.search(page.text[begin : change.begin])
    return (_stem(versus["who"]), versus["what"]) if versus else (_stem(label), "")


def _stem(label: str) -> str:
    """The label of a change without the words for change and for periods."""
    return CUES.change_filler.sub("", CUES.up.split(CUES.down.split(label)[0])[0])


def _bears(page: Page, figure: Figure, name: str) -> int:
    """How well a name is that of a figure: by its words, its unit or its year."""
    if CUES.year.fullmatch(name):
        return NAMED * (_period(page, figure) == name[:4])
    if len(name) < 2:
        return 0
    label, unit = page.label(figure), figure.mention.unit or "-"
    words = page.words(figure)
    counted = f"{unit}数" in name or (figure.family.startswith("measure") and "面积" in name)
    if counted or alike(name, words) > HALF or (len(label) > 1 and alike(label, name) > HALF):
        return NAMED
    return BESIDE * (name[-2:] in words or name[:2] in words)


def _period(page: Page, figure: Figure) -> str:
    """The year or the earlier period that a figure is said to be of."""
    row = last_row(page.text[max(0, figure.begin - 2 * _CLAUSE) : figure.begin])
    said = [match for match in CUES.period.finditer(row) if match.lastgroup]
    return said[-1]["year"] or said[-1]["earlier"] or "" if said else ""


def _age(period: str) -> int:
    """How far back a period is: 1 the one before, 2 the one before that; 0 this one or a year."""
    return 0 if not period or period.isdecimal() else 2 if period.startswith("前") else 1


def _is_against(page: Page, figure: Figure) -> bool:
    """Whether another figure is compared with this one: 比去年同期的, 低于."""
    label = page.label(figure)
    than = CUES.compared.search(label) or (CUES.against.search(label) and not page.changes(figure))
    return bool(than or CUES.than.search(label) or CUES.beyond.search(label))


def _compared_with(page: Page, change: Figure, now: Figure, other: Figure, what: str) -> int:
    """How well the words say that one figure is what another is compared with."""
    if other.at == change.at - 1 and _is_against(page, other):
        return NAMED
    if CUES.year.fullmatch(what):
        return _bears(page, other, what)
    label = page.label(other)
    wholes = CUES.wider_whole.findall(what or page.label(change))
    if wholes and (other.rank < _HEADLINE or any(whole in label for whole in wholes)):
        return NAMED
    name = CUES.wider_whole.sub("", what).removesuffix("增速")
    if len(name) > 1 and max(alike(part, page.words(other)) for part in (name, name[:4])) >= HALF:
        return NAMED
    one, two = _period(page, other), _period(page, now)
    earlier = _age(one) > _age(two)
    if one.isdecimal() and two.isdecimal():
        earlier = 0 < int(two) - int(one) <= _YEARS_APART
    nouns = other.mention.subject or "", now.mention.subject or ""
    same = len(nouns[0]) > 1 and nouns[0][-2:] == nouns[1][-2:]
    return NAMED if earlier and same else BESIDE * (earlier or same)


def _farther(page: Page, change: Figure, now: Figure) -> list[Figure]:
    """Figures far before a level that it may be compared with: the headline's, those of a year before."""
    if change.family in OF_POINTS and CUES.wider_whole.search(page.label(change)):
        return page.families.get(PERCENT, [])[:_HEADLINE]
    year = _period(page, now)
    if not year.isdecimal() or not adds(now.family):
        return []
    before = page.families[now.family][max(0, now.rank - _FAR) : now.rank]
    return [f for f in before if _period(page, f) == str(int(year) - 1) and not page.aside(f)]


def _in_row(page: Page, levels: Sequence[Figure], row: Row) -> list[Figure]:
    """The one level in a change's place of as many before their row."""
    before = sorted(f for f in levels if f.at < row.percents[0].at and f.sentence == row.percents[0].sentence)
    own = [f for f in before if _age(_period(page, f)) == _age(_period(page, before[0]))]
    return own[-len(row.percents) :][row.place : row.place + 1] if len(own) >= len(row.percents) else []
