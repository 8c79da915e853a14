"""Reading: a text in, every numeral in it out, and what each figure is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from pipeline.frames.candidates import LENT
from pipeline.frames.labels import labels
from pipeline.frames.lattice import Lattice, lattice_of
from pipeline.frames.parts import Part, parts
from pipeline.frames.ranker import Answers, answer
from pipeline.frames.states import state_of
from pipeline.frames.weights import weights
from pipeline.numbers.extract import Reading, extract, uncollected
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.mention import Mention

_BREAKS = str.maketrans("", "", "\r\n \t\u3000\u00a0\u200b\ufeff")
_QUOTED = re.compile(r"[“「『《‘\"]([^“”「」『』《》‘’\"]*)[”」』》’\"]")
_CENT = Decimal("0.01")


def read(text: str, grammar: Grammar | None = None) -> Reading:
    """Read every numeral of a decoded text, statistical figures with their frames.

    Takes any str, in time linear in its length. grammar: the default one if None.
    """
    with uncollected():
        return framed(text, extract(text, grammar), grammar.nouns if grammar else frozenset())


def framed(source: str, reading: Reading, nouns: frozenset[str] = frozenset()) -> Reading:
    """The reading with the frame of each statistical figure."""
    inside = [m for m in reading.mentions if m.begin < m.stop]
    if not any(m.statistical for m in inside):
        return reading
    lattice = lattice_of(reading.flow, inside, nouns)
    answers = answer(weights(), lattice)
    figures = [inside[i] for i in lattice.figures.token.tolist()]
    written = _Written(source, reading, lattice, answers, parts(lattice, answers, figures))
    found = {
        figure.start: figure._replace(
            **said._asdict(), subject=written.subject(i), head=written.head(i), part=written.part(i),
            state=written.state(i, figure),
            confidence=Decimal(int(answers.probability[i] * 100)) * _CENT,
        )
        for i, (figure, said) in enumerate(zip(figures, labels(reading.flow, figures), strict=True))
    }  # fmt: skip
    return Reading(reading.flow, tuple(found.get(m.start, m) for m in reading.mentions))


class _Written:
    """What was chosen, in the source's own characters."""

    def __init__(
        self, source: str, reading: Reading, lattice: Lattice, answers: Answers, parts: Sequence[Part | None]
    ) -> None:
        self._source, self._flow = source, reading.flow
        self._rows = lattice.candidates
        self._begin, self._stop = lattice.words.begin, lattice.words.stop
        self._parts = parts
        self._chosen, self._named = answers.chosen.tolist(), answers.named.tolist()

    def subject(self, i: int) -> str | None:
        part = self._parts[i]
        return self._text(self._named[part.whole if part else i])

    def head(self, i: int) -> tuple[int, int] | None:
        """The flow's characters of a subject that stands beside its figure."""
        row, rows = self._chosen[i], self._rows
        if rows.kind[row] >= LENT or self._parts[i]:
            return None
        return int(self._begin[rows.start[row]]), int(self._stop[rows.end[row] - 1])

    def part(self, i: int) -> str | None:
        """The place of a breakdown that a figure is of."""
        part = self._parts[i]
        if part is None:
            return None
        begin, stop = int(self._begin[part.start]), int(self._stop[part.end - 1])
        return self._flow.written(self._source, begin, stop).translate(_BREAKS)

    def state(self, i: int, figure: Mention) -> str | None:
        """The predicate beside a subject or a figure."""
        row, rows = self._chosen[i], self._rows
        begin = self._flow.sentences[figure.sentence][0] if self._flow.sentences else 0
        head = None
        if rows.kind[row] < LENT:
            head = int(self._begin[rows.start[row]]), int(self._stop[rows.end[row] - 1])
        return state_of(self._flow.text, figure, begin, head)

    def _text(self, row: int) -> str | None:
        if row < 0:
            return None
        rows = self._rows
        parts = [(rows.start[row], rows.end[row]), (rows.tail_start[row], rows.tail_end[row])]
        name = "".join(
            self._flow.written(self._source, int(self._begin[s]), int(self._stop[e - 1]))
            for s, e in parts
            if e > s
        ).translate(_BREAKS)
        quoted = _QUOTED.fullmatch(name)
        return quoted[1] if quoted else name
