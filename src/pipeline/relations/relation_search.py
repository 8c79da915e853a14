"""Relate: every equation that a text states between its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import localcontext
from itertools import groupby

from pipeline.numbers.extract import Reading
from pipeline.relations.arithmetic import Equation
from pipeline.relations.changes.change_search import change_equations
from pipeline.relations.equation_text import relation_of
from pipeline.relations.figure_index import Index, is_additive
from pipeline.relations.misprints.misprint_search import misprints
from pipeline.relations.part_lists import REACH
from pipeline.relations.relation import Relation, SearchResult
from pipeline.relations.repeats import repeats
from pipeline.relations.shares.averages import averages
from pipeline.relations.shares.composition import compositions, totals_by_shares
from pipeline.relations.shares.conversions import conversions
from pipeline.relations.shares.share_search import shares
from pipeline.relations.sums.balances import balances
from pipeline.relations.sums.columns import columns
from pipeline.relations.sums.mixed_unit_totals import mixed_totals, outcomes
from pipeline.relations.sums.sum_search import sums

EXACT = 100
"""Digits that sums are exact to: more than any figure has that is not a code."""

_NOTHING = SearchResult((), ())
_RANK = {"share": 0, "growth": 1, "difference": 2, "ratio": 3, "sum": 4, "repeat": 5}


def relate(reading: Reading) -> list[Relation]:
    """The equations that a text states, in text order. Linear in its numerals."""
    return list(find_relations(reading).relations)


def find_relations(reading: Reading) -> SearchResult:
    """The equations of a text, the near misses beside them, and what was left unsearched."""
    if len(reading.mentions) < 2:
        return _NOTHING
    index = Index(reading)
    if len(index.figures) < 2 and len(reading.mentions) < 3:  # as in every third article
        return _NOTHING
    with localcontext(prec=EXACT):
        equations = _found(index)
        equations += misprints(index, equations, _found)
        relations = sorted((relation_of(index, equation) for equation in _unique(equations)), key=_text_order)
    return SearchResult(tuple(relations), tuple(_unsearched(index)))


def _found(index: Index) -> list[Equation]:
    """What every finder finds in a text."""
    added = list(sums(index))
    equations = [
        *added, *compositions(index, added),
        *conversions(index), *balances(index), *mixed_totals(index, added), *outcomes(index),
        *columns(index, added), *repeats(index),
    ]  # fmt: skip
    for named in (shares, totals_by_shares, averages, change_equations):
        equations += list(named(index, equations))
    return list(_without_siblings(equations))


def _without_siblings(equations: Sequence[Equation]) -> Iterator[Equation]:
    """All but sums of figures that are parts of one whole: 68 = 45 + 15 + 8 where all four come to 136."""
    parts = [frozenset(f.pos for f in one.operands) for one in equations if one.relation == "sum"]
    of = {at: some for some in parts for at in some}
    for one in equations:
        figures = {figure.pos for figure in one.figures}
        if (
            one.relation != "sum"
            or one.implied_total is not None
            or not figures <= of.get(one.total.pos, frozenset())
        ):
            yield one


def _text_order(relation: Relation) -> tuple[int, int, str]:
    return relation.begin, relation.stop, relation.expression


def _unique(equations: Iterable[Equation]) -> Iterator[Equation]:
    """Each equation once: A - B = C is not said again as B + C = A."""
    seen: set[tuple[object, ...]] = set()
    for equation in sorted(equations, key=lambda equation: _RANK[equation.relation]):
        figures = frozenset(equation.figures)
        key = (
            figures,
            equation.values if equation.relation in ("share", "growth") else None,
            equation.implied_total,
        )
        if key not in seen:
            seen.add(key)
            yield equation


def _unsearched(index: Index) -> Iterator[str]:
    """The families with sentences of more figures than a list is followed for."""
    for figures in index.families.values():
        if len(figures) <= REACH or not is_additive(figures[0].family):
            continue
        longest = max(len(list(group)) for _, group in groupby(figures, lambda figure: figure.sentence))
        if longest > REACH:
            unit = figures[0].mention.unit or "no unit"
            yield f"{longest} figures ({unit}) in one sentence: lists are followed for {REACH} of them"
