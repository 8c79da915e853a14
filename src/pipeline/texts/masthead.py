"""Classify lines (masthead, byline, page number), and read the metadata of a masthead.

Patterns are read against folded text (`fold.fold`): digits and signs are ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pipeline.texts.fields import read_date

if TYPE_CHECKING:
    from pipeline.texts.layout import Flow

_YEAR = r"(?<!\d)(?:1[89]|20)\d\d"
_DATE = rf"{_YEAR}\s?(?:年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|([-/.])\d{{1,2}}\1\d{{1,2}}(?!\d))"
_PAGE = r"第\s?[A-Z]?\d{1,3}\s?版|(?<![A-Za-z\d])[A-Z]\d{1,2}(?!\d)(?:\s?版)?|(?<!\d)\d{1,2}\s?版"
_LABEL = r"(?:来源|时间|日期|(?:发布|发表|更新|印发|成文)(?:时间|日期)|字号|浏览次数)\s?[：:]"

_DATED = re.compile(_DATE)
_PAGED = re.compile(_PAGE)
_CREW = re.compile(r"(?:编辑|责编|责任编辑|美编|美术编辑|版式|组版|校对|审校|主编|统筹|值班|监制)\s?[：:]")
_MASTHEAD_WORDS = re.compile(
    rf"{_DATE}(?:[ T]?\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?|{_PAGE}|{_LABEL}"
    r"|(?:星期|周)[一二三四五六日天]|农历\S{2,12}|总?第\s?\d+\s?期|今日\s?\d+\s?版|《[^《》]{1,11}[报刊网志]》"
    r"|[^\s（(]{2,10}[报网]|[\s（）()|\-—·/：:]"
)
_SOURCE = re.compile(r"(信息|文章|稿件|资料|图片)?来源\s?[：:]\s?(\S.{1,19})$")
_RULE = re.compile(r"[=\-—_*~·. ]{3,}$")
_PAGE_NUMBER = re.compile(
    r"(?:第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?|[-—–]{1,2}\s?\d{1,4}\s?[-—–]{1,2}"
    r"|(?:[Pp]age|[Pp]\.)\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}\s?页?|·\s?\d{1,4}\s?·)$"
)
_BYLINE = re.compile(
    r"[（(【]?(?:——)?"
    r"(?:(?:本报|本刊|本网|新华社|人民网|央视|全媒体|融媒体|见习|实习|首席|特约|责任|执行)\S{0,6}?)?"
    r"(?:记\s*者|通讯员|摄影|摄|撰文|作者|编辑|责编|编\s*者|编译|制图|校对|审核|监制|文|图)"
    r"(?=[\s：:/])[^。！？，]*$|——编\s*者$"
)
_CREDIT = re.compile(r"\S{2,12}\s?(?:摄|制图|文/图)\s?(?:[（(][^（）()]{2,12}[）)])?$")

LIST_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.](?!\d)"
    r"|[●○■□◆◇★▲△▶※•①-⑳]|第[一二三四五六七八九十]+[章节条]"
)
"""How an item of a list begins: never glued to the line before."""


def is_page_number(line: str) -> bool:
    """A page number alone on its line; it may interrupt a sentence."""
    return len(line) <= 16 and _PAGE_NUMBER.match(line) is not None


def is_masthead(line: str) -> bool:
    """A dateline or a crew line: nothing in it but date, page, paper and crew."""
    if len(line) > 80:
        return False
    if len(_CREW.findall(line)) > 1:
        return True
    if not _DATED.search(line):
        return False
    rest = _MASTHEAD_WORDS.sub("", line)
    return len(rest) <= 4 and not any(map(str.isdigit, rest))


def is_furniture(line: str) -> bool:
    """A page number, a rule, a byline, a credit: no prose."""
    if len(line) > 40:
        return _RULE.match(line) is not None
    patterns = (_PAGE_NUMBER, _RULE, _BYLINE, _SOURCE, _CREDIT)
    return any(pattern.match(line) for pattern in patterns)


class ArticleMetadata(NamedTuple):
    """What a text says of itself; None where it says nothing or more than one thing."""

    issued: date | None = None
    page: str | None = None
    """As written: M03, 11."""
    publisher: str | None = None
    region: str | None = None
    """The region's word as written, 中原; which region that is, `areas` finds."""
    title: str | None = None


_PAPER = re.compile(r"《([^《》]{1,11}[报刊网志])》")
_NAMED_PAGE = re.compile(r"(?<![A-Za-z\d])[A-Z]\d{1,2}\s?([\u4e00-\u9fff]{2,6})(?=[\s|]|$)")
_DIVISION = "省市区县州盟旗镇乡"
_SECTION = re.compile(
    "要闻|综合|广告|国际|国内|中国|世界|体育|财经|经济|社会|文化|娱乐|副刊|专题|专版|教育|健康|时政|评论|理论|视点|关注|深度"
    "|特刊|民生|法治|科技|生活|汽车|房产|旅游|头版|新闻|都市|本市|地方|区县|县区|城区|城市"
)
"""Names of a paper's sections, which stand where a region's page has the region."""

_T = TypeVar("_T")


def read_masthead(flow: Flow) -> ArticleMetadata:
    """What the mastheads of a text say, those above its first paragraph before all others. No title."""
    lines = [(block.kind, flow.text[block.begin : block.stop]) for block in flow.blocks]
    first = next((n for n, (kind, line) in enumerate(lines) if kind == "body" and len(line) > 40), len(lines))
    top = [line for kind, line in lines[:first] if kind == "masthead"]
    mastheads = [line for kind, line in lines if kind == "masthead"]
    sources = [line for kind, line in lines if kind in ("masthead", "furniture")]
    return ArticleMetadata(
        issued=_single(_dates(top)) or _single(_dates(line for line in mastheads if _PAGED.search(line))),
        page=_single(_pages(top)) or _single(_pages(mastheads)),
        publisher=_single(_papers(mastheads)) or _single(_sources(sources)),
        region=_single(_regions(top, flow.text)),
    )


def _single(found: Iterable[_T]) -> _T | None:
    """What was found, where it is one thing only."""
    values = set(found)
    return values.pop() if len(values) == 1 else None


def _dates(lines: Iterable[str]) -> Iterator[date]:
    for line in lines:
        for match in _DATED.finditer(line):
            with suppress(ValueError):  # 2020年13月45日
                yield read_date(match[0])


def _pages(lines: Iterable[str]) -> Iterator[str]:
    return (match[0].strip("第版 ") for line in lines for match in _PAGED.finditer(line))


def _papers(lines: Iterable[str]) -> Iterator[str]:
    return (paper for line in lines for paper in _PAPER.findall(line))


def _sources(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        match = _SOURCE.match(line)
        if match and match[1] not in ("资料", "图片") and " " not in match[2]:
            yield match[2]


def _regions(lines: Iterable[str], text: str) -> Iterator[str]:
    """Words at a page's number that the text itself uses as a division's name (中原, 中原区)."""
    for word in (word for line in lines for word in _NAMED_PAGE.findall(line)):
        bare = word.rstrip(_DIVISION) if len(word) > 2 else word
        if not _SECTION.fullmatch(word) and any(bare + division in text for division in _DIVISION):
            yield word
