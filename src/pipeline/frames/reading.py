"""Reads a text: all its numerals, and for each statistical figure what it is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from pipeline.frames.candidates import LENT
from pipeline.frames.industry_shares import industry_shares
from pipeline.frames.labels import labels
from pipeline.frames.lattice import Lattice, Spans, build_lattice, candidate_spans
from pipeline.frames.pairs import follows_respectively, noun_of_pair
from pipeline.frames.parts import Part, find_parts
from pipeline.frames.ranker import SCALE, Ranking, rank
from pipeline.frames.states import state_of
from pipeline.frames.table_cells import table_frames
from pipeline.frames.weights import load_weights
from pipeline.numbers.extract import Reading, extract
from pipeline.numbers.grammar import Grammar, default_grammar
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow, unbroken

_QUOTED = re.compile(r"[“「『《‘\"]([^“”「」『』《》‘’\"]*)[”」』》’\"]")
_CENT = Decimal("0.01")
_CERTAIN = Decimal("1.00")
"""The confidence of a subject that a rule gives."""
_AREAS = frozenset("国省市县区州旗")
"""Units that are their own subjects: 6省20市49县."""
_FIGURES, _TEXTS = 200, 64
"""The size of a batch in figures and in texts."""


def read(text: str, grammar: Grammar | None = None) -> Reading:
    """Read every numeral of a decoded text, statistical figures with their frames.

    Takes any str, in time linear in its length. grammar: the default one if None.
    """
    return add_frames([(text, extract(text, grammar))], grammar)[0]


def read_each(texts: Iterable[str], grammar: Grammar | None = None) -> Iterator[Reading]:
    """Read texts as `read` does, in batches, which is faster for short texts."""
    batch: list[tuple[str, Reading]] = []
    figures = 0
    for text in texts:
        batch.append((text, extract(text, grammar)))
        figures += sum(m.statistical for m in batch[-1][1].mentions)
        if figures >= _FIGURES or len(batch) >= _TEXTS:
            yield from add_frames(batch, grammar)
            batch, figures = [], 0
    yield from add_frames(batch, grammar)


def add_frames(read: Sequence[tuple[str, Reading]], grammar: Grammar | None = None) -> list[Reading]:
    """Readings with the frame of each statistical figure; read: texts with their readings."""
    inside = [[m for m in reading.mentions if m.begin < m.stop] for _, reading in read]
    some = [i for i, mentions in enumerate(inside) if any(m.statistical for m in mentions)]
    done = [reading for _, reading in read]
    if not some:
        return done
    grammar = grammar or default_grammar()
    lattice = build_lattice([(done[i].flow, inside[i]) for i in some], grammar.nouns)
    ranking = rank(load_weights(grammar.weights), lattice)
    figures_by_text = [[m for m in inside[i] if m.statistical] for i in some]
    parts = find_parts(lattice, ranking, [*chain.from_iterable(figures_by_text)])
    builder = _FrameBuilder(lattice, ranking, parts)
    first = 0
    for i, figures in zip(some, figures_by_text, strict=True):
        found = builder.frames(*read[i], figures, first)
        for start, fields in _fields_by_rule(done[i].flow, figures).items():
            found[start] = found[start]._replace(**fields)
        first += len(figures)
        done[i] = Reading(done[i].flow, tuple(found.get(m.start, m) for m in done[i].mentions))
    return done


def _fields_by_rule(flow: Flow, figures: Sequence[Mention]) -> dict[int, dict[str, Any]]:
    """Fields of figures that rules give in place of the ranker, by `Mention.start`."""
    reset = {"head": None, "part": None, "state": None}
    found: dict[int, dict[str, Any]] = {
        figure.start: {"subject": figure.unit, "confidence": _CERTAIN, **reset}
        for figure in figures
        if figure.unit in _AREAS
    }
    found |= {
        figures[i].start: {"subject": industry, "measure": "share", "confidence": _CERTAIN, **reset}
        for i, industry in industry_shares(flow, figures).items()
    }
    for i, frame in table_frames(flow, figures).items():
        confidence = _CERTAIN if frame.subject else None
        found[figures[i].start] = {**frame._asdict(), "confidence": confidence, **reset}
    return found


class SubjectChoice(NamedTuple):
    """The two best subjects of a figure; None stands for no subject."""

    subject: str | None
    runner_up: str | None
    """The best candidate with another subject."""
    margin: Decimal
    """The score of the winner above it, in log-odds."""


def subject_choices(
    source: str, reading: Reading, grammar: Grammar | None = None
) -> dict[int, SubjectChoice]:
    """The two best subjects of each statistical figure, by `Mention.start`, for --explain.

    A subject given by a rule (第一产业 of a structure, a table's row) is left out.
    """
    inside = [m for m in reading.mentions if m.begin < m.stop]
    figures = [m for m in inside if m.statistical]
    if not figures:
        return {}
    grammar = grammar or default_grammar()
    lattice = build_lattice([(reading.flow, inside)], grammar.nouns)
    ranking, rows = rank(load_weights(grammar.weights), lattice), lattice.candidates
    scores = ranking.scores.tolist()
    spans = candidate_spans(lattice, np.arange(len(rows)))
    resolved, lenders, kinds = ranking.resolved.tolist(), rows.lender.tolist(), rows.kind.tolist()

    def subject(row: int) -> str | None:
        row = resolved[lenders[row]] if kinds[row] == LENT else row if kinds[row] < LENT else -1
        return _text_of(source, reading.flow, spans[row] if row >= 0 else ())

    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, figure in enumerate(rows.figure.tolist()):
        rows_of[figure].append(row)
    ruled, found = _fields_by_rule(reading.flow, figures), {}
    for i, (figure, best) in enumerate(zip(figures, ranking.chosen.tolist(), strict=True)):
        if figure.start not in ruled:
            winner = subject(best)
            ranked = sorted(rows_of[i], key=lambda row: -scores[row])
            other = next((row for row in ranked if subject(row) != winner), best)
            margin = Decimal(scores[best] - scores[other]) / SCALE
            found[figure.start] = SubjectChoice(winner, subject(other), margin)
    return found


class _FrameBuilder:
    """Builds the frames of figures in the characters of their texts."""

    def __init__(self, lattice: Lattice, ranking: Ranking, parts: Sequence[Part | None]) -> None:
        rows, tokens = lattice.candidates, lattice.tokens
        self._parts = parts
        self._chosen = candidate_spans(lattice, ranking.chosen)
        resolved = zip(ranking.resolved.tolist(), candidate_spans(lattice, ranking.resolved), strict=True)
        self._resolved = [spans if row >= 0 else () for row, spans in resolved]
        self._is_span = (rows.kind[ranking.chosen] < LENT).tolist()
        self._confidence = (ranking.probability * 100).astype(np.int64).tolist()
        self._begin, self._stop = tokens.begin, tokens.stop
        self._rank, self._size = lattice.figures.rank.tolist(), lattice.figures.size.tolist()

    def frames(
        self, source: str, reading: Reading, figures: Sequence[Mention], first: int
    ) -> dict[int, Mention]:
        """The figures of a text by `Mention.start`; first: the number of the first among all figures."""
        flow = reading.flow
        found = {}
        both = None  # the common noun of two figures after 分别
        for i, (figure, label) in enumerate(zip(figures, labels(flow, figures), strict=True), first):
            head = self._chosen[i][0] if self._is_span[i] else None
            begin = flow.sentences[figure.sentence][0] if flow.sentences else 0
            subject, part, state = self._names(source, flow, i)
            if subject and self._size[i] == 2:
                rank = self._rank[i]
                both = subject if rank == 0 and follows_respectively(flow.text, figure.begin) else both
                subject = noun_of_pair(subject, rank) if subject == both else subject
            found[figure.start] = figure._replace(
                **label._asdict(),
                subject=subject,
                head=None if part else head,
                part=part,
                state=state or state_of(flow.text, figure, begin, head),
                confidence=Decimal(self._confidence[i]) * _CENT,
            )
        return found

    def _names(self, source: str, flow: Flow, i: int) -> tuple[str | None, str | None, str | None]:
        """The subject and the part of a figure, and its state where that is the predicate of the whole."""
        subject, part = _text_of(source, flow, self._resolved[i]), self._parts[i]
        if part is None:
            return subject, None, None
        begin, stop = int(self._begin[part.start]), int(self._stop[part.end - 1])
        name = unbroken(flow.written(source, begin, stop))
        whole = _text_of(source, flow, self._resolved[part.whole])
        if part.predicate:
            return subject, name, whole
        if part.category and whole:
            whole = name if whole[-1] in name else name + whole  # 大桥 of 桥梁, 女性 of 教师
        return whole, name, None


def _text_of(source: str, flow: Flow, spans: Spans) -> str | None:
    if not spans:
        return None
    name = unbroken("".join(flow.written(source, begin, stop) for begin, stop in spans))
    quoted = _QUOTED.fullmatch(name)
    return quoted[1] if quoted else name
