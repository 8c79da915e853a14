"""Averages and ratios of named levels: one figure of the text over another, by what it is counted by.

户均2.09万元, 人口密度每平方公里220人, 亩产420公斤, 每千人床位, 日均 over 4月5日至7日, 性别比, 师生比1∶15.
What it is counted by has the named unit, what is shared out has the average's own; of the pairs
around it the best named is tried first (`pairs.believed`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import (
    Finding,
    accusation,
    exactly_printed,
    percent_verdict,
    ratio,
)
from pipeline.relations.figures import HALF, ONE, PERCENT, POINTS, Figure, Page, adds
from pipeline.relations.levels import GLOSS
from pipeline.relations.names import shared
from pipeline.relations.pairs import BACK, BESIDE, NAMED, ON, around, believed
from pipeline.relations.periods import DAYS, YEARS, spans

_NEAR = 5
"""An average that is off is accused within a fifth of it: farther off, it is of other figures."""
_FAR = 60
"""Figures before an average per head among which the number of people may stand."""
_ALL = cues.cue(r"(?<!农业)(?<!户籍)人口|总人数", "全村有乡村人口", "劳动力")
"""Words of a number of people that are all there are."""
_LOOSE = 20
"""Rounding of the two figures may move an average by a twentieth, at most."""

_NO_LEVEL = cues.cue(
    r"[去今上本前当明]年人均|去年|上年|同期|以上|标准|可支配|GDP|生产总值|限额|达标",
    "人均可支配收入",
    "人均消费",
)
"""Averages that the figures beside them do not give."""
_PERIOD = cues.cue(r"[去今上本前当明]年|[上本]月|同期|按[^，]*计算", "去年分红", "分红")
_SCALES = {
    ("measure t", "measure kg"): 1000, ("measure t", "measure g"): 1000000,
    ("measure har", "measure m2"): 10000, ("measure km2", "measure m2"): 1000000,
}  # fmt: skip
"""How many of the average's unit the amount's is."""


class Per(NamedTuple):
    """name: of the average; units: what it is counted by; times: of how many of these it is."""

    name: re.Pattern[str]
    units: frozenset[str]
    times: Decimal = ONE
    span: re.Pattern[str] | None = None
    """How a date says how many of these a span is."""


def _per(
    name: str, yes: str, no: str, units: str, times: int = 1, span: re.Pattern[str] | None = None
) -> Per:
    return Per(cues.cue(name, yes, no), frozenset(units.split()), Decimal(times), span)


_PEOPLE = "人 名 位 口 口人 人次"
_HEADS = frozenset(_PEOPLE.split())
PER = (
    _per(r"每千(?:名)?(?:常住)?(?:人口?|居民)", "每千人拥有床位", "每千名老人", _PEOPLE, 1000),
    _per(r"每万(?:名)?(?:常住)?(?:人口?|居民)", "每万人拥有", "每千人拥有", _PEOPLE, 10000),
    _per(r"密度|每平方(?:公里|千米)", "人口密度", "人口", "平方公里 平方千米"),
    _per(r"人均|每人", "人均消费", "户均收入", _PEOPLE),
    _per(r"户均|每个?(?:农|家庭)?户", "户均分红", "人均消费", "户 农户 家庭户 家"),
    _per(r"单产|亩产|亩均|每亩", "平均单产", "总产", "亩"),
    _per(r"日均|每[日天]", "日均处理", "月均", "天 日", span=DAYS),
    _per(r"月均|每月", "月均", "日均", "个月 月"),
    _per(r"年均|每年", "年均新增", "日均", "年", span=YEARS),
    _per(r"均价|每平方?米", "均价每平方米", "价格", "平方米 平米"),
    _per(r"班均|每个?(?:教学)?班|班额", "平均班额", "班级", "班 个班 个教学班 个"),
    _per(r"每[次场期]", "平均每场", "每户", "次 场 期 场次"),
    _per(r"[企店]均|每家", "平均每家企业", "每户", "家 户"),
)
"""Averages by what they are counted by; of others, 每 names it."""
_EACH = cues.cue(
    r"每(?P<each>[^，。；：\d均每]{1,14})$|(?P<one>[^平])均[^，。；：\d每]{0,10}$", "平均每个大棚", "平均"
)
_THINGS = frozenset("个名位座所")
"""Units that count anything: the noun after them says what."""


class Levels(NamedTuple):
    """A ratio of two named levels: its name, what is divided and by what, of how many it is."""

    name: re.Pattern[str]
    upper: re.Pattern[str]
    lower: re.Pattern[str]
    times: int = 1


LEVELS = (
    Levels(cues.cue(r"性别比", "性别比为", "师生比"), re.compile("男"), re.compile("女"), 100),
    Levels(
        cues.cue(r"收入之?比[^重例]{0,3}$", "城乡居民收入比为", "收入比重"),
        re.compile("城镇"),
        re.compile("农村|乡村"),
    ),
    Levels(
        cues.cue(r"师生比|生师比", "师生比为", "性别比为"),
        re.compile("学生|在校生|生$"),
        re.compile("教师|教职"),
    ),
    Levels(cues.cue(r"医护比", "医护比", "师生比"), re.compile("护士"), re.compile("医师|医生")),
)
_SO_MANY = re.compile(r"1[:：∶](?P<many>\d+(?:\.\d+)?)|(?P<upper>\d+(?:\.\d+)?)[:：∶](?P<base>1|100)")
_ALL_OF_THEM = frozenset(["", "总人口", "人口", "常住人口", "城乡居民", "城乡"])
"""Words before the name of a ratio that limit it to nobody."""
_WORDS = 60
"""Characters before a ratio in which its name may stand: 性别比（…）由2010年的106.1下降为104.9."""
_MOVED_TO = cues.cue(r"^(?:下降|上升|提高|提升|降低|回落|变)(?:为|到|至)$", "下降为", "下降")


_Pairs = Sequence[tuple[int, Finding]]
"""What a result may be made of, each with how well it is said."""


def averages(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every average and ratio whose two figures stand around it."""
    explained = {found.total.at for found in known if found.relation in ("ratio", "growth", "difference")}
    for result in page.figures:
        percent = result.family in (PERCENT, POINTS)
        if percent or result.at in explained or result.value <= 0 or page.changes(result):
            continue
        found = _average(page, result) or _of_levels(page, result, _name(page, result))
        if found:
            yield found
    yield from _one_to_so_many(page)


def _average(page: Page, result: Figure) -> Finding | None:
    label = page.label(result)
    per = next((per for per in PER if per.name.search(label)), None)
    match = None if per else _EACH.search(label)
    each = (match["each"] or match["one"]) if match else ""
    if (per is None and not each) or _NO_LEVEL.search(label):
        return None
    near = around(page, result)
    own = result.family.split("/")[0]
    if own != result.family and (result.mention.unit or "").startswith("人/"):
        own = "count 人"  # 229人/平方公里
    counted = page.figures[max(0, result.at - _FAR) : result.at] if per and per.units == _HEADS else []
    everyone = [f for f in reversed(counted) if f.mention.unit in _HEADS and _ALL.search(page.words(f))]
    lowers = [f for f in near if f.value > ONE and _counts(page, f, result, per, each)]
    lowers = list(dict.fromkeys((*lowers, *everyone)))
    if per and per.span:
        lowers += spans(page, result, per.span)
    uppers = [f for f in near if _scale(f.family, own)]
    name = (per.name.sub("", label).replace("平均", "") if per else each) + (result.mention.subject or "")
    times = per.times if per else ONE
    pairs = []
    for lower in lowers:
        for upper in (f for f in uppers if f.at != lower.at):
            named = shared(name, page.words(upper)) or {upper.at, lower.at} == {result.at - 1, result.at - 2}
            how = max(NAMED * named, BESIDE * (upper is uppers[0]))
            fit = how + (NAMED if lower is lowers[0] or lower in everyone else BESIDE)
            pairs.append((fit, _divided(upper, lower, result, times, _scale(upper.family, own))))
    return believed(result, pairs) or _misprinted(page, result, pairs)


def _counts(page: Page, figure: Figure, result: Figure, per: Per | None, each: str) -> bool:
    """Whether a figure counts what an average is by: 亩, 户, 个大棚."""
    unit = figure.mention.unit or ""
    if unit and unit == (result.mention.unit or "").partition("/")[2]:
        return True  # 公斤/公顷
    after = page.text[figure.stop : figure.stop + 4]
    if per is not None:
        return unit in per.units and (unit != "个" or "班" in page.label(figure)[-3:] + after)
    if unit in _THINGS:
        noun = each[1:3] in page.words(figure) + after if each[0] == unit else each[0] in after
        return noun or (each[0] == unit and figure.at == result.at - 1)
    return bool(unit) and each.startswith(unit)


def _scale(family: str, own: str) -> Decimal:
    return ONE if family == own else Decimal(_SCALES.get((family, own), 0))


def _divided(upper: Figure, lower: Figure, result: Figure, times: Decimal, scale: Decimal) -> Finding:
    """The average of two figures; a whole one is rounded as any other is."""
    many = times * scale
    computed = ratio(upper.value * many, lower.value)
    low = ratio((upper.value - upper.slack) * many, lower.value + lower.slack)
    high = ratio((upper.value + upper.slack) * many, max(lower.value - lower.slack, lower.place))
    verdict = percent_verdict(result._replace(slack=result.place * HALF), computed, low, high)
    if verdict == "rounding" and (high - low) * _LOOSE <= result.value and low <= result.value <= high:
        verdict = "holds"
    values = upper.value * scale, lower.value
    return Finding("ratio", values, (upper, lower), result, computed, verdict, "average", False)


def _misprinted(page: Page, result: Figure, pairs: _Pairs) -> Finding | None:
    """为4户脱贫户分红54013.256元，户均分红14503.314元: the only two, right before it, of one noun."""
    found = _only(result, pairs)
    if found is None or not exactly_printed(*found.figures):
        return None
    upper, lower = found.stated
    noun, labels = upper.mention.subject, [page.label(f) for f in (upper, lower, result)]
    if not noun or noun[-2:] not in labels[-1] or any(map(_PERIOD.search, labels)):
        return None  # 去年分红56万元，今年户均分红7200元
    return _accused(found) if lower.sentence == result.sentence else None


def _only(result: Figure, pairs: _Pairs) -> Finding | None:
    """The one pair that a result may be made of, where its two stand right before it."""
    places = {f.at for _, found in pairs for f in found.stated}
    return pairs[0][1] if len(pairs) == 1 and places == {result.at - 1, result.at - 2} else None


def _accused(found: Finding) -> Finding | None:
    off = abs(found.total.value - found.computed)
    if found.verdict != "fails" or off * _NEAR > found.total.value:
        return None
    verdict = accusation(found.total, found.stated, off)
    return found._replace(verdict=verdict, whole=verdict == "fails") if verdict else None


# ---------------------------------------------------------------- ratios of two named levels


def _name(page: Page, result: Figure) -> str:
    """The words before a ratio; of 性别比（以女性为100）由106.1下降为104.9 those before the first figure."""
    label = page.label(result)
    begin = max(page.reading.flow.sentences[result.sentence][0], result.begin - _WORDS)
    if result.at and _MOVED_TO.search(label):
        begin = max(begin, page.figures[result.at - 1].begin - _WORDS)
    elif page.text[page.opening(result) - 1 : page.opening(result)] not in "）)":
        return label
    words = GLOSS.sub("", page.text[begin : result.begin])
    return cues.CLAUSE.split(words)[-1]


def _of_levels(
    page: Page, result: Figure, name: str, near: Sequence[Figure] = (), times: Decimal | None = None
) -> Finding | None:
    """男性257000人，女性245000人，性别比为104.9.

    near: the figures that it may be made of, if not those before it; times: of how many it is, if stated.
    """
    levels = next((levels for levels in LEVELS if levels.name.search(name)), None)
    if levels is None or result.value < 10 * result.place:
        return None
    near = near or [f for f in around(page, result) if f.at < result.at]
    likely = [f for f in near if f.value > 0 and adds(f.family)]
    uppers, lowers = (
        [f for f in likely if words.search(page.words(f))] for words in (levels.upper, levels.lower)
    )
    pairs = [
        (2 * NAMED - (n > 0), _divided(upper, lower, result, times or Decimal(levels.times), ONE))
        for n, upper in enumerate(uppers)
        for lower in lowers
        if upper.at != lower.at and upper.family == lower.family
    ]
    found, only = believed(result, pairs), _only(result, pairs)
    everybody = levels.name.split(name)[0] in _ALL_OF_THEM
    return found or (_accused(only) if only and everybody else None)


def _one_to_so_many(page: Page) -> Iterator[Finding]:
    """在校生1860人，专任教师124人，师生比为1∶15; 性别比为105.2:100: read as a time, it is no quantity."""
    for number, mention in enumerate(page.reading.mentions):
        match = _SO_MANY.fullmatch(mention.text)
        if match is None:
            continue
        said = page.text[max(0, mention.begin - 12) : mention.begin]
        at = bisect_left(page.figures, mention.begin, key=lambda figure: figure.begin)
        near = [*reversed(page.figures[max(0, at - BACK) : at]), *page.figures[at : at + ON]]
        total = page.unlisted(number, Decimal(match["many"] or match["upper"]))
        found = _of_levels(page, total, said, near, Decimal(match["base"] or ONE))
        if found:
            yield found._replace(result=total.value)
