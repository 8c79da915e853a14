"""What to do about an issue, in a sentence, by the check that raised it."""

from __future__ import annotations

from pipeline.tables.model import Words

_BY_CHECK = {
    "source_quarantined": Words(
        "照说明改好这个文件（编码、旁边的 .yaml、或换成真正的文本），今夜其余各篇不受影响。",
        "Mend the file as the message says (its encoding, the .yaml beside it, or a real text in its place); "
        "the other sources went on.",
    ),
    "source_left_out": Words(
        "在原处为这个文件换个名字（不含 ..，每段不超过 255 字节，不与文件夹同名）；其余各篇不受影响。",
        "Rename the file where it is: no .., no part over 255 bytes, no folder of the same name. The others "
        "went on.",
    ),
    "source_duplicate": Words("两份相同，删去其一。", "Two files are the same: delete one."),
    "decision_expired": Words(
        "决定到期。情形未变，就在 decisions/ 中改其 expires；不再需要，就删去。",
        "A decision has expired. If things are as they were, move its expires in decisions/; if not, "
        "delete it.",
    ),
    "decision_stale": Words(
        "来源或识读结果已与决定时不同。看下面的原句：已改正，就删去决定；仍有错，就重写一条。",
        "The source reads otherwise than when it was decided. Look at the sentence: if it was mended, delete "
        "the decision; if it is still wrong, write a new one.",
    ),
    "decision_gone": Words(
        "决定所针对之句已不在来源中。来源若已改正，删去决定即可。",
        "The sentence that was decided on is no longer in the source. If it was mended, delete the decision.",
    ),
    "decision_conflict": Words("同一对象有两条决定，只留一条。", "Two decisions on one target: keep one."),
    "indicator_ambiguous": Words(
        "一个数同时像两个指标。在 catalog/indicators/ 为其中一个加 states 或 without，使其分得开。",
        "One figure fits two indicators. In catalog/indicators/ give one of them states or without that "
        "tell them apart.",
    ),
    "area_ambiguous": Words(
        "地名不止一处。在来源旁的 .yaml 中写明 region（六位区划代码）。",
        "Several regions have this name. Write the region, as its six digits, into the .yaml beside the "
        "source.",
    ),
    "observation_contradiction": Words(
        "两处所述不一。以哪一处为准，更正（correct）或去除（drop）另一处。",
        "Two places state different figures. Settle which one counts, and correct or drop the other.",
    ),
}
_EQUATION = Words(
    "先对照原文：抄录有误，就改 raw/ 中的文字；原文如此，就问来稿单位。更正哪一个数，用 correct；"
    "不用哪一个数，用 drop；--target 写其原文。确实照发，用 accept（各数标为存疑）。",
    "Compare the original first. If it was copied wrongly, mend the text in raw/; if it is printed so, ask "
    "whoever wrote it. Then correct or drop the figure that is wrong (--target is its text), or accept the "
    "equation as it stands (its figures are then marked doubtful).",
)
_FIGURE = Words(
    "看标出的数读得对不对：数值有误用 correct，不该算数用 drop，确实如此用 accept。",
    "See whether the marked figure was read right: correct it if its value is wrong, drop it if it is no "
    "figure, accept it if it is right.",
)
_WHOLE = Words(
    "这一项说的是整张表。查明缘由（来源缺失、规则或目录改动）；属实就用 accept 认可。",
    "This is about a whole table. Find out why (sources missing, rules or catalog changed); accept it if it "
    "is right.",
)
_NOTE = Words("仅作说明，无须处置。", "A note; nothing needs to be done.")


def advice_on(check: str, severity: str, equation: bool, figure: bool) -> Words:
    """What to do. equation, figure: whether the issue shows one."""
    if check in _BY_CHECK:
        return _BY_CHECK[check]
    if equation:
        return _EQUATION
    if severity == "info":
        return _NOTE
    return _FIGURE if figure else _WHOLE
