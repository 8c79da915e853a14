"""Reading: a text in, every numeral in it out, and what each figure is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from pipeline.frames.candidates import LENT, Candidates
from pipeline.frames.labels import labels
from pipeline.frames.lattice import Lattice, lattice_of
from pipeline.frames.pairs import dealt, is_each
from pipeline.frames.parts import Part, parts
from pipeline.frames.ranker import SCALE, Answers, answer
from pipeline.frames.sentences import Ints, Words
from pipeline.frames.states import state_of
from pipeline.frames.structures import structures
from pipeline.frames.table_cells import cells
from pipeline.frames.weights import weights
from pipeline.numbers.extract import Reading, extract
from pipeline.numbers.grammar import Grammar, default_grammar
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

_BREAKS = str.maketrans("", "", "\r\n \t\u3000\u00a0\u200b\ufeff")
_QUOTED = re.compile(r"[“「『《‘\"]([^“”「」『』《》‘’\"]*)[”」』》’\"]")
_CENT = Decimal("0.01")
_CERTAIN = Decimal("1.00")
"""The confidence of a subject that a rule gives."""
_AREAS = frozenset("国省市县区州旗")
"""Units that are what they count: 6省20市49县."""
_FIGURES, _TEXTS = 200, 64
"""How many figures, and texts, are read together."""


def read(text: str, grammar: Grammar | None = None) -> Reading:
    """Read every numeral of a decoded text, statistical figures with their frames.

    Takes any str, in time linear in its length. grammar: the default one if None.
    """
    return framed([(text, extract(text, grammar))], grammar)[0]


def read_each(texts: Iterable[str], grammar: Grammar | None = None) -> Iterator[Reading]:
    """As `read`, of one text after the other; some are read together, which costs less for short ones."""
    batch: list[tuple[str, Reading]] = []
    figures = 0
    for text in texts:
        batch.append((text, extract(text, grammar)))
        figures += sum(m.statistical for m in batch[-1][1].mentions)
        if figures >= _FIGURES or len(batch) >= _TEXTS:
            yield from framed(batch, grammar)
            batch, figures = [], 0
    yield from framed(batch, grammar)


def framed(read: Sequence[tuple[str, Reading]], grammar: Grammar | None = None) -> list[Reading]:
    """Texts and their readings: the readings with the frame of each statistical figure."""
    inside = [[m for m in reading.mentions if m.begin < m.stop] for _, reading in read]
    some = [i for i, its in enumerate(inside) if any(m.statistical for m in its)]
    done = [reading for _, reading in read]
    if not some:
        return done
    grammar = grammar or default_grammar()
    lattice = lattice_of([(done[i].flow, inside[i]) for i in some], grammar.nouns)
    answers = answer(weights(grammar.weights), lattice)
    every = [[m for m in inside[i] if m.statistical] for i in some]
    written = _Written(lattice, answers, parts(lattice, answers, [m for its in every for m in its]))
    at = 0
    for i, figures in zip(some, every, strict=True):
        found = written.frames(*read[i], figures, at)
        for start, said in _by_rule(done[i].flow, figures).items():
            found[start] = found[start]._replace(**said)
        at += len(figures)
        done[i] = Reading(done[i].flow, tuple(found.get(m.start, m) for m in done[i].mentions))
    return done


def _by_rule(flow: Flow, figures: Sequence[Mention]) -> dict[int, dict[str, Any]]:
    """What a rule says of figures, by their starts, in the place of what the ranker chose."""
    bare = {"head": None, "part": None, "state": None}
    found: dict[int, dict[str, Any]] = {
        figure.start: {"subject": figure.unit, "confidence": _CERTAIN, **bare}
        for figure in figures
        if figure.unit in _AREAS
    }
    found |= {
        figures[i].start: {"subject": industry, "measure": "share", "confidence": _CERTAIN, **bare}
        for i, industry in structures(flow, figures).items()
    }
    for i, said in cells(flow, figures).items():
        sure = _CERTAIN if said.subject else None
        found[figures[i].start] = {**said._asdict(), "confidence": sure, **bare}
    return found


class Choice(NamedTuple):
    """How the ranker chose among a figure's subjects; None stands for no subject."""

    subject: str | None
    runner_up: str | None
    """The best candidate that would have given another subject."""
    margin: Decimal
    """How far the winner is above it, in log-odds."""


def choices(source: str, reading: Reading, grammar: Grammar | None = None) -> dict[int, Choice]:
    """Of each statistical figure, by `Mention.start`: the winner and the runner-up.

    For --explain. A subject that a rule gives (第一产业 of a structure, a table's row) has none.
    """
    inside = [m for m in reading.mentions if m.begin < m.stop]
    figures = [m for m in inside if m.statistical]
    if not figures:
        return {}
    grammar = grammar or default_grammar()
    lattice = lattice_of([(reading.flow, inside)], grammar.nouns)
    answers, rows = answer(weights(grammar.weights), lattice), lattice.candidates
    scores = answers.scores.tolist()
    places = _places(lattice.words, rows, np.arange(len(rows.kind)))
    named, lenders, kinds = answers.named.tolist(), rows.lender.tolist(), rows.kind.tolist()

    def said(row: int) -> str | None:
        row = named[lenders[row]] if kinds[row] == LENT else row if kinds[row] < LENT else -1
        return _named(source, reading.flow, places[row] if row >= 0 else ())

    asked: dict[int, list[int]] = {}
    for row, figure in enumerate(rows.figure.tolist()):
        asked.setdefault(figure, []).append(row)
    ruled, found = _by_rule(reading.flow, figures), {}
    for i, (figure, best) in enumerate(zip(figures, answers.chosen.tolist(), strict=True)):
        if figure.start not in ruled:
            winner = said(best)
            ranked = sorted(asked[i], key=lambda row: -scores[row])
            other = next((row for row in ranked if said(row) != winner), best)
            margin = Decimal(scores[best] - scores[other]) / SCALE
            found[figure.start] = Choice(winner, said(other), margin)
    return found


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
        self._rank, self._size = lattice.figures.rank.tolist(), lattice.figures.size.tolist()

    def frames(
        self, source: str, reading: Reading, figures: Sequence[Mention], at: int
    ) -> dict[int, Mention]:
        """By their starts the figures of a text, the first of them figure `at` of all."""
        flow = reading.flow
        found = {}
        both = None  # the noun of two figures after 分别, and of those that follow them
        for i, (figure, said) in enumerate(zip(figures, labels(flow, figures), strict=True), at):
            part = self._parts[i]
            head = self._chosen[i][0] if self._own[i] else None
            begin = flow.sentences[figure.sentence][0] if flow.sentences else 0
            subject = self._subject(source, flow, part, i)
            if subject and self._size[i] == 2:
                rank = self._rank[i]
                both = subject if rank == 0 and is_each(flow.text, figure.begin) else both
                subject = dealt(subject, rank) if subject == both else subject
            found[figure.start] = figure._replace(
                **said._asdict(),
                subject=subject,
                head=None if part else head,
                part=self._part(source, flow, part) if part else None,
                state=self._befell(source, flow, part) or state_of(flow.text, figure, begin, head),
                confidence=Decimal(self._sure[i]) * _CENT,
            )
        return found

    def _subject(self, source: str, flow: Flow, part: Part | None, i: int) -> str | None:
        subject = _named(source, flow, self._named[i if part is None or part.befell else part.whole])
        if part is None or part.befell or not part.category or subject is None:
            return subject
        category = self._part(source, flow, part)
        return category if subject[-1] in category else category + subject  # 大桥 of 桥梁, 女性 of 教师

    def _befell(self, source: str, flow: Flow, part: Part | None) -> str | None:
        return _named(source, flow, self._named[part.whole]) if part and part.befell else None

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
