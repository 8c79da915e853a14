"""Spans: a total from A to B with parts from A to B each, whose ends add up one by one.

重组费用2400万元至3300万元，其中现金1300万元至1800万元，非现金1100万元至1500万元.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from pipeline.numbers.mention import Mention
from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, added
from pipeline.relations.figures import ONE, ZERO, Figure, Page, adds, family_of
from pipeline.relations.lists import Parts

_DIGITS = 20
"""Values that the end which holds could have had in print, at least, for the other one to be accused."""
PARTS = 12
"""Parts that a total from A to B may have."""


def spans(page: Page) -> Iterator[Finding]:
    """Every total from A to B whose parts follow it in its sentence or the next: an equation for each end."""
    ranges = [
        (n, mention)
        for n, mention in enumerate(page.reading.mentions)
        if mention.value is None
        and mention.low is not None
        and mention.high is not None
        and mention.statistical
    ]
    for _, beside in groupby(ranges, lambda one: family_of(one[1].kind, one[1].unit)):
        group = list(beside)
        for at, (_, total) in enumerate(group[:-2]):
            first = group[at + 1][1]
            if first.sentence > total.sentence + 1:
                continue
            if adds(family_of(total.kind, total.unit)) and cues.PARTS.search(
                page.text, total.stop, first.begin
            ):
                yield from _ends(page, group[at : at + 1 + PARTS])


def _ends(page: Page, group: Sequence[tuple[int, Mention]]) -> Iterator[Finding]:
    """The equations of the lower and of the upper ends, where both hold, or one does and there is no more."""
    for count in range(3, len(group) + 1):
        low, high = ([_end(page, n, mention, end) for n, mention in group[:count]] for end in ("low", "high"))
        holds = [_comes_to(ends) == ends[0].value for ends in (low, high)]
        if all(holds) or (any(holds) and count == len(group) and low[0].value >= _DIGITS * _unit(low)):
            yield from (_added(ends) for ends in (low, high))
            return


def _comes_to(ends: Sequence[Figure]) -> Decimal:
    return sum((part.value for part in ends[1:]), ZERO)


def _unit(ends: Sequence[Figure]) -> Decimal:
    """The last place that is printed in one of these."""
    exponents = (int(figure.value.normalize().as_tuple().exponent) for figure in ends)
    return ONE.scaleb(min(exponents))


def _added(ends: Sequence[Figure]) -> Finding:
    total, parts, come_to = ends[0], tuple(ends[1:]), _comes_to(ends)
    fails = come_to != total.value
    values = tuple(part.value for part in parts)
    found = added(total, Parts(parts, values, come_to, ZERO, not fails), "ends of spans", fails)
    exact = all(figure.mention.qualifier == "exact" for figure in ends)
    return found if exact or not fails else found._replace(verdict="possible", whole=False)


def _end(page: Page, number: int, mention: Mention, end: str) -> Figure:
    value: Decimal = getattr(mention, end)
    return page.unlisted(number, value, family_of(mention.kind, mention.unit))
