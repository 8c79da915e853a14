"""Labels of figures beside the subject: measure, direction, base, plan, whole, denominator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.frames.cues import CueContext, base_of, direction_of, measure_of, planned_of
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

_CLAUSE = re.compile(r"[，。；：\n]|,(?!\d)")
_CONJUNCTION = re.compile(r" ?(?:[、和及与]|以及)? ?")
_STRUCTURE = re.compile(r" ?[::∶] ?")
_WHOLE = re.compile(
    r"占(?!比)(?:到|了|据|全部)?([^，。；、占从由]{2,20}?)(?:总[量数]|合计)?的?(?:比重|比例|份额|比)?(?:[从由](?:\d{4}年[末底]?)?)?(?:分别|已|约|超过?|近|达到?|为|仅|的|提高[到至]?|上升[到至]?|提升[到至]?|升至|降至)*$"
)
_REACHED = re.compile(
    r" ?(?:[增提上下回升降减扩缩拓]{1,2}[加高升降长少大小落]?)[到至为]"
    r"(?:(?:19|20)\d\d年[末底]?)?的?(?:约|近|超过?)?"
)
_MOVED = ("growth", "change")
_AFTER, _BEFORE = 16, 400
"""The number of characters after and before a figure that are searched, as a sentence may be very long."""


class Labels(NamedTuple):
    """The labels of a figure: columns of `quantities`."""

    measure: str
    direction: str | None
    base: str | None
    planned: bool
    of: str | None
    per: str | None


def labels(flow: Flow, figures: Sequence[Mention]) -> list[Labels]:
    """The labels of a text's statistical figures, in order."""
    found: list[Labels] = []
    for figure, context, paragraph, joined in _contexts(flow, figures):
        last = found[-1] if found and joined else None
        measure = measure_of(context)
        if last and (measure is None or _CONJUNCTION.fullmatch(context.before)) and last.measure != "level":
            found.append(last)
            continue
        if found and _REACHED.fullmatch(context.before) and found[-1].measure not in _MOVED:
            found.append(found[-1])  # 占比由18%提高到2020年的27%
            continue
        if measure is None and found and _of_change(figures[len(found) - 1], figure, context, found[-1]):
            found.append(found[-1])
            continue
        measure = measure or "level"
        moved = measure in _MOVED
        weighed = moved or measure == "contribution"
        direction = direction_of(context) if weighed else None
        if moved and (direction is None or (figure.value or 0) < 0):
            direction = "down" if (figure.value or 0) < 0 else "up"
        found.append(
            Labels(
                measure,
                direction,
                base_of(context, paragraph) if weighed else None,
                planned_of(context),
                _whole(context) if measure == "share" else None,
                _per(context),
            )
        )
    return found


def _of_change(last: Mention, figure: Mention, context: CueContext, labels: Labels) -> bool:
    """Whether a figure is a part of the preceding change: 净增企业24万户，其中农业企业5万户."""
    part = context.clause.startswith("其中") and "新增" not in context.clause and labels.measure == "change"
    return part and figure.unit == last.unit and (figure.value or 0) < (last.value or 0)


def _contexts(flow: Flow, figures: Sequence[Mention]) -> Iterator[tuple[Mention, CueContext, str, bool]]:
    """Each figure with its context, its paragraph before it, and whether only a conjunction is between
    it and the preceding figure."""
    text, sentences, blocks = flow.text, flow.sentences or ((0, len(flow.text)),), flow.blocks
    block, last = 0, 0
    for n, figure in enumerate(figures):
        while block < len(blocks) - 1 and blocks[block].stop <= figure.begin:
            block += 1
        begin = sentences[figure.sentence][0]
        if figure.sentence and text.startswith("其中", begin):  # 预计费用2亿元。其中，现金1亿元
            begin = sentences[figure.sentence - 1][0]
        before = text[max(begin, last) : figure.begin]
        ends = figures[n + 1].begin if n + 1 < len(figures) else len(text)
        context = CueContext(
            _kind(figure), _CLAUSE.split(before)[-1], before,
            text[max(begin, figure.begin - _BEFORE) : figure.begin],
            text[figure.stop : min(ends, figure.stop + _AFTER)],
        )  # fmt: skip
        paragraph = text[max(blocks[block].begin if blocks else 0, figure.begin - _BEFORE) : figure.begin]
        joined = last > begin and bool(_CONJUNCTION.fullmatch(before) or _STRUCTURE.fullmatch(before))
        yield figure, context, paragraph, joined
        last = figure.stop


def _kind(figure: Mention) -> str:
    unit = figure.unit or ""
    if figure.kind == "percent":
        return "points" if "点" in unit or "點" in unit else "percent"
    if figure.rule.startswith("fraction"):
        return "percent"
    return "times" if unit in ("倍", "番") else "other"


def _whole(context: CueContext) -> str | None:
    found = _WHOLE.search(context.clause)
    return found[1] if found else None


_PER = re.compile(
    r"(每(?:[百千万十]|\d+)?万?(?:名|个|位)?[\u4e00-\u9fff]{1,4}?)(?:拥有|有|的|$)|(人均|户均|亩均|日均|月均|年均|村均|地均)"
)


def _per(context: CueContext) -> str | None:
    found = _PER.search(context.clause)
    return (found[1] or found[2]) if found else None
