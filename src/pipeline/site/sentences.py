"""The sentences of a document that state an indicator's figure, every figure in them marked.

Sentences come out of the release: a released quantity carries its sentence, so the whole
source need not be published. Everything here is plain characters; templates escape them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.tables.rows import QUOTE
from pipeline.texts.fold import fold
from pipeline.web.marked_text import Run, runs

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the figures that it states."""

    runs: tuple[Run[Mapping[str, Any]], ...]
    figures: tuple[Mapping[str, Any], ...]

    @property
    def unmarked(self) -> tuple[Mapping[str, Any], ...]:
        """Figures whose characters are not found in it as they stand: a page number lay between."""
        marked = {id(run.figure) for run in self.runs if run.figure}
        return tuple(figure for figure in self.figures if id(figure) not in marked)


@dataclass(frozen=True, slots=True)
class Document:
    """A source text that states an observation."""

    about: Mapping[str, Any]
    numerals: Sequence[Mapping[str, Any]]
    """Those of the sentences in which its figures stand, in their order."""

    @property
    def indicators(self) -> frozenset[str]:
        """The ids of all that it states."""
        return frozenset(name for row in self.numerals for name in row["indicators"] or ())

    def sentences(self) -> tuple[Sentence, ...]:
        """What its page shows."""
        return tuple(_sentences(self.numerals))


def documents(ask: Queries) -> Iterator[Document]:
    """Every document that states an observation, in the order of ids, one in memory at a time."""
    about = ask.each(_ABOUT)
    for name, numerals in groupby(ask.each(_NUMERALS), key=itemgetter("document_id")):
        yield Document(next(row for row in about if row["document_id"] == name), list(numerals))


_ABOUT = """
    SELECT document_id, path, title, publisher, page, issue_date, url, licence, ref_area
    FROM documents SEMI JOIN site.shown USING (document_id) ORDER BY document_id
"""
_NUMERALS = """
    SELECT n.document_id, n.start, n.sentence, n.text, n.quantity_id, n.kind,
           q.* EXCLUDE (quantity_id, document_id, text, decision_id), indicators, dc AS decision
    FROM numerals n
    SEMI JOIN site.shown s ON s.document_id = n.document_id AND s.sentence = n.sentence
    SEMI JOIN documents d ON d.document_id = n.document_id
    LEFT JOIN site.stated q USING (quantity_id)
    LEFT JOIN site.observed ob USING (quantity_id)
    LEFT JOIN decisions dc ON dc.decision_id = coalesce(q.decision_id, ob.decision_id)
    ORDER BY n.document_id, n.start
"""


def around(quote: str, text: str, room: int) -> tuple[str, str, str]:
    """A piece of the sentence with the figure in it: what stands before, the figure, what stands after.

    room: characters on either side. Where the figure occurs more than once, the first is taken:
    this is for a glance, the document's page tells them apart.
    """
    begin, stop = (_find(text, quote, 0) if text.strip() else None) or (0, 0)
    left, right = max(0, begin - room), min(len(quote), stop + room)
    before = ("…" if left else "") + quote[left:begin]
    return before, quote[begin:stop], quote[stop:right] + ("…" if right < len(quote) else "")


def _sentences(numerals: Sequence[Mapping[str, Any]]) -> Iterator[Sentence]:
    for _, inside in groupby(numerals, key=lambda row: row["sentence"]):
        every = list(inside)
        quotes = dict.fromkeys(row["quote"] for row in every if row["quote"])
        for quote in quotes:
            yield marked(quote, every, whole=len(quotes) == 1 and not _cut(quote))


def _cut(quote: str) -> bool:
    """Whether it is a piece of a sentence too long to be quoted whole."""
    return len(quote) >= QUOTE - 2 and "…" in (quote[0], quote[-1])


def marked(quote: str, numerals: Iterable[Mapping[str, Any]], whole: bool) -> Sentence:
    """The sentence with its figures marked.

    Of a whole one every numeral is found in turn, so that no figure is taken for another
    of the same characters. A piece stands around its own figure, which is in its middle.
    """
    own = tuple(row for row in numerals if row["quantity_id"] and row["quote"] == quote)
    marks: list[tuple[int, int, Mapping[str, Any]]] = []
    at = 0
    for row in numerals if whole else own:
        span = _find(row["text"], quote, at) if whole else _middle(row["text"], quote)
        if span is None:
            continue
        at = span[1]
        if row["quantity_id"] and not any(span[0] < stop and begin < span[1] for begin, stop, _ in marks):
            marks.append((*span, row))
    marks.sort(key=lambda mark: mark[0])
    return Sentence(tuple(runs((0, len(quote)), marks, lambda begin, end: quote[begin:end])), own)


def _find(text: str, quote: str, at: int) -> tuple[int, int] | None:
    """Where the numeral stands in the quote, from a place on."""
    begin = quote.find(text, at)
    if begin >= 0:
        return begin, begin + len(text)
    found = _pattern(text).search(quote, at)
    return found.span() if found else None


def _middle(text: str, quote: str) -> tuple[int, int] | None:
    """Where it stands nearest to where a piece of a sentence has its own figure."""
    found = [match.span() for match in _pattern(text).finditer(quote)]
    return min(found, key=lambda span: abs(span[0] - QUOTE // 2), default=None)


def _pattern(text: str) -> re.Pattern[str]:
    """The numeral as a quote has it: folded, its line breaks gone, blanks anywhere."""
    return re.compile(r"\s*".join(map(re.escape, _BLANK.sub("", fold(text)[0]))))
