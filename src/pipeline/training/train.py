"""The ranker's weights, learnt from examples in two rounds.

In the first each third of the examples is answered for by weights that learnt from the others, with the
right answers as lenders; in the second all of them learn with these answers as lenders, since inherited
mistakes are what the ranker meets.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.frames.features import Buckets
from pipeline.frames.ranker import (
    SCALE,
    Weights,
    add_second,
    answer,
    best_own,
    own_scores,
    resolved,
    top,
)
from pipeline.frames.shared_features import lend
from pipeline.training.examples import Example, right, with_lenders
from pipeline.training.learn import batched, fit

FOLDS, FIRST_EPOCHS = 3, 5
"""The parts that the first round cuts the examples into, and how often it goes through them."""
LEAST = 5
"""The least weight that is kept, in units of the scale: those below it are half of all and tell nothing."""


def train(examples: Sequence[Example]) -> Weights:
    """The weights learnt from examples, as integers."""
    examples = [one for one in examples if len(one.lattice.figures)]
    first = [_first_round([one for n, one in enumerate(examples) if n % FOLDS != k]) for k in range(FOLDS)]
    mixed = [(one, first[k]) for k in range(FOLDS) for one in examples[k::FOLDS]]
    worths, seconds = [], []
    for one, table in mixed:
        best, margin = best_own(own_scores(table, one.lattice), one.lattice)
        worths.append(with_lenders(one, [[name] for name in _answers(one, table)]))
        seconds.append(lend(one.lattice, best, margin))
    return _integers(fit(batched([one.lattice for one, _ in mixed], worths, seconds)))


def verdicts(table: Weights, examples: Sequence[Example]) -> list[tuple[float, bool]]:
    """The probability of each answer to what is marked, and whether it is right."""
    found = []
    for one in examples:
        answers = answer(table, one.lattice)
        for row, sure, said in zip(
            answers.named.tolist(), answers.probability.tolist(), one.answers, strict=True
        ):
            if said is not None:
                name = one.names[row] if row >= 0 else ""
                found.append((sure, right(name, said) > 0 or name in said))
    return found


def _first_round(examples: Sequence[Example]) -> Weights:
    worths = [with_lenders(one, one.answers) for one in examples]
    lattices = [one.lattice for one in examples]
    return _integers(fit(batched(lattices, worths, [_unknown(one) for one in examples]), FIRST_EPOCHS))


def _unknown(one: Example) -> dict[str, Buckets]:
    """The second features before anything is answered."""
    return lend(one.lattice, one.lattice.none, np.zeros(len(one.lattice.figures), np.int64))


def _answers(one: Example, table: Weights) -> list[str]:
    """What weights of the first round answer."""
    scores = add_second(own_scores(table, one.lattice), table, one.lattice, _unknown(one))
    rows = resolved(top(scores, one.lattice), one.lattice)
    return ["" if row < 0 else one.names[row] for row in rows.tolist()]


def _integers(weights: npt.NDArray[np.float64]) -> Weights:
    table = np.rint(weights * SCALE).astype(np.int32)
    return np.where(np.abs(table) < LEAST, 0, table).astype(np.int32)
