"""The words between figures that tell how they belong together. Script is simplified: the flow is folded."""

from __future__ import annotations

import re

PARTS = re.compile(
    r"其中|包括|包含|分别|分为|分成|分属|组成|构成|来自|即|含|：|:|——|(?:从|按|分)[^，。；]{1,10}(?:看|分|计|划分|统计)"
)
"""After a total: its parts follow."""

NESTED = re.compile(r"其中|包括|包含|含")
"""Inside a list: figures that belong to the part before them, not to the list."""

SOME = re.compile(r"其中|包括|包含|含|如|等|主要|多为|超过|以上|最")
"""Words that make a list name some of the parts only."""

TOTAL = re.compile(r"合计|总计|共计|合共|总共|一共|共有|共|总|累计|全部|全[市县区省国年]")
"""Before a figure: it sums up."""

SUMS_UP = re.compile(r"(?:合计|总计|共计|合共|总共|一共|共|小计)(?:为|达|有|到|是)?[ ：:]{0,2}$")
"""Right before a figure: it sums up what was just listed."""

REST = re.compile(r"其余|剩余|余下|剩下|还剩|尚余")
"""A last part that is the rest of the whole."""

SOME_ELSE = re.compile(r"占全|占世界|占同|占当|占该|占本")
"""The share of another whole than the figures before it."""

NO_NOUN = frozenset(["", "有", "已有", "另有", "另", "共有", "分别有", "和", "与", "及"])
"""What may stand before a part whose noun is left out: 487个老旧小区，89个…，203个…."""

_UP = "增加|增长|增多|增|多|上升|提高|提升|上涨|升高|升|涨|高|扩大|扩增|新增"
_DOWN = "减少|下降|降低|回落|下跌|缩小|缩短|缩减|降|减|少|低|跌|收窄"
_RIGHT_BEFORE = (
    "增加|增长|减少|下降|提高|上升|回落|上涨|下跌|净增|净减|增|减|降|升|跌|涨|多收入|多|少|高出|低于"
)

CHANGING = frozenset(_UP + _DOWN) - {"|"}
"""Every character of the words for change: a label with none of them states none."""

UP = re.compile(_UP)
DOWN = re.compile(_DOWN)

CHANGE = re.compile(
    rf"(?:比|较|同比|环比|与|增量|增幅|降幅|分别)[^，。；：]{{0,18}}(?:{_UP}|{_DOWN})[^，。；：\d]{{0,5}}$"
    rf"|[增降升跌涨减][幅速][^\w]?[为达约]?到?$"
    rf"|(?<![新多少])(?:{_RIGHT_BEFORE})了?[^\w，。；：]{{0,2}}$"
)
"""Right before a figure: it states a change and belongs to no list of levels."""

CLAUSE = re.compile(r"[，,；;。：:！？!?、\n（()）]")
BREAK = re.compile(r"[；;。！？\n]")

COORDINATED = re.compile(r"[^，,：:；;。（(\n]*(?:、|和|及|与)[^，,：:；;。（(\n]*")
"""Between two figures: they stand side by side, so that one is no part of the other."""

EACH = re.compile(
    r"(?P<names>[^，,；;。：:！？\n（()）]{2,80}?)(?:均|都)?各(?:有|死亡|受伤|新增|报告|占|为)?$"
)
LISTED = re.compile(r"[、和与及]|以及")
"""Between the names that bear a figure each."""

CLOSED = tuple(
    frozenset(words.split())
    for words in (
        "金 银 铜",
        "男 女",
        "赞成 反对 弃权",
        "同意 反对 弃权",
        "出口 进口",
        "城镇 乡村",
        "城镇 农村",
        "第一产业 第二产业 第三产业",
        "公办 民办",
        "出席 缺席",
    )
)
"""Sets of names that are all there is: parts that bear them are the whole."""
