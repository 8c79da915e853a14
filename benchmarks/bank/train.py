"""Train the ranker from the bank: `make train` writes src/pipeline/frames/weights.txt again, bit for bit.

usage: python benchmarks/bank/train.py [--bank FOLDER] [--output FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from pipeline.frames.weights import PACKAGED, dump_weights
from pipeline.training.bank import load_bank, packaged_bank
from pipeline.training.examples import build_example
from pipeline.training.train import train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bank", type=Path, default=packaged_bank())
    parser.add_argument("--output", type=Path, default=PACKAGED)
    args = parser.parse_args()
    examples = [build_example(one) for one in load_bank(args.bank)]
    table = train(examples)
    args.output.write_text(dump_weights(table), encoding="ascii", newline="\n")
    figures = sum(answer is not None for one in examples for answer in one.answers)
    print(f"{len(examples)} documents, {figures:,} figures, {np.count_nonzero(table):,} weights")


if __name__ == "__main__":
    main()
