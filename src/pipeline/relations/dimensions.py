"""Dimensions: names that exclude one another, so that their figures may be added.

A party member may be a woman and young; a complaint comes by telephone or by letter.
Only parts that bear different members of one dimension can be said to exceed their whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.relations.relation_cues import CUES, TABLES
from pipeline.tsv import read_entries


class Dimension(NamedTuple):
    """A line of dimensions.tsv."""

    members: tuple[re.Pattern[str], ...]
    """A label bears a member where the pattern is found in it."""
    whole: bool
    """Whether the members are all there is."""


DIMENSIONS = tuple(
    Dimension(tuple(map(re.compile, line["members"].split())), line["whole"] == "yes")
    for line in read_entries(TABLES / "dimensions.tsv")
)
_ANY = re.compile("|".join(member.pattern for members, _ in DIMENSIONS for member in members))


def dimension_of(labels: Sequence[str]) -> tuple[bool, bool]:
    """Whether the labels bear different members of one dimension, and whether these are all of them."""
    if len(labels) == 2 and _denied(*labels):
        return True, True
    if _numbered(labels):
        return True, False
    if not all(map(_ANY.search, labels)):
        return False, False
    borne = [_borne(label) for label in labels]
    for n, (members, whole) in enumerate(DIMENSIONS):
        ones = [one[n] for one in borne]
        if -1 not in ones and len(set(ones)) == len(labels):
            return True, whole and len(labels) == len(members)
    return False, False


def _numbered(labels: Sequence[str]) -> bool:
    """Whether labels are numbered apart: 一期, 二期; A类, B类."""
    found = [match.groups() for label in labels if (match := CUES.numbered.search(label))]
    return len(set(found)) == len(labels) > 1 and len({what for _, what in found}) == 1


def is_sibling(label: str, labels: Sequence[str]) -> bool:
    """Whether a label bears a member of the dimension that labels bear: 受伤6人 is no total of 死亡, 受伤."""
    others = (labels, *([*labels[:n], *labels[n + 1 :]] for n in range(len(labels))))
    return any(dimension_of([label, *some])[0] for some in others)


def _denied(one: str, other: str) -> bool:
    """Whether one label denies what the other says: 整改到位资金, 未整改资金."""
    for label, affirmed in ((one, other), (other, one)):
        match = CUES.denied.search(label)
        if match and match["what"] in affirmed and not CUES.denied.search(affirmed):
            return True
    return False


@lru_cache(maxsize=2048)
def _borne(label: str) -> tuple[int, ...]:
    """The one member of each dimension that a label bears; -1 where it bears none, or several."""
    found = []
    for members, _ in DIMENSIONS:
        ones = [n for n, member in enumerate(members) if member.search(label)]
        found.append(ones[0] if len(ones) == 1 else -1)
    return tuple(found)
