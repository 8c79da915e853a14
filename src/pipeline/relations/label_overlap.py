"""Names: how much two labels have in common."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from pipeline.relations.figure_index import ZERO


def share_bigram(one: str, other: str) -> bool:
    """Whether two labels have two characters in a row in common."""
    return any(one[at : at + 2] in other for at in range(len(one) - 1))


def bigram_overlap(words: str, others: str) -> Decimal:
    """How many of the pairs of characters in `words` stand in `others` too, from 0 to 1."""
    pairs = [a + b for a, b in pairwise(words)]
    return Decimal(sum(pair in others for pair in pairs)) / len(pairs) if pairs else ZERO
