"""Relate: every equation that a text states between its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import localcontext
from itertools import groupby

from pipeline.numbers.extract import Reading
from pipeline.relations.arithmetic import Finding
from pipeline.relations.averages import averages
from pipeline.relations.balances import balances
from pipeline.relations.columns import rows
from pipeline.relations.composition import compositions, wholes_by_shares
from pipeline.relations.conversions import converted
from pipeline.relations.figures import Page, adds
from pipeline.relations.level_changes import changes
from pipeline.relations.lists import REACH
from pipeline.relations.misprints import misprints
from pipeline.relations.mixed import mixed, outcomes
from pipeline.relations.model import Relation, Survey
from pipeline.relations.repeats import repeats
from pipeline.relations.shares import shares
from pipeline.relations.sums import sums
from pipeline.relations.writing import written

EXACT = 100
"""Digits that sums are exact to: more than any figure has that is not a code."""

_NOTHING = Survey((), ())
_RANK = {"share": 0, "growth": 1, "difference": 2, "ratio": 3, "sum": 4, "repeat": 5}


def relate(reading: Reading) -> list[Relation]:
    """The equations that a text states, in text order. Linear in its numerals."""
    return list(survey(reading).relations)


def survey(reading: Reading) -> Survey:
    """The equations of a text, the near misses beside them, and what was left unsearched."""
    if len(reading.mentions) < 2:
        return _NOTHING
    page = Page(reading)
    if len(page.figures) < 2 and len(reading.mentions) < 3:  # as in every third article
        return _NOTHING
    with localcontext(prec=EXACT):
        findings = _found(page)
        findings += misprints(page, findings, _found)
        relations = sorted((written(page, finding) for finding in _once(findings)), key=_place)
    return Survey(tuple(relations), tuple(_unsearched(page)))


def _found(page: Page) -> list[Finding]:
    """What every finder finds on a page."""
    added = list(sums(page))
    findings = [
        *added, *compositions(page, added),
        *converted(page), *balances(page), *mixed(page, added), *outcomes(page),
        *rows(page, added), *repeats(page),
    ]  # fmt: skip
    for named in (shares, wholes_by_shares, averages, changes):
        findings += list(named(page, findings))
    return list(_without_siblings(findings))


def _without_siblings(findings: Sequence[Finding]) -> Iterator[Finding]:
    """All but sums of figures that are parts of one whole: 68 = 45 + 15 + 8 where all four come to 136."""
    parts = [frozenset(f.at for f in one.stated) for one in findings if one.relation == "sum"]
    of = {at: some for some in parts for at in some}
    for one in findings:
        figures = {figure.at for figure in one.figures}
        if (
            one.relation != "sum"
            or one.result is not None
            or not figures <= of.get(one.total.at, frozenset())
        ):
            yield one


def _place(relation: Relation) -> tuple[int, int, str]:
    return relation.begin, relation.stop, relation.expression


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each equation once: A - B = C is not said again as B + C = A."""
    seen: set[tuple[object, ...]] = set()
    for finding in sorted(findings, key=lambda finding: _RANK[finding.relation]):
        figures = frozenset(finding.figures)
        key = (figures, finding.values if finding.relation in ("share", "growth") else None, finding.result)
        if key not in seen:
            seen.add(key)
            yield finding


def _unsearched(page: Page) -> Iterator[str]:
    """The families with sentences of more figures than a list is followed for."""
    for figures in page.families.values():
        if len(figures) <= REACH or not adds(figures[0].family):
            continue
        longest = max(len(list(group)) for _, group in groupby(figures, lambda figure: figure.sentence))
        if longest > REACH:
            unit = figures[0].mention.unit or "no unit"
            yield f"{longest} figures ({unit}) in one sentence: lists are followed for {REACH} of them"
