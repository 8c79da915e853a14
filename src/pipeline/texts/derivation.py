"""What a text says of itself where its sidecar does not: masthead, headline, signature, file name.

Patterns are read against folded text (`fold.fold`): digits and signs are ASCII.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from pipeline.texts.fields import read_date
from pipeline.texts.lines import FINAL
from pipeline.texts.masthead import ArticleMetadata, read_masthead

if TYPE_CHECKING:
    from pipeline.texts.layout import Flow

_TITLE = range(4, 61)
"""Characters of a headline that is taken for the title."""
_NUMBERED = re.compile(
    r"[\u4e00-\u9fff]{1,12}\s?[〔\[【（(](?:19|20)\d\d[〕\]】）)]\s?第?\d{1,4}\s?号|[（(]?总?第\s?\d{1,4}\s?期(?:[^，。]{0,12}期)?[）)]?"
)
"""A document's or an issue's number alone on its line: below it stands the title, above it the letterhead."""
_LETTERHEAD = re.compile(
    r"[\u4e00-\u9fff（）()\s]{2,40}(?:局|厅|委|委员会|办公室|政府|小组|指挥部)\s?文\s?件"
)
_ABOUT = re.compile(
    r"关于(?!.*(?:通知|通报|意见|决定|公告|报告|函|批复|请示|方案|办法|规定|规划|细则|纲要|要点|公报)\S{0,8}$)"
)
"""关于 and no kind of document behind it: the title goes on in the next line."""
_PAIRS = ("“”", "《》", "（）", "()")
_NO_TITLE = re.compile(
    r"(?:下载|打印|全屏|收藏|分享|字号|首页|当前位置|索引号|文号|发文|主题分类|信息来源|编辑|记者|附件|目录|相关|——|--)"
    r"|[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十\d]"
)
_DATE = (
    r"(?P<date>(?:19|20)\d\d(?:\s?年\s?|[-/.])\d{1,2}(?:\s?月\s?|[-/.])\d{1,2}\s?日?"
    r"|二〇[〇一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_SIGNED = re.compile(
    rf"(?:(?P<office>[\u4e00-\u9fff（）()]{{2,24}}?(?:局|厅|委|委员会|办公室|办|政府|中心|总队|支队|调查队|人民银行|海关|商会))"
    rf"[\s，,：:|]*)?[（(]?(?:发布|印发|发布时间|日期)?[：:\s]*{_DATE}\s*[）)]?\s*(?:发布|印发)?"
)
"""A line that is an office and a date, or a date alone."""
_OFFICE = re.compile(
    r"[\u4e00-\u9fff（）()]{2,24}(?:局|厅|委|委员会|办公室|政府|中心|总队|支队|调查队|人民银行|海关)"
)
"""A line that is an office: the signature above a date."""
_LABELLED = re.compile(
    r"(?:信息|文章|稿件)?来源\s?[:：]|(?:发布|发文|成文|更新)?(?:时间|日期)\s?[:：]|发布(?:单位|机构)\s?[:：]"
)
_SOURCE = re.compile(r"(?:来源|发布单位|发布机构)\s?[:：]\s?([^\s:：|]{2,20})(?=[\s|]|$)")
_DATED = re.compile(_DATE)
"""In a line of labels: 来源:芜湖市统计局 时间:2023年3月31日."""
_WIRE = re.compile(
    rf"(?:本报讯|本报|本台消息|新华社|中新社|人民网|央视网消息)?[\u4e00-\u9fff]{{0,6}}?(?:[（(][^（）()]{{0,20}}[）)])?\s?{_DATE}(?:电|讯|消息)"
)
"""How a report of an agency begins: 新华社郑州2023年5月4日电."""
_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_TOP, _BOTTOM = 5, 3
"""Blocks of a text among which a signature is sought."""


def derive(flow: Flow, path: str) -> ArticleMetadata:
    """What a text and the name of its file say; its masthead goes before the rest. path: below raw/."""
    masthead = read_masthead(flow)
    blocks = [(block.kind, flow.text[block.begin : block.stop].strip()) for block in flow.blocks]
    office, signed = _signature(blocks)
    for line in [line for _, line in blocks[:_TOP] if _LABELLED.match(line)]:
        office = office or (found[1] if (found := _SOURCE.search(line)) else None)
        signed = signed or (_date(found["date"]) if (found := _DATED.search(line)) else None)
    return masthead._replace(
        title=_title(blocks),
        issued=masthead.issued or signed or _date_of_name(path),
        publisher=masthead.publisher or office,
    )


def _title(blocks: list[tuple[str, str]]) -> str | None:
    """The first headline before any paragraph; below a document's or an issue's number, where one is."""
    head = list(takewhile(lambda block: block[0] != "body" or block[1][-1] not in FINAL, blocks))
    below = [n for n, (_, line) in enumerate(head[:_TOP]) if _NUMBERED.fullmatch(line)]
    lines = head[below[-1] + 1 :] if below else head
    for place, (kind, line) in enumerate(lines):
        if kind == "headline" and _is_title(line):
            below_it = lines[place + 1] if place + 1 < len(lines) else ("", "")
            return line + below_it[1] if below_it[0] == "headline" and _continues(line) else line
        if kind == "body" and len(line) not in _TITLE:
            return None
    return None


def _is_title(line: str) -> bool:
    return (
        len(line) in _TITLE
        and not _NO_TITLE.match(line)
        and not _SIGNED.fullmatch(line)
        and not _LETTERHEAD.fullmatch(line)
    )


def _continues(line: str) -> bool:
    """Whether a title does not end with its line: 关于印发甲市“十五五”, below it 规划的通知."""
    return bool(_ABOUT.search(line)) or any(line.count(pair[0]) > line.count(pair[1]) for pair in _PAIRS)


def _signature(blocks: list[tuple[str, str]]) -> tuple[str | None, date | None]:
    """The office that signed and the day; from the end first, where documents are signed."""
    bottom = list(enumerate(blocks))[-_BOTTOM:]
    for place, (_, line) in [*reversed(bottom), *list(enumerate(blocks))[:_TOP]]:
        if signed := _SIGNED.fullmatch(line):
            above = blocks[place - 1][1] if place else ""
            office = signed["office"] or (above if _OFFICE.fullmatch(above) else None)
            return office, _date(signed["date"])
    for _, line in blocks[:_TOP]:
        if wire := _WIRE.match(line):
            return None, _date(wire["date"])
    return None, None


def _date_of_name(path: str) -> date | None:
    """The day in a file's name, 2024-04-18_gongbao.txt; an article's own goes before that of its file."""
    name = path.rpartition("/")[2]
    found = _NAME.search(name.rpartition("#")[2]) or _NAME.search(name)
    return _date("-".join(found.group(1, 3, 4))) if found else None


def _date(written: str) -> date | None:
    try:
        return read_date(written)
    except ValueError:  # 2020年13月45日
        return None
