"""Dates, times and periods as they stand in a text; `periods` says what they mean."""

from __future__ import annotations

import re

_CN = "〇零一二三四五六七八九"
_N = r"(?:\d{1,2}|(?:二十|三十|十)[一二三四五六七八九]?|[一二三四五六七八九])"
_Y = rf"(?:[12]\d{{3}}|[一二][{_CN}]{{3}}|(?:\d\d|[{_CN}]{{2}})(?= ?年 ?{_N} ?月)|[019]\d(?= ?年))"
_PART = r"(?:上午|下午|中午|凌晨|清晨|早上|早晨|早|傍晚|晚上|晚间|晚|夜间|深夜|午夜|午后)"
_CLOCK = rf"(?:{_N} ?(?:时|点(?!多|儿|[{_CN}建要意希看倡])) ?(?:(?:\d{{1,2}}|[{_CN}十]{{1,3}}) ?分?|半|整|许|钟)?(?: ?\d{{1,2}} ?秒)?|\d{{1,2}}[:：∶]\d{{2}}(?:[:：∶]\d{{2}})?)"
_TIME = rf"(?: ?{_PART}? ?{_CLOCK})"
_EDGE = r"(?:度|末|底|初|中(?![国央心])|前|间|代|后期|上半年|下半年|全年|[一二三四1-4]季度|以来)"
_MONTH = rf"{_N} ?月(?! ?球)(?:份|末|底|初|中旬|上旬|下旬)?"
_DAY = rf"{_N} ?[日号](?![线楼馆院机店门元语台店令游决])"
_ISO = r"[12]\d{3}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)"
_YEAR = rf"{_Y} ?年(?!历史|之久|期|的历史|来)"
_QUARTER = rf"前?第?[一二三四两1-4](?:个)?季度"
_FULL = rf"(?:{_ISO}(?:[ T]?{_TIME})?|{_YEAR}(?: ?{_MONTH}(?: ?{_DAY}{_TIME}?)?|{_EDGE})?|{_N} ?月 ?{_DAY}{_TIME}?|{_MONTH}|{_DAY}{_TIME}?)"
_TAIL = rf"(?: ?(?:[-—–~至到]+|—+) ?(?:{_FULL}|{_CLOCK}|{_N} ?(?=[月日时年])))?"

DATE = re.compile(
    rf"(?:{_FULL}{_TAIL}"
    rf"|(?:\d{{1,2}}|[12]\d{{3}}) ?[-—–~至到]+ ?(?:{_FULL})"
    rf"|{_QUARTER}|{_CLOCK}(?:[-—–~至到]+{_CLOCK})?"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})世纪(?:\d0年代|[一二三四五六七八九]十年代|初|末|中叶)?|(?:[12]\d)?\d0年代|[二三四五六七八九]十年代)"
)
CUES = frozenset("年月日号时点世季-/.:：∶—–~至到 ")
"""What follows a number where a date may begin."""

HALF_YEAR = re.compile(r"[上下]半年")
_WEEKDAY = re.compile(r"(?:星期|礼拜|(?<![一两三四五六七八九十几每上下\d])周)$")
_LUNAR = re.compile(r"(?:正月|腊月|大年|年|月)初$|农历|正月$|腊月$")


def is_weekday(text: str, at: int) -> bool:
    """Whether the digit at `at` names a day of the week (星期三, 周五) or of a lunar month (初六)."""
    left = text[max(0, at - 3) : at]
    return bool(_WEEKDAY.search(left) or _LUNAR.search(left))
