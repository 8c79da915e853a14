"""Arabic digits: which of them are dates, codes, scores and labels, and which state a quantity."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import dates, numerals, quantities, words
from pipeline.numbers.number_words import read_parts
from pipeline.numbers.numerals import Number
from pipeline.numbers.tokens import ONE, Token, token
from pipeline.numbers.units import CURRENCY_SIGNS

LETTERS = frozenset("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WORD = re.compile(r"[A-Za-z]+$")
_CODE_REST = re.compile(r"[\dA-Za-z]+(?:[-.][\dA-Za-z]+)*", re.ASCII)
_RUN = re.compile(r"\d+", re.ASCII)

_CODE = re.compile(r"\d+(?:[-—·./*×xX]\d+){2,}|\d+[-·*×]\d+|\d+(?:[A-Za-z]+\d*)+|\d+[+]", re.ASCII)
_MODEL_BEFORE = re.compile(r"[\u4e00-\u9fff]-$")
_ROAD_BEFORE = re.compile(r"(?:国道|省道|县道|乡道|高速|频道|航班|G|S) ?$")
_HOTLINE = re.compile(r"12[03]\d\d|9[56]\d{3}")
_PLACES = frozenset("国家 丝 省 市 县 区 乡 镇 村 州 国 校 院 厅 馆 塔 女 男 金 银 铜 球 军".split())
"""Units that are rather the beginning of a name after a year: 2024国家大剧院."""
_CODE_BEFORE = re.compile(
    r"(?:电话|热线|致电|拨打|传真|手机号?|微信|邮编|编号|[文证账帐卡]号|代码|股票|网址|号码|电邮|查询)"
    r"[：:为是 ]{0,2}[\d -]*$"
)
_SERVICE = re.compile(
    r" ?(?:热线|平台|报警|专线|客服|电话|指挥|网站|邮箱|模式|工程|计划|行动|战略|体系|机制|系列|系统"
    r"|高速|国道|省道|国集团|强(?!台风|热带)|版)"
)
_EVENT = re.compile(
    r" ?(?:个人|男子|女子|混合)?(?:[决预]赛|半决赛|自由泳|[蝶仰蛙]泳|混合泳|接力|跨?栏|短跑|长跑|障碍"
    r"|气?步枪|气?手枪|[跳平]台|跳板|速滑|竞走|级)"
)
_RATIO = re.compile(r"\d+(?:\.\d+)?(?: ?[:：] ?\d+(?:\.\d+)?){2,}", re.ASCII)
_IN_RATIO = re.compile(r"[\d.:： ]*$", re.ASCII)
_SCORE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(?:[:：比]|-) ?(\d{1,3}(?:\.\d+)?)(?![\d.%])", re.ASCII)
_SCORE_BEFORE = re.compile(r"[以胜负平分为]$|\d-\d+[、，]$")
_FRACTION = re.compile(r"(?:(\d{1,4}) )?(\d{1,4})/([1-9]\d{0,3})(?![\d/.])", re.ASCII)
_BULLET = re.compile(r"[.、)）．](?!\d)|(?<=[（(]\d)[)）]")
_BULLET_BEFORE = re.compile(r"(?:^|[\n，。；：:！？,;>#|] ?)[（(]?$")
_LABEL_BEFORE = re.compile(
    r"(?:(?:^|[，。；、和及与至—\n（(：]) ?(?:确诊|无症状|本土|境外|输入|密接)?"
    r"(?:病例|感染者|患者|案例|样本|方案|附件|情形|选项)|[图表式注]) ?$"
)
_ORDINAL_UNITS = frozenset("号 届 期 版 室 型 代".split())
_GRADED = re.compile(
    r" ?(?:应急|响应|警[报戒]?|预警|医院|残疾|公路|联动|防汛|防台|救灾|风险|运动员|文物|保护)"
)


def read_digits(text: str, at: int) -> Token:
    """The token that begins with the Arabic digit at `at`."""
    run = _RUN.match(text, at)
    assert run, "called where no digit stands"
    if run.end() - at > numerals.LONGEST:
        return token(at, run.end(), "other", rule="code of digits")
    known = words.word_of_figures(text, at, run.end())
    if known:
        return token(at, known[1], known[2], rule="word")
    before = text[at - 1 : at] if at else ""
    if before == "-" and text[at - 2 : at - 1] in LETTERS and at > 1:
        return _code(text, at)
    if before in LETTERS and before:
        named = _after_letters(text, at)
        if named:
            return named
    number = numerals.read_arabic(text, at)
    if before == "." and not text[at - 2 : at - 1].isalnum() and text[at - 2 : at - 1] != ".":
        return quantities.quantity(text, at - 1, _decimals(text, at, run.end()), "number")
    following = text[number.stop : number.stop + 1]
    if following in dates.CUES and following:
        taken = _with_a_cue(text, at, number, before)
        if taken:
            return taken
    if before == "前":
        stop = dates.first_of_period(text, at, number.stop)
        if stop:
            return token(at, stop, "date", number.value, rule="first of a period")
    if before in (":", "：") and _continues_ratio(text, at):
        return _share(at, number)
    code = (
        _CODE.match(text, at) if following and (following in "-—·./*×xX+" or following in LETTERS) else None
    )
    if code and not _is_measured(text, at, code.end(), number):
        return token(at, code.end(), "name", number.value, rule="code")
    taken = quantities.quantity(text, at, number, "number")
    return _uncounted(text, taken) or taken


def _decimals(text: str, at: int, stop: int) -> Number:
    """The number of .5, whose point stands before `at`."""
    value = Decimal(f"0.{text[at:stop]}")
    return numerals.simple(stop, value)._replace(place=Decimal(1).scaleb(at - stop))


def _after_letters(text: str, at: int) -> Token | None:
    """C919, K1178次, PM2.5 are names; GDP5000亿元, PMI50.2%, HK$3亿 and UPS7日 are not."""
    if CURRENCY_SIGNS.search(text, max(0, at - 4), at):
        return None
    word = _WORD.search(text, max(0, at - 12), at)
    number = numerals.read_arabic(text, at)
    if word and len(word.group()) > 1:
        if dates.date_stop(text, at):
            return None
        taken = quantities.quantity(text, at, number, "number")
        if len(word.group()) > 2 and taken.unit and (taken.kind != "count" or number.multiplied):
            return None
    return _code(text, at)


def _code(text: str, at: int) -> Token:
    m = _CODE_REST.match(text, at)
    assert m, "called where no digit stands"
    return token(at, m.end(), "name", rule="letter and number")


def _with_a_cue(text: str, at: int, number: Number, before: str) -> Token | None:
    """What a colon, a slash, 年, 个 or another cue after the number makes of it."""
    stop = dates.date_stop(text, at)
    if stop:
        return token(at, stop, "date", rule="date")
    if text[number.stop] in "分 " and (parts := read_parts(text, at, number.stop, number.value)):
        return parts
    fraction = _FRACTION.match(text, at)
    if fraction and before not in ("/", ".") and int(fraction[3]) > 1:
        value = Decimal(fraction[2]) / int(fraction[3]) + int(fraction[1] or 0)
        return quantities.proportion(
            text, at, numerals.simple(fraction.end(), value), "fraction", percent=False
        )
    if _RATIO.match(text, at):
        return _share(at, number)
    score = _SCORE.match(text, at)
    if score is None or before in (".", ":"):
        return None
    if "-" in score.group() and not _SCORE_BEFORE.search(text, max(0, at - 6), at):
        return None
    return token(at, score.end(), "other", Decimal(score[1]), rule="score or ratio of two")


def _share(at: int, number: Number) -> Token:
    """A part of a ratio, read by itself: 25.72:26.84:47.44 are three shares."""
    return token(
        at, number.stop, "percent", number.value, unit="%", place=number.place, rule="part of a ratio"
    )


def _continues_ratio(text: str, at: int) -> bool:
    begin = _IN_RATIO.search(text, max(0, at - 60), at)
    ratio = _RATIO.match(text, begin.start()) if begin else None
    return bool(ratio and ratio.end() > at)


def _is_measured(text: str, at: int, stop: int, number: Number) -> bool:
    """Whether what looks like a code is a range or has a Latin unit: 3-5个, 20km, 1.2MW."""
    taken = quantities.quantity(text, at, number, "number")
    return (
        taken.unit is not None or taken.rule == "range" or taken.value != number.value
    ) and taken.stop >= stop


def _uncounted(text: str, taken: Token) -> Token | None:
    """The number as a date, an ordinal or a name where it states no quantity, or None."""
    begin, stop = taken.begin, taken.stop
    if taken.unit:
        if taken.unit in _ORDINAL_UNITS and not (taken.unit == "届" and taken.qualifier != "exact"):
            return token(begin, stop, "ordinal", taken.value, unit=taken.unit, rule="ordinal by its unit")
        if taken.unit == "级" and _GRADED.match(text, stop):
            return token(begin, stop, "ordinal", taken.value, unit="级", rule="ordinal by its unit")
        if taken.unit in _PLACES and _is_year(text[begin : stop - len(taken.unit)]):
            return token(begin, stop - len(taken.unit), "date", taken.value, rule="bare year")
        if taken.unit in ("米", "公里", "公斤") and _EVENT.match(text, stop):
            return token(begin, stop, "name", taken.value, rule="sporting event")
        return None
    if taken.kind != "count" or taken.scale != ONE or taken.qualifier != "exact":
        return None
    printed = text[begin:stop]
    following = text[stop : stop + 1]
    if _SERVICE.match(text, stop):
        return token(begin, stop, "name", taken.value, rule="number of a service or programme")
    if printed.isdigit():
        if (
            len(printed) >= 7
            or (printed[0] == "0" and len(printed) > 1)
            or _CODE_BEFORE.search(text, max(0, begin - 30), begin)
        ):
            return token(begin, stop, "other", taken.value, rule="code of digits")
        if _BULLET.match(text, stop) and _BULLET_BEFORE.search(text, max(0, begin - 3), begin):
            return token(begin, stop, "ordinal", taken.value, rule="number of a list")
        if _LABEL_BEFORE.search(text, max(0, begin - 12), begin):
            return token(begin, stop, "ordinal", taken.value, rule="number of a case, a figure or a table")
        if _HOTLINE.fullmatch(printed) or _ROAD_BEFORE.search(text, max(0, begin - 4), begin):
            return token(begin, stop, "name", taken.value, rule="number of a service or programme")
        if _is_year(printed) and not following.isspace():
            return token(begin, stop, "date", taken.value, rule="bare year")
    if printed[0] == "-" and _MODEL_BEFORE.search(text, max(0, begin - 1), begin + 1):
        return token(begin, stop, "name", taken.value, rule="model")
    if following in LETTERS and following:
        return token(begin, stop, "name", taken.value, rule="number and letter")
    return None


def _is_year(printed: str) -> bool:
    return len(printed) == 4 and printed[:2] in ("19", "20") and printed.isdigit()
