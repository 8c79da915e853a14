"""Writing out: from a finding to the relation that users read."""

from __future__ import annotations

from decimal import Decimal

from pipeline.relations.arithmetic import DIVIDED, Equation
from pipeline.relations.figure_index import Figure, Index
from pipeline.relations.relation import Relation

QUOTE = 400
"""Characters of a quote of several sentences; where operands stand farther apart, it is the result's."""

_SCALES = {"万亿": 12, "亿": 8, "千万": 7, "百万": 6, "万": 4}
_SIGNS = {"sum": " + ", "difference": " - ", "share": " / ", "ratio": " / ", "repeat": " = "}
_PERCENT = frozenset(("share", "growth"))
_BREAKS = str.maketrans("", "", "\r\n")


def relation_of(index: Index, finding: Equation) -> Relation:
    """The relation of a finding, with its equation and its quote."""
    figures = sorted({*finding.operands, finding.total}, key=lambda figure: figure.pos)
    begin, stop = _quoted(index, finding, figures)
    start, end = index.reading.flow.source_span(begin, stop)
    total = finding.stated_total
    computed = finding.computed
    if finding.relation in DIVIDED:
        computed = round(computed, 6)
    return Relation(
        relation=finding.relation,
        parts=finding.values,
        total=total,
        unit=finding.total.mention.unit or "",
        verdict=finding.verdict,
        expression=_expression(finding, total),
        computed=computed,
        should_be=_should_be(finding, total, computed),
        residual=total - computed,
        operands=tuple(figure.number for figure in figures),
        begin=begin,
        stop=stop,
        start=start,
        end=end,
        quote=index.text[begin:stop].translate(_BREAKS),
        rule=finding.rule,
        names_whole=finding.names_whole,
    )


def _quoted(index: Index, finding: Equation, figures: list[Figure]) -> tuple[int, int]:
    """From the first operand's clause to the last one's, in the result's sentence where that will do."""
    if finding.relation != "sum" or figures[-1].stop - figures[0].begin > QUOTE:
        figures = [figure for figure in figures if figure.sentence == finding.total.sentence]
    if finding.relation != "sum":
        figures = [figure for figure in figures if abs(figure.begin - finding.total.begin) <= QUOTE]
    if finding.relation == "repeat":
        figures = figures[:1]
    first, last = figures[0], figures[-1]
    return index.clause_begin(first), last.stop + len(index.text_after(last))


def _expression(finding: Equation, total: Decimal) -> str:
    shown = [amount(value, _printed(finding, value)) for value in finding.values]
    if finding.relation == "growth":
        grown = f"{shown[0]} / {shown[1]}"
        yearly = f"({grown})^(1/{finding.years})" if finding.years > 1 else grown
        return f"{yearly} - 1 = {plain(total)}%"
    left = _SIGNS[finding.relation].join(shown).replace("+ -", "- ").replace("- -", "+ ")
    if finding.relation == "repeat":
        return left
    times = finding.relation == "ratio" and finding.implied_total is not None
    return (
        f"{left} = {plain(total)}%"
        if finding.relation == "share"
        else f"{left} = {plain(total) if times else amount(total, finding.total)}"
    )


def _printed(finding: Equation, value: Decimal) -> Figure:
    """The figure that has an operand's value, for its scale; an operand that none has goes by the last."""
    return next((figure for figure in finding.operands if figure.value == value), finding.operands[-1])


def _should_be(finding: Equation, total: Decimal, computed: Decimal) -> str:
    """What the operands come to: 488, 1 more than stated; percentages to one place more than stated."""
    if finding.relation in DIVIDED:
        places = max(1, 1 - int(finding.total.place.as_tuple().exponent))
        return f"comes to {plain(round(computed, places))}{'%' if finding.relation in _PERCENT else ''}"
    off = abs(total - computed)
    more = "more" if computed > total else "less"
    shown = amount(computed, finding.total)
    return (
        f"comes to {shown}, {amount(off, finding.total)} {more} than stated" if off else f"comes to {shown}"
    )


def amount(value: Decimal, like: Figure) -> str:
    """A value in the scale that a figure is printed in: 487, 4000.5亿, 12.9%."""
    text = like.mention.text
    word = next((word for word in _SCALES if word in text), "")
    shown = plain(value.scaleb(-_SCALES[word])) if word else plain(value)
    return shown + (word or like.family.removeprefix("percent ") * like.family.startswith("percent "))


def plain(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
