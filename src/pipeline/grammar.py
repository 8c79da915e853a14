"""The grammar: from a flow's text to every numeral in it, with value, unit and kind.

A scan finds where a numeral may begin; one reader for Arabic digits and one for
number words then reads the number, and what stands around it (a unit, a date's 年,
第, a quotation mark) decides the rule that takes it. Every numeral character ends
up in exactly one token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pipeline import dates, numerals, words
from pipeline.numerals import Number
from pipeline.quantities import fraction, percentage, quantity
from pipeline.tokens import ONE, Token, token

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_QUOTED = re.compile(r"《[^《》\n]{1,60}》|[“「『｢‘][^“”「」『』｢｣‘’，。；\n]{1,24}[”」』｣’]")
_CODE = re.compile(r"\d+(?:[-—·.:/*×xX]\d+){2,}|\d+[-·*×]\d+|\d+(?:[A-Za-z]+\d*)+|\d+[+]", re.ASCII)
_SERVICE = re.compile(r" ?(?:热线|平台|报警|专线|客服|电话|指挥|网站|邮箱|模式|工程|计划|行动|战略|体系|机制|系列|高速|国道|省道|国集团|强(?!台风)|版)")
_SCORE = re.compile(r"(\d{1,3}) ?(?:[:：∶比]|-) ?(\d{1,3})(?![\d.%])")
_RATIO = re.compile(r"\d+(?:\.\d+)?(?: ?[:：∶] ?\d+(?:\.\d+)?){2,}", re.ASCII)
_DIGITS = frozenset("0123456789")


def tokens(text: str) -> list[Token]:
    """Every numeral of a flow's text, in order and disjoint."""
    found: list[Token] = []
    done = 0
    quotes = _quotations(text)
    quote = next(quotes, None)
    for run in numerals.RUN.finditer(text):
        stop = run.end()
        at = max(run.start(), done)
        while at < stop:
            taken = _read(text, at, stop)
            while quote and quote[1] <= taken.begin:
                quote = next(quotes, None)
            if quote and quote[0] <= taken.begin < quote[1]:
                taken = _in_quotation(text, taken, quote)
            found.append(taken)
            at = done = max(taken.stop, at + 1)
    return _share_units(text, found)


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    return (m.span() for m in _QUOTED.finditer(text))


def _in_quotation(text: str, taken: Token, quote: tuple[int, int]) -> Token:
    """A number in a short quotation or a title is part of a name: “三项工程、一项管理”."""
    if not taken.statistical or taken.kind == "percent":
        return taken
    if text[quote[0]] != "《" and taken.multiplied and taken.unit:
        return taken
    return token(taken.begin, taken.stop, "name", taken.value, rule="quoted name")


def _read(text: str, at: int, stop: int) -> Token:
    first = text[at]
    if first in _DIGITS:
        return _read_arabic(text, at)
    if first in numerals.ROMAN:
        return quantity(text, at, numerals.simple(at + 1, Decimal(numerals.ROMAN[first])), "roman")
    return _read_chinese(text, at, stop)




# ---------------------------------------------------------------- Arabic digits


def _read_arabic(text: str, at: int) -> Token:
    before = text[at - 1 : at]
    number = numerals.read_arabic(text, at)
    stop = number.stop
    after = text[stop : stop + 1]
    if before in _LETTERS and before:
        return token(at, stop, "name", number.value, rule="letter and number")
    if stop - at > numerals.LONGEST:
        return token(at, stop, "other", number.value, rule="code of digits")
    if _ordinal_before(text, at):
        return _ordinal(text, at, number)
    if after in dates.CUES:
        taken = _date(text, at)
        if taken:
            return taken
        ratio = _RATIO.match(text, at)
        if ratio:
            # each part is read by itself: 25.72:26.84:47.44 are three shares
            return token(at, stop, "percent", number.value, unit="%", place=number.place, rule="part of a ratio")
        taken = _score(text, at)
        if taken:
            return taken
    if before in (":", "：", "∶") and _in_ratio(text, at):
        return token(at, stop, "percent", number.value, unit="%", place=number.place, rule="part of a ratio")
    code = _CODE.match(text, at)
    if code and not _is_measured(text, code.end(), at):
        return token(at, code.end(), "name", number.value, rule="code")
    taken = quantity(text, at, number, "number")
    if taken.unit is None and taken.kind == "count" and not taken.multiplied:
        return _unitless(text, taken)
    return taken


def _is_measured(text: str, code_stop: int, at: int) -> bool:
    """Whether what looks like a code is a range or a number with a Latin unit (3-5个, 20km)."""
    taken = quantity(text, at, numerals.read_arabic(text, at), "number")
    return taken.unit is not None and taken.stop >= code_stop


def _in_ratio(text: str, at: int) -> bool:
    begin = at
    while begin and text[begin - 1] in "0123456789.:：∶ " and at - begin < 60:
        begin -= 1
    m = _RATIO.match(text, begin)
    return bool(m) and m.end() > at  # type: ignore[union-attr]


def _score(text: str, at: int) -> Token | None:
    m = _SCORE.match(text, at)
    if not m or text[m.start() - 1 : m.start()] in (".", ":"):
        return None
    if text[m.end(1)] == "-" and not re.search(r"[以胜负平分]$", text[max(0, at - 2) : at]):
        return None
    return token(at, m.end(), "other", Decimal(m[1]), rule="score or ratio of two")


def _unitless(text: str, taken: Token) -> Token:
    """A number with no unit: a year, a service's number, part of a name, or a bare count."""
    digits = text[taken.begin : taken.stop]
    service = _SERVICE.match(text, taken.stop)
    if service:
        return token(taken.begin, taken.stop, "name", taken.value, rule="number of a service or programme")
    if digits.isdigit() and taken.qualifier == "exact":
        if len(digits) == 4 and digits[:2] in ("19", "20") and not text[taken.stop : taken.stop + 1].isspace():
            return token(taken.begin, taken.stop, "date", taken.value, rule="bare year")
        if len(digits) >= 7 or (digits[0] == "0" and len(digits) > 1):
            return token(taken.begin, taken.stop, "other", taken.value, rule="code of digits")
    if text[taken.stop : taken.stop + 1] in _LETTERS and taken.stop < len(text):
        return token(taken.begin, taken.stop, "name", taken.value, rule="number and letter")
    return taken


# ---------------------------------------------------------------- number words

_ONE_VETO = frozenset("每这那另同任某哪唯之进逐统单专第不再又何")
_ONE_COUNTS = frozenset("名 人 位 家 例 户 辆 艘 架 枚 所 栋 幢 宗 起 胜 平 负 国 省 市 县 区 票 死 台 列 具 头 只 匹 株 座 处 间 桩 人次 男 女".split())
_ONE_ALSO = re.compile(r"[、，和及与以][^，。；]{0,10}?(?:[二两三四五六七八九十]|\d+)(?=[个名项条座所家处件份张种场次位])")
_ORDINAL_UNITS = {"届": "届", "号": "号"}
_GRADES = re.compile(r"(?:以上|左右)?(?:地震|余震|大风|阵风|强风|风|烈度)")
_SESSION = re.compile(r"[届会委协大]$|全体$|届[^，。]{2,6}$")


def _read_chinese(text: str, at: int, stop: int) -> Token:
    if text[at] == "半":
        return quantity(text, at, numerals.simple(at + 1, Decimal("0.5")), "half")
    before = text[at - 1 : at]
    if _ordinal_before(text, at):
        number = numerals.read_chinese(text, at, stop)
        if number:
            return _ordinal(text, at, number)
    run_stop = at + 1
    while run_stop < stop and text[run_stop] not in " ":
        run_stop += 1
    taken = _parts(text, at, run_stop) or _date(text, at)
    if taken:
        return taken
    if before and dates.is_weekday(text, at):
        return token(at, at + 1, "date", None, rule="weekday")
    name_stop = words.name_pattern(text, at)
    if name_stop:
        return token(at, max(name_stop, run_stop), "name", None, rule="name with a numeral")
    lexical = words.lexical_word(text, at, run_stop)
    if lexical:
        return token(max(at, lexical[0]), max(run_stop, lexical[1]), lexical[2], None, rule="word")
    number = numerals.read_chinese(text, at, stop)
    if number is None:
        return token(at, run_stop, "other", None, rule="number word")
    return _counted_in_words(text, at, run_stop, number)


def _counted_in_words(text: str, at: int, run_stop: int, number: Number) -> Token:
    word = text[at:run_stop]
    taken = quantity(text, at, number, "number words")
    if numerals.is_bare_power(word) and taken.qualifier == "exact" and not (len(word) > 1 and taken.unit):
        vague = text[at - 1 : at] in ("几", "数", "上", "成")
        if not vague:
            return token(at, run_stop, "other", None, rule="power word")
    if taken.unit is None and taken.kind == "count":
        if text[taken.stop : taken.stop + 1] == "大" and text[taken.stop + 1 : taken.stop + 2].strip("。，、；：”） "):
            if number.value is not None and number.value <= 10:
                return taken._replace(stop=taken.stop + 1, rule="number words and 大")
            return token(at, taken.stop + 1, "name", number.value, rule="congress")
        if not number.multiplied and taken.qualifier == "exact":
            return token(at, taken.stop, "other", number.value, rule="number word")
        return taken
    if taken.unit in _ORDINAL_UNITS or _is_ordinal_in_words(text, taken):
        return token(at, taken.stop, "ordinal", number.value, unit=taken.unit, rule="ordinal by its unit")
    if word == "一" and not _one_counts(text, taken):
        return token(at, taken.stop, "other", number.value, rule="indefinite 一")
    return taken


def _is_ordinal_in_words(text: str, taken: Token) -> bool:
    match taken.unit:
        case "级":
            return not _GRADES.match(text, taken.stop)
        case "期" | "审" | "年级":
            return True
        case "次":
            return bool(_SESSION.search(text[max(0, taken.begin - 8) : taken.begin])) and text[taken.stop : taken.stop + 1] in ("会", "全", "代", "大")
    return False


def _one_counts(text: str, taken: Token) -> bool:
    """Whether 一 and a measure word state a number; 一份答卷, 一个道理 state none."""
    if text[taken.begin - 1 : taken.begin] in _ONE_VETO and taken.begin:
        return False
    if taken.kind == "duration":
        return text[taken.begin - 1 : taken.begin] not in ("的", "有") or taken.unit not in ("年", "天", "日", "周")
    if taken.kind != "count" or taken.unit in _ONE_COUNTS or taken.qualifier != "exact":
        return True
    return bool(_ONE_ALSO.match(text, taken.stop + _clause(text, taken.stop)))


def _clause(text: str, at: int) -> int:
    """Characters from `at` to the next separator, at most 12."""
    for i in range(min(12, len(text) - at)):
        if text[at + i] in "、，和及与。；":
            return i
    return 0


# ---------------------------------------------------------------- shared rules


def _ordinal_before(text: str, at: int) -> bool:
    return text[at - 1 : at] == "第" or text[max(0, at - 2) : at] == "第 "


def _ordinal(text: str, at: int, number: Number) -> Token:
    taken = quantity(text, at, number, "ordinal")
    stop = taken.stop if taken.kind in ("count", "measure", "duration") else number.stop
    if taken.unit and len(taken.unit) > 2:
        stop = number.stop
    begin = text.rindex("第", 0, at)
    return token(begin, stop, "ordinal", number.value, unit=taken.unit if stop > number.stop else None, rule="第")


def _date(text: str, at: int) -> Token | None:
    m = dates.DATE.match(text, at)
    if not m or m.end() - at < 2:
        return None
    stop = m.end()
    if text[stop - 1] == "点" and text[at - 1 : at] in tuple("涨跌升降报收达"):
        return None
    while text[stop - 1] == " ":
        stop -= 1
    return token(at, stop, "date", None, rule="date")


_PARTS = re.compile(r" ?分 ?之 ?(?P<sign>[负-])?")
_POWER_ONLY = re.compile(r"[百佰千仟万亿]+")


def _parts(text: str, at: int, run_stop: int) -> Token | None:
    """百分之五, 三分之二: the lower number has been found, the upper one follows."""
    m = _PARTS.match(text, run_stop)
    upper = _number_at(text, m.end()) if m else None
    if m is None or upper is None or upper.value is None:
        return None
    word, value = text[at:run_stop], -upper.value if m["sign"] else upper.value
    if _POWER_ONLY.fullmatch(word):
        shift = 2 - sum(numerals.POWERS[c] for c in word)
        value, place = value.scaleb(shift), upper.place.scaleb(shift)
        number = upper._replace(value=value, low=value, high=value, place=place, step=place)
        return percentage(text, at, number, "percent in words")
    lower = numerals.parse_chinese(word) if not word.isdigit() else (Decimal(word), ONE)
    if not lower or not lower[0]:
        return None
    value = value / lower[0]
    return fraction(text, at, upper._replace(value=value, low=value, high=value, infix=""), "fraction in words")


def _number_at(text: str, at: int) -> Number | None:
    if text[at : at + 1] in _DIGITS and at < len(text):
        return numerals.read_arabic(text, at)
    m = numerals.RUN.match(text, at)
    return numerals.read_chinese(text, at, m.end()) if m else None


_LIST = re.compile(r" ?(?:[、,]|和|及|与|或|，) ?")


def _share_units(text: str, found: list[Token]) -> list[Token]:
    """Give the figures of a list the unit that stands after its last: 1、2、3万元."""
    for i in range(len(found) - 1, 0, -1):
        taken, left = found[i], found[i - 1]
        if left.unit is None and left.rule in ("number", "bare year") and taken.begin - left.stop <= 3 and (taken.unit or taken.kind == "date"):
            between = _LIST.fullmatch(text, left.stop, taken.begin)
            if between and taken.rule != "bare year":
                found[i - 1] = left.sharing(taken)
    return found
