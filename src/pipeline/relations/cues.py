"""The words between figures that tell how they belong together, each with an example and a counterexample.

Script is simplified: the flow is folded. Every cue is tried against its examples by the tests.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Example(NamedTuple):
    """A pattern with words that it must match and words that it must not."""

    pattern: re.Pattern[str]
    yes: str
    no: str


EXAMPLES: list[Example] = []
"""Every cue of this package, in the order of its modules."""


def cue(pattern: str, yes: str, no: str) -> re.Pattern[str]:
    """A pattern that is searched for, noted in `EXAMPLES`."""
    compiled = re.compile(pattern)
    EXAMPLES.append(Example(compiled, yes, no))
    return compiled


# ---------------------------------------------------------------- totals and parts

PARTS = cue(
    r"其中|[人员者]中|^中，|包括|包含|分别|分为|分成|分属|组成|构成|来自|即|含|用于|分布|：|:|——|(?:从|按|分)[^，。；]{1,10}(?:看|分|计|划分|统计)",
    "，按行业分，批发业",
    "，批发业",
)
"""After a total: its parts follow."""

NESTED = cue(r"其中|包括|包含|含", "（含", "，另有")
"""Inside a list: figures that belong to the part before them, not to the list."""

SOME = cue(r"其中|包括|包含|含|如|等|主要|多为|超过|以上|最", "主要有", "分别是")
"""Words that make a list name some of the parts only."""

TOTAL = cue(r"合计|总计|共计|合共|总共|一共|共有|共|总|累计|全部|全[市县区省国年]", "全市有", "甲市有")
"""Before a figure: it sums up."""

SUMS_UP = cue(
    r"(?:合计|总计|共计|合共|总共|一共|共|小计)(?:为|达|有|到|是)?[ ：:]{0,2}$|[=＝]$", "，共计", "，共救治"
)
"""Right before a figure: it sums up what was just listed."""

SUMS_UP_NAMED = cue(
    r"(?:合计|总计|合共|共计|[两二三四五六七八九十](?:项|者|轮|区|县|市|镇|村|家|部分)共)[^，；。：\d]{1,10}$",
    "两轮督导合计发现问题",
    "全市共有",
)
"""Before a figure: it sums up what was said before, and what it sums up is named again."""

OTHERS = cue(r"其余|其他|其它|剩余|余下|剩下", "其他", "其中")
"""Before a last part: nothing of the whole is left out."""

BESIDES = cue(r"另|此外|不含|除外", "另有", "其中有")
"""Before a figure of a list: it is no part of the whole."""

REST = cue(r"其余|剩余|余下|剩下|还剩|尚余", "其余", "另外")
"""A last part that is the rest of the whole."""

OF_A_WHOLE = cue(r"共|总|全[市县区省国年镇乡村校州盟旗院局厂队班街]|现有|累计|合计", "全镇有水库", "甲村有")
"""Before a figure: it is a whole, so that 其余 may be the rest of it."""

SOME_ELSE = cue(r"占全|占世界|占同|占当|占该|占本", "占全国", "占总数")
"""The share of another whole than the figures before it."""

NO_NOUN = frozenset(["", "有", "已有", "另有", "另", "共有", "分别有", "和", "与", "及"])
"""What may stand before a part whose noun is left out: 487个老旧小区，89个…，203个…."""

STATE_FIRST = cue(r"^(?:已|正|待|占|有|基本|全部|尚|未|续建|新开工|在建|完成|采纳)", "已采纳", "小麦播种")
"""A part named by what became of it: its noun is the total's."""

# ---------------------------------------------------------------- change

_UP = (
    "增加(?!值)|(?<!负)增长|增多|增收|增(?!加值)|多|上升|提高|提升|上涨|升高|升|涨|(?<!最)高|扩大|扩增|新增"
    "|调升|上调|调高"
)
_DOWN = "负增长|下调|调低|减少|下降|降低|回落|下跌|缩小|缩短|缩减|压缩|压减|降|减|少|(?<!最)低|跌|收窄"
_RIGHT_BEFORE = (
    "负增长|增加|增长|减少|下降|降低|提高|上升|升高|回落|收窄|上涨|下跌|压缩|压减|缩短|净增|净减|增|减|降|升|跌|涨"
    "|[多少][收支蓄产销投招用花付售]|偏多|偏少|偏高|偏低|增收|减收|多收入|多|少|高出|低于|上调|下调|调升"
)

CHANGING = frozenset(re.sub(r"\(.*?\)", "", _UP + _DOWN + "差净")) - {"|"}
"""Every character of the words for change: a label with none of them states none."""

UP = cue(_UP, "上升", "回落")
DOWN = cue(_DOWN, "下降", "上升")

CHANGE = cue(
    rf"(?:比|较|同比|环比|与|增量|增幅|降幅|分别)[^，。；：]{{0,18}}(?:{_UP}|{_DOWN})[^，。；：\d]{{0,5}}$"
    r"|(?:[增降升跌涨减调][幅速]|(?:(?<!自然)增长|下降|减少|上升|上涨|下跌)(?:幅度|率))[^\w]?[为达约]?到?$"
    rf"|(?<![新多少])(?:{_RIGHT_BEFORE})了?[^\w，。；：]{{0,2}}$"
    r"|(?:净[增减]|新增[存贷]款|顺差|逆差|差额|自然增长|自然减少|净流[入出])[^，。；：\d]{0,8}$",
    "比上年增加",
    "新增",
)
"""Right before a figure: it states a change and belongs to no list of levels."""

THAN = cue(
    r"^(?:比|较|相比|相较于?)[^，；。]{1,24}(?:的|普查|同期|年[末底初])$", "较高峰时期的", "恢复到上年的"
)
"""The whole label of a figure that another one is compared with."""

COMPARED = cue(r"^(?:比|较)[^，；。]{1,20}$", "比上年决算数", "决算数")
"""The whole label of a figure that a change after it is against."""

BARE_CHANGE = cue(
    rf"^(?:共|累计|净|则|共计|总共)?(?:{_RIGHT_BEFORE}|提升|扩大|缩减|上浮)(?:率|幅度|幅)?[了为达]?到?$"
    r"|^(?:增|降|升|涨|减|跌|调)[幅速](?:为|达|达到|是)?$",
    "增长",
    "产值增长",
)
"""The whole label of a change that names nothing: it is of the figures right before it."""

AGAINST_BEFORE = cue(
    rf"^(?:同比|比|较|与)(?:(?:19|20)\d\d年[末底初]?|[上去]年[末底]|年初|去年|上年|前年|同期|上月|上季|上季度|上半年|上周|前一年|上一年|去年同期|上年同期)?(?:相比)?(?:净)?(?:{_RIGHT_BEFORE})了?$",
    "比上年增加",
    "比计划增加",
)
"""The whole label of a change against the period before."""

BEFORE = cue(
    r"去年|上年|前年|上月|上季|同期|往年|上届|上次|前次|昨日|前一|此前|原来|原有|年初|上一",
    "上年为",
    "今年为",
)
"""Before a figure: it is of the period before."""

AVERAGED = cue(r"年均|月均|日均|平均|可比|实际|不变价|扣除|剔除|同口径|名义", "年均增长", "同比增长")
"""Growth that the stated figures do not give."""

YEAR = cue(r"((?:19|20)\d\d)(?:年|[上下]半年|[前一二三四]+季度)", "2020年", "20年")

# ---------------------------------------------------------------- punctuation

CLAUSE = cue(r"[，,；;。：:！？!?、\n（()）]", "，", "的")
BREAK = cue(r"[；;。！？\n]", "；", "，")

COORDINATED = re.compile(r"[^，,：:；;。（(\n]*(?:、|和|及|与)[^，,：:；;。（(\n]*")
"""Between two figures: they stand side by side, so that one is no part of the other."""

EACH = re.compile(
    r"(?P<names>[^，,；;。：:！？\n（()）]{2,80}?)(?:均|都)?各(?:有|死亡|受伤|新增|报告|占|为)?$"
)
LISTED = cue(r"[、和与及]|以及", "甲国、乙国", "甲国")
"""Between the names that bear a figure each."""
