"""Averages and ratios of named levels: one figure of the text over another, by what it is counted by.

户均2.09万元, 人口密度每平方公里220人, 亩产420公斤, 每千人床位, 日均 over 4月5日至7日, 性别比, 师生比1∶15.
What it is counted by has the named unit, what is shared out has the average's own; of the pairs
around it the best named is tried first (`operand_pairs.best_supported`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import NamedTuple

from pipeline.relations.arithmetic import Equation, accused, exactly_printed, percent_verdict, ratio
from pipeline.relations.figure_index import HALF, ONE, PERCENT, POINTS, Figure, Index, is_additive
from pipeline.relations.label_overlap import share_bigram
from pipeline.relations.operand_pairs import BACK, BESIDE, NAMED, ON, best_supported, levels_around
from pipeline.relations.relation_cues import CUES, last_clause
from pipeline.relations.time_spans import spans
from pipeline.tsv import read_entries

_NEAR = 5
"""An average that is off is accused within a fifth of it: farther off, it is of other figures."""
_FAR = 60
"""Figures before an average per head among which the number of people may stand."""
_LOOSE = 20
"""Rounding of the two figures may move an average by a twentieth, at most."""

_SCALES = {
    ("measure t", "measure kg"): 1000, ("measure t", "measure g"): 1000000,
    ("measure har", "measure m2"): 10000, ("measure km2", "measure m2"): 1000000,
}  # fmt: skip
"""How many of the average's unit the amount's is."""


class Average(NamedTuple):
    """A line of averages.tsv."""

    name: re.Pattern[str]
    """Of the average."""
    counted_by: frozenset[str]
    """Units of what it is an average over."""
    times: Decimal = ONE
    """Of how many of these it is: 1000 for 每千人."""
    span: re.Pattern[str] | None = None
    """The cue of a date or a duration that is a count of these."""


AVERAGES = tuple(
    Average(
        re.compile(line["name"]),
        frozenset(line["counted_by"].split()),
        Decimal(line["times"]),
        getattr(CUES, line["span"]) if line["span"] else None,
    )
    for line in read_entries(files(__package__) / "averages.tsv")
)
"""Averages by what they are counted by; of others, 每 names it."""
_PEOPLE = next(average.counted_by for average in AVERAGES if "人" in average.counted_by)
_THINGS = frozenset("个名位座所")
"""Units that count anything: the noun after them says what."""


class NamedRatio(NamedTuple):
    """A ratio of two named levels, a line of named_ratios.tsv."""

    name: re.Pattern[str]
    upper: re.Pattern[str]
    """The name of what is divided."""
    lower: re.Pattern[str]
    """The name of what it is divided by."""
    times: Decimal
    """Of how many of the latter it is: 100 for 性别比."""


NAMED_RATIOS = tuple(
    NamedRatio(
        re.compile(line["name"]), re.compile(line["upper"]), re.compile(line["lower"]), Decimal(line["times"])
    )
    for line in read_entries(files(__package__) / "named_ratios.tsv")
)
_ALL_OF_THEM = frozenset(["", "总人口", "人口", "常住人口", "城乡居民", "城乡"])
"""Words before the name of a ratio that limit it to nobody."""
_WORDS = 60
"""Characters before a ratio in which its name may stand: 性别比（…）由2010年的106.1下降为104.9."""


_Pairs = Sequence[tuple[int, Equation]]
"""What a result may be made of, each with its score."""


def averages(index: Index, equations: Sequence[Equation]) -> Iterator[Equation]:
    """Every average and ratio whose two figures stand around it."""
    results = {found.total.pos for found in equations if found.relation in ("ratio", "growth", "difference")}
    for result in index.figures:
        percent = result.family in (PERCENT, POINTS)
        if percent or result.pos in results or result.value <= 0 or index.is_change(result):
            continue
        found = _average(index, result) or _named_ratio(index, result, _name(index, result))
        if found:
            yield found
    yield from _colon_ratios(index)


def _average(index: Index, result: Figure) -> Equation | None:
    label = index.label(result)
    per = next((per for per in AVERAGES if per.name.search(label)), None)
    match = None if per else CUES.average_per.search(label)
    each = (match["each"] or match["one"]) if match else ""
    if (per is None and not each) or CUES.average_of_others.search(label):
        return None
    near = levels_around(index, result)
    family = result.family.split("/")[0]
    if family != result.family and (result.mention.unit or "").startswith("人/"):
        family = "count 人"  # 229人/平方公里
    counted = (
        index.figures[max(0, result.pos - _FAR) : result.pos] if per and per.counted_by == _PEOPLE else []
    )
    everyone = [
        f for f in reversed(counted) if f.mention.unit in _PEOPLE and CUES.all_people.search(index.words(f))
    ]
    lowers = [f for f in near if _counts(index, f, result, per, each)]
    lowers = [f for f in dict.fromkeys((*lowers, *everyone)) if f.value > ONE]
    if per and per.span:
        lowers += spans(index, result, per.span)
    uppers = [f for f in near if _scale(f.family, family)]
    name = (per.name.sub("", label).replace("平均", "") if per else each) + (result.mention.subject or "")
    times = per.times if per else ONE
    pairs = []
    for lower in lowers:
        for upper in (f for f in uppers if f.pos != lower.pos):
            named = share_bigram(name, index.words(upper)) or {upper.pos, lower.pos} == {
                result.pos - 1,
                result.pos - 2,
            }
            how = max(NAMED * named, BESIDE * (upper is uppers[0]))
            fit = how + (NAMED if lower is lowers[0] or lower in everyone else BESIDE)
            pairs.append((fit, _divided(upper, lower, result, times, _scale(upper.family, family))))
    return best_supported(result, pairs) or _misprinted(index, result, pairs)


def _counts(index: Index, figure: Figure, result: Figure, per: Average | None, each: str) -> bool:
    """Whether a figure counts what an average is by: 亩, 户, 个大棚."""
    unit = figure.mention.unit or ""
    if unit and unit == (result.mention.unit or "").partition("/")[2]:
        return True  # 公斤/公顷
    after = index.text[figure.stop : figure.stop + 4]
    if per is not None:
        return unit in per.counted_by and (unit != "个" or "班" in index.label(figure)[-3:] + after)
    if unit in _THINGS:
        noun = each[1:3] in index.words(figure) + after if each[0] == unit else each[0] in after
        return noun or (each[0] == unit and figure.pos == result.pos - 1)
    return bool(unit) and each.startswith(unit)


def _scale(family: str, wanted: str) -> Decimal:
    return ONE if family == wanted else Decimal(_SCALES.get((family, wanted), 0))


def _divided(upper: Figure, lower: Figure, result: Figure, times: Decimal, scale: Decimal) -> Equation:
    """The average of two figures; a whole one is rounded as any other is."""
    many = times * scale
    computed = ratio(upper.value * many, lower.value)
    low = ratio((upper.value - upper.slack) * many, lower.value + lower.slack)
    high = ratio((upper.value + upper.slack) * many, max(lower.value - lower.slack, lower.place))
    verdict = percent_verdict(result._replace(slack=result.place * HALF), computed, low, high)
    if verdict == "rounding" and (high - low) * _LOOSE <= result.value and low <= result.value <= high:
        verdict = "holds"
    values = upper.value * scale, lower.value
    return Equation("ratio", values, (upper, lower), result, computed, verdict, "average", False)


def _misprinted(index: Index, result: Figure, pairs: _Pairs) -> Equation | None:
    """为4户脱贫户分红54013.256元，户均分红14503.314元: the only two, right before it, of one noun."""
    found = _only(result, pairs)
    if found is None or not exactly_printed(*found.figures):
        return None
    upper, lower = found.operands
    noun, labels = upper.mention.subject, [index.label(f) for f in (upper, lower, result)]
    if not noun or noun[-2:] not in labels[-1] or any(map(CUES.average_period.search, labels)):
        return None  # 去年分红56万元，今年户均分红7200元
    return _accused(found) if lower.sentence == result.sentence else None


def _only(result: Figure, pairs: _Pairs) -> Equation | None:
    """The one pair that a result may be made of, where its two stand right before it."""
    places = {f.pos for _, found in pairs for f in found.operands}
    return pairs[0][1] if len(pairs) == 1 and places == {result.pos - 1, result.pos - 2} else None


def _accused(found: Equation) -> Equation | None:
    off = abs(found.total.value - found.computed)
    if found.verdict != "fails" or off * _NEAR > found.total.value:
        return None
    return accused(found)


# ---------------------------------------------------------------- ratios of two named levels


def _name(index: Index, result: Figure) -> str:
    """The words before a ratio; of 性别比（以女性为100）由106.1下降为104.9 those before the first figure."""
    label = index.label(result)
    begin = max(index.reading.flow.sentences[result.sentence][0], result.begin - _WORDS)
    previous = index.previous(result)
    if previous and CUES.moved_to.search(label):
        begin = max(begin, previous.begin - _WORDS)
    elif index.text[index.clause_begin(result) - 1 : index.clause_begin(result)] not in "）)":
        return label
    words = CUES.gloss.sub("", index.text[begin : result.begin])
    return last_clause(words)


def _named_ratio(
    index: Index, result: Figure, name: str, near: Sequence[Figure] = (), times: Decimal | None = None
) -> Equation | None:
    """男性257000人，女性245000人，性别比为104.9.

    near: the figures that it may be made of, if not those before it; times: of how many it is, if stated.
    """
    kind = next((kind for kind in NAMED_RATIOS if kind.name.search(name)), None)
    if kind is None or result.value < 10 * result.place:
        return None
    near = near or [f for f in levels_around(index, result) if f.pos < result.pos]
    likely = [f for f in near if f.value > 0 and is_additive(f.family)]
    uppers, lowers = (
        [f for f in likely if words.search(index.words(f))] for words in (kind.upper, kind.lower)
    )
    pairs = [
        (2 * NAMED - (n > 0), _divided(upper, lower, result, times or kind.times, ONE))
        for n, upper in enumerate(uppers)
        for lower in lowers
        if upper.pos != lower.pos and upper.family == lower.family
    ]
    found, only = best_supported(result, pairs), _only(result, pairs)
    everybody = kind.name.split(name)[0] in _ALL_OF_THEM
    return found or (_accused(only) if only and everybody else None)


def _colon_ratios(index: Index) -> Iterator[Equation]:
    """在校生1860人，专任教师124人，师生比为1∶15; 性别比为105.2:100: read as a time, it is no quantity."""
    for number, mention in enumerate(index.reading.mentions):
        match = CUES.one_to_many.fullmatch(mention.text)
        if match is None:
            continue
        name = index.text[max(0, mention.begin - 12) : mention.begin]
        following = bisect_left(index.figures, mention.begin, key=lambda figure: figure.begin)
        near = [
            *reversed(index.figures[max(0, following - BACK) : following]),
            *index.figures[following : following + ON],
        ]
        total = index.unindexed(number, Decimal(match["many"] or match["upper"]))
        found = _named_ratio(index, total, name, near, Decimal(match["base"] or ONE))
        if found:
            yield found._replace(implied_total=total.value)
