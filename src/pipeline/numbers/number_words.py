"""Number words: which of them are dates, ordinals, names and idioms, and which state a quantity."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import dates, numerals, quantities, words
from pipeline.numbers.numerals import Number
from pipeline.numbers.tokens import ONE, Token, token

_HALF = re.compile(r"半(?=[个年天月日成折百小])")
_NOT_A_HALF = frozenset("上下前后大多过一")
_POINT = re.compile(
    r"[〇零一二三四五六七八九十百千万亿]+[点點][〇零一二三四五六七八九]+(?![十刻时]|个?钟|分(?!之))"
)

_JOINTS = frozenset("点點又")
_PARTS = re.compile(r" ?分 ?之 ?(?P<sign>[负負-])?")
_SHORT_FRACTION = re.compile(r"([三四五])分([一二三四])(?=[的是为人以受，。、）])")
"""三分二 is how Hong Kong says 三分之二."""
_POWER_ONLY = re.compile(r"[百佰千仟万亿]+")

_ONE_VETO = frozenset("每这那另同任某哪唯之进逐统单专第不再又何")
_ONE_COUNTS = frozenset(
    "名 人 位 家 例 户 辆 艘 架 枚 所 栋 幢 宗 起 胜 平 负 国 省 市 县 区 票 台 列 具 头 只 匹 株 座 处 间 桩"
    " 男 女 人次".split()
)
"""After these 一 counts; 一个, 一份 and 一项 are articles."""
_ONE_ALSO = re.compile(
    r"[、，和及与以或][^，。；]{0,10}?(?:[二两三四五六七八九十]|\d+)(?=[个名项条座所家处件份张种场次位剂])"
)
_EVERY = re.compile(r"每[^，。；]{1,4}$")

_DIGITS_ALONE = re.compile(r"[零〇一二三四五六七八九]+")
_RATHER_NAMES = frozenset("旗 湾 铢 柱 丝 丈 胜率 校 社区".split())
"""Units that number words rarely count: 西二旗, 三湾, 五铢, 二社区."""
_ROUND_UNITS = frozenset("名 亩 架 辆 艘 株 棵 枚 所 座 吨 公里 里 只 头 位".split())
"""百名专家 are a hundred; 百家, 千人 and 万元 mostly are no count."""
_NOT_GREAT = frozenset("队会代学报使厦街道楼院桥名型致概约")
_PARTY = ("党的", "中共", "越共")
_GRADES = re.compile(r"(?:以上|左右)?(?:地震|余震|大风|阵风|强风|风|烈度)")
_ORDINAL_UNITS = frozenset("号 期 审 年级 版 代".split())
_SESSION = re.compile(r"[届会委协大]$|全体$|届[^，。]{2,6}$")
_OF_A_BODY = re.compile(
    r"(?:[全委人理党政大常中省市县区]|[一二三四五六七八九十]+次|[一二三四五六七八九]中|会议)"
)


def read_words(text: str, at: int) -> Token | None:
    """The token that begins with the number word at `at`; None where 半 or 陆 is no numeral there."""
    if text[at] == "半":
        return _half(text, at)
    if text[at] == "零" and text[at + 1 : at + 2] in ("下", "上"):
        return _below_zero(text, at)
    run = numerals.HAN.match(text, at)
    if run is None:
        return None
    stop = run.end()
    taken = _proportion(text, at, stop) or _dated(text, at, stop)
    if taken:
        return taken
    if not (text[stop : stop + 1] in _JOINTS and (text[stop] == "又" or _POINT.match(text, at))):
        taken = _named(text, at, stop)
        if taken:
            return taken
    number = numerals.read_chinese(text, at, stop)
    if number is None:
        return token(at, stop, "other", rule="number word")
    return _counted(text, at, stop, number)


def _half(text: str, at: int) -> Token | None:
    if not _HALF.match(text, at) or text[at - 1 : at] in _NOT_A_HALF:
        return None
    if text[at + 1] == "百":
        return quantities.quantity(text, at, numerals.simple(at + 2, Decimal(50)), "half")
    return quantities.quantity(text, at, numerals.simple(at + 1, Decimal("0.5")), "half")


def _below_zero(text: str, at: int) -> Token:
    """零下5℃, 零上三度."""
    number = number_at(text, at + 2)
    if number is None:
        return token(at, at + 1, "other", Decimal(0), rule="number word")
    return quantities.quantity(text, at + 2, number, "degrees from zero")._replace(begin=at)


def _dated(text: str, at: int, stop: int) -> Token | None:
    date_stop = dates.date_stop(text, at)
    if date_stop:
        return token(at, date_stop, "date", rule="date")
    if at and dates.is_weekday(text, at):
        return token(at, at + 1, "date", rule="weekday")
    spell = dates.first_of_period(text, at, stop)
    return token(at, spell, "date", rule="first of a period") if spell else None


def _named(text: str, at: int, stop: int) -> Token | None:
    """六厂前街, 六稳六保, 四川, 进一步, 党的二十大."""
    name_stop = words.name_pattern(text, at, stop)
    if name_stop:
        return token(at, max(name_stop, stop), "name", rule="name with a numeral")
    if stop - at > 2 and _DIGITS_ALONE.fullmatch(text, at, stop):
        return token(at, stop, "name", rule="digits in words")
    known = words.lexical_word(text, at, stop)
    if known:
        return token(at, max(stop, known[1]), known[2], rule="word")
    if text[stop : stop + 1] == "大" and (stop - at > 1 or text[at - 2 : at] in _PARTY):
        number = numerals.read_chinese(text, at, stop)
        if number and number.value and (number.value > 10 or text[at - 2 : at] in _PARTY):
            return token(at, stop + 1, "name", number.value, rule="congress")
    return None


# ---------------------------------------------------------------- quantities


def _counted(text: str, at: int, stop: int, number: Number) -> Token:
    word = text[at:stop]
    taken = quantities.quantity(text, at, number, "number words")
    exact = taken.qualifier == "exact"
    if (
        exact
        and numerals.is_bare_power(word)
        and not (taken.unit and (len(word) > 1 or taken.unit in _ROUND_UNITS))
    ):
        return token(at, stop, "other", rule="power word")
    if taken.unit is None and taken.kind == "count":
        return _uncounted(text, taken, number)
    if taken.unit in _RATHER_NAMES and len(word) == 1:
        return token(at, taken.stop, "name", number.value, rule="name with a numeral")
    if _is_ordinal(text, taken):
        return token(at, taken.stop, "ordinal", number.value, unit=taken.unit, rule="ordinal by its unit")
    if word == "一" and not _one_counts(text, taken):
        return token(at, taken.stop, "other", number.value, rule="indefinite 一")
    return taken


def _uncounted(text: str, taken: Token, number: Number) -> Token:
    """八大 of 八大特色展区; other words without a unit count nothing unless round or qualified."""
    following = text[taken.stop : taken.stop + 2]
    if following[:1] == "大" and following[1:].isalpha() and following[1] not in _NOT_GREAT:
        return taken._replace(stop=taken.stop + 1, rule="number words and 大")
    if following == "半" or (following[:1] == "半" and number.value == 1):
        return _one_half(text, taken)
    stated = (
        number.multiplied
        or (number.value or 0) >= 100
        or taken.scale != ONE
        or taken.qualifier != "exact"
        or "点" in text[taken.begin : taken.stop]
    )
    if stated or taken.value != number.value:
        return taken
    return token(taken.begin, taken.stop, "other", number.value, rule="number word")


def _one_half(text: str, taken: Token) -> Token:
    """近一半, 一半以上: half of what it is about; a bare 一半 is an idiom."""
    half = quantities.proportion(
        text, taken.begin, numerals.simple(taken.stop + 1, Decimal("0.5")), "half", percent=False
    )
    stated = half.qualifier != "exact" or text[taken.begin - 2 : taken.begin].endswith(("占", "的", "为"))
    return half if stated else token(taken.begin, half.stop, "other", half.value, rule="indefinite 一")


def _is_ordinal(text: str, taken: Token) -> bool:
    match taken.unit:
        case "级":
            return not _GRADES.match(text, taken.stop)
        case "届":
            return bool(_OF_A_BODY.match(text, taken.stop))
        case "次":
            left, right = text[max(0, taken.begin - 8) : taken.begin], text[taken.stop : taken.stop + 1]
            return right in ("会", "全", "代", "大") and bool(_SESSION.search(left))
    return taken.unit in _ORDINAL_UNITS


def _one_counts(text: str, taken: Token) -> bool:
    """Whether 一 and a measure word state a number; 一份答卷, 一个道理 state none."""
    before = text[taken.begin - 1 : taken.begin] if taken.begin else ""
    if taken.unit == "番":
        return text[max(0, taken.begin - 2) : taken.begin].startswith("翻") or before == "翻"
    if before in _ONE_VETO and before:
        return False
    if taken.kind == "duration":
        return before not in ("的", "有") or taken.unit not in ("年", "天", "日", "周")
    if taken.kind != "count" or taken.unit in _ONE_COUNTS or taken.qualifier != "exact":
        return True
    if taken.unit == "次" and _EVERY.search(text, max(0, taken.begin - 8), taken.begin):
        return True
    return bool(_ONE_ALSO.match(text, taken.stop + _clause(text, taken.stop)))


def _clause(text: str, at: int) -> int:
    """Characters from `at` to the next separator, at most 12."""
    for i in range(min(12, len(text) - at)):
        if text[at + i] in "、，和及与或。；":
            return i
    return 0


# ---------------------------------------------------------------- fractions


def _proportion(text: str, at: int, stop: int) -> Token | None:
    """百分之五, 三分之二: the lower number has been found, the upper one follows."""
    if text[stop : stop + 1] != "分":
        return None
    short = _SHORT_FRACTION.match(text, at)
    if short:
        value = Decimal(numerals.DIGITS[short[2]]) / numerals.DIGITS[short[1]]
        return quantities.proportion(
            text, at, numerals.simple(short.end(), value), "fraction in words", percent=False
        )
    lower = numerals.parse_chinese(text[at:stop])
    return read_parts(text, at, stop, lower[0] if lower else None)


def read_parts(text: str, at: int, stop: int, lower: Decimal | None) -> Token | None:
    """The proportion whose lower number is text[at:stop], in words or figures, or None."""
    m = _PARTS.match(text, stop)
    upper = number_at(text, m.end()) if m else None
    if m is None or upper is None or upper.value is None:
        return None
    word, value = text[at:stop], -upper.value if m["sign"] else upper.value
    if _POWER_ONLY.fullmatch(word):
        shift = 2 - sum(numerals.POWERS[c] for c in word)
        value, place, step = value.scaleb(shift), upper.place.scaleb(shift), upper.step.scaleb(shift)
        number = upper._replace(value=value, low=value, high=value, place=place, step=step)
        return quantities.proportion(text, at, number, "percent in words", percent=True)
    if not lower:
        return None
    number = numerals.simple(upper.stop, value / lower)
    if text.startswith("决赛", upper.stop):
        return token(at, upper.stop, "name", rule="sporting event")
    return quantities.proportion(text, at, number, "fraction in words", percent=False)


def number_at(text: str, at: int) -> Number | None:
    """The number that begins at `at`, in figures or words, or None."""
    first = text[at : at + 1]
    if first.isdigit() and first.isascii():
        return numerals.read_arabic(text, at)
    if first in numerals.ROMAN:
        return numerals.simple(at + 1, Decimal(numerals.ROMAN[first]))
    m = numerals.HAN.match(text, at)
    return numerals.read_chinese(text, at, m.end()) if m else None
