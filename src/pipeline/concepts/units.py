"""Whether a figure's unit is one that a concept is stated in."""

from __future__ import annotations

from pipeline.concepts.concept import Concept

_ALIKE = (
    ("t", "kg", "g", "mg", "kt", "Mt", "{jin}", "{liang}", "{dan}"),
    ("m2", "har", "km2", "cm2", "{mu}", "{qing}"),
    ("m3", "L", "mL", "km3", "cm3"),
    ("m", "km", "cm", "mm", "{li}", "[nmi_i]"),
    ("kW.h", "W.h", "MW.h", "GW.h"),
    ("W", "kW", "MW", "GW"),
    ("a", "mo", "wk", "d", "h", "min", "s"),
)
"""Codes of units that measure the same thing."""
_DIMENSION = {code: codes[0] for codes in _ALIKE for code in codes}
_PERCENT = ("percent", "index")


def fits(concept: Concept, kind: str | None, unit: str | None) -> bool:
    """Whether a figure of this kind, and unit code, may be the concept's, or a growth or share of it.

    kind and unit None: not known, and nothing against it.
    """
    if kind is None:
        return unit is None or alike(concept, unit)
    if kind == "percent" or concept.kind == "index":
        return kind in ("percent", "count", "measure")
    if "money" in (kind, concept.kind) or "duration" in (kind, concept.kind):
        return kind == concept.kind
    if concept.kind == "percent":
        return False
    return unit is None or alike(concept, unit)


def alike(concept: Concept, unit: str | None) -> bool:
    """Whether a unit measures what the concept's own does; a compound one, such as t/d, by its first part."""
    if unit is None:
        return False
    return dimension(unit) == dimension(concept.unit)


def dimension(unit: str) -> str:
    """What a unit measures, by one code for all that measure it; of t/d that of t."""
    head = unit.split("/")[0]
    return _DIMENSION.get(head, head)
