"""Sums over observations: indicators that are all the parts of another add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.numbers.extract import extract


class Figure(NamedTuple):
    """An exact observation of a known region and period."""

    row: int
    indicator: str
    place: tuple[str, ...]
    """Region, period and status: a plan is not the sum of what was done."""
    value: Decimal
    text: str
    """The characters of its mention, which say to what place it was rounded; empty where not known."""


def failing(figures: Iterable[Figure], sums: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """The rows of wholes and parts that do not add up, wherever all of them are stated.

    sums: the parts of each whole, as indicator ids. A residual within half a unit of the last
    printed place of every figure is rounding.
    """
    stated: dict[tuple[str, ...], dict[str, Figure]] = {}
    for figure in figures:
        stated.setdefault(figure.place, {})[figure.indicator] = figure
    for here in stated.values():
        for whole, parts in sums.items():
            if whole in here and all(part in here for part in parts):
                own = [here[name] for name in (whole, *parts)]
                residual = abs(own[0].value - sum(part.value for part in own[1:]))
                if residual and residual > sum(map(_slack, own)):
                    yield from (figure.row for figure in own)


def _slack(figure: Figure) -> Decimal:
    """Half a unit of the last place that a figure was printed to; whole counts have no slack."""
    for mention in extract(figure.text).mentions:
        if mention.value and mention.place and mention.place != 1:
            return mention.place / 2 * abs(figure.value / mention.value)  # in its observation's own unit
    return Decimal(0)
