"""The candidates of a document with their features: the arrays over which the ranker sums weights.

Most features belong to an edge and not to a span, so they are computed once for each figure and edge. Sums
over the tokens inside a span, and between it and its figure, are differences of running sums.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.frames.candidates import (
    ITEM,
    LENT,
    NONE,
    OVER,
    RIGHT,
    Candidates,
    FigureArrays,
    find_candidates,
    find_figures,
)
from pipeline.frames.features import Buckets, Column, hash_features, hash_integers
from pipeline.frames.tokens import Ints, Tokens, hash_name, tokenize
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

_PERSONS = frozenset("人 名 位 例 宗 口 员 人次 万人次 个人".split())
_ACTIONS = frozenset("次 场 场次 起 轮 批 趟 回 班次 届 件 宗 单 笔 项 条".split())
_WINDOW = 128
"""A number of tokens around a figure that includes every edge of its candidates."""
_DISTANCES = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 26])


@dataclass(frozen=True, slots=True)
class Lattice:
    """The arrays of a document over which weights are summed.

    items: the features of the items of each group. start, end: the index of each candidate's item of the
    group. runs: for each group of running sums the first and last item of each candidate.
    lent, none: the rows of lenders and of no answer. figure_columns: columns of features of figures.
    in_catalog: whether a candidate ends with a noun of the catalog right beside its figure.
    """

    tokens: Tokens
    figures: FigureArrays
    candidates: Candidates
    items: dict[str, Buckets]
    start: Ints
    end: Ints
    runs: dict[str, tuple[Ints, Ints]]
    lent: Ints
    none: Ints
    figure_columns: dict[str, Column]
    in_catalog: npt.NDArray[np.bool_]


def build_lattice(
    texts: Sequence[tuple[Flow, Sequence[Mention]]], nouns: frozenset[str] = frozenset()
) -> Lattice:
    """The lattice of some texts, whose figures are numbered consecutively.

    It lacks the features of `lender_features`, which depend on first answers. nouns: words that the
    tokenizer never splits.
    """
    tokens = tokenize(texts, nouns)
    mentions = [mention for _, inside in texts for mention in inside]
    figures = find_figures(tokens, mentions)
    found = find_candidates(tokens, figures, mentions)
    figure_columns = _figure_columns(tokens, figures, texts)
    side = np.where(found.kind == ITEM, 0, (found.start > figures.token[found.anchor]).astype(np.int64))
    is_span = found.kind < LENT
    items: dict[str, Buckets] = {}
    start = _edges(items, "start", found.anchor, found.start, is_span, tokens, figures, figure_columns)
    end = _edges(items, "end", found.anchor, found.stop, is_span, tokens, figures, figure_columns)
    items["span"] = hash_features(
        "span", _span_columns(tokens, figures, found, figure_columns, side), len(found)
    )
    runs = _runs(items, tokens, figures, found, figure_columns, is_span)
    lent = np.flatnonzero(found.kind == LENT)
    none = np.flatnonzero(found.kind == NONE)
    in_catalog = _in_catalog(tokens, figures, found)
    return Lattice(tokens, figures, found, items, start, end, runs, lent, none, figure_columns, in_catalog)


Spans = tuple[tuple[int, int], ...]


def candidate_spans(lattice: Lattice, rows: Ints) -> list[Spans]:
    """The character offsets of candidates in the flow: those of the span, and of its tail if it has one."""
    found, tokens = lattice.candidates, lattice.tokens
    edges = [
        tokens.begin[found.start[rows]], tokens.stop[found.end[rows] - 1],
        tokens.begin[found.tail_start[rows]], tokens.stop[found.tail_end[rows] - 1],
    ]  # fmt: skip
    tails = (found.tail_end > found.tail_start)[rows].tolist()
    return [
        ((b, e), (tb, te)) if tail else ((b, e),)
        for tail, b, e, tb, te in zip(tails, *(edge.tolist() for edge in edges), strict=True)
    ]


def _in_catalog(tokens: Tokens, figures: FigureArrays, found: Candidates) -> npt.NDArray[np.bool_]:
    """Whether a candidate is right beside its figure and ends with a noun of the catalog."""
    p = figures.token[found.figure]
    quoted = (tokens.sign[p + 1] == 2).astype(np.int64)
    beside = np.where(found.kind == RIGHT, found.start == p + 1 + quoted, found.end == p)
    return np.asarray(beside & (found.kind < LENT) & tokens.in_catalog[np.maximum(found.end - 1, 0)])


def _figure_columns(
    tokens: Tokens, figures: FigureArrays, texts: Sequence[tuple[Flow, Sequence[Mention]]]
) -> dict[str, Column]:
    """Columns of features of figures that do not depend on candidates."""
    figure_mentions = [mention for _, mentions in texts for mention in mentions if mention.statistical]
    blocks = [kind for flow, mentions in texts for kind in _blocks(flow, mentions)]
    kinds = np.array([_kinds(t.kind, t.unit or "") for t in figure_mentions], np.uint32).reshape(-1, 4).T
    p = figures.token
    before = np.maximum.accumulate(
        np.where((tokens.figure >= 0) | (tokens.sign == 1), np.arange(len(tokens)), -1)
    )
    return {
        "k": kinds[0],
        "u": kinds[1],
        "g": kinds[2],
        "pw": tokens.word[p - 1],
        "pt": tokens.tag[p - 1],
        "c-1": tokens.cue[p - 1],
        "nw": tokens.word[p + 1],
        "nt": tokens.tag[p + 1],
        "e": hash_integers(np.minimum(p - 1 - before[p - 1], 2) + np.where(tokens.sign[p + 1] == 1, 3, 0)),
        "b": np.array(blocks, np.uint32),
        "r": hash_integers(figures.rank * 16 + np.minimum(figures.size, 8)),
        "percent": kinds[3],
    }


@lru_cache(maxsize=1 << 12)
def _kinds(kind: str, unit: str) -> tuple[int, int, int, bool]:
    """The ids of a figure's kind, unit and group of unit; whether it is a percentage."""
    group = kind
    if kind == "percent":
        group = "points" if "点" in unit else "percent"
    elif kind == "count":
        group = "person" if unit in _PERSONS else "action" if unit in _ACTIONS else "count"
    elif kind == "measure" and unit in ("倍", "番", "岁", "周岁"):
        group = unit
    return hash_name(kind), hash_name(unit), hash_name(group), kind == "percent"


def _blocks(flow: Flow, mentions: Sequence[Mention]) -> list[int]:
    """The kind of block of each statistical figure."""
    names = [hash_name(block.kind) for block in flow.blocks] or [0]
    stops = [block.stop for block in flow.blocks[:-1]]
    return [names[bisect_right(stops, mention.begin)] for mention in mentions if mention.statistical]


def _binned(distance: npt.NDArray[np.int64]) -> Column:
    """Distances in bins."""
    return hash_integers(np.searchsorted(_DISTANCES, distance, side="right"))


def _edges(
    items: dict[str, Buckets], group: str, anchor: Ints, place: Ints, is_span: npt.NDArray[np.bool_],
    tokens: Tokens, figures: FigureArrays, figure_columns: dict[str, Column],
) -> Ints:  # fmt: skip
    """Add the items of a group of edges; returns each candidate's item, 0 for none."""
    key = anchor * _WINDOW + place - figures.token[anchor] + _WINDOW // 2
    used = np.zeros(len(figures) * _WINDOW, bool)
    used[key[is_span]] = True
    which = np.flatnonzero(used)
    f = which // _WINDOW
    p = figures.token[f]
    q = which % _WINDOW - _WINDOW // 2 + p
    right = q > p
    hard = np.cumsum(tokens.sign == 1)
    columns = {
        "o": hash_integers(right.astype(np.int64)),
        "d": _binned(np.where(right, q - p - 1, p - q)),
        "h": hash_integers(np.minimum(np.where(right, hard[q - 1] - hard[p], hard[p] - hard[q - 1]), 4)),
        "l": hash_integers(tokens.sign[q - 1]),
    }
    columns |= {name: figure_columns[name][f] for name in ("k", "u", "g", "pw", "pt", "nw", "nt")}
    for letter, source in _sources(tokens):
        for shift in (-2, -1, 0, 1):
            columns[f"{letter}{shift:+d}"] = source[q + shift]
    items[group] = hash_features(group, columns, len(which))
    return np.where(is_span, np.cumsum(used)[np.where(is_span, key, 0)], 0)


def _sources(tokens: Tokens) -> tuple[tuple[str, Column], ...]:
    return ("t", tokens.tag), ("w", tokens.word), ("c", tokens.cue), ("z", tokens.last), ("f", tokens.first)


def _span_columns(
    tokens: Tokens, figures: FigureArrays, found: Candidates, figure_columns: dict[str, Column], right: Ints
) -> dict[str, Column]:
    s, e, last, p = found.start, found.end, found.stop, figures.token[found.anchor]
    hard = np.cumsum(tokens.sign == 1)
    tail = found.tail_end > found.tail_start
    between = np.where(right == 1, hard[s] - hard[p], hard[p] - hard[np.maximum(last - 1, 0)])
    whole = (tokens.sign[s - 1] == 1).astype(np.int64) * 2 + (tokens.figure[s - 1] >= 0)
    characters = tokens.stop[np.maximum(e - 1, 0)] - tokens.begin[s]
    quoted = np.cumsum(tokens.sign >= 2)
    tail_word = np.minimum(found.tail_start, len(tokens) - 1)
    columns = {
        "s": hash_integers(found.kind),
        "n": hash_integers(np.minimum(e - s + found.tail_end - found.tail_start, 12)),
        "m": hash_integers(np.minimum(characters, 24)),
        "st": tokens.tag[s],
        "et": tokens.tag[np.maximum(last - 1, 0)],
        "sw": tokens.word[s - 1],
        "ew": tokens.word[last],
        "spt": tokens.tag[s - 1],
        "stp": tokens.tag[s - 2],
        "ent": tokens.tag[last],
        "h": hash_integers(np.minimum(between, 4)),
        "l": hash_integers(whole),
        "d": _binned(np.where(right == 1, s - p - 1, p - last)),
        "x": hash_integers(np.minimum(quoted[np.maximum(e - 1, 0)] - quoted[s - 1], 4)),
        "y": tokens.cue[s],
        "y2": tokens.cue[np.maximum(last - 1, 0)],
        "tn": hash_integers(np.where(tail, found.tail_end - found.tail_start, 0)),
        "tt": np.where(tail, tokens.tag[tail_word], 0),
        "tl": np.where(tail, tokens.tag[np.maximum(last - 1, 0)], 0),
        "tp": np.where(tail, tokens.tag[np.maximum(tail_word - 1, 0)], 0),
        "il": tokens.tag[np.maximum(e - 1, 0)],
        "pl": hash_integers(
            np.where(tail, _alike(tokens, e - 1, tail_word - 1) + 2 * _alike(tokens, e - 1, last - 1), 4)
        ),
    }
    return columns | {
        name: figure_columns[name][found.figure]
        for name in ("k", "u", "g", "pw", "pt", "nw", "nt", "e", "b", "r")
    }


def _alike(tokens: Tokens, one: Ints, other: Ints) -> Ints:
    """Whether two tokens end with the same character: 通信制造业、电池制造业|收入."""
    return np.asarray(tokens.last[np.maximum(one, 0)] == tokens.last[np.maximum(other, 0)], np.int64)


def _runs(
    items: dict[str, Buckets], tokens: Tokens, figures: FigureArrays, found: Candidates,
    figure_columns: dict[str, Column], is_span: npt.NDArray[np.bool_],
) -> dict[str, tuple[Ints, Ints]]:  # fmt: skip
    """Add the items of running sums: tokens inside spans, pairs of them, and tokens before the figure."""
    n = len(tokens)
    singles = dict(_sources(tokens))
    items["inside"] = hash_features("inside", singles, n)
    pairs = {f"{x}0": v for x, v in singles.items()}
    pairs |= {f"{x}1": np.concatenate([v[1:], v[:1]]) for x, v in singles.items()}
    items["pair"] = hash_features("pair", pairs, n)
    s, e, ts, te = (
        np.where(is_span, edge, 0) for edge in (found.start, found.end, found.tail_start, found.tail_end)
    )
    p = figures.token[found.anchor]
    right = (found.kind == RIGHT) | (found.kind == OVER)
    percent = figure_columns["percent"][found.figure].astype(np.int64)
    bounds = tokens.figure >= 0
    bounds[tokens.texts] = True
    before = np.maximum.accumulate(np.where(bounds, np.arange(n), 0))
    floor = np.maximum(before[p - 1] + 1, p - 12)
    group = np.select([right, is_span, found.kind == LENT], [1, 0, 2], 3) * 2 + percent
    present = np.bincount(group, minlength=8) > 0
    sides, group = np.flatnonzero(present), (np.cumsum(present) - 1)[group]
    tiled = {x: np.tile(v, len(sides)) for x, v in singles.items()}
    tiled["i"] = hash_integers(np.tile(tokens.sign, len(sides)))
    tiled["q"] = hash_integers(np.repeat(sides, n))
    items["gap"] = hash_features("gap", tiled, n * len(sides))
    begin = np.select([right, is_span], [p + 1, found.stop], floor) + group * n
    stop = np.where(right, found.start, p) + group * n
    return {
        "inside": (s, e),
        "inside2": (ts, te),
        "pair": (s, np.maximum(e - 1, s)),
        "gap": (begin, np.maximum(begin, stop)),
    }
