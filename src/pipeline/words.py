"""Number words that are no numbers: 四川, 一线, 统一, 六厂前街, 一环两纵七横.

The words come from jieba's dictionary (those of it that hold a numeral and are
tagged as anything but a number), the patterns from how names are made.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.units import match_unit

_NUMERAL = "〇零一二三四五六七八九十百千万亿两"

# jieba tags a number (m, mq, q), a time (t) or a person (nr): the grammar knows better, or no one does.
_IGNORED_TAGS = frozenset("m mq q t nr nrt nrfg o u x".split())
_PLACES = frozenset({"ns", "nt", "nz"})

# Read as numbers after all: two years, ten great, a hundred and more.
_STILL_NUMBERS = re.compile(
    rf"[{_NUMERAL}]+(?:[年天月周国省市区县人大届次期审]|小时|星期|级|部门|年级|[成折倍])|翻[一两]番|[上近过]百|.*[第初周].*|[{_NUMERAL}]+|半.*|参半|减半"
)

# jieba tags these as numbers, and they count nothing.
_LEXICAL = """
一些 一系列 一批 一大批 一点 一点点 一点儿 一起 一下 一下子 一会 一会儿 一样 一般 一切 一定 一直 一部分 一半 一面 一方面 一贯 一番 一阵
一时 一刻 一生 一身 一向 一路 一道 一手 一线 一步 一步步 一体 一流 一带 一旦 一度 一律 一致 一同 一并 一举 一经 一再 一心 一边 一头 一口气
一望 一股 一缕 一丝 一片 一幕 一种 一类 一股脑 一辈子 一整 一应 一代代 一个个 一座座 一条条 一项项 一件件 一张张 一户户 一家家 一顶顶 一声
进一步 逐一 万一 统一 唯一 单一 同一 专一 之一 不一 合一 归一 如一 划一 任一 某一 每一 另一 这一 那一 哪一 又一 再一 新一 下一 上一 前一
十分 百般 千万 万分 万万 万千 千百 亿万 百万雄师 万家 千家 百家 百姓 百年大计 千方百计 万里 千里 百里 万众 千载 万众一心 百倍 两面 四处 四周 四方 八方
三方 两方 一方 多方 两手 两者 三者 二者 两岸 两会 两党 两国 两军 两院 两地 两侧 两旁 两端 两翼 两极 两难 两用 两全 两制 两型 两新 两重 两山 两江
百分 万象 万物 千秋 千古 万古 百业 百货 百科 万能 万户 百感 九霄 七夕 三农 三夏 三秋 三伏 三九 三公 三防 三保 三通 三峡 两弹一星 一国两制 五谷 五金 五官
一二 不三不四 三三两两 三五 七八 零售 零部件 零件 零工 零碎 零散 零星 零距离 零容忍 零增长 零碳 零报告 零风险 零接触 零关税 零排放 归零 清零 凋零 飘零
一等 一流 头一 第一线 一盘棋 一张网 一把手 一条龙 一站式 一揽子 一刀切 一窝蜂 一门式 一网通 一网 一码 一卡通 一件事 一本 一村一品 一对一 一把 一番 一把 一幅 一轮 新一轮 一大
二手 二维码 二维 三维 四维 二氧化碳 一氧化碳 二胎 二孩 三孩 三产 二产 一产 一二三产 三甲 三无 三包 三资 四季 四肢 四大家 五险一金 五保 五保户 五星 八卦 九州 十字 十堰 百货
一步一 一天天 一年年 一年一度 日复一日 年复一年 一日三餐 三餐 一家人 一代 一国 一人一 一户一 一企一 一事一 一城一 一县一 一校一 一馆一 一厅
"""

# A numeral that begins a name's own part: 六厂前街, 三里屯, 五一路, 八一公园.
_PLACE_NAME = re.compile(
    rf"[{_NUMERAL}]+(?P<rest>[^\W\d_，。、（）{_NUMERAL}]{{0,3}}?)(?:街|大道|路|巷|胡同|里屯|村(?![民级])|庄|屯|桥|寺|庙|山|河|湖|沟|岭|坪|坝|镇(?![区级])|乡(?![镇村])|湾|塘|井|堡|关)"
)
# 一环两纵七横, 六稳六保, 三心二意: numeral and one word, twice or more.
_PAIRS = re.compile(rf"(?:[{_NUMERAL}][^\W\d_，。、（）{_NUMERAL}]){{2,}}")
_PAIR_UNITS = frozenset("个名位人家户件项条例宗次场座所栋间套台架艘辆张份篇部集年月日天周时分秒元角块米里亩吨克斤岁级成折倍点县市区省乡镇村国男女胜负平金银铜")


@cache
def lexical_words() -> dict[str, str]:
    """Words that hold a numeral and are no number, each with its kind: name or other."""
    spec = find_spec("jieba")
    assert spec and spec.origin, "jieba is a dependency"
    dictionary = (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8")
    found = re.findall(rf"^(\S*[{_NUMERAL}]\S*) (\d+) (\w+)$", dictionary, re.M)
    words = {
        word: "name" if tag in _PLACES else "other"
        for word, frequency, tag in found
        if len(word) > 1 and tag not in _IGNORED_TAGS and not _STILL_NUMBERS.fullmatch(word)
    }
    return words | {word: "other" for word in _LEXICAL.split()}


def add_words(words: dict[str, str]) -> None:
    """Add the user lexicon's words, each with its kind (name or other)."""
    lexical_words().update(words)


def lexical_word(text: str, begin: int, stop: int) -> tuple[int, int, str] | None:
    """The longest dictionary word that covers text[begin:stop]: its offsets and kind."""
    words = lexical_words()
    for length in range(6, stop - begin - 1, -1):
        for left in range(max(0, stop - length, begin - 4), min(begin, len(text) - length) + 1):
            kind = words.get(text[left : left + length])
            if kind and left + length >= stop:
                return left, left + length, kind
    return None


def name_pattern(text: str, begin: int) -> int | None:
    """Where a name made with numerals that begins at `begin` stops, or None."""
    m = _PAIRS.match(text, begin)
    if m and not any(c in _PAIR_UNITS for c in m.group()[1::2]):
        return m.end()
    m = _PLACE_NAME.match(text, begin)
    return m.end() if m and (m["rest"] == "里" or not match_unit(text, m.start("rest"))) else None
