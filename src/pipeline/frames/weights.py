"""The ranker's weights: weights.txt, written by `make train`, or a project's, written by `wenshu train`."""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from pipeline.errors import WenshuError
from pipeline.frames.features import BITS
from pipeline.frames.ranker import Weights

_ADVICE = "run `wenshu train` again, or delete catalog/weights.txt"
PACKAGED = Path(__file__).parent / "weights.txt"
_LARGEST = 1_000_000
"""The largest weight, so that sums do not exceed 32 bits."""


@lru_cache(maxsize=2)
def load_weights(text: str | None = None) -> Weights:
    """The weight of each feature's hash.

    text: the content of a project's catalog/weights.txt; None for the packaged weights. Raises `WenshuError`
    where it is damaged, or was trained with another version's features.
    """
    if text is None:
        return _table(PACKAGED.read_text(encoding="ascii"))
    head, _, rest = text.partition("\n")
    if head != _head():
        raise WenshuError(f"catalog/weights.txt is not of this version of wenshu; {_ADVICE}")
    try:
        return _table(rest)
    except (ValueError, IndexError, OverflowError) as error:
        raise WenshuError(f"catalog/weights.txt is damaged; {_ADVICE}") from error


def dump_weights(table: Weights) -> str:
    """The content of weights.txt: a line for each non-zero weight, with the difference of its index from
    the one before."""
    indices = np.flatnonzero(table)
    steps = np.diff(indices, prepend=0)
    return "".join(f"{step} {weight}\n" for step, weight in zip(steps, table[indices], strict=True))


def dump_project_weights(table: Weights) -> str:
    """The content of a project's weights.txt, which begins with a line that identifies the features."""
    return f"{_head()}\n{dump_weights(table)}"


def _table(text: str) -> Weights:
    table = np.zeros(1 << BITS, np.int32)
    steps, values = np.array(text.split(), np.int64).reshape(-1, 2).T
    if (steps < 0).any() or (np.abs(values) > _LARGEST).any():
        raise ValueError
    table[np.cumsum(steps)] = values
    return table


@cache
def _head() -> str:
    """A line with the digest of the packaged weights, which change with the features and the bank."""
    return f"# wenshu train {sha256(PACKAGED.read_bytes()).hexdigest()[:16]}"
