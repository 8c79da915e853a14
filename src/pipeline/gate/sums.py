"""Arithmetic over observations: parts add up to their whole, and a share is that of its two figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.numbers.extract import extract


class ObservedFigure(NamedTuple):
    """An exact observation whose region and period are known."""

    row: int
    indicator: str
    group: tuple[str, ...]
    """Region, period and status: a planned figure is not compared with an actual one."""
    value: Decimal
    text: str
    """The characters of its mention, from which its rounding follows; empty where unknown."""


def failing_sums(figures: Iterable[ObservedFigure], sums: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """The rows of wholes and parts that do not add up, where all of them are stated.

    sums: the parts of each whole, as indicator ids. A difference of at most half a unit of the
    last printed place of every figure is rounding.
    """
    for whole, *parts in _complete_groups(figures, sums):
        residual = abs(whole.value - sum(part.value for part in parts))
        if residual and residual > sum(map(_rounding, (whole, *parts))):
            yield from (figure.row for figure in (whole, *parts))


def failing_shares(figures: Iterable[ObservedFigure], shares: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """The rows of shares in percent, of parts and of wholes, where the share is not that of the two.

    shares: part and whole of each share, as indicator ids; rounding as in `failing_sums`.
    """
    for group in _complete_groups(figures, shares):
        (share, part, whole), (of_share, of_part, of_whole) = group, map(_rounding, group)
        if whole.value > of_whole:
            low = 100 * (part.value - of_part) / (whole.value + of_whole)
            high = 100 * (part.value + of_part) / (whole.value - of_whole)
            if not low - of_share <= share.value <= high + of_share:
                yield from (figure.row for figure in group)


def _complete_groups(
    figures: Iterable[ObservedFigure], rules: Mapping[str, Sequence[str]]
) -> Iterator[list[ObservedFigure]]:
    """The figures of each rule's indicators, in its order, wherever all of them are stated."""
    by_group: dict[tuple[str, ...], dict[str, ObservedFigure]] = {}
    for figure in figures:
        by_group.setdefault(figure.group, {})[figure.indicator] = figure
    for stated in by_group.values():
        for first, others in rules.items():
            names = (first, *others)
            if all(name in stated for name in names):
                yield [stated[name] for name in names]


def _rounding(figure: ObservedFigure) -> Decimal:
    """Half a unit of the last place that a figure was printed to; whole counts are not rounded."""
    for mention in extract(figure.text).mentions:
        if mention.value and mention.place and (mention.place != 1 or mention.kind == "percent"):
            return mention.place / 2 * abs(figure.value / mention.value)  # in the observation's unit
    return Decimal(0)
