"""Reading: a text in, every numeral in it out, and what each figure is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import numpy as np

from pipeline.frames.candidates import LENT, Candidates
from pipeline.frames.labels import labels
from pipeline.frames.lattice import Lattice, lattice_of
from pipeline.frames.parts import Part, parts
from pipeline.frames.ranker import Answers, answer
from pipeline.frames.sentences import Ints, Words
from pipeline.frames.states import state_of
from pipeline.frames.weights import weights
from pipeline.numbers.extract import Reading, extract, uncollected
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

_BREAKS = str.maketrans("", "", "\r\n \t\u3000\u00a0\u200b\ufeff")
_QUOTED = re.compile(r"[“「『《‘\"]([^“”「」『』《》‘’\"]*)[”」』》’\"]")
_CENT = Decimal("0.01")
_FIGURES, _TEXTS = 200, 64
"""How many figures, and texts, are read together."""


def read(text: str, grammar: Grammar | None = None) -> Reading:
    """Read every numeral of a decoded text, statistical figures with their frames.

    Takes any str, in time linear in its length. grammar: the default one if None.
    """
    with uncollected():
        return framed([(text, extract(text, grammar))], _nouns(grammar))[0]


def read_each(texts: Iterable[str], grammar: Grammar | None = None) -> Iterator[Reading]:
    """As `read`, of one text after the other; some are read together, which costs less for short ones."""
    batch: list[tuple[str, Reading]] = []
    figures = 0
    for text in texts:
        with uncollected():
            batch.append((text, extract(text, grammar)))
        figures += sum(m.statistical for m in batch[-1][1].mentions)
        if figures >= _FIGURES or len(batch) >= _TEXTS:
            yield from framed(batch, _nouns(grammar))
            batch, figures = [], 0
    yield from framed(batch, _nouns(grammar))


def _nouns(grammar: Grammar | None) -> frozenset[str]:
    return grammar.nouns if grammar else frozenset()


def framed(read: Sequence[tuple[str, Reading]], nouns: frozenset[str] = frozenset()) -> list[Reading]:
    """Texts and their readings: the readings with the frame of each statistical figure."""
    inside = [[m for m in reading.mentions if m.begin < m.stop] for _, reading in read]
    some = [i for i, its in enumerate(inside) if any(m.statistical for m in its)]
    done = [reading for _, reading in read]
    if not some:
        return done
    lattice = lattice_of([(done[i].flow, inside[i]) for i in some], nouns)
    answers = answer(weights(), lattice)
    every = [[m for m in inside[i] if m.statistical] for i in some]
    written = _Written(lattice, answers, parts(lattice, answers, [m for its in every for m in its]))
    at = 0
    for i, figures in zip(some, every, strict=True):
        found = written.frames(*read[i], figures, at)
        at += len(figures)
        done[i] = Reading(done[i].flow, tuple(found.get(m.start, m) for m in done[i].mentions))
    return done


class _Written:
    """What was chosen, in the sources' own characters."""

    def __init__(self, lattice: Lattice, answers: Answers, parts: Sequence[Part | None]) -> None:
        rows, words = lattice.candidates, lattice.words
        self._parts = parts
        self._chosen = _places(words, rows, answers.chosen)
        self._named = [
            spans if row >= 0 else ()
            for row, spans in zip(answers.named.tolist(), _places(words, rows, answers.named), strict=True)
        ]
        self._own = (rows.kind[answers.chosen] < LENT).tolist()
        self._sure = (answers.probability * 100).astype(np.int64).tolist()
        self._begin, self._stop = words.begin, words.stop

    def frames(
        self, source: str, reading: Reading, figures: Sequence[Mention], at: int
    ) -> dict[int, Mention]:
        """By their starts the figures of a text, the first of them figure `at` of all."""
        flow = reading.flow
        found = {}
        for i, (figure, said) in enumerate(zip(figures, labels(flow, figures), strict=True), at):
            part = self._parts[i]
            head = self._chosen[i][0] if self._own[i] else None
            begin = flow.sentences[figure.sentence][0] if flow.sentences else 0
            found[figure.start] = figure._replace(
                **said._asdict(),
                subject=_named(source, flow, self._named[part.whole if part else i]),
                head=None if part else head,
                part=self._part(source, flow, part) if part else None,
                state=state_of(flow.text, figure, begin, head),
                confidence=Decimal(self._sure[i]) * _CENT,
            )
        return found

    def _part(self, source: str, flow: Flow, part: Part) -> str:
        begin, stop = int(self._begin[part.start]), int(self._stop[part.end - 1])
        return flow.written(source, begin, stop).translate(_BREAKS)


_Places = tuple[tuple[int, int], ...]


def _places(words: Words, rows: Candidates, chosen: Ints) -> list[_Places]:
    """The flow's characters of candidates: a span's, and its tail's where it has one."""
    edges = [
        words.begin[rows.start[chosen]], words.stop[rows.end[chosen] - 1],
        words.begin[rows.tail_start[chosen]], words.stop[rows.tail_end[chosen] - 1],
    ]  # fmt: skip
    tails = (rows.tail_end > rows.tail_start)[chosen].tolist()
    return [
        ((b, e), (tb, te)) if tail else ((b, e),)
        for tail, b, e, tb, te in zip(tails, *(edge.tolist() for edge in edges), strict=True)
    ]


def _named(source: str, flow: Flow, spans: _Places) -> str | None:
    if not spans:
        return None
    name = "".join(flow.written(source, begin, stop) for begin, stop in spans).translate(_BREAKS)
    quoted = _QUOTED.fullmatch(name)
    return quoted[1] if quoted else name
