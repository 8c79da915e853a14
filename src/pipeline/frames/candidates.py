"""Candidates: every noun phrase that a figure may be about, as arrays of edges.

A candidate is a span of words left of its figure or right of its unit, an item of a list put before
the list's tail (`A、B和C产量分别为`), the answer of an earlier figure (lent), or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.frames.sentences import JOINT, NO_FIRST, NO_LAST, PAD, Ints, Words, named
from pipeline.numbers.mention import Mention

_KINDS = range(7)
LEFT, BEYOND, RIGHT, OVER, ITEM, LENT, NONE = _KINDS
"""Where a candidate stands: left of the figure, left beyond the figure before it, right, right over an
adjacent figure, in a list; or another figure's answer, or nowhere."""

_LONGEST = 12
"""Words of a span."""
_LEFT_REACH, _RIGHT_REACH = 34, 16
"""Words to each side in which a span is sought."""
_LENDERS = 6
_LISTED = 5
"""Words from a figure to the next of a list, behind which both may have a noun: 4个国家级、3个省级中心."""
_MOVES = np.array([named(f"verb:growth:{direction}") for direction in ("up", "down")], np.uint32)
_AGES = frozenset("岁 周岁 月龄".split())
_BOUNDED = frozenset(("at_least", "at_most", "below"))
_COMMA = 4
"""The sign of 、."""
_ITEMS = 12
"""Figures of a run, at most, that a list of nouns is dealt out to."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The statistical figures in reading order: place among the tokens, word, and the run that each is in.

    A run is a list of figures with only 、 or 和 between them, or these and a verb of change between
    two percentages or two others (分别增长5%、下降3%); rank counts within it from 0.
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


def figures_of(words: Words, tokens: Sequence[Mention]) -> Figures:
    """The figures among the words, and their runs."""
    at = np.flatnonzero(words.figure >= 0)
    n = len(at)
    joined = np.zeros(n + 1, bool)
    if n > 1:
        gap = at[1:] - at[:-1]
        joint = words.part[at[1:] - 1] & JOINT > 0
        same = words.sentence[at[1:]] == words.sentence[at[:-1]]
        moved = (words.part[at[1:] - 2] & JOINT > 0) & np.isin(words.cue[at[1:] - 1], _MOVES)
        percent = np.array([tokens[i].kind == "percent" for i in words.figure[at].tolist()], bool)
        joined[1:n] = same & (((gap == 2) & joint) | ((gap == 3) & moved & (percent[1:] == percent[:-1])))
    first = np.flatnonzero(~joined[:n])
    run = np.cumsum(~joined[:n]) - 1
    rank = np.arange(n) - first[run] if n else np.zeros(0, np.int64)
    size = np.bincount(run, minlength=len(first))[run] if n else np.zeros(0, np.int64)
    return Figures(words.figure[at], at, rank, size)


def candidates_of(words: Words, figures: Figures, tokens: Sequence[Mention]) -> Candidates:
    """Every candidate of every figure."""
    parts = [
        *_spans(words, figures, _limits(words, figures, tokens)),
        _items(words, figures),
        _lent(words, figures, tokens),
    ]
    n = len(figures)
    everyone = np.arange(n)
    nothing = np.zeros(n, np.int64)
    places = figures.word, figures.word, nothing, nothing
    parts.append(np.stack([everyone, everyone, nothing + NONE, *places, nothing - 1, nothing]))
    rows = np.concatenate(parts, 1)
    place = len(words) + 1
    key = (rows[0] * len(_KINDS) + rows[2]) * place + np.where(rows[2] == LENT, rows[7], rows[3])
    return Candidates(*rows[:, np.argsort(key * place + rows[4], kind="stable")])


# ---------------------------------------------------------------- spans


def _limits(words: Words, figures: Figures, tokens: Sequence[Mention]) -> npt.NDArray[np.bool_]:
    """The figures that may be part of a noun, which follows them: 60岁及以上人口, 5000万元以上项目."""
    its = [tokens[i] for i in figures.token.tolist()]
    after = figures.word + 1
    limits = np.array([m.unit in _AGES or m.qualifier in _BOUNDED for m in its], bool)
    return np.asarray(limits & (words.sign[after] == 0))


def _spans(words: Words, figures: Figures, limits: npt.NDArray[np.bool_]) -> list[Ints]:
    """Spans left and right: each span of words is a candidate of the figure after it and the one before."""
    s, e, after = _phrases(words, figures.word[limits])  # after: the first figure after the span
    word = np.concatenate([figures.word, [0, 0]])  # shifted beyond either end: a word of no sentence
    sentence = words.sentence[s]
    parts = []
    for kind, shift in ((LEFT, 0), (BEYOND, 1), (RIGHT, -1), (OVER, -2)):
        p = word[after + shift]
        near = p - e < _LEFT_REACH if shift >= 0 else (s > p) & (s - p < _RIGHT_REACH)
        if kind == OVER:
            last = word[after - 1]
            near &= (last == p + 1) | ((last - p <= _LISTED) & (words.part[last - 1] & JOINT > 0))
        ok = np.flatnonzero(near & (sentence == words.sentence[p]))
        parts.append(_rows(after[ok] + shift, kind, s[ok], e[ok]))
    return parts


def _phrases(words: Words, limits: Ints) -> tuple[Ints, Ints, Ints]:
    """Spans of words of one clause, brackets in them closed and no figure but limits in them: start, end, and
    how many figures come before the end."""
    figure = words.figure >= 0
    passed = np.cumsum(figure, dtype=np.int64)
    figure[limits] = False
    edge = (words.sign == 0) & ~figure
    starts = np.flatnonzero((edge | (words.sign == 2)) & (words.part & NO_FIRST == 0))
    closes = (edge | (words.sign == 3)) & (words.part & NO_LAST == 0)
    # A span ends before the first figure or end of a clause that comes after its start.
    stops = np.flatnonzero(figure | (words.sign == 1))
    sizes = np.minimum(stops[np.searchsorted(stops, starts)] - starts, _LONGEST)
    s = np.repeat(starts, sizes)
    last = s + np.arange(len(s)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    opens = words.sign == 2
    depth = np.cumsum(opens.astype(np.int64) - (words.sign == 3))
    outer = (depth - opens)[s]
    same = words.sentence[s] == words.sentence[last]
    ok = np.flatnonzero(closes[last] & (depth[last] == outer) & same & ~(opens[s] & (words.sign[last] == 3)))
    s, last = s[ok], last[ok]
    if opens.any():
        window = np.minimum(s[:, None] + np.arange(_LONGEST), last[:, None])
        sound = depth[window].min(1) >= outer[ok]
        s, last = s[sound], last[sound]
    return s, last + 1, passed[last]


def _rows(figure: Ints, kind: int, start: Ints, end: Ints) -> Ints:
    rows = np.zeros((9, len(figure)), np.int64)
    rows[0] = rows[1] = figure
    rows[2], rows[3], rows[4], rows[7] = kind, start, end, -1
    return rows


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
        cuts = [floor + i for i in np.flatnonzero(words.part[floor:p] & JOINT).tolist()]
        if len(cuts) < size - 1:
            continue
        commas = [cut for cut in cuts if words.sign[cut] == _COMMA]
        if len(commas) == size - 1:  # 通信设备制造业、船舶及相关装置制造业 are two
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
    """An item alone, and before each tail of the last item: its first words are the item's own."""
    if s >= e:
        return []
    tails = [
        (begin, stop)
        for begin in range(last + 1, last + 6)
        for stop in range(begin + 1, min(begin + 5, p) + 1)
    ]
    return [(figure, anchor, ITEM, s, e, begin, stop, -1, 1) for begin, stop in [(e, e), *tails]]


# ---------------------------------------------------------------- lenders


def _lent(words: Words, figures: Figures, tokens: Sequence[Mention]) -> Ints:
    """The figures before each one, within reach; `aligned` where runs point to each other."""
    sentence = words.sentence[figures.word]
    n = len(figures)
    i = np.repeat(np.arange(n), _LENDERS)
    j = i - np.tile(np.arange(_LENDERS, 0, -1), n)
    ok = np.flatnonzero((j >= 0) & (sentence[i] - sentence[np.maximum(j, 0)] <= 1))
    place = figures.word[i[ok]]
    rows = _rows(i[ok], LENT, place, place)
    rows[7] = j[ok]
    rows[8] = _aligned(sentence.tolist(), figures, tokens)[i[ok]] == j[ok]
    return rows


def _aligned(sentence: list[int], figures: Figures, tokens: Sequence[Mention]) -> Ints:
    """For each figure of a run the figure of the run of levels before that it is dealt; -1 where none."""
    percent = [tokens[i].kind == "percent" for i in figures.token.tolist()]
    aligned: list[int] = []
    for size in figures.size[figures.rank == 0].tolist():
        levels = _levels(len(aligned), sentence, percent, size)
        aligned += levels if len(levels) == size else [-1] * size
    return np.array(aligned, np.int64)


def _levels(at: int, sentence: list[int], percent: list[bool], size: int) -> list[int]:
    """The last `size` figures before the one at `at` in its sentence that are no percentages."""
    found: list[int] = []
    i = at - 1
    while i >= 0 and sentence[i] == sentence[at] and len(found) < size and at - i <= 4 * _ITEMS:
        if not percent[i]:
            found.append(i)
        i -= 1
    return found[::-1]
