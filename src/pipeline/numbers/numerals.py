"""Numerals: from digits and Chinese number words to exact decimals.

Only the number itself is fields here (1.4万, 3千5百, 二百五, 三五百, 十余万), with its
infix 余, 多, 几 or 来; what it counts and how it is qualified is the grammar's concern.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_WORDS = ("零〇", "一壹", "二贰貳两兩俩倆", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
DIGITS = {word: digit for digit, words in enumerate(_WORDS) for word in words}
POWERS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "萬": 4, "亿": 8, "億": 8, "兆": 12}
ROMAN = {sign: number for number, sign in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", 1)}
LONGEST = 40
"""Digits or number words in a row beyond which a run is a code or noise, not a number."""

PLAIN = "〇零一二三四五六七八九十百千万亿兆两廿卅"
"""Number words as people write them."""
_FINANCIAL = "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟俩倆兩萬億"
_TENS = {"廿": "二十", "卅": "三十"}

# 陆 and 伍 are also the land and the rank: a bank numeral needs another number word beside it.
_FINANCIAL_WORD = (
    rf"(?<![大登着内水海队退入行收捡俯])[{_FINANCIAL}](?=[{_FINANCIAL}{PLAIN}元圆角点折成打分又])"
    rf"|(?<=[{PLAIN}{_FINANCIAL}分之])[{_FINANCIAL}]"
)
HAN = re.compile(rf"[{PLAIN}]+(?:(?:{_FINANCIAL_WORD})[{PLAIN}]*)*|(?:(?:{_FINANCIAL_WORD})[{PLAIN}]*)+")
"""A run of number words."""
SIGNS = f"0-9{PLAIN}{_FINANCIAL}{''.join(ROMAN)}"
"""The characters that numerals are written with, as of a regular expression's class."""

# 千 and 兆 that begin a unit are no multipliers: 12千米, 一千瓦, 100兆赫.
_POWER = (
    r"(?:[万萬亿億]|百(?!帕|分点)|千(?!分点|瓦|克(?!拉)|卡|伏|赫|帕|焦|牛|乏|比特|字节|米|贝克|安(?=[时培，。、]|$)|欧(?=[姆，。、]|$))"
    r"|兆(?= ?(?:亿|多?元|美元|日元|日圆|韩元|圆|新?台币|港)))"
)
_KILO = re.compile(r"[瓦克卡伏赫帕焦牛乏](?!拉)|安(?=[时培，。、])|贝克|比特|字节|米|欧")
_MORE = r"(?:余(?![震下生额])|[多几](?![云变元样])|多(?=元(?![化文素主发共])))"
_MORE_OF = re.compile(r"多(?=(?:平方)?[公千]?[里米亩斤]|公顷|小时|[岁年个天吨元块]|[人名户家口](?!次))")
"""13多公里: 多 after a digit that is not 0 is of the number only before a measure."""
_MOST_DIGITS = 3
_LAI = r"来(?![自到临看得源着宾访说讲的，。、；：！？（）\s])"

_BA = r"把(?=[元块个人斤亩里公户家名年天吨])"

_ARABIC = re.compile(
    rf"(?P<whole>\d{{1,3}}(?:[,，]\d{{3}})+(?!\d)|\d+)(?P<frac>\.\d+)?"
    r"(?:[eE](?P<exp>[+-]?\d{1,2})(?![\dA-Za-z.]))?"
    rf"(?P<mult>(?:[余多几](?=[百千万亿]))?(?: ?{_POWER}){{1,4}})?"
    rf"(?P<rest>(?:零? ?\d{{1,8}} ?{_POWER}+)*(?:零?\d{{1,4}}(?![\d.,，年月日号%]))?)"
    rf"(?P<infix>{_MORE}|{_LAI})?",
    re.ASCII,
)
POINT = re.compile(r"[点點]([〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]+)(?![十刻时]|个?钟|分(?!之))")
"""What follows the whole number of 三点五, but not of an hour."""
_TAIL = re.compile(
    rf"(?:(?P<mid>[余多几来])(?P<mult>{_POWER}+)|(?P<power>{_POWER}+))?(?P<infix>{_MORE}|{_LAI}|{_BA})?"
)
_ITEM = re.compile(r"\d+(?:\.\d+)?|[^\d\s]", re.ASCII)
# 三万一天, 两千五一个月: the price and what it is for, though 三万一 alone is 31,000.
_PER = frozenset("天年月个人次斤吨平股亩晚位张份件台辆套只米公小户")
_FEW = frozenset("个年天月日周小分秒名人位次项件家种只句条张处场星点度公米斤块元百千万亿")
_ONE = Decimal(1)


class Number(NamedTuple):
    """A number as stated.

    value is None for a range or a vague number, which has low and high instead;
    place is one unit of the last printed place, step one unit of the last stated one
    (160: place 1, step 10); scale is the multiplier that it ends in (1.4万: 10000);
    infix is 余, 多, 几 or 来 where the number holds one.
    """

    stop: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    place: Decimal
    step: Decimal
    scale: Decimal
    infix: str
    multiplied: bool
    """Whether it ends in a power of ten from 百 up: 七百, 七千万, 7万 as against 七."""


_NumberFields = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal, Decimal, Decimal, str, bool]


def simple(stop: int, value: Decimal) -> Number:
    """A number that is not fields from digits: Ⅷ, 半, a fraction."""
    place = abs(value) if 0 < abs(value) < 1 else _ONE
    return Number(stop, value, value, value, place, place, _ONE, "", False)


def number_at(text: str, at: int) -> Number | None:
    """The number that begins at `at`, in figures or words, or None."""
    first = text[at : at + 1]
    if first.isdigit() and first.isascii():
        return read_arabic(text, at)
    if first in ROMAN:
        return simple(at + 1, Decimal(ROMAN[first]))
    run = HAN.match(text, at)
    return read_chinese(text, at, run.end()) if run else None


# ---------------------------------------------------------------- Arabic digits


def read_arabic(text: str, at: int) -> Number:
    """Read the number whose first Arabic digit stands at `at`."""
    m = _ARABIC.match(text, at)
    assert m, "called where no digit stands"
    whole, frac, exp, mult, rest, infix = m.groups()
    stop = m.end()
    loose = infix and infix != "余" and not mult and (frac or whole[-1] != "0")
    if loose and (frac or len(whole) > _MOST_DIGITS or not _MORE_OF.match(text, stop - 1)):
        stop, infix = stop - 1, None
    if rest and not mult:
        stop, rest, infix = m.start("rest"), "", None
    return Number(stop, *_arabic(whole, frac or "", exp or "0", mult or "", rest, infix or ""))


@lru_cache(maxsize=65536)
def _arabic(whole: str, frac: str, exp: str, mult: str, rest: str, infix: str) -> _NumberFields:
    whole = whole.replace(",", "").replace("，", "")
    within = mult[:1] if mult[:1] in _INFIXES else ""
    power = _power(mult)
    value, place, step = _digits(whole, frac, power + int(exp))
    if rest:
        value = _compose(f"{whole}{frac}{mult.lstrip(_WITHIN)}{rest}") or value
        power = _power(rest[len(rest.rstrip("百千万亿兆")) :])
        place = _ONE.scaleb(power)
        step = max(place, _last_place(value)) if infix or within else place
    elif infix and power and not within:
        step = place  # 20亿多 is up to 21亿, 200多亿 up to 300
    return value, value, value, place, step, _ONE.scaleb(power), infix or within, bool(mult)


def _digits(whole: str, fraction: str, exponent: int) -> tuple[Decimal, Decimal, Decimal]:
    """Value, place and step of printed digits, exact at any length."""
    value = Decimal(f"{whole}{fraction}E{exponent}")
    place = Decimal(f"1E{exponent - max(0, len(fraction) - 1)}")
    if fraction:
        return value, place, place
    bare = whole.rstrip("0")
    return value, place, Decimal(f"1E{exponent + len(whole) - len(bare)}") if bare else place


def _power(word: str) -> int:
    return sum(POWERS.get(c, 0) for c in word)


def _last_place(value: Decimal) -> Decimal:
    """One unit of the last digit of a whole number that is not 0."""
    digits = format(value, "f")
    return Decimal(10 ** (len(digits) - len(digits.rstrip("0")))) if value else _ONE


# ---------------------------------------------------------------- number words

_WITHIN = "余多几来把"
_INFIXES = frozenset(_WITHIN)


def read_chinese(text: str, at: int, stop: int) -> Number | None:
    """Read the number whose first number word stands at `at`, within the run to `stop`.

    None where the run is no number by itself (一二三, a bare 万).
    """
    if stop - at > LONGEST:
        return None
    end = _number_end(text, at, stop)
    word = text[at:end]
    point = POINT.match(text, end)
    tail = _TAIL.match(text, point.end() if point else end)
    assert tail, "every part of a tail may be missing"
    if end < stop or not (tail.group() or point):
        fields = _chinese(word, "", "", "")
        return Number(end, *fields) if fields else None
    mid, mult, power, infix = tail.groups()
    round_word = word[-1] in POWERS or word[-1] in "零〇廿卅"
    if mid and not round_word:
        mid, mult, infix, tail_stop = None, None, None, tail.start()
    elif infix in _INFIXES - {"余"} and not (round_word or mult or power):
        infix, tail_stop = None, tail.start("infix")
    else:
        tail_stop = tail.end()
    fields = _chinese(word, point[1] if point else "", mult or power or "", mid or infix or "")
    return Number(tail_stop, *fields) if fields else None


def _number_end(text: str, at: int, stop: int) -> int:
    """Where the number of a run ends: before a 千 of 千瓦, a 两 that weighs, the 一 of 三万一天."""
    last, before = text[stop - 1], text[stop - 2] if stop - at > 1 else ""
    following = text[stop : stop + 1]
    if not before:
        return stop
    if last in "千兆" and _KILO.match(text, stop):
        return stop - 1
    if last in "两兩" and before not in "零〇" and not (before == "一" and following in _FEW):
        return stop - 1
    if last == "百" and text.startswith("分位", stop):
        return stop - 1
    elided = before in "百千万亿" or (before in DIGITS and text[stop - 3 : stop - 2] in POWERS)
    if last == "一" and elided and stop - at > 1 and following in _PER:
        return stop - 1
    return stop


@lru_cache(maxsize=65536)
def _chinese(word: str, frac: str, mult: str, infix: str) -> _NumberFields | None:
    base = (word.rstrip("零〇") if infix else "") or word
    pair = None if frac else parse_adjacent(base)
    scale = _ONE.scaleb(_power(mult))
    multiplied = bool(mult) or word[-1] in "百千万亿兆佰仟萬億"
    if pair:
        return None, pair[0] * scale, pair[1] * scale, scale, scale, scale, infix, multiplied
    parsed = parse_chinese(base)
    if parsed is None:
        return None
    value, place = parsed
    step = _last_place(value)
    if infix and not mult and base[-1] in "万亿兆萬億":
        step = place  # 二十亿多 is up to 二十一亿
    if frac:
        value += Decimal("0." + "".join(str(DIGITS[c]) for c in frac))
        place = step = Decimal(f"1E-{len(frac)}")
    value, place, step = value * scale, place * scale, step * scale
    ending = _power(word[len(word.rstrip("万亿兆萬億")) :]) if not mult else 0
    return value, value, value, place, step, scale.scaleb(ending), infix, multiplied


@lru_cache(maxsize=65536)
def parse_chinese(word: str) -> tuple[Decimal, Decimal] | None:
    """Value and place of a whole number in words (一千零五, 二百五, 廿三, 二〇二〇), or None.

    A last digit without its own power has the next lower one (一万三 is 13000) unless
    零 stands before it. Digits in a row are fields as printed (二〇二〇).
    """
    if not word or len(word) > LONGEST:
        return None
    for short, full in _TENS.items():
        word = word.replace(short, full)
    if not any(c in POWERS for c in word):
        return Decimal("".join(str(DIGITS[c]) for c in word)), _ONE
    value = _compose(word)
    if value is None:
        return None
    return value, Decimal(10 ** _power(word[len(word.rstrip("万亿兆萬億")) :]))


def _compose(word: str) -> Decimal | None:
    """The value of digits and powers in turn, in words, figures or both: 3千5百, 二千零三十万."""
    total = section = Decimal(0)
    number: Decimal | None = None
    last, zero = 1, False
    for item in _ITEM.findall(word):
        power = POWERS.get(item)
        if power is None:
            if number:
                return None
            number = Decimal(DIGITS.get(item, item))
            zero = zero or not number or item[0] == "0"
            continue
        if power < 4:
            section += (_ONE if number is None or (not number and power == 1) else number) * 10**power
        else:
            section += number or 0
            scale = _ONE.scaleb(power)
            if total and section and total % scale == 0:
                total += section * scale
            else:
                total = (total + section or _ONE) * scale
            section = Decimal(0)
        number, last, zero = None, power, False
    if number:
        elided = not zero and last > 1 and number < 10
        section += number * 10 ** (last - 1 if elided else 0)
    return total + section


@lru_cache(maxsize=65536)
def parse_adjacent(word: str) -> tuple[Decimal, Decimal] | None:
    """Low and high of neighbouring digits (两三, 三五百, 十七八, 二三十), or None."""
    for i in range(len(word) - 1):
        a, b = DIGITS.get(word[i]), DIGITS.get(word[i + 1])
        if not a or not b or (b - a != 1 and (a, b) != (3, 5)):
            continue
        low, high = parse_chinese(word[: i + 1] + word[i + 2 :]), parse_chinese(word[:i] + word[i + 1 :])
        if low and high and (len(word) == 2 or any(c in POWERS for c in word)):
            return low[0], high[0]
    return None
