"""A marked text as the ranker sees it: its lattice, and which candidates are right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.frames.candidates import LENT, NONE
from pipeline.frames.lattice import Lattice, lattice_of
from pipeline.numbers.extract import extract
from pipeline.texts.layout import Flow
from pipeline.training.bank import Document

BEST, ALSO, LONGER = 1.0, 0.6, 0.5
"""What a candidate is worth: the best answer, another right one, one with more before it."""
_PREFIX = 10
"""Characters that may stand before a right answer."""
_IGNORED = re.compile(r"[\s“”‘’\"'「」『』《》〈〉]")

Worth = npt.NDArray[np.float64]


class Example(NamedTuple):
    """A text with its lattice. names: each candidate's words; answers: each figure's right ones, None
    where it is not marked; worth: of each candidate that does not lend."""

    lattice: Lattice
    names: tuple[str, ...]
    answers: tuple[tuple[str, ...] | None, ...]
    worth: Worth


def example(document: Document) -> Example:
    """The lattice of a text with its marks laid on."""
    text = document.text
    reading = extract(text)
    mentions = [m for m in reading.mentions if m.begin < m.stop]
    lattice = lattice_of([(reading.flow, mentions)])
    names = candidate_names(reading.flow, text, lattice)
    figures = [mentions[i] for i in lattice.figures.token.tolist()]
    answers: list[tuple[str, ...] | None] = [None] * len(figures)
    at = 0
    for mark in document.marks:
        while at < len(figures) and figures[at].end <= mark.start:
            at += 1
        if at < len(figures) and figures[at].start < mark.end:
            answers[at] = tuple(plain(subject) for subject in mark.subjects)
    return Example(lattice, names, tuple(answers), _worth(lattice, names, answers))


def plain(subject: str) -> str:
    """A subject without white space and quotation marks, which do not count."""
    return _IGNORED.sub("", subject)


def candidate_names(flow: Flow, text: str, lattice: Lattice) -> tuple[str, ...]:
    """The words of each candidate; empty for a lender and for none."""
    found, words = lattice.candidates, lattice.words
    begin, stop = words.begin.tolist(), words.stop.tolist()
    names = []
    for kind, s, e, ts, te in zip(
        found.kind.tolist(), found.start.tolist(), found.end.tolist(), found.tail_start.tolist(),
        found.tail_end.tolist(), strict=True,
    ):  # fmt: skip
        name = "" if kind >= LENT else flow.written(text, begin[s], stop[e - 1])
        names.append(plain(name + (flow.written(text, begin[ts], stop[te - 1]) if te > ts else "")))
    return tuple(names)


def right(answer: str, answers: Sequence[str]) -> float:
    """What an answer is worth against the right ones."""
    if answer in answers:
        return BEST if answer == answers[0] else ALSO
    longer = any(a and answer.endswith(a) and len(answer) - len(a) <= _PREFIX for a in answers)
    return LONGER if answer and longer else 0.0


def _worth(lattice: Lattice, names: Sequence[str], answers: Sequence[tuple[str, ...] | None]) -> Worth:
    """Longer answers count only where no candidate is exactly right."""
    worth = np.zeros(len(names))
    figures, kinds = lattice.candidates.figure.tolist(), lattice.candidates.kind.tolist()
    for row, (figure, kind) in enumerate(zip(figures, kinds, strict=True)):
        its = answers[figure]
        if its is not None and kind != LENT and (kind != NONE or "" in its):
            worth[row] = right(names[row], its)
    exact = np.bincount(lattice.candidates.figure, worth > LONGER, len(answers)) > 0
    worth[(worth == LONGER) & exact[lattice.candidates.figure]] = 0.0
    return worth


def with_lenders(this: Example, lent: Sequence[Sequence[str] | None]) -> Worth:
    """The worth of every candidate, given what each figure would lend: its right answers or its own."""
    worth, found = this.worth.copy(), this.lattice.candidates
    for row in this.lattice.lent.tolist():
        answers, names = this.answers[found.figure[row]], lent[found.lender[row]]
        if answers is not None and names:
            worth[row] = max((right(name, answers) for name in names if name), default=0.0)
    return worth
