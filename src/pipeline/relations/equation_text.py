"""The text of an equation: from what a rule found to the relation that users read."""

from __future__ import annotations

from decimal import Decimal

from pipeline.numbers.decimals import without_zeros
from pipeline.relations.arithmetic import DIVIDED, Equation
from pipeline.relations.figure_index import Figure, Index
from pipeline.relations.relation import Relation

QUOTE = 400
"""Characters of a quote of several sentences; where operands stand farther apart, it is the result's."""

_SCALES = {"万亿": 12, "亿": 8, "千万": 7, "百万": 6, "万": 4}
_SIGNS = {"sum": " + ", "difference": " - ", "share": " / ", "ratio": " / ", "repeat": " = "}
_PERCENT = frozenset(("share", "growth"))
_BREAKS = str.maketrans("", "", "\r\n")


def relation_of(index: Index, equation: Equation) -> Relation:
    """The relation of an equation, with its text and its quote."""
    figures = sorted({*equation.operands, equation.total}, key=lambda figure: figure.pos)
    begin, stop = _quoted(index, equation, figures)
    start, end = index.reading.flow.source_span(begin, stop)
    total = equation.stated_total
    computed = equation.computed
    if equation.relation in DIVIDED:
        computed = round(computed, 6)
    return Relation(
        relation=equation.relation,
        parts=equation.values,
        total=total,
        unit=equation.total.mention.unit or "",
        verdict=equation.verdict,
        expression=_expression(equation, total),
        computed=computed,
        should_be=_should_be(equation, total, computed),
        residual=total - computed,
        operands=tuple(figure.number for figure in figures),
        begin=begin,
        stop=stop,
        start=start,
        end=end,
        quote=index.text[begin:stop].translate(_BREAKS),
        rule=equation.rule,
        names_whole=equation.names_whole,
    )


def _quoted(index: Index, equation: Equation, figures: list[Figure]) -> tuple[int, int]:
    """From the first operand's clause to the last one's, in the result's sentence where that will do."""
    if equation.relation != "sum" or figures[-1].stop - figures[0].begin > QUOTE:
        figures = [figure for figure in figures if figure.sentence == equation.total.sentence]
    if equation.relation != "sum":
        figures = [figure for figure in figures if abs(figure.begin - equation.total.begin) <= QUOTE]
    if equation.relation == "repeat":
        figures = figures[:1]
    first, last = figures[0], figures[-1]
    return index.clause_begin(first), last.stop + len(index.text_after(last))


def _expression(equation: Equation, total: Decimal) -> str:
    shown = [amount(value, _printed(equation, value)) for value in equation.values]
    if equation.relation == "growth":
        grown = f"{shown[0]} / {shown[1]}"
        yearly = f"({grown})^(1/{equation.years})" if equation.years > 1 else grown
        return f"{yearly} - 1 = {plain(total)}%"
    left = _SIGNS[equation.relation].join(shown).replace("+ -", "- ").replace("- -", "+ ")
    if equation.relation == "repeat":
        return left
    times = equation.relation == "ratio" and equation.implied_total is not None
    return (
        f"{left} = {plain(total)}%"
        if equation.relation == "share"
        else f"{left} = {plain(total) if times else amount(total, equation.total)}"
    )


def _printed(equation: Equation, value: Decimal) -> Figure:
    """The figure that has an operand's value, for its scale; an operand that none has goes by the last."""
    return next((figure for figure in equation.operands if figure.value == value), equation.operands[-1])


def _should_be(equation: Equation, total: Decimal, computed: Decimal) -> str:
    """What the operands come to: 488, 1 more than stated; percentages to one place more than stated."""
    if equation.relation in DIVIDED:
        places = max(1, 1 - int(equation.total.place.as_tuple().exponent))
        return f"comes to {plain(round(computed, places))}{'%' if equation.relation in _PERCENT else ''}"
    off = abs(total - computed)
    more = "more" if computed > total else "less"
    shown = amount(computed, equation.total)
    return (
        f"comes to {shown}, {amount(off, equation.total)} {more} than stated" if off else f"comes to {shown}"
    )


def amount(value: Decimal, like: Figure) -> str:
    """A value in the scale that a figure is printed in: 487, 4000.5亿, 12.9%."""
    text = like.mention.text
    word = next((word for word in _SCALES if word in text), "")
    shown = plain(value.scaleb(-_SCALES[word])) if word else plain(value)
    return shown + (word or like.family.removeprefix("percent ") * like.family.startswith("percent "))


def plain(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    return without_zeros(format(value, "f"))
