"""Dimensions: names that exclude one another, so that their figures may be added.

A party member may be a woman and young; a complaint comes by telephone or by letter.
Only parts that bear different members of one dimension can be said to exceed their whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple


class Dimension(NamedTuple):
    """Members as patterns, one for each; whole: they are all there is."""

    members: tuple[re.Pattern[str], ...]
    whole: bool


def _dimension(words: str, whole: bool) -> Dimension:
    return Dimension(tuple(re.compile(word) for word in words.split()), whole)


DIMENSIONS = (
    _dimension("金 银 铜", True),
    _dimension("有效 无效|废票", True),
    _dimension("(?<!不)合格|(?<!不)达标 不合格|不达标|未达标", True),
    _dimension("农业|种植业 林业 畜?牧业 渔业 服务业", False),
    _dimension("水田 旱[田地] 水浇地", False),
    _dimension("男 女", True),
    _dimension("赞成|同意 反对 弃权", True),
    _dimension("出口 进口", True),
    _dimension("城镇|城市 乡村|农村", True),
    _dimension("第一产业|一产 第二产业|二产 第三产业|三产", True),
    _dimension("公办 民办", True),
    _dimension("出席|实到 缺席", True),
    _dimension("境内 境外", True),
    _dimension("省内 省外", True),
    _dimension("线上 线下", True),
    _dimension("内贸 外贸", True),
    _dimension(
        "(?<!副)(?:主任|主席|会长|组长|院长|书记) 副(?:主任|主席|会长|组长|院长|书记) (?:委员|成员|组员)",
        True,
    ),
    _dimension("新建 改建|改造 扩建 续建", False),
    _dimension("上半年 下半年", True),
    _dimension("电话|来电 来信|信件|信函 来访|走访 网络|网上|网站 短信 微信 窗口|现场 邮件|邮箱", False),
    _dimension("国家级 省级|自治区级 市级|地级 县级|区级 镇级|乡级 村级", False),
    _dimension("特等 一等 二等 三等 优秀奖|鼓励奖", False),
    _dimension("一级|甲级 二级|乙级 三级|丙级 四级 五级", False),
    _dimension("幼儿 小学 初中 高中 中职|职高|技校 大学|高校|本科院校", False),
    _dimension("死亡 重伤 轻伤 失踪|失联", False),
    _dimension("死亡|遇难|身亡 (?<!未)受伤|负伤 失踪|失联|下落不明 生还|获救|未受伤", False),
    _dimension("轻型|轻症 普通型 重型|重症 危重", False),
    _dimension("东[部片线区] 中[部片线区] 西[部片线区] 南[部片线区] 北[部片线区] 东北", False),
    _dimension("小麦 玉米 水稻|稻谷 大豆 薯类 油菜 花生 棉花", False),
    _dimension("住户|个人 单位|企业 财政", False),
)
"""Members are patterns; a label bears a member where its pattern stands in it once."""


_ANY = re.compile("|".join(member.pattern for members, _ in DIMENSIONS for member in members))


def dimension_of(labels: Sequence[str]) -> tuple[bool, bool]:
    """Whether the labels bear different members of one dimension, and whether these are all of them."""
    if len(labels) == 2 and _denied(*labels):
        return True, True
    if _numbered(labels):
        return True, False
    if not all(map(_ANY.search, labels)):
        return False, False
    borne = [_borne(label) for label in labels]
    for n, (members, whole) in enumerate(DIMENSIONS):
        ones = [one[n] for one in borne]
        if -1 not in ones and len(set(ones)) == len(labels):
            return True, whole and len(labels) == len(members)
    return False, False


_ORDINAL = re.compile(r"([一二三四五六七八九十首甲乙丙丁ABCD])个?([期批级等类季班组轮次队标])")


def _numbered(labels: Sequence[str]) -> bool:
    """Whether labels are numbered apart: 一期, 二期; A类, B类."""
    found = [match.groups() for label in labels if (match := _ORDINAL.search(label))]
    return len(set(found)) == len(labels) > 1 and len({what for _, what in found}) == 1


def is_sibling(label: str, labels: Sequence[str]) -> bool:
    """Whether a label bears a member of the dimension that labels bear: 受伤6人 is no total of 死亡, 受伤."""
    others = (labels, *([*labels[:n], *labels[n + 1 :]] for n in range(len(labels))))
    return any(dimension_of([label, *some])[0] for some in others)


_DENIAL = re.compile(r"(?:未|不|非|没有?)(?P<what>[^，。；\d]{2})")


def _denied(one: str, other: str) -> bool:
    """Whether one label denies what the other says: 整改到位资金, 未整改资金."""
    for denied, said in ((one, other), (other, one)):
        match = _DENIAL.search(denied)
        if match and match["what"] in said and not _DENIAL.search(said):
            return True
    return False


@lru_cache(maxsize=2048)
def _borne(label: str) -> tuple[int, ...]:
    """The one member of each dimension that a label bears; -1 where it bears none, or several."""
    found = []
    for members, _ in DIMENSIONS:
        ones = [n for n, member in enumerate(members) if member.search(label)]
        found.append(ones[0] if len(ones) == 1 else -1)
    return tuple(found)
