"""Trains the ranker's weights in two rounds.

In the first, weights are trained with two thirds of the examples and the right answers as lenders, and
answer the last third. In the second, all examples are used with these answers as lenders, since the
ranker meets wrong lenders too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.frames.features import Buckets
from pipeline.frames.ranker import (
    SCALE,
    Weights,
    best_rows,
    best_without_lenders,
    first_scores,
    lender_features,
    rank,
    resolve_lenders,
    with_lender_scores,
)
from pipeline.training.examples import Example, answer_worth, worth_with_lenders
from pipeline.training.learn import batched, fit

FOLDS, FIRST_EPOCHS = 3, 5
"""The number of parts, and of epochs, in the first round."""
LEAST = 5
"""The smallest weight that is kept, in units of the scale: half of all are smaller and have no effect."""


def train(examples: Sequence[Example]) -> Weights:
    """Train integer weights with examples."""
    examples = [one for one in examples if len(one.lattice.figures)]
    first = [_first_round([one for n, one in enumerate(examples) if n % FOLDS != k]) for k in range(FOLDS)]
    mixed = [(one, first[k]) for k in range(FOLDS) for one in examples[k::FOLDS]]
    worths, seconds = [], []
    for one, table in mixed:
        best, margin = best_without_lenders(first_scores(table, one.lattice), one.lattice)
        worths.append(worth_with_lenders(one, [[name] for name in _answers(one, table)]))
        seconds.append(lender_features(one.lattice, best, margin))
    return _integers(fit(batched([one.lattice for one, _ in mixed], worths, seconds)))


def evaluate(table: Weights, examples: Sequence[Example]) -> list[tuple[float, bool]]:
    """The probability of the answer to each marked figure, and whether it is right."""
    found = []
    for one in examples:
        answers = rank(table, one.lattice)
        for row, probability, right in zip(
            answers.resolved.tolist(), answers.probability.tolist(), one.answers, strict=True
        ):
            if right is not None:
                name = one.names[row] if row >= 0 else ""
                found.append((probability, answer_worth(name, right) > 0 or name in right))
    return found


def _first_round(examples: Sequence[Example]) -> Weights:
    worths = [worth_with_lenders(one, one.answers) for one in examples]
    lattices = [one.lattice for one in examples]
    return _integers(
        fit(batched(lattices, worths, [_initial_features(one) for one in examples]), FIRST_EPOCHS)
    )


def _initial_features(one: Example) -> dict[str, Buckets]:
    """The features of lenders before there are answers."""
    return lender_features(one.lattice, one.lattice.none, np.zeros(len(one.lattice.figures), np.int64))


def _answers(one: Example, table: Weights) -> list[str]:
    """The answers with weights of the first round."""
    scores = with_lender_scores(first_scores(table, one.lattice), table, one.lattice, _initial_features(one))
    rows = resolve_lenders(best_rows(scores, one.lattice), one.lattice)
    return ["" if row < 0 else one.names[row] for row in rows.tolist()]


def _integers(weights: npt.NDArray[np.float64]) -> Weights:
    table = np.rint(weights * SCALE).astype(np.int32)
    return np.where(np.abs(table) < LEAST, 0, table).astype(np.int32)
