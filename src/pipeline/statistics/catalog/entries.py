"""What the catalog declares: indicators, datasets and holidays, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.concepts.concept_list import ConceptList
from pipeline.statistics.periods.named_days import Holidays
from pipeline.statistics.regions.areas import Areas

BilingualText = Mapping[str, str]
"""The same words in Chinese and English, by the keys zh and en."""


ANY = "any"
"""In a breakdown: any value of the dimension, or none; among states: any state, or none."""


class Share(NamedTuple):
    """A percentage's two figures, both indicator ids."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A cell or slice of the cube; a condition that is empty asks for nothing."""

    id: str
    title: BilingualText
    definition: BilingualText
    unit: str
    """What its observations are in: 1, %, an ISO 4217 or a UCUM code."""
    concept: str
    """Code of the concept that it is a cell of."""
    measure: str = "level"
    """Of the concept: its level, or a growth, change, share … (`pipeline.numbers.mention.MEASURES`)."""
    base: str | None = None
    """What a growth or change is against; None for the same period of the year before."""
    breakdown: tuple[tuple[str, str], ...] = ()
    """Dimension and value, sorted, of a slice; `ANY` for whatever it is. Empty for the whole."""
    population: str | None = None
    """The statistical population, such as 规模以上."""
    measures: tuple[str, ...] = ()
    """Units as written; empty for any that the concept is stated in."""
    states: tuple[str, ...] = ()
    """One of these is the figure's state, or stands in its clause; `ANY` for whatever befell it."""
    scope: tuple[str, ...] = ()
    """One of these stands in the figure's sentence."""
    periods: tuple[str, ...] = ()
    """The kinds of period that it is stated for (`periods.period.SPANS`); empty for any."""
    status: str | None = None
    """The SDMX status of every figure, where its meaning settles that."""
    event: bool = False
    """It happens somewhere in the region: a figure of a village or a site is the region's too."""
    part_of: str | None = None
    share_of: Share | None = None
    datasets: tuple[str, ...] = ()

    @property
    def counted(self) -> str:
        """The measure word of what is counted (人次, 户); empty for no count, or for any word."""
        return self.measures[0] if self.unit == "1" and self.measures else ""


class WideColumn(NamedTuple):
    """A column of a wide dataset."""

    name: str
    indicator: str
    title: BilingualText
    description: BilingualText
    unit: str
    counted: str = ""
    """See `Indicator.counted`."""


class Residual(NamedTuple):
    """The whole less its parts, all of them column names."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A table of a release that is made of observations."""

    id: str
    title: BilingualText
    description: BilingualText
    layout: str
    """long or wide."""
    indicators: tuple[str, ...]
    columns: tuple[WideColumn, ...] = ()
    residual: Residual | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that catalog/ declares."""

    indicators: Mapping[str, Indicator]
    datasets: Mapping[str, Dataset]
    holidays: Holidays
    """Of its lexicon, whose words are the grammar's (`pipeline.numbers.lexicon`)."""
    areas: Areas
    concepts: ConceptList
