"""Candidates: every noun phrase that a figure may be about, as arrays of edges.

A candidate is a span of words left of its figure or right of its unit, an item of a list put before
the list's tail (`A、B和C产量分别为`), the answer of an earlier figure (lent), or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.frames.sentences import PAD, Ints, Words, named
from pipeline.numbers.mention import Mention

LEFT, BEYOND, RIGHT, OVER, ITEM, LENT, NONE = range(7)
"""Where a candidate stands: left of the figure, left beyond the figure before it, right, right over an
adjacent figure, in a list; or another figure's answer, or nowhere."""

_LONGEST = 12
"""Words of a span."""
_LEFT_REACH, _RIGHT_REACH = 34, 16
"""Words to each side in which a span is sought."""
_LENDERS = 6
_ITEMS = 12
"""Figures of a run, at most, that a list of nouns is dealt out to."""
_NO_EDGE = {named(tag) for tag in ("uj", "ul", "uz", "ug", "uv", "ud", "y", "e", "o")}
_NO_LAST = _NO_EDGE | {named(tag) for tag in ("p", "c", "r")}
_NO_FIRST = _NO_EDGE | {named(tag) for tag in ("p", "c", "y")}
_JOINTS = {named(word) for word in "、 和 及 与 以及 或 暨".split()} | {named("和")}
_DEALT = {named(word) for word in "分别 各 依次".split()}


@dataclass(frozen=True, slots=True)
class Figures:
    """The statistical figures in reading order: place among the tokens, word, and the run that each is in.

    A run is a list of figures with only 、 or 和 between them; rank counts within it from 0.
    """

    token: Ints
    word: Ints
    rank: Ints
    size: Ints

    def __len__(self) -> int:
        return len(self.token)


@dataclass(frozen=True, slots=True)
class Candidates:
    """One row a candidate, those of a figure together, in reading order within each kind.

    figure: whose candidate it is. anchor: the figure beside which its words stand. kind: of the seven
    above. start, end: words of the span, end not in it. tail_start, tail_end: of an item's tail, equal
    where there is none. lender: the figure that lends, -1 elsewhere. aligned: whether the lender is the
    one that a run of figures after a run of levels points to.
    """

    figure: Ints
    anchor: Ints
    kind: Ints
    start: Ints
    end: Ints
    tail_start: Ints
    tail_end: Ints
    lender: Ints
    aligned: Ints

    def __len__(self) -> int:
        return len(self.figure)


def figures_of(words: Words) -> Figures:
    """The figures among the words, and their runs."""
    at = np.flatnonzero(words.figure >= 0)
    n = len(at)
    joined = np.zeros(n + 1, bool)
    if n > 1:
        gap = at[1:] - at[:-1]
        joint = np.isin(words.word[at[1:] - 1], list(_JOINTS))
        same = words.sentence[at[1:]] == words.sentence[at[:-1]]
        joined[1:n] = same & ((gap == 2) & joint)
    first = np.flatnonzero(~joined[:n])
    run = np.cumsum(~joined[:n]) - 1
    rank = np.arange(n) - first[run] if n else np.zeros(0, np.int64)
    size = np.bincount(run, minlength=len(first))[run] if n else np.zeros(0, np.int64)
    return Figures(words.figure[at], at, rank, size)


def candidates_of(words: Words, figures: Figures, tokens: Sequence[Mention]) -> Candidates:
    """Every candidate of every figure."""
    parts = [*_spans(words, figures), _items(words, figures), _lent(words, figures, tokens)]
    n = len(figures)
    everyone = np.arange(n)
    nothing = np.zeros(n, np.int64)
    places = figures.word, figures.word, nothing, nothing
    parts.append(np.stack([everyone, everyone, nothing + NONE, *places, nothing - 1, nothing], 1))
    rows = np.concatenate(parts)
    order = np.lexsort((rows[:, 7], rows[:, 4], rows[:, 3], rows[:, 2], rows[:, 0]))
    return Candidates(*rows[order].T)


# ---------------------------------------------------------------- spans


def _spans(words: Words, figures: Figures) -> list[Ints]:
    """Spans left and right: each span of words is a candidate of the figure after it and the one before."""
    n = len(words)
    hard = np.cumsum(words.sign == 1)
    depth = np.cumsum((words.sign == 2).astype(np.int64) - (words.sign == 3))
    figure_word = words.figure >= 0
    passed = np.cumsum(figure_word)
    edge = (words.sign == 0) & ~figure_word
    opens = edge | (words.sign == 2)
    closes = edge | (words.sign == 3)
    opens &= ~np.isin(words.tag, list(_NO_FIRST))
    closes &= ~np.isin(words.tag, list(_NO_LAST))
    starts, ends = [], []
    low = depth.copy()
    at = np.arange(n)
    for length in range(1, min(_LONGEST, n) + 1):
        s = at[: n - length + 1]
        last = s + length - 1
        low = np.minimum(low[: n - length + 1], depth[last]) if length > 1 else depth
        outer = depth[s] - (words.sign[s] == 2) + (words.sign[s] == 3)
        ok = (
            opens[s] & closes[last] & (hard[s] == hard[last]) & (depth[last] == outer) & (low >= outer)
            & (words.sentence[s] == words.sentence[last])
            & ~((words.sign[s] == 2) & (words.sign[last] == 3))
        )  # fmt: skip
        starts.append(s[ok])
        ends.append(last[ok] + 1)
    s, e = np.concatenate(starts), np.concatenate(ends)
    inside = passed[e - 1] - passed[s]
    s, e = s[inside == 0], e[inside == 0]
    after = passed[e - 1]  # the index of the first figure after the span
    m = len(figures)
    parts = []
    for kind, shift in ((LEFT, 0), (BEYOND, 1)):
        f = after + shift
        ok = f < m
        fs, ss, es = f[ok], s[ok], e[ok]
        p = figures.word[fs]
        ok = (p - es < _LEFT_REACH) & (words.sentence[ss] == words.sentence[p])
        parts.append(_rows(fs[ok], kind, ss[ok], es[ok]))
    for kind, shift in ((RIGHT, -1), (OVER, -2)):
        f = after + shift
        ok = f >= 0
        fs, ss, es = f[ok], s[ok], e[ok]
        p = figures.word[fs]
        ok = (ss - p < _RIGHT_REACH) & (words.sentence[ss] == words.sentence[p])
        if kind == OVER and len(fs):
            ok &= figures.word[np.minimum(fs + 1, m - 1)] == p + 1
        parts.append(_rows(fs[ok], kind, ss[ok], es[ok]))
    return parts


def _rows(figure: Ints, kind: int, start: Ints, end: Ints) -> Ints:
    zero = np.zeros(len(figure), np.int64)
    return np.stack([figure, figure, zero + kind, start, end, zero, zero, zero - 1, zero], 1)


# ---------------------------------------------------------------- lists


def _items(words: Words, figures: Figures) -> Ints:
    """A、B和C产量分别为x、y和z: the n-th noun, with and without the tail, for the n-th figure."""
    rows: list[tuple[int, ...]] = []
    heads = np.flatnonzero((figures.rank == 0) & (figures.size > 1) & (figures.size <= _ITEMS))
    for first in heads.tolist():
        size = int(figures.size[first])
        p = int(figures.word[first])
        floor = p
        stop = max(PAD, p - _LEFT_REACH)
        while floor > stop and words.sign[floor - 1] != 1 and words.figure[floor - 1] < 0:
            floor -= 1
        cuts = [i for i in range(floor, p) if int(words.word[i]) in _JOINTS]
        if len(cuts) < size - 1:
            continue
        cuts = cuts[len(cuts) - size + 1 :]
        begins = [floor, *(c + 1 for c in cuts)]
        ends = [*cuts, p]
        for k in range(size):
            starts = range(max(floor, ends[0] - 4), ends[0]) if k == 0 else [begins[k]]
            for s in starts:
                if k < size - 1:
                    rows += _with_tails(first + k, first, s, ends[k], begins[-1], p)
                else:
                    rows += [
                        (first + k, first, ITEM, s, e, e, e, -1, 1) for e in range(s + 1, min(s + 7, p + 1))
                    ]
    return np.array(rows, np.int64).reshape(-1, 9)


def _with_tails(figure: int, anchor: int, s: int, e: int, last: int, p: int) -> list[tuple[int, ...]]:
    """An item alone, and before each tail of the last item: its first words are the item's own."""
    if s >= e:
        return []
    tails = [
        (begin, stop)
        for begin in range(last + 1, last + 4)
        for stop in range(begin + 1, min(begin + 5, p) + 1)
    ]
    return [(figure, anchor, ITEM, s, e, begin, stop, -1, 1) for begin, stop in [(e, e), *tails]]


# ---------------------------------------------------------------- lenders


def _lent(words: Words, figures: Figures, tokens: Sequence[Mention]) -> Ints:
    """The figures before each one, within reach; `aligned` where runs point to each other."""
    rows: list[tuple[int, ...]] = []
    sentence = words.sentence[figures.word].tolist()
    percent = [tokens[i].kind == "percent" for i in figures.token.tolist()]
    for i, (rank, size) in enumerate(zip(figures.rank.tolist(), figures.size.tolist(), strict=True)):
        levels = _levels(i - rank, sentence, percent, size)
        aligned = levels[rank] if len(levels) == size else -1
        rows += [
            (i, i, LENT, 0, 0, 0, 0, j, int(j == aligned))
            for j in range(max(0, i - _LENDERS), i)
            if sentence[i] - sentence[j] <= 1 or j == aligned
        ]
    return np.array(rows, np.int64).reshape(-1, 9)


def _levels(at: int, sentence: list[int], percent: list[bool], size: int) -> list[int]:
    """The last `size` figures before the one at `at` in its sentence that are no percentages."""
    found: list[int] = []
    i = at - 1
    while i >= 0 and sentence[i] == sentence[at] and len(found) < size and at - i <= 4 * _ITEMS:
        if not percent[i]:
            found.append(i)
        i -= 1
    return found[::-1]
