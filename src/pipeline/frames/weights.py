"""The ranker's weights: weights.txt, made by `make train`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from pipeline.frames.features import BITS
from pipeline.frames.ranker import Weights

_FILE = Path(__file__).parent / "weights.txt"


@cache
def weights() -> Weights:
    """The table of weights, one a bucket of features."""
    table = np.zeros(1 << BITS, np.int32)
    pairs = np.array(_FILE.read_text(encoding="ascii").split(), np.int64).reshape(-1, 2)
    table[np.cumsum(pairs[:, 0])] = pairs[:, 1]
    return table


def written(table: Weights) -> str:
    """A table as weights.txt has it: a line for each weight that is not 0, the step from the bucket
    before and the weight."""
    places = np.flatnonzero(table)
    steps = np.diff(places, prepend=0)
    return "".join(f"{step} {weight}\n" for step, weight in zip(steps, table[places], strict=True))
