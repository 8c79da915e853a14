"""Which units measure the same, and convert into one another: unit_conversions.tsv."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from importlib.resources import files

from pipeline.concepts.concept import Concept
from pipeline.tsv import read_entries

_CONVERSIONS = {entry["unit"]: entry for entry in read_entries(files(__package__) / "unit_conversions.tsv")}
"""By unit: its dimension, a code for all units that measure the same, and its factor (UCUM; GB 3100)."""
_DEGREE = "deg"
"""度 is a kilowatt-hour in one text and a degree Celsius in another."""
_DEGREES = ("kW.h", "Cel")
_TIMES = "1"
"""Code of 倍, the unit of a growth or a ratio of anything."""


def unit_fits(concept: Concept, kind: str | None, unit: str | None) -> bool:
    """Whether a figure of this kind, and unit code, may be the concept's, or a growth or share of it.

    kind and unit: None where not known.
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
    """Whether a unit has the dimension of the concept's; a compound one, such as t/d, by its first part.

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
    return _CONVERSIONS[head]["dimension"] if head in _CONVERSIONS else head


@cache
def conversion_factor(unit: str, wanted: str) -> Fraction | None:
    """By what a number in a unit is multiplied to be in another: 1/15 for {mu} and har; None if by nothing.

    Money of two currencies, and pieces of two kinds, have none. 度 is a kilowatt-hour where these are wanted.
    """
    if unit == wanted or (unit == _DEGREE and wanted in _DEGREES):
        return Fraction(1)
    if unit not in _CONVERSIONS or wanted not in _CONVERSIONS or dimension(unit) != dimension(wanted):
        return None
    return Fraction(_CONVERSIONS[unit]["factor"]) / Fraction(_CONVERSIONS[wanted]["factor"])
