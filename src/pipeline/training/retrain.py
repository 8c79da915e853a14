"""Trains weights with the packaged bank and a project's sentences, and compares them with the packaged ones.

The project's sentences are evaluated with weights trained without them (in two halves), and with the packaged
weights. The packaged bank is evaluated with both the packaged and the new weights, which were trained with
it, to see whether anything is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.frames.ranker import Weights
from pipeline.frames.weights import load_weights
from pipeline.training.bank import BankText
from pipeline.training.examples import build_example
from pipeline.training.train import evaluate, train

MIN_SENTENCES = 2
"""The smallest number of sentences of which some can be held out."""
_LOST = 0.002
"""The share of the packaged bank's right answers that may be lost, as any addition changes a few."""


class Score(NamedTuple):
    """The numbers of marked figures, and of right answers with the packaged and with the new weights."""

    figures: int
    before: int
    after: int


class Retrained(NamedTuple):
    """New weights with their scores on the project's held-out sentences and on the packaged bank."""

    weights: Weights
    own: Score
    packaged: Score

    @property
    def better(self) -> bool:
        """Whether more of the project's figures are right, and hardly any of the packaged bank are lost."""
        lost = self.packaged.before - self.packaged.after
        return self.own.after > self.own.before and lost <= _LOST * self.packaged.figures


def retrain(
    packaged: Sequence[BankText], own: Sequence[BankText], report: Callable[[str], None]
) -> Retrained:
    """Train with both. own: at least `MIN_SENTENCES` different ones. report: is called with each step."""
    report("reading the marked sentences")
    base, ours = [build_example(one) for one in packaged], [build_example(one) for one in own]
    halves = ours[::2], ours[1::2]
    after = 0
    for number, (learnt, held_out) in enumerate(zip(halves, halves[::-1], strict=True), 1):
        report(f"learning without the sentences that are held out, {number} of 2")
        after += _right(evaluate(train([*base, *learnt]), held_out))
    report("learning from all of them")
    new, old = train([*base, *ours]), load_weights()
    own_before, base_before = evaluate(old, ours), evaluate(old, base)
    return Retrained(
        new,
        Score(len(own_before), _right(own_before), after),
        Score(len(base_before), _right(base_before), _right(evaluate(new, base))),
    )


def _right(found: Sequence[tuple[float, bool]]) -> int:
    return sum(good for _, good in found)
