"""What a line is by its own words: masthead, byline, page number, list item.

Patterns are read against folded text (`fold.fold`): digits and signs are ASCII.
"""

from __future__ import annotations

import re

_DATE = (
    r"(?:(?<!\d)(?P<year>(?:1[89]|20)\d\d)\s?"
    r"(?:年\s?|(?P<mark>[-/.]))(?P<month>\d{1,2})(?:(?(mark)(?P=mark)|\s?月\s?))(?P<day>\d{1,2})(?(mark)(?!\d)|\s?日))"
)
_PAGE = r"第\s?[A-Z]?\d{1,3}\s?版|(?<![A-Za-z\d])[A-Z]\d{1,2}(?!\d)(?:\s?版)?|\d{2}\s?版"

_DATED = re.compile(_DATE)
_CREW = re.compile(r"(?:编辑|责编|责任编辑|美编|美术编辑|版式|组版|校对|审校|主编|统筹|值班|监制)\s?[：:]")
_MASTHEAD_WORDS = re.compile(
    rf"{_DATE}(?:\s?T?\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?|{_PAGE}"
    r"|(?:星期|周)[一二三四五六日天]|农历\S{2,12}|总?第\s?\d+\s?期|今日\s?\d+\s?版|《[^《》]{2,12}》"
    r"|(?:来源|时间|日期|发布时间|发布日期|发表时间|更新时间|字号|浏览次数)\s?[：:]\s?|[^\s（(]{2,10}[报网]|[\s（）()|\-—·/：:]"
)
_SOURCE = re.compile(r"(?:信息|文章|稿件|资料)?来源\s?[：:]\s?\S{2,20}$|来源\s?[：:].{2,20}$")
_RULE = re.compile(r"(?:([=\-—_*＊~·.])\1{2,}\s?)+$")
_PAGE_NUMBER = re.compile(
    r"(?:第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?|[-—–]{1,2}\s?\d{1,4}\s?[-—–]{1,2}"
    r"|(?:[Pp]age|[Pp]\.)\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}\s?页?|·\s?\d{1,4}\s?·)$"
)
_BYLINE = re.compile(
    r"[（(【]?(?:——)?(?:(?:本报|本刊|本网|新华社|人民网|央视|全媒体|融媒体|见习|实习|首席|特约|责任|执行)\S{0,6}?)?"
    r"(?:记\s*者|通讯员|摄影|摄|撰文|作者|编辑|责编|编\s*者|编译|制图|校对|审核|监制|文|图)(?=[\s：:/])[^。！？，]*$"
)

_CREDIT = re.compile(r"\S{2,12}\s?(?:摄|制图|文/图)\s?(?:[（(][^（）()]{2,12}[）)])?$")

LIST_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.](?!\d)|[●○■□◆◇★▲△▶※•①-⑳]|第[一二三四五六七八九十]+[章节条]"
)
"""How an item of a list begins: never glued to the line before."""


def is_page_number(line: str) -> bool:
    """A page number alone on its line; it may interrupt a sentence."""
    return len(line) <= 16 and _PAGE_NUMBER.match(line) is not None


def is_masthead(line: str) -> bool:
    """A dateline or a crew line: nothing in it but date, page, paper and crew."""
    if len(line) > 80:
        return False
    if len(_CREW.findall(line)) >= 2:
        return True
    if not _DATED.search(line):
        return False
    rest = _MASTHEAD_WORDS.sub("", line)
    return len(rest) <= 4 and not any(map(str.isdigit, rest))


def is_furniture(line: str) -> bool:
    """A page number, a rule, a byline, a credit: no prose."""
    if len(line) > 40:
        return _RULE.match(line) is not None
    return bool(is_page_number(line) or _RULE.match(line) or _BYLINE.match(line) or _SOURCE.match(line) or _CREDIT.match(line))
