"""Training examples: the lattice of a marked text, and the worth of its candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.frames.candidates import LENT, NONE
from pipeline.frames.lattice import Lattice, build_lattice, candidate_spans
from pipeline.numbers.extract import extract
from pipeline.texts.layout import Flow
from pipeline.training.bank import BankText

BEST, ALSO, LONGER = 1.0, 0.6, 0.5
"""The worth of a candidate: the best answer, another right one, one with further text before it."""
_PREFIX = 10
"""The number of characters that may precede a right answer."""
_IGNORED = re.compile(r"[\s“”‘’\"'「」『』《》〈〉]")

Worth = npt.NDArray[np.float64]


class Example(NamedTuple):
    """A marked text. names: the text of each candidate; answers: the right answers of each figure, None
    where it is not marked; worth: that of each candidate, 0 for lenders."""

    lattice: Lattice
    names: tuple[str, ...]
    answers: tuple[tuple[str, ...] | None, ...]
    worth: Worth


def build_example(document: BankText) -> Example:
    """The training example of a text."""
    text = document.text
    reading = extract(text)
    mentions = [m for m in reading.mentions if m.begin < m.stop]
    lattice = build_lattice([(reading.flow, mentions)])
    names = candidate_names(reading.flow, text, lattice)
    figures = [mentions[i] for i in lattice.figures.mention.tolist()]
    answers: list[tuple[str, ...] | None] = [None] * len(figures)
    at = 0
    for mark in document.marks:
        while at < len(figures) and figures[at].end <= mark.start:
            at += 1
        if at < len(figures) and figures[at].start < mark.end:
            answers[at] = tuple(normalize(subject) for subject in mark.subjects)
    return Example(lattice, names, tuple(answers), _worth(lattice, names, answers))


def normalize(subject: str) -> str:
    """A subject without white space and quotation marks, which are not compared."""
    return _IGNORED.sub("", subject)


def candidate_names(flow: Flow, text: str, lattice: Lattice) -> tuple[str, ...]:
    """The text of each candidate; empty for lenders and for no answer."""
    kinds = lattice.candidates.kind.tolist()
    spans = candidate_spans(lattice, np.arange(len(kinds)))
    return tuple(
        normalize("".join(flow.written(text, *span) for span in its)) if kind < LENT else ""
        for kind, its in zip(kinds, spans, strict=True)
    )


def answer_worth(answer: str, answers: Sequence[str]) -> float:
    """The worth of an answer, given the right ones."""
    if answer in answers:
        return BEST if answer == answers[0] else ALSO
    longer = any(a and answer.endswith(a) and len(answer) - len(a) <= _PREFIX for a in answers)
    return LONGER if answer and longer else 0.0


def _worth(lattice: Lattice, names: Sequence[str], answers: Sequence[tuple[str, ...] | None]) -> Worth:
    """The worth of each candidate; longer answers count only where no candidate is exactly right."""
    worth = np.zeros(len(names))
    figures, kinds = lattice.candidates.figure.tolist(), lattice.candidates.kind.tolist()
    for row, (figure, kind) in enumerate(zip(figures, kinds, strict=True)):
        right = answers[figure]
        if right is not None and kind != LENT and (kind != NONE or "" in right):
            worth[row] = answer_worth(names[row], right)
    exact = np.bincount(lattice.candidates.figure, worth > LONGER, len(answers)) > 0
    worth[(worth == LONGER) & exact[lattice.candidates.figure]] = 0.0
    return worth


def worth_with_lenders(this: Example, lent: Sequence[Sequence[str] | None]) -> Worth:
    """The worth of all candidates, given the answers that each figure lends."""
    worth, found = this.worth.copy(), this.lattice.candidates
    for row in this.lattice.lent.tolist():
        answers, names = this.answers[found.figure[row]], lent[found.lender[row]]
        if answers is not None and names:
            worth[row] = max((answer_worth(name, answers) for name in names if name), default=0.0)
    return worth
