"""Sentences of a release with their figures marked.

A released quantity carries its sentence, so that the whole source need not be published.
Everything here is plain characters; templates escape them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pipeline.tables.rows import QUOTE
from pipeline.texts.fold import fold
from pipeline.web.marked_text import Span, TextRun, runs

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the figures that it states."""

    runs: tuple[TextRun[Mapping[str, Any]], ...]
    figures: tuple[Mapping[str, Any], ...]

    @property
    def unmarked(self) -> tuple[Mapping[str, Any], ...]:
        """Figures whose characters are not in the sentence as they are: a page number was between them."""
        marked = {id(run.figure) for run in self.runs if run.figure}
        return tuple(figure for figure in self.figures if id(figure) not in marked)


def marked_sentences(numerals: Iterable[Mapping[str, Any]]) -> Iterator[Sentence]:
    """The sentences of a document's numerals, given in the order of the text."""
    for _, group in groupby(numerals, key=lambda row: row["sentence"]):
        rows = list(group)
        quotes = dict.fromkeys(row["quote"] for row in rows if row["quote"])
        for quote in quotes:
            yield marked(quote, rows, whole=len(quotes) == 1 and not _is_cut(quote))


def excerpt(quote: str, text: str, room: int) -> tuple[str, str, str]:
    """A piece of the sentence: the characters before a figure, the figure, those after it.

    room: characters on either side. Where the figure occurs more than once, the first is taken:
    the document's page has each at its place.
    """
    begin, stop = (_find(text, quote, 0) if text.strip() else None) or (0, 0)
    left, right = max(0, begin - room), min(len(quote), stop + room)
    before = ("…" if left else "") + quote[left:begin]
    return before, quote[begin:stop], quote[stop:right] + ("…" if right < len(quote) else "")


def _is_cut(quote: str) -> bool:
    """Whether it is a piece of a sentence too long to be quoted whole."""
    return len(quote) >= QUOTE - 2 and "…" in (quote[0], quote[-1])


def marked(quote: str, numerals: Iterable[Mapping[str, Any]], whole: bool) -> Sentence:
    """The sentence with its figures marked.

    Of a whole one every numeral is found in turn, so that no figure is taken for another
    of the same characters. A piece has the figure that it quotes in its middle.
    """
    figures = tuple(row for row in numerals if row["quantity_id"] and row["quote"] == quote)
    marks: list[tuple[int, int, Mapping[str, Any]]] = []
    at = 0
    for row in numerals if whole else figures:
        span = _find(row["text"], quote, at) if whole else _find_in_middle(row["text"], quote)
        if span is None:
            continue
        at = span[1]
        if row["quantity_id"] and not any(span[0] < stop and begin < span[1] for begin, stop, _ in marks):
            marks.append((*span, row))
    marks.sort(key=lambda mark: mark[0])
    return Sentence(tuple(runs((0, len(quote)), marks, lambda begin, stop: quote[begin:stop])), figures)


def _find(text: str, quote: str, at: int) -> Span | None:
    """The span of the numeral in the quote, from an offset on."""
    begin = quote.find(text, at)
    if begin >= 0:
        return begin, begin + len(text)
    found = _pattern(text).search(quote, at)
    return found.span() if found else None


def _find_in_middle(text: str, quote: str) -> Span | None:
    """The span of the numeral that is nearest to the middle of a piece of a sentence."""
    found = [match.span() for match in _pattern(text).finditer(quote)]
    return min(found, key=lambda span: abs(span[0] - QUOTE // 2), default=None)


def _pattern(text: str) -> re.Pattern[str]:
    """The numeral as a quote has it: folded, its line breaks gone, blanks anywhere."""
    return re.compile(r"\s*".join(map(re.escape, _BLANK.sub("", fold(text)[0]))))
