"""Changes: by how much, how many percent, how many points or how many times a figure rose or fell.

Each change is worked out from every pair of levels that it may compare (`levels`); the first that holds,
with digits enough for how surely the pair is meant, is the one. It fails only where the words tie it to two
figures (由A增加到B，增长N%) and no pair holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.relations.arithmetic import HUNDRED, Equation, accused, allowed_by_ranges
from pipeline.relations.changes.comparisons import change_equation
from pipeline.relations.changes.distant_levels import PercentRow, distant_pairs
from pipeline.relations.changes.levels import (
    OF_POINTS,
    LevelPair,
    adjacent_pairs,
    is_bare,
    is_comparison,
    is_times,
)
from pipeline.relations.figure_index import PERCENT, POINTS, Figure, Index
from pipeline.relations.operand_pairs import best_supported
from pipeline.relations.relation_cues import CUES

_NOTE = 12
"""Characters after a percentage that may say that it is of another base: （剔除一次性因素）."""
_NEEDED = {"from, to": 5, "beside": 5, "apart": 30}
"""Values that a percentage could have had in print, at least, by how its levels stand to it."""
_TO_THE_DIGIT = 3
"""How much more a percentage tells that comes out exactly."""
_FEW = 3
"""The same for a change in the levels' own unit."""
_TIMES_NEEDED = 10
"""The same for a number of times."""


def change_equations(index: Index, equations: Sequence[Equation]) -> Iterator[Equation]:
    """Every change whose levels the text states, but for the results of the equations found so far."""
    results = {found.total.pos for found in equations if found.relation in ("difference", "growth", "ratio")}
    parts = {f.pos for found in equations if found.relation == "sum" for f in found.operands}
    rows = {f.pos: PercentRow(row, n) for row in index.percent_rows for n, f in enumerate(row)}
    for change in index.figures:
        row = rows.get(change.pos, PercentRow((change,), 0))
        if change.value <= 0 or change.pos in results or not is_comparison(index, row.percents[0]):
            continue
        found = None if row.place else _judged(change, list(_adjacent_equations(index, change)))
        if found is None and change.pos not in parts:
            found = _distant_equation(index, change, row)
        if found:
            yield found


def _adjacent_equations(index: Index, change: Figure) -> Iterator[tuple[LevelPair, Equation]]:
    """What each pair comes to that the words right before a change tie to it."""
    sign, previous = index.direction(change), index.previous(change)
    if not sign and previous:
        sign = index.direction(previous)  # 调升至B，调幅N%
    for pair in (*adjacent_pairs(index, change), *(_grown_by(index, change, sign) if sign else ())):
        found = change_equation(index, change, pair, sign if pair.sign is None else pair.sign)
        if found:
            yield pair, found


def _grown_by(index: Index, percent: Figure, sign: int) -> Iterator[LevelPair]:
    """Income 18.95, up 25.2%, 3.8 more: the period before is the difference."""
    if percent.family != PERCENT or CUES.averaged.search(index.text_before(percent)):
        return
    after = [f for f in index.figures[percent.pos + 1 : percent.pos + 2] if f.sentence == percent.sentence]
    before = _before_outside_brackets(index, percent)
    after_level = bool(before) and not index.is_change(before[0])  # 31件，同比下降27.91%，同比减少12件
    neighbours = [*after, *before] if after_level else [*before, *after]
    amounts = (f for f in neighbours if f.family not in (PERCENT, POINTS))
    changed = (f for f in amounts if index.is_change(f) and index.direction(f) == sign)
    change = next(changed, None)
    if change is None:
        return
    first = min(change, percent, key=lambda f: f.pos)
    levels = _before_outside_brackets(index, first) or _level_in_sentence_before(index, first)
    between = index.figures[change.pos + 1 : percent.pos]  # 下跌2.04美元，收于62.31美元，跌幅3.17%
    near = [f for f in (*levels, *between) if f.family == change.family and index.is_level(f)]
    if not near or index.text_after(near[0]).startswith("相比"):  # 同上年的B相比，增加D: B is the one before
        return
    bare = is_bare(index, percent) or index.label(percent)[:2] in index.words(near[0])
    for level in near[:2]:  # 完成24627万元，为预算60999万元的40.4%，比上年减收1070万元，下降4.2%
        follows_it = change.pos == percent.pos + 1 and level is before[0] and is_bare(index, change)
        beside = bare and (follows_it or change is before[0])
        right_before = level in before[1:2] or level.sentence < change.sentence
        sure = beside and right_before and against_same_period(index, change, percent)
        yield LevelPair(level, change, "grown by", sure, beside)
        if CUES.before.search(index.label(level)):  # 去年100所，减少20所
            now = level._replace(value=level.value + sign * change.value)
            yield LevelPair(now, change, "grown from")


def _before_outside_brackets(index: Index, figure: Figure) -> list[Figure]:
    """The figures before one in its sentence, without what brackets add to them: 2802万吨（560.4亿斤）."""
    return [f for f in index.preceding(figure, 5) if f.bracket in (-1, figure.bracket)][:3]


def _level_in_sentence_before(index: Index, change: Figure) -> list[Figure]:
    """举报3618件，占27%。比去年同期增加433件: the one level of its kind in the sentence before."""
    last = index.previous(change)
    if last is None or not CUES.against_before.search(index.label(change)):
        return []
    levels = [f for f in (last, *index.preceding(last, 3)) if f.family == change.family]
    return levels if len(levels) == 1 and last.sentence == change.sentence - 1 else []


def against_same_period(index: Index, change: Figure, percent: Figure) -> bool:
    """Whether a change is against the same period as its percentage: 增加D，增长N%; 比上年增加D，增长N%."""
    label, yearly = index.label(change), index.label(percent).startswith("同比")
    if CUES.averaged.search(index.text, percent.stop, percent.stop + _NOTE) or (
        yearly and CUES.since_day.search(label)
    ):
        return False
    return CUES.against_before.search(label) is not None or (is_bare(index, change) and not yearly)


def _judged(change: Figure, tried: Sequence[tuple[LevelPair, Equation]]) -> Equation | None:
    for pair, found in tried:
        if found.verdict in ("holds", "rounding") and _has_enough_digits(change, pair, found):
            return found if found.computed else None
    for pair, found in tried:
        if pair.sure and found.verdict == "fails" and found.values[0] != found.values[1]:
            return _mismatch(found)
        if pair.sure and found.verdict == "possible":
            return found
    return None


def _has_enough_digits(change: Figure, pair: LevelPair, found: Equation) -> bool:
    """Whether enough digits agree for how surely a pair is meant."""
    if pair.sure or found.years > 1:
        return True
    digits = change.value / change.place * (_TO_THE_DIGIT if found.computed == found.implied_total else 1)
    if found.relation == "difference":
        return digits >= _FEW or change.family in OF_POINTS
    if found.relation == "ratio":
        return digits >= _TIMES_NEEDED
    return digits >= _NEEDED.get(pair.rule, _NEEDED["beside" if pair.beside else "apart"])


def _mismatch(found: Equation) -> Equation | None:
    """The equation of a change that is off, unless its figures are vague enough to allow it."""
    if found.relation == "difference":
        return found
    now, other = found.operands
    grown = found.relation == "growth" and other.value == found.values[1]
    if grown and allowed_by_ranges(found.stated_total, now, other, HUNDRED):
        return None  # 7000多亿元
    return accused(found)


def _distant_equation(index: Index, change: Figure, row: PercentRow) -> Equation | None:
    """The equation of a change and two levels that stand elsewhere, where it comes out as printed."""
    if change.family == PERCENT and CUES.averaged.search(index.label(change)):
        return None
    sign = index.direction(row.percents[0])
    candidates = []
    for fit, pair in distant_pairs(index, change, row):
        agrees = _agrees_in_direction(index, change, pair, sign)
        found = change_equation(index, change, pair, sign) if agrees else None
        if found:
            candidates.append((fit, found))
    sure = [found for _, found in candidates if found.names_whole]
    return best_supported(change, candidates) or (sure[0] if len(sure) == 1 else None)


def _agrees_in_direction(index: Index, change: Figure, pair: LevelPair, sign: int) -> bool:
    """Whether one level is more than the other, or an amount a rise, as the change's words say."""
    if is_times(change):
        return True
    if pair.rule == "grown by":
        return index.direction(pair.before) == sign
    return not sign or (pair.now.value > pair.before.value) == (sign > 0)
