"""A document's candidates with their features: the arrays that the ranker adds weights over.

Most features belong to an edge and not to a span, so they are made once for each figure and edge; the
words between a span and its figure, and those inside it, are differences of running sums.
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
    Figures,
    candidates_of,
    figures_of,
)
from pipeline.frames.features import Buckets, Column, buckets, small
from pipeline.frames.sentences import Ints, Words, named, words_of
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

_PERSONS = frozenset("人 名 位 例 宗 口 员 人次 万人次 个人".split())
_ACTIONS = frozenset("次 场 场次 起 轮 批 趟 回 班次 届 件 宗 单 笔 项 条".split())
_WINDOW = 128
"""Words about a figure that hold every edge of its candidates."""
_DISTANCES = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 26])


@dataclass(frozen=True, slots=True)
class Lattice:
    """Everything about a document that weights are added over.

    items: by group, the buckets of each item's features. edges: for each candidate its item of start,
    of end; runs: for each candidate and group of running sums, the items from and to.
    """

    words: Words
    figures: Figures
    candidates: Candidates
    items: dict[str, Buckets]
    start: Ints
    end: Ints
    runs: dict[str, tuple[Ints, Ints]]
    lent: Ints
    none: Ints
    about: dict[str, Column]
    known: npt.NDArray[np.bool_]


def lattice_of(
    texts: Sequence[tuple[Flow, Sequence[Mention]]], nouns: frozenset[str] = frozenset()
) -> Lattice:
    """The lattice of some texts, their figures counted on from one to the next.

    Its `lent` and `none` features wait for the first answers (`lend`). nouns: words that are never cut
    through.
    """
    words = words_of(texts, nouns)
    tokens = [token for _, its in texts for token in its]
    figures = figures_of(words, tokens)
    found = candidates_of(words, figures, tokens)
    about = _about(words, figures, texts)
    side = np.where(found.kind == ITEM, 0, (found.start > figures.word[found.anchor]).astype(np.int64))
    last = np.where(found.tail_end > found.tail_start, found.tail_end, found.end)
    own = found.kind < LENT
    items: dict[str, Buckets] = {}
    start = _edges(items, "start", found.anchor, found.start, own, words, figures, about)
    end = _edges(items, "end", found.anchor, last, own, words, figures, about)
    items["span"] = buckets("span", _span_columns(words, figures, found, about, side, last), len(found))
    runs = _runs(items, words, figures, found, about, last, own)
    lent = np.flatnonzero(found.kind == LENT)
    none = np.flatnonzero(found.kind == NONE)
    known = _known(words, figures, found)
    return Lattice(words, figures, found, items, start, end, runs, lent, none, about, known)


def _known(words: Words, figures: Figures, found: Candidates) -> npt.NDArray[np.bool_]:
    """Whether a candidate stands right beside its figure and ends with a noun of the catalog."""
    p = figures.word[found.figure]
    quoted = (words.sign[p + 1] == 2).astype(np.int64)
    beside = np.where(found.kind == RIGHT, found.start == p + 1 + quoted, found.end == p)
    return np.asarray(beside & (found.kind < LENT) & words.known[np.maximum(found.end - 1, 0)])


def _about(
    words: Words, figures: Figures, texts: Sequence[tuple[Flow, Sequence[Mention]]]
) -> dict[str, Column]:
    """What is known of each figure by itself."""
    its = [token for _, tokens in texts for token in tokens if token.statistical]
    blocks = [kind for flow, tokens in texts for kind in _blocks(flow, tokens)]
    kinds = np.array([_kinds(t.kind, t.unit or "") for t in its], np.uint32).reshape(-1, 4).T
    p = figures.word
    before = np.maximum.accumulate(
        np.where((words.figure >= 0) | (words.sign == 1), np.arange(len(words)), -1)
    )
    return {
        "k": kinds[0],
        "u": kinds[1],
        "g": kinds[2],
        "pw": words.word[p - 1],
        "pt": words.tag[p - 1],
        "c-1": words.cue[p - 1],
        "nw": words.word[p + 1],
        "nt": words.tag[p + 1],
        "e": small(np.minimum(p - 1 - before[p - 1], 2) + np.where(words.sign[p + 1] == 1, 3, 0)),
        "b": np.array(blocks, np.uint32),
        "r": small(figures.rank * 16 + np.minimum(figures.size, 8)),
        "percent": kinds[3],
    }


@lru_cache(maxsize=1 << 12)
def _kinds(kind: str, unit: str) -> tuple[int, int, int, bool]:
    """The ids of a figure's kind, its unit and the unit's group; whether it is a percentage."""
    group = kind
    if kind == "percent":
        group = "points" if "点" in unit else "percent"
    elif kind == "count":
        group = "person" if unit in _PERSONS else "action" if unit in _ACTIONS else "count"
    elif kind == "measure" and unit in ("倍", "番", "岁", "周岁"):
        group = unit
    return named(kind), named(unit), named(group), kind == "percent"


def _blocks(flow: Flow, tokens: Sequence[Mention]) -> list[int]:
    """The kind of block that each statistical figure is in."""
    names = [named(block.kind) for block in flow.blocks] or [0]
    stops = [block.stop for block in flow.blocks[:-1]]
    return [names[bisect_right(stops, token.begin)] for token in tokens if token.statistical]


def _bucket(distance: npt.NDArray[np.int64]) -> Column:
    return small(np.searchsorted(_DISTANCES, distance, side="right"))


def _edges(
    items: dict[str, Buckets], group: str, anchor: Ints, place: Ints, own: npt.NDArray[np.bool_],
    words: Words, figures: Figures, about: dict[str, Column],
) -> Ints:  # fmt: skip
    """Make the items of a group of edges; each candidate's item, 0 the empty one."""
    key = anchor * _WINDOW + place - figures.word[anchor] + _WINDOW // 2
    made = np.zeros(len(figures) * _WINDOW, bool)
    made[key[own]] = True
    which = np.flatnonzero(made)
    f = which // _WINDOW
    p = figures.word[f]
    q = which % _WINDOW - _WINDOW // 2 + p
    right = q > p
    hard = np.cumsum(words.sign == 1)
    columns = {
        "o": small(right.astype(np.int64)),
        "d": _bucket(np.where(right, q - p - 1, p - q)),
        "h": small(np.minimum(np.where(right, hard[q - 1] - hard[p], hard[p] - hard[q - 1]), 4)),
        "l": small(words.sign[q - 1]),
    }
    columns |= {name: about[name][f] for name in ("k", "u", "g", "pw", "pt", "nw", "nt")}
    for letter, source in _sources(words):
        for shift in (-2, -1, 0, 1):
            columns[f"{letter}{shift:+d}"] = source[q + shift]
    items[group] = buckets(group, columns, len(which))
    return np.where(own, np.cumsum(made)[np.where(own, key, 0)], 0)


def _sources(words: Words) -> tuple[tuple[str, Column], ...]:
    return ("t", words.tag), ("w", words.word), ("c", words.cue), ("z", words.last), ("f", words.first)


def _span_columns(
    words: Words, figures: Figures, found: Candidates, about: dict[str, Column], right: Ints,
    last: Ints,
) -> dict[str, Column]:  # fmt: skip
    s, e, p = found.start, found.end, figures.word[found.anchor]
    hard = np.cumsum(words.sign == 1)
    tail = found.tail_end > found.tail_start
    between = np.where(right == 1, hard[s] - hard[p], hard[p] - hard[np.maximum(last - 1, 0)])
    whole = (words.sign[s - 1] == 1).astype(np.int64) * 2 + (words.figure[s - 1] >= 0)
    characters = words.stop[np.maximum(e - 1, 0)] - words.begin[s]
    quoted = np.cumsum(words.sign >= 2)
    tail_word = np.minimum(found.tail_start, len(words) - 1)
    columns = {
        "s": small(found.kind),
        "n": small(np.minimum(e - s + found.tail_end - found.tail_start, 12)),
        "m": small(np.minimum(characters, 24)),
        "st": words.tag[s],
        "et": words.tag[np.maximum(last - 1, 0)],
        "sw": words.word[s - 1],
        "ew": words.word[last],
        "spt": words.tag[s - 1],
        "stp": words.tag[s - 2],
        "ent": words.tag[last],
        "h": small(np.minimum(between, 4)),
        "l": small(whole),
        "d": _bucket(np.where(right == 1, s - p - 1, p - last)),
        "x": small(np.minimum(quoted[np.maximum(e - 1, 0)] - quoted[s - 1], 4)),
        "y": words.cue[s],
        "y2": words.cue[np.maximum(last - 1, 0)],
        "tn": small(np.where(tail, found.tail_end - found.tail_start, 0)),
        "tt": np.where(tail, words.tag[tail_word], 0),
        "tl": np.where(tail, words.tag[np.maximum(last - 1, 0)], 0),
        "tp": np.where(tail, words.tag[np.maximum(tail_word - 1, 0)], 0),
        "il": words.tag[np.maximum(e - 1, 0)],
        "pl": small(
            np.where(tail, _alike(words, e - 1, tail_word - 1) + 2 * _alike(words, e - 1, last - 1), 4)
        ),
    }
    return columns | {
        name: about[name][found.figure] for name in ("k", "u", "g", "pw", "pt", "nw", "nt", "e", "b", "r")
    }


def _alike(words: Words, one: Ints, other: Ints) -> Ints:
    """Whether words end with the same character: 通信制造业、电池制造业|收入."""
    return np.asarray(words.last[np.maximum(one, 0)] == words.last[np.maximum(other, 0)], np.int64)


def _runs(
    items: dict[str, Buckets], words: Words, figures: Figures, found: Candidates, about: dict[str, Column],
    last: Ints, own: npt.NDArray[np.bool_],
) -> dict[str, tuple[Ints, Ints]]:  # fmt: skip
    """Running sums over words: those inside a span, pairs of them, those between it and its figure."""
    n = len(words)
    singles = dict(_sources(words))
    items["inside"] = buckets("inside", singles, n)
    pairs = {f"{x}0": v for x, v in singles.items()}
    pairs |= {f"{x}1": np.concatenate([v[1:], v[:1]]) for x, v in singles.items()}
    items["pair"] = buckets("pair", pairs, n)
    zero = np.zeros(len(found), np.int64)
    s, e = np.where(own, found.start, zero), np.where(own, found.end, zero)
    ts, te = np.where(own, found.tail_start, zero), np.where(own, found.tail_end, zero)
    p = figures.word[found.anchor]
    right = (found.kind == RIGHT) | (found.kind == OVER)
    percent = about["percent"][found.figure].astype(np.int64)
    bounds = words.figure >= 0
    bounds[words.texts] = True
    before = np.maximum.accumulate(np.where(bounds, np.arange(n), 0))
    floor = np.maximum(before[p - 1] + 1, p - 12)
    group = np.select([right, own, found.kind == LENT], [1, 0, 2], 3) * 2 + percent
    present = np.bincount(group, minlength=8) > 0
    sides, group = np.flatnonzero(present), (np.cumsum(present) - 1)[group]
    tiled = {x: np.tile(v, len(sides)) for x, v in singles.items()}
    tiled["i"] = small(np.tile(words.sign, len(sides)))
    tiled["q"] = small(np.repeat(sides, n))
    items["gap"] = buckets("gap", tiled, n * len(sides))
    begin = np.select([right, own], [p + 1, last], floor) + group * n
    stop = np.where(right, found.start, p) + group * n
    return {
        "inside": (s, e),
        "inside2": (ts, te),
        "pair": (s, np.maximum(e - 1, s)),
        "gap": (begin, np.maximum(begin, stop)),
    }
