"""Number words: which of them are dates, ordinals, names and idioms, and which state a quantity."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import dates, numerals, quantities, words
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.proportions import number_at, proportion_in_words
from pipeline.numbers.ranges import measured
from pipeline.numbers.rules import reading_of
from pipeline.numbers.tokens import ONE, Token, token

_HALF = re.compile(r"半(?=[个年天月日折百数]|成(?!品|熟|型)|小(?!时[经车]))")
_NOT_A_HALF = frozenset("上下前后大多一")
_HALF_YEAR = re.compile(r"半年(?!度?报)")
_VAGUE = re.compile(r"数(?=天|日(?!据)|周(?!期)|个?月|年(?!级)|小时|个小时|分钟|载)")
_NO_VAGUE = frozenset("人总户次件指分少多倍系参负正整岁年基个家天日月周期级名票点页字")
_POINT = re.compile(
    r"[〇零一二三四五六七八九十百千万亿]+[点點][〇零一二三四五六七八九]+(?![十刻时]|个?钟|分(?!之))"
)

_GREAT = re.compile(r"大(?!关(?!于))")
_JOINTS = frozenset("点點又")

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
_RATHER_NAMES = frozenset("旗 湾 铢 柱 丝 丈 胜率 校 院 社区 科".split())
"""Units that number words rarely count: 西二旗, 三湾, 五铢, 县二院, 二社区."""
_ROUND_UNITS = frozenset("名 亩 架 辆 艘 株 棵 枚 所 座 吨 公里 里 只 头 位".split())
"""百名专家 are a hundred; 百家, 千人 and 万元 mostly are no count."""
_NOT_GREAT = frozenset("关队会代学报使厦街道楼院桥名型致概约")
_PARTY = ("党的", "中共", "越共")
_ORDINAL_UNITS = frozenset("号 期 审 年级 版 代".split())
_SESSION = re.compile(r"[届会委协大]$|全体$|届[^，。]{2,6}$")
_OF_A_BODY = re.compile(
    r"(?:[全委人理党政大常中省市县区历]|[一二三四五六七八九十]+次|[一二三四五六七八九]中|会议)"
)
_BESIDE_WORDS = ("部门", "地", "市州", "地州", "省区市", "市县", "主体", "岸")
"""Nouns that number words count without a measure word: 五部门, 三地."""


def read_words(g: Grammar, text: str, at: int) -> Token | None:
    """The token that begins with the number word at `at`; None where 半, 数, 几 or 陆 is no numeral there."""
    first = text[at]
    if first == "半":
        return _half(g, text, at)
    if first in ("数", "几"):
        return _several(g, text, at)
    if first == "首":
        return _first(text, at)
    if first == "零" and text[at + 1 : at + 2] in ("下", "上"):
        return _below_zero(g, text, at)
    run = numerals.HAN.match(text, at)
    if run is None:
        return None
    stop = run.end()
    taken = proportion_in_words(g, text, at, stop) or _dated(g, text, at, stop)
    if taken:
        return taken
    if not (text[stop : stop + 1] in _JOINTS and (text[stop] == "又" or _POINT.match(text, at))):
        taken = _named(g, text, at, stop)
        if taken:
            return taken
    number = numerals.read_chinese(text, at, stop)
    if number is None:
        return token(at, stop, "other", rule="number word")
    return _counted(g, text, at, stop, number)


def _half(g: Grammar, text: str, at: int) -> Token | None:
    before = text[at - 1 : at] if at else ""
    if before in ("上", "下") and before and _HALF_YEAR.match(text, at):
        return token(at - 1, at + 2, "date", rule="half of a year")
    following = text[at + 1 : at + 2]
    if not _HALF.match(text, at) or before in _NOT_A_HALF or (before == "过" and following in ("数", "百")):
        return None
    if following == "数":
        return quantities.half(g, text, at, at + 2)
    if following == "百":
        return quantities.quantity(g, text, at, numerals.simple(at + 2, Decimal(50)), "half")
    return quantities.quantity(g, text, at, numerals.simple(at + 1, Decimal("0.5")), "half")


def _several(g: Grammar, text: str, at: int) -> Token | None:
    """数天 and 几名 are two to nine."""
    if text[at] == "数" and not _VAGUE.match(text, at):
        return None
    if text[at - 1 : at] in _NO_VAGUE:
        return None
    taken = quantities.quantity(g, text, at, numerals.simple(at + 1, ONE), "vague number")
    if taken.kind != ("duration" if text[at] == "数" else "count"):
        return None
    return taken._replace(value=None, low=Decimal(2), high=Decimal(9), qualifier="about")


_FIRST = re.compile(
    r"首(?:次|批|个|家|条|台|座|届|期|架|艘|张|颗|站|位(?!数)|套|列|例|部|场|单|笔|辆|轮|所|项|只|支|列|款|艘|份|期)"
)


def _first(text: str, at: int) -> Token | None:
    """首次, 首批: the first."""
    m = _FIRST.match(text, at)
    return token(at, m.end(), "ordinal", ONE, rule="首") if m else None


def _below_zero(g: Grammar, text: str, at: int) -> Token:
    """零下5℃, 零上三度."""
    number = number_at(text, at + 2)
    if number is None:
        return token(at, at + 1, "other", Decimal(0), rule="number word")
    taken = measured(g, text, at + 2, number, "degrees from zero")
    return taken._replace(begin=at)


def _dated(g: Grammar, text: str, at: int, stop: int) -> Token | None:
    date_stop = dates.date_stop(text, at)
    if date_stop:
        dated = token(at, date_stop, "date", rule="date")
        revised = g.rules.revise(text, dated, "date")
        if revised and revised.kind == "quantity":
            number = numerals.read_chinese(text, at, stop)
            return measured(g, text, at, number, "number words") if number else None
        return revised or dated
    if at and dates.is_weekday(text, at):
        return token(at, at + 1, "date", rule="weekday")
    spell = dates.first_of_period(text, at, stop)
    return token(at, spell, "date", rule="first of a period") if spell else None


def _named(g: Grammar, text: str, at: int, stop: int) -> Token | None:
    """六厂前街, 六稳六保, 四川, 进一步, 党的二十大."""
    name_stop = words.name_pattern(text, at, stop, g.units)
    if name_stop:
        named = token(at, max(name_stop, stop), "name", rule="name with a numeral")
        return _unless_counted(g, text, named)
    if stop - at > 2 and _DIGITS_ALONE.fullmatch(text, at, stop):
        return token(at, stop, "name", rule="digits in words")
    known = g.words.covering(text, at, stop)
    if known and (known.word.fixed or not _is_cut(g, text, at, stop, known)):
        named = token(at, max(stop, known.stop), known.word.kind, rule="word")
        return _unless_counted(g, text, named)
    if _GREAT.match(text, stop) and (stop - at > 1 or text[at - 2 : at] in _PARTY):
        number = numerals.read_chinese(text, at, stop)
        if number and number.value and (number.value > 10 or text[at - 2 : at] in _PARTY):
            named = token(at, stop + 1, "name", number.value, rule="congress")
            return named if g.units.match(text, stop) is None else None
    return None


def _unless_counted(g: Grammar, text: str, named: Token) -> Token | None:
    """The word, or what a rule makes of it; None where the rule says that it counts."""
    revised = g.rules.revise(text, named, "word")
    if revised is None:
        return named
    return None if revised.kind == "quantity" else revised


def _is_cut(g: Grammar, text: str, at: int, stop: int, known: words.Covering) -> bool:
    """Whether a word of the dictionary ends within a quantity: the 三公 of 三公里, the 四小 of 四小时,
    the 加一倍 of 增加一倍."""
    if stop - at > 1 and _DIGITS_ALONE.fullmatch(text, at, stop):
        return known.stop == stop and _is_neighbours(g, text, at, stop)
    unit = g.units.match(text, stop)
    if unit is None:
        return False
    end = stop + len(unit)
    if known.begin == at:
        return end > known.stop
    return end >= known.stop and unit in ("倍", "番")


def _is_neighbours(g: Grammar, text: str, at: int, stop: int) -> bool:
    """三五年, 七八个: neighbouring digits and a unit."""
    unit = g.units.match(text, stop)
    return unit is not None and numerals.parse_adjacent(text[at:stop]) is not None


# ---------------------------------------------------------------- quantities


def _counted(g: Grammar, text: str, at: int, stop: int, number: Number) -> Token:
    word = text[at:stop]
    taken = measured(g, text, at, number, "number words")
    revised = g.rules.revise(text, taken, reading_of(taken))
    if revised:
        return revised
    exact = taken.qualifier == "exact"
    if (
        exact
        and numerals.is_bare_power(word)
        and not (taken.unit and (len(word) > 1 or taken.unit in _ROUND_UNITS))
    ):
        return token(at, stop, "other", rule="power word")
    if taken.unit is None and taken.kind == "count":
        return _uncounted(g, text, taken, number)
    if taken.unit in _RATHER_NAMES and len(word) == 1:
        return token(at, taken.stop, "name", number.value, rule="name with a numeral")
    if _is_ordinal(text, taken):
        return token(at, taken.stop, "ordinal", number.value, unit=taken.unit, rule="ordinal by its unit")
    if word == "一" and not _one_counts(text, taken):
        return token(at, taken.stop, "other", number.value, rule="indefinite 一")
    return taken


def _uncounted(g: Grammar, text: str, taken: Token, number: Number) -> Token:
    """八大 of 八大特色展区; other words without a unit count nothing unless round or qualified."""
    following = text[taken.stop : taken.stop + 2]
    great = great_of(text, taken)
    if great:
        return great
    if following[:1] == "半" and number.value == 1:
        return quantities.half(g, text, taken.begin, taken.stop + 1)
    if text.startswith(_BESIDE_WORDS, taken.stop) and number.value and number.value > 1:
        return taken
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


def great_of(text: str, taken: Token) -> Token | None:
    """八大 of 八大特色展区: 大 is no unit, and no part of what is counted."""
    at = taken.stop
    following = text[at : at + 2]
    if following[:1] != "大" or not following[1:].isalpha() or following[1] in _NOT_GREAT:
        return None
    return taken._replace(stop=at + 1, rule="number and 大")


def _is_ordinal(text: str, taken: Token) -> bool:
    match taken.unit:
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
