"""Train the ranker from the bank: `make train` writes src/pipeline/frames/weights.txt again, bit for bit.

usage: python benchmarks/bank/train.py [--bank FOLDER] [--output FILE]

Two rounds. In the first a half of the bank learns with the right answers as lenders; each half then
answers for the other, and in the second round the whole bank learns with these answers as lenders,
since inherited mistakes are what the ranker meets.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from bank import documents
from gold import Example, example, with_lenders
from learn import batched, fit

from pipeline.frames.lending import lend
from pipeline.frames.ranker import SCALE, Weights, add_second, best_own, own_scores, resolved, top
from pipeline.frames.weights import written

HERE = Path(__file__).resolve().parent
WEIGHTS = HERE.parent.parent / "src" / "pipeline" / "frames" / "weights.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bank", type=Path, default=HERE)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    examples = [example(one.genre, one.text, one.marks) for one in documents(args.bank)]
    table = train(examples)
    args.output.write_text(written(table), encoding="ascii", newline="\n")
    figures = sum(answer is not None for one in examples for answer in one.answers)
    print(f"{len(examples)} documents, {figures:,} figures, {np.count_nonzero(table):,} weights")


def train(examples: Sequence[Example]) -> Weights:
    """The weights learnt from examples, as integers."""
    examples = [one for one in examples if len(one.lattice.figures)]
    halves = examples[::2], examples[1::2]
    first = [_first_round(half) for half in halves]
    mixed = [(one, table) for half, table in zip(halves, first[::-1], strict=True) for one in half]
    worths, seconds = [], []
    for one, table in mixed:
        best, margin = best_own(own_scores(table, one.lattice), one.lattice)
        worths.append(with_lenders(one, [[name] for name in _answers(one, table)]))
        seconds.append(lend(one.lattice, best, margin))
    return _integers(fit(batched([one.lattice for one, _ in mixed], worths, seconds)))


def _first_round(examples: Sequence[Example]) -> Weights:
    worths = [with_lenders(one, one.answers) for one in examples]
    lattices = [one.lattice for one in examples]
    return _integers(fit(batched(lattices, worths, [_unknown(one) for one in examples])))


def _unknown(one: Example) -> dict[str, np.ndarray]:
    """The second features before anything is answered."""
    return lend(one.lattice, one.lattice.none, np.zeros(len(one.lattice.figures), np.int64))


def _answers(one: Example, table: Weights) -> list[str]:
    """What weights of the first round answer."""
    scores = add_second(own_scores(table, one.lattice), table, one.lattice, _unknown(one))
    rows = resolved(top(scores, one.lattice), one.lattice)
    return ["" if row < 0 else one.names[row] for row in rows.tolist()]


def _integers(weights: np.ndarray) -> Weights:
    return np.rint(weights * SCALE).astype(np.int32)


if __name__ == "__main__":
    main()
