"""Number words that are no numbers: 四川, 一线, 统一, 六厂前街, 一环两纵七横.

The words come from jieba's dictionary (those of it that hold a numeral and are tagged
as anything but a number), from the lists below and from the user's lexicon; the
patterns from how names are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pipeline.numbers.units import UNITS, match_unit

_NUMERAL = "〇零一二三四五六七八九十百千万亿两"
_NUMERALS = frozenset(_NUMERAL)

# jieba tags a number (m, mq, q), a time (t) or a person (nr): the grammar knows better, or no one does.
_IGNORED_TAGS = frozenset("m mq q t nr nrt nrfg o u x".split())
_PLACES = frozenset({"ns", "nt", "nz"})

# Words of the dictionary that are read as numbers after all: 两年, 近三成, 前三名.
_STILL_NUMBERS = re.compile(
    rf"[{_NUMERAL}]+(?:[年天月周国省市区县人大届次期审]|小时|星期|级|部门|年级|[成折倍]|[星吨]级)"
    rf"|[上近过]百|.*[第初周].*|[{_NUMERAL}]+|半.*|参半|减半|翻了?[一两]番|零点|两国.*|[{_NUMERAL}]+[来几多余].*|[{_NUMERAL}]大[^连].*|二十世纪|十.世纪"
    rf"|.[{_NUMERAL}]+|(?:[近这那上下前后每几数降跌满破赚退好]|今明)[{_NUMERAL}]+.{{0,2}}"
)
_STILL_WORDS = frozenset(
    "万众 三军 三环 四环 五环 二环 三角 九州 五金 三伏 二伏 百度 十字 千金 八方 四方 八字 千军 二连 百代"
    " 百胜 三毛 三井 四伏 六安 四平 归零 清零 拾零 找零 凋零 飘零 再三 其二 其三 其四 之二 之三 银两 斤两"
    " 统一 唯一 单一 同一 专一 之一 逐一 万一 如一 归一 划一".split()
)
"""Of those the ones that are words all the same."""

_OTHERS = """
一些 一系列 一批 一大批 一点 一点点 一点儿 一起 一下 一下子 一会 一会儿 一样 一般 一切 一定 一直 一部分
一面 一方面 一贯 一阵 一时 一刻 一生 一身 一向 一路 一道 一手 一线 一步 一步步 一体 一流 一带 一旦 一度
一律 一致 一同 一并 一举 一经 一再 一心 一边 一头 一口气 一望 一股 一缕 一丝 一片 一幕 一种 一类 一股脑
一辈子 一整 一应 一代代 一个个 一座座 一条条 一项项 一件件 一张张 一户户 一家家 一顶顶 一声 进一步 逐一
万一 统一 唯一 单一 同一 专一 之一 不一 合一 归一 如一 划一 任一 某一 每一 另一 这一 那一 哪一 又一 再一
新一 下一 上一 前一 十分 百般 千万 万分 万万 万千 千百 亿万 百万雄师 万家 千家 百家 百姓 百年大计 千方百计
万里 千里 百里 万众 千载 万众一心 百倍 两面 四处 四周 四方 八方 三方 两方 一方 多方 两手 两者 三者 二者
两岸 两会 两党 两军 两院 两侧 两旁 两端 两翼 两极 两难 两用 两全 两制 两型 两新 两重 两山 两江 百分 万象
万物 千秋 千古 万古 百业 百货 百科 万能 万户 百感 九霄 七夕 三夏 三秋 三伏 三九 三公 三防 三保 三通 三峡
两弹一星 一国两制 五谷 五金 五官 一二 不三不四 三三两两 三五 七八 零售 零部件 零件 零工 零碎 零散 零星
零距离 零容忍 零增长 零碳 零报告 零风险 零接触 零关税 零排放 归零 清零 凋零 飘零 一等 一流 头一 第一线
一盘棋 一张网 一把手 一条龙 一站式 一揽子 一刀切 一窝蜂 一门式 一网通 一网 一码 一卡通 一件事 一本
一村一品 一对一 一把 一幅 一轮 新一轮 一大 二手 二维码 二维 三维 四维 二氧化碳 一氧化碳 二胎 二孩
三孩 三产 二产 一产 一二三产 一二三产业 三次产业 三甲 三无 三包 三资 四季 四肢 四大家 五险一金 五保 五保户
五星 八卦 九州 十字 一步一 一天天 一年年 一年一度 日复一日 年复一年 一日三餐 三餐 一家人 一代 一国 一人一
一户一 一企一 一事一 一城一 一县一 一校一 一馆一 一厅 一日游 两日游 三日游 一夜之间 一审 二审 三审 终审
四强 八强 十六强 三强 百强 五百强 一般性 一般公共预算 一本正经 千人计划 万元户 百岁老人 一触即发 四舍五入
"""
"""Words that count nothing, though jieba tags some of them as numbers."""

_NAMES = """
三农 五四 七一 八一 十一 五一 六一 九一八 七七 一二九 六四 八三一 四川 四中全会 三中全会 二中全会 一中全会
五中全会 六中全会 七中全会 八项规定 一带一路 四个全面 五位一体 两个确立 四个意识 四个自信 两个维护 四史
百团大战 三峡 三亚 三门峡 九龙 九寨沟 一汽 二汽 三星 六合彩 二十四节气 一号文件 百时美施贵宝 三一重工
三九 七喜 万科 万达 十堰 百色 千岛湖 三七 万宝路 双十一 双十二 双一流 三里屯 十三行
"""
"""Names of places, days, meetings, firms and programmes."""

# A numeral that begins a name's own part: 六厂前街, 三里屯, 五一路, 八一公园.
_NOT_IN_A_NAME = rf"\W\d_{_NUMERAL}的了是在和与及有为个名余多几"
_PLACE_NAME = re.compile(
    rf"[{_NUMERAL}]+(?P<rest>[^{_NOT_IN_A_NAME}]{{0,3}}?)"
    r"(?P<end>街|大道|路(?!公交|大军|人马|纵队|并进|汇)|巷|胡同|里屯|村(?![民级])|庄|屯|桥|寺|庙|山|河|湖|沟|岭|坪|坝"
    r"|镇(?![区级])|乡(?![镇村])|湾|塘|井|堡|关(?![于注键系心])|环路|环线|大队|中队|支队|型(?![号的])|厂(?![房商家])|院区|号楼)"
)
_NAME_ENDS = frozenset("街道路巷同屯村庄桥寺庙山河湖沟岭坪坝镇乡湾塘井堡关线队型厂区楼")
# What a name of one numeral and its ending needs before it: 二路, 三大队, but 兵分三路, 四个村.
_PARTS = frozenset("分共有各的了达计第等出走")
# 一环两纵七横, 六稳六保, 三心二意: numeral and one word, twice or more.
_PAIRS = re.compile(rf"(?:[{_NUMERAL}][^\W\d_，。、（）{_NUMERAL}]){{2,}}")
_PAIR_UNITS = frozenset(
    "个名位人家户件项条例宗次场座所栋间套台架艘辆张份篇部集年月天日周时分秒元角块米里亩吨克斤岁级成折倍点县市区省乡镇村国男女胜负平金银铜死伤"
)


class _Word(NamedTuple):
    """A word around its first run of number words."""

    prefix: str
    suffix: str
    kind: str


class _Words:
    """Words by their run and the character after it, or by the one before where it ends the word."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.by_key: dict[str, list[_Word]] = {}
        self.has_figures = False
        for word, kind in words.items():
            m = _RUN.search(word)
            if not m:
                continue
            prefix, run, suffix = word[: m.start()], m.group(), word[m.end() :]
            key = run + suffix[0] if suffix else prefix[-1:] + run
            self.has_figures = self.has_figures or run.isascii()
            self.by_key.setdefault(key, []).append(_Word(prefix, suffix, kind))

    def covering(self, text: str, begin: int, stop: int) -> tuple[int, int, str] | None:
        best: tuple[int, int, str] | None = None
        longest = 1
        for word in self._candidates(text, begin, stop):
            left, right = begin - len(word.prefix), stop + len(word.suffix)
            longer = left >= 0 and right - left > longest
            if longer and text.startswith(word.suffix, stop) and text.startswith(word.prefix, left):
                best, longest = (left, right, word.kind), right - left
        return best

    def _candidates(self, text: str, begin: int, stop: int) -> Iterable[_Word]:
        after = self.by_key.get(text[begin : stop + 1], ())
        before = (
            self.by_key.get(text[begin - 1 : stop], ()) if begin else self.by_key.get(text[begin:stop], ())
        )
        return (*after, *before, *self.by_key.get(text[begin:stop], ())) if begin else (*after, *before)


_RUN = re.compile(rf"[{_NUMERAL}]+|[0-9]+")


_USED: dict[str, str] = {}
"""The user lexicon's words."""


@cache
def _known() -> _Words:
    return _Words(_own() | _USED)


@cache
def _own() -> dict[str, str]:
    words = {word: kind for word, kind in _dictionary() if word in _STILL_WORDS or not _is_number(word)}
    return words | dict.fromkeys(_OTHERS.split(), "other") | dict.fromkeys(_NAMES.split(), "name")


def _is_number(word: str) -> bool:
    """Whether a word of the dictionary counts: 三星级, 两剂, 九度."""
    if _STILL_NUMBERS.fullmatch(word):
        return True
    m = _RUN.match(word)
    return bool(m and m.group() not in ("一", "零") and word[m.end() :] in UNITS)


def _dictionary() -> Iterator[tuple[str, str]]:
    """The words of jieba's dictionary that hold a numeral, each with the kind its tag makes it."""
    for word, tag in re.findall(rf"^(\S*[{_NUMERAL}]\S*) \d+ (\w+)$", _dictionary_text(), re.M):
        if len(word) > 1 and tag not in _IGNORED_TAGS:
            yield word, "name" if tag in _PLACES else "other"


@cache
def _dictionary_text() -> str:
    spec = find_spec("jieba")
    assert spec and spec.origin, "jieba is a dependency"
    return (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8")


def use_words(words: Mapping[str, str]) -> None:
    """Know the user lexicon's words, each with its kind (name or other), and no other user's."""
    _own()  # by the table's own units, whatever the user adds to these
    if words != _USED:
        _USED.clear()
        _USED.update(words)
        _known.cache_clear()


def lexical_word(text: str, begin: int, stop: int) -> tuple[int, int, str] | None:
    """The longest known word around the number words text[begin:stop]: its offsets and kind."""
    return _known().covering(text, begin, stop)


def word_of_figures(text: str, begin: int, stop: int) -> tuple[int, int, str] | None:
    """As `lexical_word`, for Arabic digits: only the user's lexicon has such words (3060目标)."""
    return _known().covering(text, begin, stop) if _known().has_figures else None


def name_pattern(text: str, begin: int, stop: int) -> int | None:
    """Where a name that begins with the number words text[begin:stop] stops, or None."""
    m = _PAIRS.match(text, begin) if text[begin + 2 : begin + 3] in _NUMERALS else None
    if m and not any(c in _PAIR_UNITS for c in m.group()[1::2]):
        return m.end()
    if _NAME_ENDS.isdisjoint(text[stop : stop + 5]):
        return None
    m = _PLACE_NAME.match(text, begin)
    if not m:
        return None
    if m["rest"]:
        return m.end() if m["rest"] == "里" or not match_unit(text, m.start("rest")) else None
    left = text[begin - 1 : begin] if begin else ""
    own_ending = m["end"] in ("环路", "环线", "大队", "中队", "支队", "型", "号楼")
    named = left.isalnum() and left not in _PARTS and m["end"] in ("路", "街", "巷", "院区", "厂")
    return m.end() if own_ending or named else None
