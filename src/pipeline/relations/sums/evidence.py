"""Evidence: whether enough digits agree for a list of parts to be believed.

A list that adds up is evidence in itself, and the more digits agree the stronger it is;
the fewer there are, the plainer the structure has to be (sum_rules.tsv).
"""

from __future__ import annotations

from importlib.resources import files
from math import prod
from typing import NamedTuple

from pipeline.relations.arithmetic import Equation, common_last_place, exactly_printed, sum_of
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figure_index import ZERO, Figure, Index
from pipeline.relations.label_overlap import share_bigram
from pipeline.relations.part_lists import Parts
from pipeline.relations.relation_cues import CUES, last_row
from pipeline.tsv import read_entries

APART = "two of several"
"""The rule of two figures that come to a third."""


class SumRule(NamedTuple):
    """A line of sum_rules.tsv: a structure that ties parts to their total."""

    digits: int
    """Values that the total could have had in print, at least, for the parts to be believed; 0: any."""
    within: int
    """A list that is said to be the whole is accused where it is off by one such part of its total, at most:
    5 for a fifth. Farther off, it is likelier that the words were misread. 0: it is not accused."""


SUM_RULES = {
    line["rule"]: SumRule(int(line["digits"] or 0), int(line["within"] or 0))
    for line in read_entries(files(__package__) / "sum_rules.tsv")
}
_TIMES = {"some": 20, "on": 10}
"""How much more it takes where figures of the list are left out, where it goes on in other sentences."""

_ROUNDED = 5
"""How much more it takes to believe a list that fits only within rounding and that no word introduces."""

_CUED = ("sums up", "brackets", "cue")
"""Structures in which words or brackets say that these are parts."""


def supported_sum(index: Index, total: Figure, parts: Parts, rule: str, tried: int = 1) -> Equation | None:
    """The equation, where enough digits agree for so plain a structure and so many lists tried."""
    plain = not rule.startswith(_CUED)
    exact = parts.sum == total.value
    swallowed = parts.slack - exact * total.slack if plain else ZERO if exact else total.slack
    if min(map(abs, parts.values)) <= swallowed or (plain and len(set(parts.values)) == 1):
        return None  # what rounding swallows, and doubling, is no evidence
    unit = max(part.place for part in parts.figures)
    if rule == APART:
        unit = max(unit, common_last_place((total, *parts.figures)))
    if not exact:
        unit = max(unit, 2 * parts.slack)
    if total.value < _needed(rule) * tried * unit * (1 if exact or not plain else _ROUNDED):
        return None
    if total.mention.unit is None and plain:
        return None  # numbers without a unit are numbering, unless the text says otherwise
    if rule.startswith(("plain", "list before", "sentence", APART)) and not exactly_printed(total):
        return None  # 210多项政策，形成案例173项，其中37项推广
    if rule in ("sentence", APART) and not exactly_printed(*parts.figures):
        return None
    if plain and ", all" not in rule and not _is_kin(index, total, parts):
        return None
    return sum_of(total, parts, rule, rule in ("brackets", "sums up"))


def _needed(rule: str) -> int:
    words = rule.split(", ")
    structure = ", ".join(word for word in words if word not in _TIMES)
    return SUM_RULES[structure].digits * prod(_TIMES.get(word, 1) for word in words)


def _is_kin(index: Index, total: Figure, parts: Parts) -> bool:
    """Whether parts in another sentence than their total bear its noun, or are said to be its parts."""
    first = parts.figures[0]
    if all(part.sentence == total.sentence for part in parts.figures):
        return True
    lead = last_row(index.text_before(first))
    if CUES.parts.search(lead) or CUES.others.search(index.label(parts.figures[-1])):
        return True
    if dimension_of([index.words(part) for part in parts.figures])[0]:
        return True
    noun = index.words(total)
    return any(share_bigram(noun, other) for other in (lead, *map(index.words, parts.figures)))
