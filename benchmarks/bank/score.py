"""Score the frames of the bank: subject, measure, direction, base and plan of every marked figure.

usage: python benchmarks/bank/score.py [--bank FOLDER] [--held-out]

--held-out: every fifth document is answered by weights that learnt from the others; without it the
shipped weights answer for what they have learnt from, which says nothing of other texts. A subject is
right where it is one of the marked ones, or one of them with up to ten more characters before it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.frames.reading import read
from pipeline.training.bank import BankText, load_bank, packaged_bank
from pipeline.training.examples import answer_worth, build_example, normalize
from pipeline.training.train import evaluate, train

FOLDS = 5
_LABELS = ("measure", "direction", "base", "planned")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bank", type=Path, default=packaged_bank())
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    every = list(load_bank(args.bank))
    found = held_out(every) if args.held_out else shipped(every)
    found.sort(key=lambda verdict: -verdict[0])
    for share in (1.0, 0.9, 0.8, 0.5):
        its = [good for _, good in found[: round(share * len(found))]]
        print(f"subject {np.mean(its):.4f} of the {share:.0%} most confident, {len(its):,} figures")
    for name, (hits, asked) in labels(every).items():
        print(f"{name:9} {hits / max(asked, 1):.4f} of {asked:,}")


def held_out(every: Sequence[BankText]) -> list[tuple[float, bool]]:
    """The probability of each answer and whether it is right, for documents that were not learnt from."""
    examples = [build_example(one) for one in every]
    table = train([one for n, one in enumerate(examples) if n % FOLDS])
    return evaluate(table, examples[::FOLDS])


def shipped(every: Sequence[BankText]) -> list[tuple[float, bool]]:
    """As `held_out`, by the weights of the package and all that follows them."""
    found = []
    for one in every:
        for mention, mark in marked(one):
            name, said = normalize(mention.subject or ""), [normalize(subject) for subject in mark.subjects]
            found.append((float(mention.confidence or 0), answer_worth(name, said) > 0 or name in said))
    return found


def labels(every: Sequence[BankText]) -> dict[str, tuple[int, int]]:
    """How many of each label are right, of those that a mark states; base where it states one."""
    counts = dict.fromkeys(_LABELS, (0, 0))
    for one in every:
        for mention, mark in marked(one):
            for name in _LABELS:
                want = getattr(mark, name)
                if mark.tagged and want is not None:
                    hits, asked = counts[name]
                    counts[name] = hits + (getattr(mention, name) == want), asked + 1
    return counts


def marked(one: BankText):
    """Each statistical figure of a document that is marked, with its mark."""
    mentions = [m for m in read(one.text).mentions if m.statistical]
    for mark in one.marks:
        found = next((m for m in mentions if m.start < mark.end and mark.start < m.end), None)
        if found is not None:
            yield found, mark


if __name__ == "__main__":
    main()
