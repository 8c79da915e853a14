"""Candidates: all noun phrases that a figure may be about, as arrays of token positions.

A candidate is a span of tokens left of its figure or right of its unit, an item of a list before
the list's tail (`A、B和C产量分别为`), the answer of an earlier figure (the lender), or no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.frames.tokens import JOINT, NO_FIRST, NO_LAST, PAD, Ints, Tokens, hash_name
from pipeline.numbers.mention import Mention

_KINDS = range(7)
LEFT, BEYOND, RIGHT, OVER, ITEM, LENT, NONE = _KINDS
"""The kinds of candidates: left of the figure, left beyond the figure before it, right, right beyond an
adjacent figure, item of a list; another figure's answer, or no answer."""

_MAX_TOKENS = 12
"""The longest span."""
_LEFT_REACH, _RIGHT_REACH = 34, 16
"""How far, in tokens, a span may be from its figure on each side."""
_LENDERS = 6
_LIST_GAP = 5
"""The distance of two figures in a list that may share the noun behind the second: 4个国家级、3个省级中心."""
_MOVES = np.array([hash_name(f"verb:growth:{direction}") for direction in ("up", "down")], np.uint32)
_AGES = frozenset("岁 周岁 月龄".split())
_BOUNDED = frozenset(("at_least", "at_most", "below"))
_COMMA = 4
"""The sign of 、."""
_MAX_ITEMS = 12
"""The longest run of figures that is aligned with a list of nouns."""


@dataclass(frozen=True, slots=True)
class FigureArrays:
    """The statistical figures in reading order: index of the mention, token, and position in a run.

    A run is a list of figures separated by 、 or 和 only, or also by a verb of change between
    two percentages or two other figures (分别增长5%、下降3%). rank: position in the run, from 0.
    """

    mention: Ints
    token: Ints
    rank: Ints
    size: Ints

    def __len__(self) -> int:
        return len(self.mention)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates as rows, grouped by figure, then by kind, in reading order.

    figure: the figure that it is a candidate of. anchor: the figure beside its tokens. kind: one of the seven
    above. start, end: the span of tokens, end exclusive. tail_start, tail_end: the tail of an item, equal
    where it has none. lender: the figure whose answer it is, or -1. aligned: whether the lender has the same
    position in the preceding run of levels as the figure in its own run. stop: the end of the tail, or else
    of the span.
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
    stop: Ints

    def __len__(self) -> int:
        return len(self.figure)


def find_figures(tokens: Tokens, mentions: Sequence[Mention]) -> FigureArrays:
    """The figures of the tokens, and their runs."""
    at = np.flatnonzero(tokens.figure >= 0)
    n = len(at)
    joined = np.zeros(n + 1, bool)
    if n > 1:
        gap = at[1:] - at[:-1]
        joint = tokens.flags[at[1:] - 1] & JOINT > 0
        same = tokens.sentence[at[1:]] == tokens.sentence[at[:-1]]
        moved = (tokens.flags[at[1:] - 2] & JOINT > 0) & np.isin(tokens.cue[at[1:] - 1], _MOVES)
        percent = np.array([mentions[i].kind == "percent" for i in tokens.figure[at].tolist()], bool)
        joined[1:n] = same & (((gap == 2) & joint) | ((gap == 3) & moved & (percent[1:] == percent[:-1])))
    first = np.flatnonzero(~joined[:n])
    run = np.cumsum(~joined[:n]) - 1
    rank = np.arange(n) - first[run] if n else np.zeros(0, np.int64)
    size = np.bincount(run, minlength=len(first))[run] if n else np.zeros(0, np.int64)
    return FigureArrays(tokens.figure[at], at, rank, size)


def find_candidates(tokens: Tokens, figures: FigureArrays, mentions: Sequence[Mention]) -> Candidates:
    """All candidates of all figures."""
    parts = [
        *_spans(tokens, figures, _limits(tokens, figures, mentions)),
        _items(tokens, figures),
        _lent(tokens, figures, mentions),
    ]
    parts.append(_rows(np.arange(len(figures)), NONE, figures.token, figures.token))
    rows = np.concatenate(parts, 1)
    base = len(tokens) + 1
    key = (rows[0] * len(_KINDS) + rows[2]) * base + np.where(rows[2] == LENT, rows[7], rows[3])
    stop = np.maximum(rows[4], rows[6])
    return Candidates(*np.vstack([rows, stop])[:, np.argsort(key * base + rows[4], kind="stable")])


# ---------------------------------------------------------------- spans


def _limits(tokens: Tokens, figures: FigureArrays, mentions: Sequence[Mention]) -> npt.NDArray[np.bool_]:
    """Whether a figure may be part of the noun behind it: 60岁及以上人口, 5000万元以上项目."""
    chosen = [mentions[i] for i in figures.mention.tolist()]
    after = figures.token + 1
    limits = np.array([m.unit in _AGES or m.qualifier in _BOUNDED for m in chosen], bool)
    return np.asarray(limits & (tokens.sign[after] == 0))


def _spans(tokens: Tokens, figures: FigureArrays, limits: npt.NDArray[np.bool_]) -> list[Ints]:
    """Spans left and right: each is a candidate of the two figures after it and of the two before it."""
    s, e, after = _phrases(tokens, figures.token[limits])  # after: the first figure after the span
    token = np.concatenate([figures.token, [0, 0]])  # beyond either end: the padding token 0
    sentence = tokens.sentence[s]
    parts = []
    for kind, shift in ((LEFT, 0), (BEYOND, 1), (RIGHT, -1), (OVER, -2)):
        p = token[after + shift]
        near = p - e < _LEFT_REACH if shift >= 0 else (s > p) & (s - p < _RIGHT_REACH)
        if kind == OVER:
            last = token[after - 1]
            near &= (last == p + 1) | ((last - p <= _LIST_GAP) & (tokens.flags[last - 1] & JOINT > 0))
        ok = np.flatnonzero(near & (sentence == tokens.sentence[p]))
        parts.append(_rows(after[ok] + shift, kind, s[ok], e[ok]))
    return parts


def _phrases(tokens: Tokens, limits: Ints) -> tuple[Ints, Ints, Ints]:
    """Spans within a clause with balanced brackets and without figures other than limits: start, end, and
    the number of figures before the end."""
    figure = tokens.figure >= 0
    passed = np.cumsum(figure, dtype=np.int64)
    figure[limits] = False
    edge = (tokens.sign == 0) & ~figure
    starts = np.flatnonzero((edge | (tokens.sign == 2)) & (tokens.flags & NO_FIRST == 0))
    closes = (edge | (tokens.sign == 3)) & (tokens.flags & NO_LAST == 0)
    # A span ends before the first figure or clause end after its start.
    stops = np.flatnonzero(figure | (tokens.sign == 1))
    sizes = np.minimum(stops[np.searchsorted(stops, starts)] - starts, _MAX_TOKENS)
    s = np.repeat(starts, sizes)
    last = s + np.arange(len(s)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    opens = tokens.sign == 2
    depth = np.cumsum(opens.astype(np.int64) - (tokens.sign == 3))
    outer = (depth - opens)[s]
    same = tokens.sentence[s] == tokens.sentence[last]
    ok = np.flatnonzero(closes[last] & (depth[last] == outer) & same & ~(opens[s] & (tokens.sign[last] == 3)))
    s, last = s[ok], last[ok]
    if opens.any():
        window = np.minimum(s[:, None] + np.arange(_MAX_TOKENS), last[:, None])
        balanced = depth[window].min(1) >= outer[ok]
        s, last = s[balanced], last[balanced]
    return s, last + 1, passed[last]


def _rows(figure: Ints, kind: int, start: Ints, end: Ints) -> Ints:
    rows = np.zeros((9, len(figure)), np.int64)
    rows[0] = rows[1] = figure
    rows[2], rows[3], rows[4], rows[7] = kind, start, end, -1
    return rows


# ---------------------------------------------------------------- lists


def _items(tokens: Tokens, figures: FigureArrays) -> Ints:
    """A、B和C产量分别为x、y和z: the n-th noun, with and without the tail, for the n-th figure."""
    rows: list[tuple[int, ...]] = []
    heads = np.flatnonzero((figures.rank == 0) & (figures.size > 1) & (figures.size <= _MAX_ITEMS))
    for first in heads.tolist():
        size = int(figures.size[first])
        p = int(figures.token[first])
        floor = p
        stop = max(PAD, p - _LEFT_REACH)
        while floor > stop and tokens.sign[floor - 1] != 1 and tokens.figure[floor - 1] < 0:
            floor -= 1
        cuts = [floor + i for i in np.flatnonzero(tokens.flags[floor:p] & JOINT).tolist()]
        if len(cuts) < size - 1:
            continue
        commas = [cut for cut in cuts if tokens.sign[cut] == _COMMA]
        if len(commas) == size - 1:  # 通信设备制造业、船舶及相关装置制造业 are two items
            cuts = commas
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
    return np.array(rows, np.int64).reshape(-1, 9).T


def _with_tails(figure: int, anchor: int, s: int, e: int, last: int, p: int) -> list[tuple[int, ...]]:
    """An item alone, and with each possible tail, which is taken from the last item."""
    if s >= e:
        return []
    tails = [
        (begin, stop)
        for begin in range(last + 1, last + 6)
        for stop in range(begin + 1, min(begin + 5, p) + 1)
    ]
    return [(figure, anchor, ITEM, s, e, begin, stop, -1, 1) for begin, stop in [(e, e), *tails]]


# ---------------------------------------------------------------- lenders


def _lent(tokens: Tokens, figures: FigureArrays, mentions: Sequence[Mention]) -> Ints:
    """The figures that precede each figure, as lenders; `aligned` where runs correspond."""
    sentence = tokens.sentence[figures.token]
    n = len(figures)
    i = np.repeat(np.arange(n), _LENDERS)
    j = i - np.tile(np.arange(_LENDERS, 0, -1), n)
    ok = np.flatnonzero((j >= 0) & (sentence[i] - sentence[np.maximum(j, 0)] <= 1))
    place = figures.token[i[ok]]
    rows = _rows(i[ok], LENT, place, place)
    rows[7] = j[ok]
    rows[8] = _aligned(sentence.tolist(), figures, mentions)[i[ok]] == j[ok]
    return rows


def _aligned(sentence: list[int], figures: FigureArrays, mentions: Sequence[Mention]) -> Ints:
    """For each figure of a run the corresponding figure of the preceding run of levels; -1 for none."""
    percent = [mentions[i].kind == "percent" for i in figures.mention.tolist()]
    aligned: list[int] = []
    for size in figures.size[figures.rank == 0].tolist():
        levels = _levels(len(aligned), sentence, percent, size)
        aligned += levels if len(levels) == size else [-1] * size
    return np.array(aligned, np.int64)


def _levels(at: int, sentence: list[int], percent: list[bool], size: int) -> list[int]:
    """The last `size` figures that are no percentages, before the figure `at` in its sentence."""
    found: list[int] = []
    i = at - 1
    while i >= 0 and sentence[i] == sentence[at] and len(found) < size and at - i <= 4 * _MAX_ITEMS:
        if not percent[i]:
            found.append(i)
        i -= 1
    return found[::-1]
