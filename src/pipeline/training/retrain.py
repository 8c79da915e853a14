"""Weights from the packaged bank and a project's own sentences, and whether they are better.

Own sentences are answered by weights that learnt from the packaged bank and the other half of them,
and by the packaged weights, which know none of them. The packaged bank is answered by the packaged
weights and by the new ones, which both learnt from it: what they knew must not be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.frames.ranker import Weights
from pipeline.frames.weights import weights
from pipeline.training.bank import Document
from pipeline.training.examples import example
from pipeline.training.train import train, verdicts

FEWEST = 2
"""Own sentences of which some can be held out."""
_LOST = 0.002
"""Of the packaged bank's answers, how many may be lost: they change a little whatever is added."""


class Score(NamedTuple):
    """How many figures are marked, and how many of them the packaged and the new weights answer rightly."""

    figures: int
    before: int
    after: int


class Retrained(NamedTuple):
    """New weights with their scores: over own sentences held out, and over the packaged bank."""

    weights: Weights
    own: Score
    packaged: Score

    @property
    def better(self) -> bool:
        """Whether more of one's own is right, and hardly anything of the rest is lost."""
        lost = self.packaged.before - self.packaged.after
        return self.own.after > self.own.before and lost <= _LOST * self.packaged.figures


def retrain(packaged: Sequence[Document], own: Sequence[Document], tell: Callable[[str], None]) -> Retrained:
    """Learn from both. own: at least `FEWEST`, no two the same. tell: told what is being done."""
    tell("reading the marked sentences")
    base, ours = [example(one) for one in packaged], [example(one) for one in own]
    halves = ours[::2], ours[1::2]
    after = 0
    for number, (learnt, held_out) in enumerate(zip(halves, halves[::-1], strict=True), 1):
        tell(f"learning without the sentences that are held out, {number} of 2")
        after += _right(verdicts(train([*base, *learnt]), held_out))
    tell("learning from all of them")
    new, old = train([*base, *ours]), weights()
    own_known, base_known = verdicts(old, ours), verdicts(old, base)
    return Retrained(
        new,
        Score(len(own_known), _right(own_known), after),
        Score(len(base_known), _right(base_known), _right(verdicts(new, base))),
    )


def _right(found: Sequence[tuple[float, bool]]) -> int:
    return sum(good for _, good in found)
