"""Blocks: what each paragraph of the flow is, and the sentences in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pipeline.texts.lines import CLOSERS, FINAL, LINE, Span, finished
from pipeline.texts.masthead import is_furniture, is_masthead

TypedSpan = tuple[str, int, int]
"""kind, begin, stop"""

_HEADLINE_LENGTH = 45
_TAIL = range(6, _HEADLINE_LENGTH + 1)
"""Characters of a headline that may be glued to a paragraph's end."""

_CELL = re.compile(r"[-+±]?\d[\d,.]*\s?[%‰]?$|[-—–/]{1,2}$")
_FIGURE = re.compile(r"(?:^|[ |])[-+±]?\d[\d,.]*[%‰]?(?=[ |]|$)")
_MARKUP = re.compile(r"<[^<>]{0,2000}>")

_END = re.compile(
    r"[。！？…!?（《](?:"
    rf"(?<=[。！？])[。！？…]*[{CLOSERS}]* *"
    rf"|(?<=…)…*+[{CLOSERS}]*+(?![，、；。等的{CLOSERS}]) *"
    rf"|(?<=[!?])[!?]*+(?![\w=&/%])[{CLOSERS}]* *"
    r"|(?<=（)[^（）\n]{1,200}）|(?<=《)[^《》\n]{1,100}》)"
)
"""The end of a sentence, or a bracket to step over. It begins with one character
class for speed; the look-behinds tell which of them it was."""


def blocks(text: str, paragraphs: Sequence[Span]) -> Iterable[TypedSpan]:
    """The blocks of the flow's text, in order: paragraphs with their kinds, tables as one."""
    spans = [
        ("body" if text[stop - 1] in FINAL else _kind(text[begin:stop]), begin, stop)
        for begin, stop in paragraphs
    ]
    kinds = {kind for kind, _, _ in spans}
    if not kinds.isdisjoint(("cell", "row")):
        spans = list(_tables(spans))
    if "headline" in kinds:
        spans = _without_verse(spans)
        spans = list(_split_headlines(text, spans))
    return spans


def sentences(text: str, spans: Iterable[TypedSpan]) -> Iterator[Span]:
    """The sentences that tile the blocks: split in running text and by rows in tables only."""
    for kind, begin, stop in spans:
        if kind == "body":
            for match in _END.finditer(text, begin, stop):
                if text[match.start()] not in "（《":
                    yield begin, match.end()
                    begin = match.end()
        elif kind == "table":
            begin, *starts = _row_starts(text, begin, stop)
            for start in starts:
                yield begin, start
                begin = start
        if begin < stop:
            yield begin, stop


def _kind(line: str) -> str:
    """The kind of a paragraph that does not end as a sentence does."""
    if is_masthead(line):
        return "masthead"
    if _CELL.match(line):
        return "cell"
    if is_furniture(line) or (line[0] == "<" and not _MARKUP.sub("", line).strip()):
        return "furniture"
    if FINAL.isdisjoint(line):
        if "，" not in line and len(_FIGURE.findall(line)) > 1:
            return "row"
        if len(line) <= _HEADLINE_LENGTH and line[-1] not in "：，；、:,;":
            return "headline"
    return "body"


def _tables(spans: Iterable[TypedSpan]) -> Iterator[TypedSpan]:
    """Runs of short lines with figures among them become tables; stray ones what they look like."""
    for short, group in groupby(spans, lambda span: span[0] in ("cell", "row", "headline")):
        run = list(group)
        yield from _table(run) if short else run


def _table(run: list[TypedSpan]) -> Iterator[TypedSpan]:
    figures = [n for n, (kind, _, _) in enumerate(run) if kind != "headline"]
    rows = sum(run[n][0] == "row" for n in figures)
    if len(figures) >= 3 or rows >= 2:
        first, last = max(0, figures[0] - 8), figures[-1] + 1
        if 5 * len(figures) >= last - first:
            yield from run[:first]
            yield "table", run[first][1], run[last - 1][2]
            yield from run[last:]
            return
    for kind, begin, stop in run:
        yield {"cell": "furniture", "row": "body"}.get(kind, kind), begin, stop


def _row_starts(text: str, begin: int, stop: int) -> list[int]:
    """Where a table's rows begin: labels and the figures after them are one row, title and
    column heads stand apart (the first row takes as many labels as the second)."""
    labels: list[list[int]] = [[]]
    whole: list[int] = []
    after_figure = False
    for match in LINE.finditer(text, begin, stop):
        line = match[0]
        if _CELL.match(line):
            after_figure = True
        elif _FIGURE.search(line):
            whole.append(match.start())
            labels.append([])
        else:
            if after_figure:
                labels.append([])
                after_figure = False
            labels[-1].append(match.start())
    groups = [group for group in labels if group]
    heads = groups[0][: -len(groups[1]) or None] if len(groups) > 1 else []
    firsts = [group[0] for group in groups[1:]]
    lead = groups[0][len(heads) :][:1] if groups else []
    return sorted({begin, *heads, *lead, *firsts, *whole})


def _without_verse(spans: list[TypedSpan]) -> list[TypedSpan]:
    """A text set in short lines without punctuation is no list of headlines."""
    heads = [stop - begin for kind, begin, stop in spans if kind == "headline"]
    bodies = [stop - begin for kind, begin, stop in spans if kind == "body"]
    if len(heads) < 12 or len(heads) < 2 * len(bodies) or sum(heads) < sum(bodies):
        return spans
    return [("body" if kind == "headline" else kind, begin, stop) for kind, begin, stop in spans]


def _split_headlines(text: str, spans: list[TypedSpan]) -> Iterator[TypedSpan]:
    """A headline glued to a paragraph's last sentence, before a run of headlines, is split off."""
    for n, (kind, begin, stop) in enumerate(spans):
        followers = [follower[0] for follower in spans[n + 1 : n + 3]]
        if kind == "body" and followers == ["headline", "headline"] and not finished(text[begin:stop]):
            ends = [m.end() for m in _END.finditer(text, begin, stop) if text[m.start()] not in "（《"]
            if ends and stop - ends[-1] in _TAIL and text[stop - 1] not in "：，；、:,;）":
                yield kind, begin, ends[-1]
                kind, begin = "headline", ends[-1]
        yield kind, begin, stop
