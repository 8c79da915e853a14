"""Whether a figure's unit is one that a concept is stated in."""

from __future__ import annotations

from pipeline.concepts.concept import Concept

_ALIKE = (
    ("t", "kg", "g", "mg", "kt", "Mt", "{jin}", "{liang}", "{dan}"),
    ("m2", "har", "km2", "cm2", "{mu}", "{qing}"),
    ("m3", "L", "mL", "km3", "cm3", "{barrel}"),
    ("m", "km", "cm", "mm", "{li}", "[nmi_i]"),
    ("kW.h", "W.h", "MW.h", "GW.h"),
    ("W", "kW", "MW", "GW"),
    ("a", "mo", "wk", "d", "h", "min", "s"),
    ("1", "{TEU}"),
)
"""Codes of units that measure the same thing."""
_DIMENSION = {code: codes[0] for codes in _ALIKE for code in codes}
_DEGREE = "deg"
"""度 is a kilowatt-hour in one text and a degree Celsius in another."""
_DEGREES = ("kW.h", "Cel")
_TIMES = "1"
"""Code of 倍, which states a growth or a ratio of whatever it is said of."""


def fits(concept: Concept, kind: str | None, unit: str | None) -> bool:
    """Whether a figure of this kind, and unit code, may be the concept's, or a growth or share of it.

    kind and unit None: not known, and nothing against it.
    """
    if kind is None:
        return unit is None or alike(concept, unit)
    if kind == "percent" or (kind == "measure" and unit == _TIMES):
        return True
    if concept.kind == "index":
        return kind in ("count", "measure")
    if "money" in (kind, concept.kind) or "duration" in (kind, concept.kind):
        return kind == concept.kind
    if concept.kind == "percent":
        return False
    return unit is None or alike(concept, unit)


def alike(concept: Concept, unit: str | None) -> bool:
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
