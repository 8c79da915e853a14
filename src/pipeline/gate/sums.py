"""Arithmetic over observations: the parts of an indicator make it, a share is that of its figures."""

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


def failing_sums(figures: Iterable[Figure], sums: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """The rows of wholes and parts that do not add up, wherever all of them are stated.

    sums: the parts of each whole, as indicator ids. A residual within half a unit of the last
    printed place of every figure is rounding.
    """
    for whole, *parts in _together(figures, ((whole, *parts) for whole, parts in sums.items())):
        residual = abs(whole.value - sum(part.value for part in parts))
        if residual and residual > sum(map(_slack, (whole, *parts))):
            yield from (figure.row for figure in (whole, *parts))


def failing_shares(figures: Iterable[Figure], shares: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """The rows of shares in percent, with part and whole, that are not the share of these.

    shares: part and whole of each, as indicator ids; rounding as for `failing_sums`.
    """
    for own in _together(figures, ((share, *figures) for share, figures in shares.items())):
        (share, part, whole), (given, above, below) = own, map(_slack, own)
        if whole.value > below:
            low = 100 * (part.value - above) / (whole.value + below)
            high = 100 * (part.value + above) / (whole.value - below)
            if not low - given <= share.value <= high + given:
                yield from (figure.row for figure in own)


def _together(figures: Iterable[Figure], groups: Iterable[Sequence[str]]) -> Iterator[list[Figure]]:
    """The figures of each group of indicators, in its order, wherever all of them are stated."""
    stated: dict[tuple[str, ...], dict[str, Figure]] = {}
    for figure in figures:
        stated.setdefault(figure.place, {})[figure.indicator] = figure
    asked = list(groups)
    for here in stated.values():
        for names in asked:
            if all(name in here for name in names):
                yield [here[name] for name in names]


def _slack(figure: Figure) -> Decimal:
    """Half a unit of the last place that a figure was printed to; whole counts have no slack."""
    for mention in extract(figure.text).mentions:
        if mention.value and mention.place and (mention.place != 1 or mention.kind == "percent"):
            return mention.place / 2 * abs(figure.value / mention.value)  # in its observation's own unit
    return Decimal(0)
