"""Numerals: from digits and Chinese number words to exact decimals.

Only the number itself is read here (1.4万, 3千5百, 二百五, 三分之二, 三五百, 数十万), with
its infix 余 or 多; what it counts and how it is qualified is the grammar's concern.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

DIGITS = {c: d for d, cs in enumerate(("零〇", "一壹", "二贰两俩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in cs}
POWERS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "亿": 8, "兆": 12}
TENS = {"廿": "二十", "卅": "三十"}
ROMAN = {c: Decimal(n) for n, c in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", 1)}

LONGEST = 40
"""Digits or number words in a row beyond which a run is a code or noise, not a number."""

_PLAIN = r"零〇一二两三四五六七八九十百千万亿兆俩廿卅"
_BANK = r"壹贰叁肆伍陆柒捌玖拾佰仟"
# 陆 and 伍 are also the land and the rank: they count as digits beside other number words only.
_BANK_RUN = rf"(?:(?<![大登着内水海队退入行])[{_BANK}](?=[{_BANK}{_PLAIN}元圆角点折成打分])|(?<=[{_PLAIN}{_BANK}分之])[{_BANK}])"
_HAN = rf"(?:[{_PLAIN}]|{_BANK_RUN})+"

RUN = re.compile(rf"[0-9]+|{_HAN}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]|半(?=[个年天月日成折小])")
"""Where a numeral may begin: what a scan over the text stops at."""

# 千 and 兆 that begin a unit are no multipliers: 12千米, 一千瓦, 100兆赫.
_THOUSAND = r"千(?!瓦|克(?!拉)|卡|伏|赫|帕|焦|牛|比特|字节)"
_MILLION = r"兆(?!瓦|赫|帕|伏|比特|字节)"
_ARABIC = re.compile(
    rf"(?P<int>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?P<frac>\.\d+)?"
    rf"(?P<exp>[eE][+-]?\d{{1,2}}(?![\dA-Za-z.]))?"
    rf"(?P<in1>[余多](?=[百千万亿]))?(?P<mult>(?: ?(?:[百万亿]|{_THOUSAND}(?!米)|{_MILLION}))+)?"
    rf"(?P<in2>余|[多来](?![云变元]))?",
    re.ASCII,
)
_MIXED = re.compile(rf"(?:(?:零? ?\d+ ?(?:(?:[百万亿]|{_THOUSAND}(?!米))+))+(?:零?\d+(?![\d.,年月日]))?|零?\d+(?![\d.,年月日]))", re.ASCII)
_CHINESE = re.compile(
    rf"(?P<int>{_HAN})(?:点(?P<frac>(?:[〇零一二三四五六七八九]|{_BANK_RUN})+))?(?P<in1>[余多几来](?=[万亿千百]))?"
    rf"(?P<mult>(?:[百万亿]|{_THOUSAND}|{_MILLION})+)?(?P<in2>[余多几来](?![云变元自到临看得源着宾访]))?"
)
_KILO = re.compile(r"[瓦克卡伏赫帕焦牛](?!拉)|比特|字节")


class Number(NamedTuple):
    """A number as stated.

    value is None for a range or a vague number, which has low and high instead;
    place is one unit of the last printed place, step one unit of the last stated one
    (160: place 1, step 10); infix is 余 or 多 where the number holds one.
    """

    stop: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    place: Decimal
    step: Decimal
    infix: str
    multiplied: bool
    """Whether it ends in a multiplier (万): 七千万 as against 七."""


def _power(word: str) -> int:
    return sum(POWERS[c] for c in word if c != " ")


@lru_cache(maxsize=65536)
def _digits(whole: str, fraction: str, exponent: int) -> tuple[Decimal, Decimal, Decimal]:
    """Value, place and step of printed digits, exact at any length."""
    value = Decimal(f"{whole}{fraction}E{exponent}")
    place = Decimal(f"1E{exponent - max(0, len(fraction) - 1)}")
    if fraction:
        return value, place, place
    bare = whole.rstrip("0")
    return value, place, Decimal(f"1E{exponent + len(whole) - len(bare)}") if bare else place


def read_arabic(text: str, at: int) -> Number:
    """Read the number whose first Arabic digit stands at `at`."""
    m = _ARABIC.match(text, at)
    assert m, "called where no digit stands"
    whole, frac, exp, in1, mult, in2 = m.group("int", "frac", "exp", "in1", "mult", "in2")
    stop = m.end()
    whole = whole.replace(",", "")
    power = (_power(mult) if mult else 0) + (int(exp[1:]) if exp else 0)
    value, place, step = _digits(whole, frac or "", power)
    infix = in1 or in2 or ""
    if infix == "来":
        stop, infix = stop - 1, ""
    if mult and not infix and stop < len(text) and (text[stop] in "零 " or text[stop].isdigit()):
        rest = _MIXED.match(text, stop + (text[stop] == " "))
        more = _mixed(rest.group()) if rest else None
        if rest and more is not None and more < Decimal(f"1E{POWERS[mult.strip()[-1]]}"):
            value, place, step = value + more, Decimal(1), Decimal(1)
            stop = rest.end()
    return Number(stop, value, value, value, place, step, infix, bool(mult))


def _mixed(text: str) -> Decimal | None:
    """5千4百, 4000: what may follow 3万 in one number."""
    total, last = 0, 99
    for digits, mult in re.findall(r"(\d+) ?([百千万亿]*)", text):
        power = _power(mult)
        if power >= last or len(digits) > 8:
            return None
        total, last = total + int(digits) * 10**power, power
    return Decimal(total)


@lru_cache(maxsize=65536)
def parse_chinese(word: str) -> tuple[Decimal, Decimal] | None:
    """Value and place of a whole number in words (一千零五, 二百五, 廿三, 二〇二〇), or None.

    A last digit without its own power has the next lower one (一万三 is 13000) unless
    零 stands before it. Digits in a row are read as printed (二〇二〇).
    """
    if not word or len(word) > LONGEST:
        return None
    for short, full in TENS.items():
        word = word.replace(short, full)
    if not any(c in POWERS for c in word):
        return Decimal("".join(str(DIGITS[c]) for c in word)), Decimal(1)
    total = section = 0
    digit: int | None = None
    last, zero = 1, False
    for c in word:
        if c in DIGITS:
            if digit not in (None, 0):
                return None
            digit, zero = DIGITS[c], zero or c in "零〇"
            continue
        power = POWERS[c]
        if power >= 4:
            scale = 10**power
            section += digit or 0
            if not section and not total:
                section = 1
            if total and (total % scale == 0) and section:
                total += section * scale
            else:
                total = (total + section) * scale
            section = 0
        else:
            section += (1 if digit is None or (digit == 0 and power == 1) else digit) * 10**power
        digit, last, zero = None, power, False
    if digit:
        elided = not zero and last > 1
        section += digit * 10 ** (last - 1 if elided else 0)
    printed = word[len(word.rstrip("万亿兆")) :]
    return Decimal(total + section), Decimal(10 ** _power(printed))


@lru_cache(maxsize=65536)
def parse_adjacent(word: str) -> tuple[Decimal, Decimal] | None:
    """Low and high of neighbouring digits (两三, 三五百, 十七八, 二三十), or None."""
    for i in range(len(word) - 1):
        a, b = word[i : i + 2]
        if a in DIGITS and b in DIGITS and 0 < DIGITS[a] and DIGITS[b] - DIGITS[a] in (1, 2):
            if DIGITS[b] - DIGITS[a] == 2 and (a, b) != ("三", "五"):
                return None
            low, high = parse_chinese(word[: i + 1] + word[i + 2 :]), parse_chinese(word[:i] + word[i + 1 :])
            if low and high and (len(word) == 2 or any(c in POWERS for c in word)):
                return low[0], high[0]
    return None


def read_chinese(text: str, at: int, stop: int) -> Number | None:
    """Read the number whose first number word stands at `at`, within the run to `stop`.

    None where the run is no number by itself (一二三, 千方, a bare 万).
    """
    m = _CHINESE.match(text, at)
    if not m or m.end("int") - at > LONGEST:
        return None
    whole, frac, in1, mult, in2 = m.group("int", "frac", "in1", "mult", "in2")
    if mult and not (in1 or frac):
        mult = None
    if whole[-1] == "千" and len(whole) > 1 and _KILO.match(text, m.end("int")):
        return _number(whole[:-1], "", "", at + len(whole) - 1, "")
    end = m.end()
    if len(whole) > 1 and whole[-1] == "两" and whole[-2] != "零":
        # 三十两: the last 两 is the weight
        return _number(whole[:-1], "", "", at + len(whole) - 1, "")
    infix = in1 or in2 or ""
    if infix == "来" and not (whole[-1] in POWERS and in2):
        end, infix = end - 1, ""
    if infix == "几" and whole[-1] not in POWERS and whole[-1] not in "零〇":
        return _number(whole, frac or "", "", m.end("int"), "")
    return _number(whole, frac or "", mult or "", end, infix)


def _number(whole: str, frac: str, mult: str, stop: int, infix: str) -> Number | None:
    base = (whole.rstrip("零〇") if infix else "") or whole
    pair = None if frac else parse_adjacent(base)
    scale = Decimal(10 ** _power(mult)) if mult else Decimal(1)
    multiplied = bool(mult) or whole[-1] in "百千万亿兆佰仟"
    if pair:
        return Number(stop, None, pair[0] * scale, pair[1] * scale, scale, scale, infix, multiplied)
    parsed = parse_chinese(base)
    if parsed is None:
        return None
    value, place = parsed
    step = _last_stated(value)
    if frac:
        value += Decimal("0." + "".join(str(DIGITS[c]) for c in frac))
        place = step = Decimal(f"1E-{len(frac)}")
    value, place, step = value * scale, place * scale, step * scale
    return Number(stop, value, value, value, place, step, "多" if infix in ("几", "来") else infix, multiplied)


def _last_stated(value: Decimal) -> Decimal:
    digits = str(value)
    return Decimal(f"1E{len(digits) - len(digits.rstrip('0'))}") if value else Decimal(1)


def is_bare_power(word: str) -> bool:
    """Whether a run is powers alone (百, 千万): a number only where a qualifier or unit makes it one."""
    return all(c in POWERS and c not in "十拾" for c in word)


def plain(value: Decimal | None) -> str | None:
    """A decimal as users read it: no exponent, no negative zero."""
    if value is None:
        return None
    text = format(value, "f")
    return text.lstrip("-") if not value else text
