"""Levels that no structure ties to their change: after it, in another sentence, with others between.

The figures around are paired by what the change's words name (成交套数下跌, 西区比东区少, 2019年相比2018年)
and by which of the two is of an earlier period. Each pair has a score, from 0 to 4, of how well the words
name it, for `operand_pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.relations.changes.levels import (
    OF_POINTS,
    YEARS_APART,
    LevelPair,
    comparable,
    from_to,
    is_times,
)
from pipeline.relations.figure_index import HALF, PERCENT, Figure, Index, is_additive
from pipeline.relations.label_overlap import bigram_overlap
from pipeline.relations.operand_pairs import BESIDE, NAMED, levels_around
from pipeline.relations.relation_cues import CUES, last_row

_CLAUSE = 40
"""Characters before a change that may name what it is compared with."""
_FIRST = 2
"""Levels before a change, the nearest ones, that it may be of by where they stand."""
_FULL = 5
"""Characters of a name, at least, that is another figure's only: 增速高于城镇居民人均可支配收入2个百分点."""
_HEADLINE, _FAR = 3, 24
"""Percentages that a text begins with; figures of a level's kind before it that may be of the year before."""


class PercentRow(NamedTuple):
    """A change in its place of a row: 分别下降10.1%、7.8%和9.8%; alone, it is a row of one."""

    percents: Sequence[Figure]
    place: int


def distant_pairs(index: Index, change: Figure, row: PercentRow) -> Iterator[tuple[int, LevelPair]]:
    """The pairs around a change that its words leave possible, with how well they say them, from 0 to 4."""
    after = index.figures[change.pos + 1 : change.pos + 3]
    same = [f for f in after if f.family == change.family and f.sentence == change.sentence]
    if len(same) == 2 and from_to(index, *same):
        yield 2 * NAMED, LevelPair(after[1], after[0], "level elsewhere")
        return
    amount = index.previous(change)
    against = amount is not None and _is_against(index, amount)
    subject, base = ("", "") if against else _named(index, row.percents[0])
    points = change.family in OF_POINTS
    near = [f for f in levels_around(index, change, changes=points) if _may_be_level(index, change, f)]
    beside = amount and amount.sentence == change.sentence
    if amount and beside and change.family == PERCENT and index.is_change(amount):
        name = _stem(index.label(amount))
        for n, level in enumerate(f for f in near if f.family == amount.family and index.is_level(f)):
            score = max(_bears(index, level, name or subject), BESIDE * (n < _FIRST))
            yield NAMED + score, LevelPair(level, amount, "grown by")
    levels = [f for f in near if not _is_against(index, f)]
    levels.sort(key=lambda f: (f.pos > change.pos, _age(_period(index, f))))
    if len(row.percents) > 1:
        levels, subject = _in_row(index, levels, row), ""
    for n, now in enumerate(levels):
        first = n < (_FIRST if against else 1) and now.sentence == change.sentence
        score = max(_bears(index, now, subject), BESIDE * (not n or first), NAMED * (first and not subject))
        for other in dict.fromkeys((*near, *_farther(index, change, now))) if score else ():
            alike_moved = index.is_change(other) == index.is_change(now) or other.pos == change.pos - 1
            if other.pos != now.pos and other.family == now.family and alike_moved:
                fit = score + _compared_with(index, change, now, other, base)
                rule = "named levels" if fit >= 2 * NAMED else "level elsewhere"
                sure = (
                    points and now.pos == change.pos - 1 and len(base) > _FULL and base in index.words(other)
                )
                yield fit, LevelPair(now, other, rule, sure)


def _may_be_level(index: Index, change: Figure, figure: Figure) -> bool:
    if change.family == PERCENT or is_times(change):
        return (is_additive(figure.family) or "/" in figure.family) and comparable(index, change, figure)
    points = OF_POINTS.get(change.family)
    return figure.family == points if points else comparable(index, change, figure)


def _named(index: Index, change: Figure) -> tuple[str, str]:
    """What a change is said to be of, and what that is compared with."""
    label = index.label(change)
    match = CUES.year_against_year.search(label) or (is_times(change) and CUES.times_of_what.search(label))
    if match:
        return match["who"], match["what"]
    if CUES.joint.search(label):  # 分别高于全国、全省平均水平3.1和2.2个百分点
        previous = index.previous(change)
        return _named(index, previous) if previous and label else ("", "")
    begin = max(index.reading.flow.sentences[change.sentence][0], change.begin - _CLAUSE)
    versus = CUES.against.search(index.text[begin : change.begin])
    return (_stem(versus["who"]), versus["what"]) if versus else (_stem(label), "")


def _stem(label: str) -> str:
    """The label of a change without the words for change and for periods."""
    return CUES.change_filler.sub("", CUES.up.split(CUES.down.split(label)[0])[0])


def _bears(index: Index, figure: Figure, name: str) -> int:
    """How well a name is that of a figure: by its words, its unit or its year."""
    if CUES.year.fullmatch(name):
        return NAMED * (_period(index, figure) == name[:4])
    if len(name) < 2:
        return 0
    label, unit = index.label(figure), figure.mention.unit or "-"
    words = index.words(figure)
    counted = f"{unit}数" in name or (figure.family.startswith("measure") and "面积" in name)
    if (
        counted
        or bigram_overlap(name, words) > HALF
        or (len(label) > 1 and bigram_overlap(label, name) > HALF)
    ):
        return NAMED
    return BESIDE * (name[-2:] in words or name[:2] in words)


def _period(index: Index, figure: Figure) -> str:
    """The year or the earlier period that the words before a figure name."""
    row = last_row(index.text[max(0, figure.begin - 2 * _CLAUSE) : figure.begin])
    matches = [match for match in CUES.period.finditer(row) if match.lastgroup]
    return matches[-1]["year"] or matches[-1]["earlier"] or "" if matches else ""


def _age(period: str) -> int:
    """How far back a period is: 1 the one before, 2 the one before that; 0 this one or a year."""
    return 0 if not period or period.isdecimal() else 2 if period.startswith("前") else 1


def _is_against(index: Index, figure: Figure) -> bool:
    """Whether another figure is compared with this one: 比去年同期的, 低于."""
    label = index.label(figure)
    than = CUES.compared.search(label) or (CUES.against.search(label) and not index.is_change(figure))
    return bool(than or CUES.than.search(label) or CUES.beyond.search(label))


def _compared_with(index: Index, change: Figure, now: Figure, other: Figure, base: str) -> int:
    """How well the words say that one figure is what another is compared with."""
    if other.pos == change.pos - 1 and _is_against(index, other):
        return NAMED
    if CUES.year.fullmatch(base):
        return _bears(index, other, base)
    label = index.label(other)
    wholes = CUES.wider_whole.findall(base or index.label(change))
    if wholes and (other.rank < _HEADLINE or any(whole in label for whole in wholes)):
        return NAMED
    name = CUES.wider_whole.sub("", base).removesuffix("增速")
    if len(name) > 1 and max(bigram_overlap(part, index.words(other)) for part in (name, name[:4])) >= HALF:
        return NAMED
    one, two = _period(index, other), _period(index, now)
    earlier = _age(one) > _age(two)
    if one.isdecimal() and two.isdecimal():
        earlier = 0 < int(two) - int(one) <= YEARS_APART
    nouns = other.mention.subject or "", now.mention.subject or ""
    same = len(nouns[0]) > 1 and nouns[0][-2:] == nouns[1][-2:]
    return NAMED if earlier and same else BESIDE * (earlier or same)


def _farther(index: Index, change: Figure, now: Figure) -> list[Figure]:
    """Figures far before a level that it may be compared with: the headline's, those of a year before."""
    if change.family in OF_POINTS and CUES.wider_whole.search(index.label(change)):
        return index.families.get(PERCENT, [])[:_HEADLINE]
    year = _period(index, now)
    if not year.isdecimal() or not is_additive(now.family):
        return []
    before = index.family_before(now, _FAR)
    return [f for f in before if _period(index, f) == str(int(year) - 1) and index.is_level(f)]


def _in_row(index: Index, levels: Sequence[Figure], row: PercentRow) -> list[Figure]:
    """The one level in a change's place of as many before their row."""
    before = sorted(
        f for f in levels if f.pos < row.percents[0].pos and f.sentence == row.percents[0].sentence
    )
    same_period = [f for f in before if _age(_period(index, f)) == _age(_period(index, before[0]))]
    return (
        same_period[-len(row.percents) :][row.place : row.place + 1]
        if len(same_period) >= len(row.percents)
        else []
    )
