"""Repeats: one figure said again, in the headline, the lead or a later paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.relations.arithmetic import Equation
from pipeline.relations.figure_index import Figure, Index, is_additive
from pipeline.relations.relation_cues import CUES

TELLING = 30
"""Values that a figure could have had in print, at least: 3例 twice is not one figure."""


def repeats(index: Index) -> Iterator[Equation]:
    """Figures with the same value, unit, qualifier and subject in different sentences."""
    groups: dict[tuple[str, Decimal, str], list[Figure]] = {}
    for figure in index.figures:
        unit = figure.mention.unit
        amount = unit and figure.mention.kind != "duration" and not CUES.no_amount.search(unit)
        if amount and figure.mention.subject and abs(figure.value) >= TELLING * figure.place:
            groups.setdefault((figure.family, figure.value, figure.mention.qualifier), []).append(figure)
    for figures in groups.values():
        if len(figures) > 1:
            for same in _of_one_subject(figures):
                if len({figure.sentence for figure in same}) > 1:
                    yield _repeat(same)


def _of_one_subject(figures: list[Figure]) -> list[list[Figure]]:
    """The figures by what they count: an amount's subject may be the end of another's (本土病例, 病例), or
    its beginning (老旧小区, 老旧小区改造)."""
    groups: list[tuple[str, list[Figure]]] = []
    for figure in figures:
        subject = figure.mention.subject or ""
        shortened = is_additive(figure.family)
        for name, group in groups:
            if name == subject or (shortened and (_within(name, subject) or _within(subject, name))):
                group.append(figure)
                break
        else:
            groups.append((subject, [figure]))
    return [group for _, group in groups]


def _within(whole: str, part: str) -> bool:
    return whole.startswith(part) or whole.endswith(part)


def _repeat(figures: list[Figure]) -> Equation:
    first = figures[0]
    values = tuple(figure.value for figure in figures)
    return Equation(
        "repeat", values, tuple(figures), first, first.value, "holds", "repeat", False, first.value
    )
