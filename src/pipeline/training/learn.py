"""The learner: a log-linear model of candidates, fitted by AdaGrad in numpy.

The weights are the same on every machine: sums have a fixed order, and the exponential is computed with
additions and multiplications only, which IEEE 754 defines exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.frames.features import BITS, Buckets
from pipeline.frames.lattice import Lattice
from pipeline.frames.ranker import candidate_scores

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

EPOCHS = 10
LEFT_OUT = 0.3
"""The dropout rate of features."""
RATE = 0.1
PENALTY = 3.0
DOCUMENTS = 2
"""Only features of at least so many documents have a weight."""
BATCH = 12


class TrainingBatch(NamedTuple):
    """The joined lattices of some documents, and the worth of each candidate."""

    items: Mapping[str, Buckets]
    document: Mapping[str, Places]
    start: Places
    end: Places
    runs: Mapping[str, tuple[Places, Places]]
    lent: Places
    none: Places
    figure: Places
    worth: Floats


def batched(
    lattices: Sequence[Lattice], worths: Sequence[Floats], seconds: Sequence[Mapping[str, Buckets]]
) -> list[TrainingBatch]:
    """The documents in batches, in their order."""
    return [
        _joined(lattices[k : k + BATCH], worths[k : k + BATCH], seconds[k : k + BATCH])
        for k in range(0, len(lattices), BATCH)
    ]


def _joined(
    lattices: Sequence[Lattice], worths: Sequence[Floats], seconds: Sequence[Mapping[str, Buckets]]
) -> TrainingBatch:
    every = [
        {g: np.ascontiguousarray(rows.T) for g, rows in {**lattice.items, **second}.items()}
        for lattice, second in zip(lattices, seconds, strict=True)
    ]
    groups = tuple(every[0])
    offsets = {g: np.cumsum([0, *(len(items[g]) for items in every)]) for g in groups}
    rows = np.cumsum([0, *(len(lattice.candidates) for lattice in lattices)])
    figures = np.cumsum([0, *(len(lattice.figures) for lattice in lattices)])

    def edge(name: str) -> Places:
        places = [getattr(lattice, name).astype(np.int64) for lattice in lattices]
        return np.concatenate([np.where(p > 0, p + offsets[name][i], 0) for i, p in enumerate(places)])

    def run(name: str, side: int) -> Places:
        group = name.rstrip("2")
        return np.concatenate([lat.runs[name][side] + offsets[group][i] for i, lat in enumerate(lattices)])

    return TrainingBatch(
        {g: np.concatenate([items[g] for items in every]) for g in groups},
        {g: np.repeat(np.arange(len(every)), np.diff(offsets[g])) for g in groups},
        edge("start"),
        edge("end"),
        {name: (run(name, 0), run(name, 1)) for name in lattices[0].runs},
        np.concatenate([lattice.lent + rows[i] for i, lattice in enumerate(lattices)]),
        np.concatenate([lattice.none + rows[i] for i, lattice in enumerate(lattices)]),
        np.concatenate([lattice.candidates.figure + figures[i] for i, lattice in enumerate(lattices)]),
        np.concatenate(worths),
    )


def fit(batches: Sequence[TrainingBatch], epochs: int = EPOCHS) -> Floats:
    """The weights in log-odds, averaged over the second half of the epochs.

    Each step drops a part of the features, so that the model relies on none alone.
    """
    used = _frequent_features(batches)
    index = np.zeros(1 << BITS, np.int32)  # of features with a weight; 0 for all others
    index[used] = np.arange(1, len(used) + 1)
    batches = [one._replace(items={g: index[rows] for g, rows in one.items.items()}) for one in batches]
    size = len(used) + 1
    weights, squares, total = np.zeros(size), np.full(size, 1e-8), np.zeros(size)
    steps = 0
    draws = np.random.default_rng(1)
    for epoch in range(epochs):
        for k in draws.permutation(len(batches)):
            kept = (draws.random(size) >= LEFT_OUT) / (1 - LEFT_OUT)
            gradient = _gradient(batches[k], weights * kept) * kept + PENALTY / len(batches) * weights
            squares += gradient * gradient
            quarter = np.sqrt(np.sqrt(squares))  # 3/8 and not AdaGrad's 1/2: rare features step less
            weights -= RATE * gradient / (quarter * np.sqrt(quarter))
            weights[0] = 0.0
            if epoch >= epochs // 2:
                total += weights
                steps += 1
    result = np.zeros(1 << BITS)
    result[used] = total[1:] / max(steps, 1)
    return result


def _frequent_features(batches: Sequence[TrainingBatch]) -> Places:
    """The features that occur in enough documents."""
    size = 1 << BITS
    times = np.zeros(size, np.int64)
    for batch in batches:
        pairs = [
            np.unique(np.repeat(batch.document[g], rows.shape[1]) * size + rows.ravel())
            for g, rows in batch.items.items()
        ]
        times += np.bincount(np.unique(np.concatenate(pairs)) % size, minlength=size)
    return np.flatnonzero(times >= DOCUMENTS)


def _gradient(batch: TrainingBatch, weights: Floats) -> Floats:
    """The gradient of the negative log-likelihood of the right candidates."""
    scores = _scores(batch, weights)
    figures = int(batch.figure[-1]) + 1
    begins = np.searchsorted(batch.figure, np.arange(figures))
    odds = exponential(scores - np.maximum.reduceat(scores, begins)[batch.figure])
    each = odds / np.add.reduceat(odds, begins)[batch.figure]
    wanted = odds * batch.worth
    sums = np.add.reduceat(wanted, begins)[batch.figure]
    expected = np.divide(wanted, sums, out=np.zeros_like(wanted), where=sums > 0)
    return _spread(batch, len(weights), np.where(sums > 0, each - expected, 0.0))


def _scores(batch: TrainingBatch, weights: Floats) -> Floats:
    sums = {group: weights[rows].sum(axis=1) for group, rows in batch.items.items()}
    scores = candidate_scores(sums, batch.start, batch.end, batch.runs)
    scores[batch.lent] += sums["lent"]
    scores[batch.none] += sums["none"]
    return scores


def _spread(batch: TrainingBatch, size: int, error: Floats) -> Floats:
    """The gradient of features, given the error of each candidate."""
    items = {g: np.zeros(len(rows)) for g, rows in batch.items.items()}
    items["start"] += np.bincount(batch.start, error, len(items["start"]) + 1)[1:]
    items["end"] += np.bincount(batch.end, error, len(items["end"]) + 1)[1:]
    items["span"] += error
    for name, (begin, stop) in batch.runs.items():
        sums = items[name.rstrip("2")]
        steps = np.bincount(stop, error, len(sums) + 1) - np.bincount(begin, error, len(sums) + 1)
        sums += np.cumsum(steps[::-1])[::-1][1:]
    items["lent"] += error[batch.lent]
    items["none"] += error[batch.none]
    gradient = np.zeros(size)
    for group, rows in batch.items.items():
        used = np.flatnonzero(items[group])
        gradient += np.bincount(
            rows[used].ravel(), np.repeat(items[group][used], rows.shape[1]), len(gradient)
        )
    return gradient


_LN2_HIGH, _LN2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6


def exponential(x: Floats) -> Floats:
    """e to the power of x, for x up to 0, by a series around the nearest power of 2."""
    x = np.maximum(x, -600.0)
    power = np.rint(x * 1.4426950408889634)
    rest = x - power * _LN2_HIGH - power * _LN2_LOW
    series = np.ones_like(rest)
    for n in range(13, 0, -1):
        series = series * rest / n + 1.0
    return np.ldexp(series, power.astype(np.int64))
