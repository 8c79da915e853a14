"""The values of the concept list: a concept, and the match of a subject with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

KINDS = ("count", "measure", "money", "percent", "index", "duration")
"""The kinds of figure that state a concept's level."""
COLLECTS = ("stock", "flow", "rate", "index", "price", "event")
"""How a concept's level collects time: as of a moment, over a period, a rate over either, an index
against a base, a price, or the toll of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A line of catalog/concepts: something that statistics are about."""

    code: str
    """Its name in every table; never changed, never given to something else."""
    zh: str
    en: str
    kind: str
    """One of `KINDS`. Growth, change and share of it are percentages whatever it is."""
    unit: str
    """The usual unit of its level: 1, %, an ISO 4217 or a UCUM code."""
    also: tuple[str, ...] = ()
    """Other names of it."""
    bare: tuple[str, ...] = ()
    """Names that mean it only with a unit of its dimension: 小麦 with tonnes, 光伏 with kilowatts."""
    parent: str | None = None
    """Code of the wider concept that it is a kind or a part of."""
    collects: str = "flow"
    """One of `COLLECTS`."""
    general: bool = False
    """A head such as 资金 or 项目: it is found only where no longer name is."""
    nbs: str | None = None
    """Its node in the tree of the National Bureau of Statistics (2025), DATABASE:CODE, where it has one."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of it."""
        return (self.zh, *self.also, *self.bare)


Pairs = tuple[tuple[str, str], ...]
"""Dimension and value, sorted: (("activity", "C36"), ("residence", "rural"))."""


class Match(NamedTuple):
    """What a subject names.

    Nothing in the subject is dropped: what stands before `words` is in `breakdown`, `population`, `state`
    or `rest` (but for words that say nothing, 累计 and 全市), what stands behind them is `tail`.
    """

    concept: Concept
    words: str
    """The name that was found, as the subject has it."""
    breakdown: Pairs = ()
    """What the modifiers say, by the code lists of catalog/breakdowns."""
    population: str | None = None
    """The statistical population: 规模以上 or 限额以上."""
    state: str | None = None
    """The state that the subject itself names: 新增, 在建."""
    rest: str = ""
    """The modifier that is in no list, as printed; a figure with one is not of the concept's series."""
    tail: str = ""
    """A word of measure behind the name: 增速, 占比."""
