"""Relate: every equation that a text states between its figures."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.extract import Reading
from pipeline.relations.arithmetic import Finding
from pipeline.relations.changes import changes
from pipeline.relations.figures import Page
from pipeline.relations.model import Relation, Survey
from pipeline.relations.shares import shares, shares_of_all
from pipeline.relations.sums import sums

_SCALES = (("万亿", 12), ("亿", 8), ("千万", 7), ("百万", 6), ("万", 4))
_BREAKS = str.maketrans("", "", "\r\n")


def relate(reading: Reading) -> list[Relation]:
    """The equations of a text, in text order."""
    return list(survey(reading).relations)


def survey(reading: Reading) -> Survey:
    page = Page(reading)
    added = list(sums(page))
    found = [*added, *shares(page, added), *shares_of_all(page), *changes(page)]
    relations = sorted((_written(page, f) for f in found), key=lambda r: (r.begin, r.stop))
    return Survey(tuple(relations), (), ())


def _written(page: Page, finding: Finding) -> Relation:
    figures = sorted({*finding.stated, finding.total}, key=lambda figure: figure.at)
    begin, stop = _quote(page, figures[0].begin, figures[-1].stop)
    start, end = page.reading.flow.source_span(begin, stop)
    total = finding.total.value if finding.result is None else finding.result
    return Relation(
        finding.relation, finding.values, total, finding.total.mention.unit or "", finding.verdict,
        _expression(finding, total), finding.computed, total - finding.computed,
        tuple(f.number for f in figures), begin, stop, start, end,
        page.text[begin:stop].translate(_BREAKS), finding.rule, finding.whole,
    )  # fmt: skip


def _quote(page: Page, begin: int, stop: int) -> tuple[int, int]:
    """From the beginning of the first figure's clause."""
    left = max(page.text.rfind(mark, 0, begin) for mark in "，,；;。：:\n（(")
    return max(left + 1, begin - 40), stop


def _expression(finding: Finding, total: Decimal) -> str:
    scale = next(((word, power) for word, power in _SCALES if word in finding.total.mention.text), ("", 0))
    shown = [_shown(value, scale) for value in (*finding.values, total)]
    return f"{' + '.join(shown[:-1])} = {shown[-1]}"


def _shown(value: Decimal, scale: tuple[str, int]) -> str:
    text = format(value.scaleb(-scale[1]), "f")
    if "." in text:
        text = re.sub(r"\.?0+$", "", text)
    return text + scale[0]
