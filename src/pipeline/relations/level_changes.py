"""Changes: by how much, how many percent, how many points or how many times a figure rose or fell.

Each change is worked out from every pair of levels that it may compare (`levels`); the first that holds,
with digits enough for how surely the pair is meant, is the one. It fails only where the words tie it to two
figures (由A增加到B，增长N%) and no pair holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.relations.arithmetic import HUNDRED, Finding, accused, allows
from pipeline.relations.comparisons import compared
from pipeline.relations.composition import runs
from pipeline.relations.cues import CUES
from pipeline.relations.distant_levels import Row, elsewhere
from pipeline.relations.figures import PERCENT, POINTS, Figure, Page
from pipeline.relations.levels import OF_POINTS, Pair, is_bare, is_change, is_times, stated
from pipeline.relations.operand_pairs import believed

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


def changes(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every change whose levels the page states. known: what is found already, which is not found again."""
    explained = {found.total.at for found in known if found.relation in ("difference", "growth", "ratio")}
    parts = {f.at for found in known if found.relation == "sum" for f in found.stated}
    row = {f.at: (percents, n) for percents in runs(page) for n, f in enumerate(percents)}
    for change in page.figures:
        percents, place = row.get(change.at, ((change,), 0))
        if change.value <= 0 or change.at in explained or not is_change(page, percents[0]):
            continue
        found = None if place else _judged(change, list(_tried(page, change)))
        if found is None and change.at not in parts:
            found = _elsewhere(page, change, Row(percents, place))
        if found:
            yield found


def _tried(page: Page, change: Figure) -> Iterator[tuple[Pair, Finding]]:
    """What each pair comes to that the words right before a change tie to it."""
    sign = page.direction(change) or page.direction(page.figures[change.at - 1])  # 调升至B，调幅N%
    for pair in (*stated(page, change), *(_grown_by(page, change, sign) if sign else ())):
        found = compared(page, change, pair, sign if pair.sign is None else pair.sign)
        if found:
            yield pair, found


def _grown_by(page: Page, percent: Figure, sign: int) -> Iterator[Pair]:
    """Income 18.95, up 25.2%, 3.8 more: the period before is the difference."""
    if percent.family != PERCENT or CUES.averaged.search(page.lead(percent)):
        return
    after = [f for f in page.figures[percent.at + 1 : percent.at + 2] if f.sentence == percent.sentence]
    before = _open(page, percent)
    own = bool(before) and not page.changes(before[0])  # 31件，同比下降27.91%，同比减少12件
    around = [*after, *before] if own else [*before, *after]
    amounts = (f for f in around if f.family not in (PERCENT, POINTS))
    changed = (f for f in amounts if page.changes(f) and page.direction(f) == sign)
    change = next(changed, None)
    if change is None:
        return
    first = min(change, percent, key=lambda f: f.at)
    levels = _open(page, first) or _said_before(page, first)
    between = page.figures[change.at + 1 : percent.at]  # 下跌2.04美元，收于62.31美元，跌幅3.17%
    near = [f for f in (*levels, *between) if f.family == change.family and not page.aside(f)]
    if not near or page.tail(near[0]).startswith("相比"):  # 同上年的B相比，增加D: B is the one before
        return
    bare = is_bare(page, percent) or page.label(percent)[:2] in page.words(near[0])
    for level in near[:2]:  # 完成24627万元，为预算60999万元的40.4%，比上年减收1070万元，下降4.2%
        follows_it = change.at == percent.at + 1 and level is before[0] and is_bare(page, change)
        beside = bare and (follows_it or change is before[0])
        right_before = level in before[1:2] or level.sentence < change.sentence
        sure = beside and right_before and since_before(page, change, percent)
        yield Pair(level, change, "grown by", sure, beside)
        if CUES.before.search(page.label(level)):  # 去年100所，减少20所
            now = level._replace(value=level.value + sign * change.value)
            yield Pair(now, change, "grown from")


def _open(page: Page, figure: Figure) -> list[Figure]:
    """The figures before one in its sentence, without what brackets add to them: 2802万吨（560.4亿斤）."""
    return [f for f in page.near(figure, 5) if f.bracket in (-1, figure.bracket)][:3]


def _said_before(page: Page, change: Figure) -> list[Figure]:
    """举报3618件，占27%。比去年同期增加433件: the one level of its kind in the sentence before."""
    if not change.at or not CUES.against_before.search(page.label(change)):
        return []
    last = page.figures[change.at - 1]
    levels = [f for f in (last, *page.near(last, 3)) if f.family == change.family]
    return levels if len(levels) == 1 and last.sentence == change.sentence - 1 else []


def since_before(page: Page, change: Figure, percent: Figure) -> bool:
    """Whether a change is against the same period as its percentage: 增加D，增长N%; 比上年增加D，增长N%."""
    label, yearly = page.label(change), page.label(percent).startswith("同比")
    if CUES.averaged.search(page.text, percent.stop, percent.stop + _NOTE) or (
        yearly and CUES.since_day.search(label)
    ):
        return False
    return CUES.against_before.search(label) is not None or (is_bare(page, change) and not yearly)


def _judged(change: Figure, tried: Sequence[tuple[Pair, Finding]]) -> Finding | None:
    for pair, found in tried:
        if found.verdict in ("holds", "rounding") and _enough(change, pair, found):
            return found if found.computed else None
    for pair, found in tried:
        if pair.sure and found.verdict == "fails" and found.values[0] != found.values[1]:
            return _accused(change, found)
        if pair.sure and found.verdict == "possible":
            return found
    return None


def _enough(change: Figure, pair: Pair, found: Finding) -> bool:
    """Whether enough digits agree for how surely a pair is meant."""
    if pair.sure or found.years > 1:
        return True
    digits = change.value / change.place * (_TO_THE_DIGIT if found.computed == found.result else 1)
    if found.relation == "difference":
        return digits >= _FEW or change.family in OF_POINTS
    if found.relation == "ratio":
        return digits >= _TIMES_NEEDED
    return digits >= _NEEDED.get(pair.rule, _NEEDED["beside" if pair.beside else "apart"])


def _accused(change: Figure, found: Finding) -> Finding | None:
    """The finding for a change that is off, unless its figures are vague enough to allow it."""
    if found.relation == "difference":
        return found
    (now, other), said = found.stated, change.value if found.result is None else found.result
    if found.relation == "growth" and other.value == found.values[1] and allows(said, now, other, HUNDRED):
        return None  # 7000多亿元
    return accused(found)


def _elsewhere(page: Page, change: Figure, row: Row) -> Finding | None:
    """The equation of a change and two levels that stand elsewhere, where it comes out as printed."""
    if change.family == PERCENT and CUES.averaged.search(page.label(change)):
        return None
    sign = page.direction(row.percents[0])
    pairs = [one for one in elsewhere(page, change, row) if _as_said(page, change, one[1], sign)]
    candidates = [(fit, found) for fit, pair in pairs if (found := compared(page, change, pair, sign))]
    sure = [found for _, found in candidates if found.whole]
    return believed(change, candidates) or (sure[0] if len(sure) == 1 else None)


def _as_said(page: Page, change: Figure, pair: Pair, sign: int) -> bool:
    """Whether one level is more than the other, or an amount a rise, as the change's words say."""
    if is_times(change):
        return True
    if pair.rule == "grown by":
        return page.direction(pair.before) == sign
    return not sign or (pair.now.value > pair.before.value) == (sign > 0)
