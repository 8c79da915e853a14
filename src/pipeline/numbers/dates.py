"""Dates, times and periods as they stand in a text; `periods` says what they mean."""

from __future__ import annotations

import re

# A date is a pattern of patterns, so it is code; where what looks like one is a spell of time after all
# (三日以上, 2000年历史), a line of rules.tsv says so.
_HAN = "〇零一二三四五六七八九"
_BANK = "零壹贰叁肆伍陆柒捌玖"
_N = r"(?:\d{1,2}|(?:二十|三十|十)[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = r" ?(?:[-—–~至到]+) ?"

_PART = r"(?:上午|下午|中午|凌晨|清晨|早上|早晨|早|傍晚|晚上|晚间|晚|夜间|深夜|午夜|午后)"
_HOUR = rf"(?:2[0-4]|[01]?\d|[二两]?十[{_HAN}]?|[{_HAN}两])"
_MINUTE = rf"(?:[0-5]?\d|[二三四五]?十[{_HAN}]?|[{_HAN}]{{1,2}})"
_O_CLOCK = rf"点(?!多|儿|[{_HAN}](?![十分])|[建要意希看倡共求主位])"
_PAST_HOUR = (
    rf"(?:{_MINUTE} ?分(?!之)(?: ?{_MINUTE} ?秒)?|半|整|许|钟|[0-5]\d(?!\d)|[二三四五]?十(?=[，。许左]))"
)
_HAN_CLOCK = rf"{_HOUR} ?(?:时(?!期)|{_O_CLOCK})(?: ?{_PAST_HOUR})?"
_CLOCK = rf"(?:{_HAN_CLOCK}|{_HOUR}[:：]\d{{2}}(?![\d.%])(?:[:：]\d{{2}}(?!\d))?)"
_TO_MINUTE = rf"{_MINUTE} ?分(?!之)"
_TIME = rf" ?{_PART}? ?(?:\d{{1,2}}{_DASH}(?={_CLOCK}))?{_CLOCK}"

_YEAR = (
    rf"(?:[12]\d{{3}}|[一二][{_HAN}]{{3}}|[壹贰][{_BANK}]{{3}}|(?:\d\d|[{_HAN}]{{2}})(?= ?年 ?{_N} ?月)"
    r"|\d\d(?= ?年(?:[底末]|初(?![步级中])|度))|0\d(?= ?年)) ?年"
)
_YEAR_PART = r"(?:度|末|底|初|中(?![国央心])|前|间|代|后期|上半年|下半年|全年|[一二三四1-4]季度|以来)"
_MONTH = rf"{_N} ?月(?! ?球|龄)(?:份|末|底|初|中旬|上旬|下旬)?"
_DAY = rf"{_N} ?日(?!本|元|圆|币)"
_DAY_NUMBER = r"(?:[1-9]|[12]\d|3[01]) ?号(?=[上下早晚凌清中傍夜至到—\-、，。（）和起前后以的])"
_ISO = r"[12]\d{3}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)"
_SEASON = r"(?:[12]\d)?\d{2}(?:[-/—]\d{2}(?:\d{2})?)(?:(?=赛季|学年|年度|财年)|(?<=/\d{4})年?)"
_QUARTER = r"前?第?(?:[一二三四两1-4]|[一二三]至?[二三四])个?季度|[12]\d{3} ?年? ?[QH][1-4](?![\dA-Za-z])"
_DOTTED_MONTH = r"[12]\d{3}(?:\.(?:0[1-9]|1[0-2])|/(?:1[0-2]|0?[1-9]))(?![\d/.]| ?[万亿元%吨个])"
_ADJACENT_MONTHS = r"(?:一二|二三|三四|四五|五六|六七|七八|八九|十一二) ?月(?:份|间)?"
_CENTURY = (
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})世纪(?:\d0年代|[一二三四五六七八九]十年代|初|末|中叶|中期|后期)?"
    r"|(?:[12]\d)?\d0年代|[二三四五六七八九]十年代"
)

_FULL = (
    rf"(?:{_ISO}(?:[ T]?{_TIME})?"
    rf"|{_YEAR}(?: ?{_MONTH}(?: ?(?:{_DAY}|{_N} ?号)(?:{_TIME})?)?|{_YEAR_PART})?"
    rf"|{_N} ?月 ?(?:{_DAY}|{_N} ?号)(?:{_TIME})?|{_MONTH}|(?:{_DAY}|{_DAY_NUMBER})(?:{_TIME})?)"
)
_TAIL = rf"(?:{_DASH}(?:{_FULL}|{_CLOCK}|{_TO_MINUTE}|{_N} ?(?=[月日时年])))?"

DATE = re.compile(
    rf"{_SEASON}|{_DOTTED_MONTH}(?:{_DASH}{_DOTTED_MONTH})?|{_ADJACENT_MONTHS}|{_FULL}{_TAIL}|(?:[12]\d{{3}}|\d{{1,2}}){_DASH}(?:{_FULL}|{_CLOCK})"
    rf"|{_QUARTER}|{_CLOCK}(?:{_DASH}(?:{_CLOCK}|{_TO_MINUTE}))?|{_CENTURY}"
)
CUES = frozenset("年月日号时点世季-/.:：—–~至到 个代分比QH")
"""What follows a number where a date may begin."""

_PERIOD_UNIT = re.compile(r" ?(?:个月|个?季度|年|周|个星期)(?!度|级|前|后|内)")
"""前7个月 is a part of the year: what follows 前 and a number in such a period."""
_OTHER_WORDS = frozenset("之以提目当此空")
_WEEKDAY = re.compile(r"(?:星期|礼拜|(?<![一两三四五六七八九十几每上下\d])周)$")
_BEFORE_A_DAY = frozenset("期拜周初历月")
_LUNAR = re.compile(r"(?:正月|腊月|大年|年|月)初$|农历|正月$|腊月$")


def date_stop(text: str, at: int) -> int | None:
    """Where the date, time or period that begins at `at` stops, or None."""
    m = DATE.match(text, at)
    if not m or m.end() - at < 2:
        return None
    stop = m.end()
    while text[stop - 1] == " ":
        stop -= 1
    return stop


def first_of_period(text: str, at: int, stop: int) -> int | None:
    """Where 前7个月, 前三季度 stop, of which the number stands at text[at:stop]; None for other numbers."""
    if text[at - 1 : at] != "前" or text[at - 2 : at - 1] in _OTHER_WORDS:
        return None
    m = _PERIOD_UNIT.match(text, stop)
    return m.end() if m else None


def is_weekday(text: str, at: int) -> bool:
    """Whether the digit at `at` names a day of the week (星期三, 周五) or of a lunar month (初六)."""
    if text[at - 1 : at] not in _BEFORE_A_DAY:
        return False
    left = text[max(0, at - 3) : at]
    return bool(_WEEKDAY.search(left) or _LUNAR.search(left))
