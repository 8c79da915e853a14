"""Whether a figure's unit is one that a concept is stated in."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from pipeline.concepts.concept import Concept

_ALIKE: tuple[dict[str, str | int], ...] = (
    {"t": 1, "kg": "1/1000", "g": "1/1000000", "mg": "1/1000000000", "kt": 1000, "Mt": 1_000_000,
     "{jin}": "1/2000", "{liang}": "1/20000", "{dan}": "1/20"},
    {"m2": 1, "har": 10_000, "km2": 1_000_000, "cm2": "1/10000", "{mu}": "2000/3", "{qing}": "200000/3"},
    {"m3": 1, "L": "1/1000", "mL": "1/1000000", "km3": 1_000_000_000, "cm3": "1/1000000",
     "{barrel}": "0.158987294928"},
    {"m": 1, "km": 1000, "cm": "1/100", "mm": "1/1000", "{li}": 500, "[nmi_i]": 1852},
    {"kW.h": 1, "W.h": "1/1000", "MW.h": 1000, "GW.h": 1_000_000},
    {"W": 1, "kW": 1000, "MW": 1_000_000, "GW": 1_000_000_000},
    {"h": 1, "min": "1/60", "s": "1/3600", "d": 24, "wk": 168},
    {"a": 1, "mo": "1/12"},
    {"{TEU}": 1},
)  # fmt: skip
"""Codes of units that measure the same thing, each by the first of them (UCUM; GB 3100)."""
_FACTORS = {code: Fraction(factor) for units in _ALIKE for code, factor in units.items()}
_DIMENSION = {code: next(iter(units)) for units in _ALIKE for code in units} | {"{TEU}": "1"}
_DEGREE = "deg"
"""度 is a kilowatt-hour in one text and a degree Celsius in another."""
_DEGREES = ("kW.h", "Cel")
_TIMES = "1"
"""Code of 倍, which states a growth or a ratio of whatever it is said of."""


def unit_fits(concept: Concept, kind: str | None, unit: str | None) -> bool:
    """Whether a figure of this kind, and unit code, may be the concept's, or a growth or share of it.

    kind and unit None: not known, and nothing against it.
    """
    if kind is None:
        return unit is None or same_dimension(concept, unit)
    if kind == "percent" or (kind == "measure" and unit == _TIMES):
        return True
    if concept.kind == "index":
        return kind in ("count", "measure")
    if "money" in (kind, concept.kind) or "duration" in (kind, concept.kind):
        return kind == concept.kind
    if concept.kind == "percent":
        return False
    return unit is None or same_dimension(concept, unit)


def same_dimension(concept: Concept, unit: str | None) -> bool:
    """Whether a unit measures what the concept's own does; a compound one, such as t/d, by its first part.

    A measure whose unit is 1 follows its goods: 产量 is in tonnes, cubic metres or pieces.
    """
    if unit is None:
        return False
    if concept.kind == "measure" and concept.unit == "1":
        return True
    if unit == _DEGREE:
        return concept.unit in _DEGREES
    return dimension(unit) == dimension(concept.unit)


def dimension(unit: str) -> str:
    """What a unit measures, by one code for all that measure it; of t/d that of t."""
    head = unit.split("/")[0]
    return _DIMENSION.get(head, head)


@cache
def conversion_factor(unit: str, wanted: str) -> Fraction | None:
    """By what a number in a unit is multiplied to be in another: 1/15 for {mu} and har; None for none such.

    Money of two currencies, and pieces of two kinds, have none. 度 is a kilowatt-hour where these are wanted.
    """
    if unit == wanted or (unit == _DEGREE and wanted in _DEGREES):
        return Fraction(1)
    if unit not in _FACTORS or wanted not in _FACTORS or dimension(unit) != dimension(wanted):
        return None
    return _FACTORS[unit] / _FACTORS[wanted]
