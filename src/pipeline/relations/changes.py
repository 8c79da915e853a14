"""Changes: by how much, how many percent, how many points or how many times a figure rose or fell.

Each change is worked out from every pair of levels that it may compare (`levels`); the first that holds,
with digits enough for how surely the pair is meant, is the one. It fails only where the words tie it to two
figures (由A增加到B，增长N%) and no pair holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import (
    HUNDRED,
    Finding,
    accusation,
    allows,
    increase,
    percent_verdict,
    ratio,
    subtracted,
)
from pipeline.relations.elsewhere import Row, elsewhere
from pipeline.relations.figures import ONE, PERCENT, POINTS, ZERO, Figure, Page
from pipeline.relations.levels import OF_POINTS, YEARLY, Pair, is_bare, is_change, is_times, stated
from pipeline.relations.pairs import believed
from pipeline.relations.periods import YEARS, spans
from pipeline.relations.structures import runs

_SINCE = cues.cue(r"[年月]?[末底初]", "比年初增加", "比上年增加")
"""A change since a day, which is none against the same period."""
_NOTE = 12
"""Characters after a percentage that may say that it is of another base: （剔除一次性因素）."""
_LONGEST = 60
"""Years that an average growth may be over."""
_GROWN = cues.cue(r"^(?:高|多|增加|增长|提高)(?:出|了)?$", "高出", "提高到")
_TIMES = cues.cue(r"是|为|达|相当于|约合|倍[数率](?:为|达)?$", "是去年", "比去年")

_EXACT = frozenset(("by how many points", "level elsewhere", "named levels"))
"""Rules for which a change must come out to the last digit."""
_BY_AMOUNT = frozenset(("grown by", "grown from"))
"""Rules whose earlier level is told by how much more or less there is now."""
_NEEDED = {"from, to": 5, "beside": 5, "apart": 30}
"""Values that a percentage could have had in print, at least, by how its levels stand to it."""
_TO_THE_DIGIT = 3
"""How much more a percentage tells that comes out exactly."""
_FEW = 3
"""The same for a change in the levels' own unit."""
_NEAR = 20
"""A change of 去年A，今年B is accused within a twentieth of it."""


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


class _Tried(NamedTuple):
    """A pair with what it comes to. narrow: rounding leaves its growth within a tenth."""

    pair: Pair
    found: Finding
    narrow: bool = True


def _tried(page: Page, change: Figure) -> Iterator[_Tried]:
    """What each pair that a change may compare comes to."""
    sign = page.direction(change) or page.direction(page.figures[change.at - 1])  # 调升至B，调幅N%
    averaged = change.family == PERCENT and cues.AVERAGED.search(page.lead(change))
    for pair in stated(page, change):
        signed = sign if pair.sign is None else pair.sign
        if averaged:
            yield from _yearly(page, change, pair, signed or 1)
        elif is_times(change):
            yield from _times(page, change, pair)
        elif change.family != PERCENT:
            yield from _difference(change, pair, signed)
        elif signed:
            yield from _grown(change, signed, pair)
    if change.family == PERCENT and sign and not averaged:
        yield from _grown_by(page, change, sign)


def _difference(change: Figure, pair: Pair, sign: int) -> Iterator[_Tried]:
    up = sign > 0 if sign and pair.sure else pair.now.value >= pair.before.value
    upper, lower = (pair.now, pair.before) if up else (pair.before, pair.now)
    off = abs(upper.value - lower.value - change.value)
    sure = pair.sure and (pair.rule != "the period before" or off * _NEAR <= change.value)
    if pair.rule in _EXACT and off and not pair.sure:
        return
    found = subtracted(upper, lower, change, pair.rule, sure)
    if found:
        yield _Tried(pair, found)


def _times(page: Page, times: Figure, pair: Pair) -> Iterator[_Tried]:
    """今年8400件，是去年3500件的2.4倍; grown 10.8 times is a ratio of 11.8."""
    label, now, before = page.label(times), pair.now, pair.before
    grown = page.changes(times) or _GROWN.search(label) is not None
    if before.value <= 0 or not (grown or _TIMES.search(label) or _TIMES.search(page.label(before))):
        return
    said = times.value + ONE if grown else times.value
    computed = ratio(now.value, before.value)
    off = abs(computed - said)
    fits = not off if times.value < 10 * times.place else off <= times.slack
    near = said <= 2 * computed and computed <= 2 * said and times.value >= 10 * times.place
    if not fits and (grown or not near or abs(off - ONE) <= times.slack or off <= times.slack):
        return  # what is one more or one less may be meant the other way
    values, rule = (now.value, before.value), "grown by times" if grown else "times"
    verdict = "holds" if fits else "fails"
    yield _Tried(pair, Finding("ratio", values, (now, before), times, computed, verdict, rule, False, said))


def _grown(percent: Figure, sign: int, pair: Pair) -> Iterator[_Tried]:
    """The growth of two levels; how much more there is now may tell the earlier one."""
    now, other = pair.now, pair.before
    by = pair.rule in _BY_AMOUNT
    before = now.value - sign * other.value if by else other.value
    slack = now.slack + other.slack if by else other.slack
    if before <= 0:
        return
    said = percent._replace(value=percent.value * sign)
    under = before - slack if before > slack else before
    if by:
        ends = [
            ratio(sign * more * HUNDRED, base)
            for more, base in (
                (other.value - other.slack, before + slack),
                (other.value + other.slack, under),
            )
        ]
    else:
        ends = [increase(now.value - now.slack, before + slack), increase(now.value + now.slack, under)]
    low, high = sorted(ends)
    computed = increase(now.value, before)
    verdict = percent_verdict(said, computed, low, high)
    found = Finding(
        "growth", (now.value, before), (now, other), percent, computed, verdict, pair.rule, False, said.value
    )
    yield _Tried(pair, found, (high - low) * 10 <= percent.value)


def _yearly(page: Page, percent: Figure, pair: Pair, sign: int) -> Iterator[_Tried]:
    """The growth a year that leads from one figure to the other; said only where it holds."""
    now, before = pair.now, pair.before
    if not YEARLY.search(page.label(percent)) or now.value <= 0 or before.value <= 0:
        return
    said = percent._replace(value=percent.value * sign)
    for years in _years(page, percent, pair):
        computed = (ratio(now.value, before.value) ** (ONE / Decimal(years)) - ONE) * HUNDRED
        if percent_verdict(said, computed, computed, computed) == "holds":
            found = Finding(
                "growth", (now.value, before.value), (now, before), percent, computed, "holds",
                "growth a year", False, said.value, years,
            )  # fmt: skip
            yield _Tried(pair, found)
            return


def _years(page: Page, percent: Figure, pair: Pair) -> Iterator[int]:
    """The years that a growth may run over: from 2015 to 2020, 五年来, 十年增加."""
    first, last = (cues.YEAR.search(page.lead(f)) for f in (pair.before, pair.now))
    counts = [int(last[1]) - int(first[1])] if first and last else []
    counts += [int(span.value) for span in spans(page, percent, YEARS)]
    yield from (years for years in counts if 1 < years <= _LONGEST)


def _grown_by(page: Page, percent: Figure, sign: int) -> Iterator[_Tried]:
    """Income 18.95, up 25.2%, 3.8 more: the period before is the difference."""
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
        yield from _grown(percent, sign, Pair(level, change, "grown by", sure, beside))
        if cues.BEFORE.search(page.label(level)):  # 去年100所，减少20所
            now = level._replace(value=level.value + sign * change.value)
            yield from _grown(percent, sign, Pair(now, change, "grown from"))


def _open(page: Page, figure: Figure) -> list[Figure]:
    """The figures before one in its sentence, without what brackets add to them: 2802万吨（560.4亿斤）."""
    return [f for f in page.near(figure, 5) if f.bracket in (-1, figure.bracket)][:3]


def _said_before(page: Page, change: Figure) -> list[Figure]:
    """举报3618件，占27%。比去年同期增加433件: the one level of its kind in the sentence before."""
    if not change.at or not cues.AGAINST_BEFORE.search(page.label(change)):
        return []
    last = page.figures[change.at - 1]
    levels = [f for f in (last, *page.near(last, 3)) if f.family == change.family]
    return levels if len(levels) == 1 and last.sentence == change.sentence - 1 else []


def since_before(page: Page, change: Figure, percent: Figure) -> bool:
    """Whether a change is against the same period as its percentage: 增加D，增长N%; 比上年增加D，增长N%."""
    label, yearly = page.label(change), page.label(percent).startswith("同比")
    if cues.AVERAGED.search(page.text, percent.stop, percent.stop + _NOTE) or (
        yearly and _SINCE.search(label)
    ):
        return False
    return cues.AGAINST_BEFORE.search(label) is not None or (is_bare(page, change) and not yearly)


def _judged(change: Figure, tried: Sequence[_Tried]) -> Finding | None:
    for one in tried:
        if one.found.verdict in ("holds", "rounding") and _enough(change, one):
            return one.found if one.found.computed else None
    for pair, found, _ in tried:
        if pair.sure and found.verdict == "fails" and found.values[0] != found.values[1]:
            return _accused(change, found)
        if pair.sure and found.verdict == "possible":
            return found
    return None


def _enough(change: Figure, tried: _Tried) -> bool:
    """Whether enough digits agree for how surely a pair is meant."""
    digits, (pair, found, narrow) = change.value / change.place, tried
    digits *= _TO_THE_DIGIT if found.computed == found.result else 1
    if pair.sure:
        return True
    if found.relation == "difference":
        return digits >= _FEW or change.family in OF_POINTS
    if found.relation == "ratio":
        return digits >= 10
    few = _NEEDED.get(pair.rule, _NEEDED["beside" if pair.beside else "apart"])
    return found.years > 1 or (digits >= few and (narrow or found.verdict == "holds"))


def _accused(change: Figure, found: Finding) -> Finding | None:
    """The finding for a change that is off, unless its figures are vague enough to allow it."""
    if found.relation == "difference":
        return found
    (now, other), said = found.stated, change.value if found.result is None else found.result
    if found.relation == "growth" and other.value == found.values[1] and allows(said, now, other, HUNDRED):
        return None  # 7000多亿元
    if ZERO <= abs(found.computed) - change.value < change.place:
        return found._replace(verdict="rounding")  # cut, not rounded
    verdict = accusation(change, found.stated, abs(said - found.computed))
    return found._replace(verdict=verdict, whole=verdict == "fails") if verdict else None


def _elsewhere(page: Page, change: Figure, row: Row) -> Finding | None:
    """The equation of a change and two levels that stand elsewhere, where it comes out as printed."""
    if change.family == PERCENT and cues.AVERAGED.search(page.label(change)):
        return None
    sign = page.direction(row.percents[0])
    candidates = []
    for fit, pair in elsewhere(page, change, row):
        one = _of_levels(page, change, pair, sign)
        if one:
            loose = one.found.verdict == "rounding" and not one.narrow
            candidates.append((fit, one.found._replace(verdict="fails") if loose else one.found))
    sure = [found for _, found in candidates if found.whole]
    return believed(change, candidates) or (sure[0] if len(sure) == 1 else None)


def _of_levels(page: Page, change: Figure, pair: Pair, sign: int) -> _Tried | None:
    """What two levels elsewhere come to, where the one is more than the other as the change says."""
    if is_times(change):
        return next(_times(page, change, pair), None)
    if pair.rule == "grown by":
        amount = pair.before
        if not sign or page.direction(amount) != sign:
            return None
        return next(_grown(change, sign, pair), None)
    if sign and (pair.now.value > pair.before.value) != (sign > 0):
        return None
    if change.family == PERCENT:
        return next(_grown(change, sign, pair), None) if sign else None
    return next(_difference(change, pair, 0), None)
