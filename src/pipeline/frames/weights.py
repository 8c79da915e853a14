"""The ranker's weights: weights.txt, made by `make train`, or a project's own, made by `wenshu train`."""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from pipeline.errors import WenshuError
from pipeline.frames.features import BITS
from pipeline.frames.ranker import Weights

_MEND = "run `wenshu train` again, or delete catalog/weights.txt"
PACKAGED = Path(__file__).parent / "weights.txt"
_LARGEST = 1_000_000
"""Of a weight: a candidate's sum stays far within 32 bits."""


@lru_cache(maxsize=2)
def weights(own: str | None = None) -> Weights:
    """The table of weights, one a bucket of features.

    own: what a project's catalog/weights.txt says; None for the packaged weights. Raises `WenshuError`
    where that is damaged, or was learnt for another version's features.
    """
    if own is None:
        return _table(PACKAGED.read_text(encoding="ascii"))
    head, _, rest = own.partition("\n")
    if head != _head():
        raise WenshuError(f"catalog/weights.txt is not of this version of wenshu; {_MEND}")
    try:
        return _table(rest)
    except (ValueError, IndexError, OverflowError) as error:
        raise WenshuError(f"catalog/weights.txt is damaged; {_MEND}") from error


def written(table: Weights) -> str:
    """A table as weights.txt has it: a line for each weight that is not 0, the step from the bucket
    before and the weight."""
    places = np.flatnonzero(table)
    steps = np.diff(places, prepend=0)
    return "".join(f"{step} {weight}\n" for step, weight in zip(steps, table[places], strict=True))


def own_written(table: Weights) -> str:
    """A table as a project's own weights.txt has it, after a line that tells whose features it is for."""
    return f"{_head()}\n{written(table)}"


def _table(said: str) -> Weights:
    table = np.zeros(1 << BITS, np.int32)
    steps, values = np.array(said.split(), np.int64).reshape(-1, 2).T
    if (steps < 0).any() or (np.abs(values) > _LARGEST).any():
        raise ValueError
    table[np.cumsum(steps)] = values
    return table


@cache
def _head() -> str:
    """The packaged weights change whenever the features or the bank do."""
    return f"# wenshu train {sha256(PACKAGED.read_bytes()).hexdigest()[:16]}"
