"""The ranker: integer weights summed over a candidate's features, the highest sum wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.frames.candidates import LENT, Candidates
from pipeline.frames.features import Buckets
from pipeline.frames.lattice import Lattice
from pipeline.frames.lending import lend
from pipeline.frames.sentences import Ints, named

SCALE = 100
"""Weights are log-odds in units of 1 / SCALE."""
Weights = npt.NDArray[np.int32]
KNOWN = 3 * SCALE
"""What it counts for that a candidate is a noun of the catalog, right beside its figure."""
NEAR = SCALE * 8 // 5
"""How far below the winner a longer candidate may be: a fifth of its probability."""
CLOSE = SCALE * 6 // 5
"""How far below it a candidate without its governing verb may be."""
_MORE = 10
"""Characters that it may have more."""
_NOT_BEFORE = np.array([named(tag) for tag in ("d", "t", "p", "r", "x")], np.uint32)
"""Tags of words that no candidate is made longer by."""
_VERB, _GOVERNS, _NAMES = named("v"), named("governs"), named("names")
"""A verb makes no candidate longer unless it is known to be part of names."""
_NEVER = -(1 << 40)


class Answers(NamedTuple):
    """For each figure: its candidate's row, the row whose words it names in the end (-1: none), and the
    probability of its candidate."""

    chosen: Ints
    named: Ints
    probability: npt.NDArray[np.float64]


def own_scores(weights: Weights, lattice: Lattice) -> Ints:
    """The score of each candidate without what depends on other figures' answers."""
    sums = {group: _sums(weights, rows) for group, rows in lattice.items.items()}
    scores = _led(sums["start"])[lattice.start] + _led(sums["end"])[lattice.end] + sums["span"]
    for run, (begin, stop) in lattice.runs.items():
        running = _led(np.cumsum(sums[run.rstrip("2")]))
        scores = scores + running[stop] - running[begin]
    return np.asarray(scores + KNOWN * lattice.known)


def add_second(scores: Ints, weights: Weights, lattice: Lattice, second: Mapping[str, Buckets]) -> Ints:
    """The scores with the features of lenders and of no answer added."""
    scores = scores.copy()
    scores[lattice.lent] += _sums(weights, second["lent"])
    scores[lattice.none] += _sums(weights, second["none"])
    return scores


def answer(weights: Weights, lattice: Lattice) -> Answers:
    """The best candidate of every figure; ties go to the first."""
    if len(lattice.figures) == 0:
        empty = np.zeros(0, np.int64)
        return Answers(empty, empty, np.zeros(0))
    first = own_scores(weights, lattice)
    scores = add_second(first, weights, lattice, lend(lattice, *best_own(first, lattice)))
    best = top(scores, lattice)
    figure = lattice.candidates.figure
    odds = np.exp((scores - scores[best][figure]) / SCALE)
    chosen = trimmed(scores, best, lattice)
    return Answers(chosen, resolved(chosen, lattice), 1.0 / np.add.reduceat(odds, _begins(lattice)))


def trimmed(scores: Ints, best: Ints, lattice: Lattice) -> Ints:
    """The winner with its left edge mended: more words where a candidate with more comes near it, one fewer
    where it begins with a governing verb and a candidate without it comes near.

    What is cut off at the left makes another statistic (播放量 for 量); a few words too many do not.
    """
    rows, words = lattice.candidates, lattice.words
    more = _alike(rows, best) & (rows.start < rows.start[best[rows.figure]])
    more &= words.begin[rows.start[best[rows.figure]]] - words.begin[rows.start] <= _MORE
    signs = np.cumsum(words.sign != 0)
    more &= signs[rows.start] == signs[rows.start[best[rows.figure]]]
    near = np.flatnonzero(more & (scores >= scores[best[rows.figure]] - NEAR))
    begins = rows.start[near]
    verb = (words.tag[begins] == _VERB) & (words.cue[begins] != _NAMES)
    sound = ~np.isin(words.tag[begins], _NOT_BEFORE) & (words.cue[begins] != _GOVERNS) & ~verb
    chosen = best.copy()
    for row in near[sound][::-1].tolist():  # in reading order, so that the longest of a figure comes last
        chosen[rows.figure[row]] = row
    start = rows.start[chosen[rows.figure]]
    fewer = _alike(rows, chosen) & (rows.start == start + 1) & (words.cue[start] == _GOVERNS)
    close = np.flatnonzero(fewer & (scores >= scores[chosen[rows.figure]] - CLOSE))
    chosen[rows.figure[close]] = close
    return chosen


def _alike(rows: Candidates, chosen: Ints) -> npt.NDArray[np.bool_]:
    """Candidates that differ from the chosen one of their figure in where they begin alone."""
    won = chosen[rows.figure]
    same = rows.kind < LENT
    for column in (rows.kind, rows.anchor, rows.end, rows.tail_start, rows.tail_end):
        same &= column == column[won]
    return same


def top(scores: Ints, lattice: Lattice) -> Ints:
    """The row of each figure's highest score, the first where several have it."""
    figure, begins = lattice.candidates.figure, _begins(lattice)
    highest = np.maximum.reduceat(scores, begins)
    rows = np.where(scores == highest[figure], np.arange(len(scores)), len(scores))
    return np.minimum.reduceat(rows, begins)


def best_own(scores: Ints, lattice: Lattice) -> tuple[Ints, Ints]:
    """Each figure's best candidate that no other figure lends, and how far it is above no answer."""
    best = top(np.where(lattice.candidates.kind < LENT, scores, _NEVER), lattice)
    margin = scores[best] - scores[lattice.none]
    has = lattice.candidates.kind[best] < LENT
    return np.where(has, best, lattice.none), np.where(has, margin, -8 * SCALE)


def _begins(lattice: Lattice) -> Ints:
    return np.searchsorted(lattice.candidates.figure, np.arange(len(lattice.figures)))


def resolved(chosen: Ints, lattice: Lattice) -> Ints:
    """The row whose words each figure names, through lenders to the one that has its own; -1 for none."""
    found = lattice.candidates
    named: list[int] = []
    kinds, lenders = found.kind[chosen].tolist(), found.lender[chosen].tolist()
    for row, kind, lender in zip(chosen.tolist(), kinds, lenders, strict=True):
        named.append(named[lender] if kind == LENT else row if kind < LENT else -1)
    return np.array(named, np.int64)


def _sums(weights: Weights, rows: Buckets) -> Ints:
    return np.asarray(weights.take(rows).sum(axis=0, dtype=np.int32).astype(np.int64))


def _led(sums: Ints) -> Ints:
    return np.concatenate([np.zeros(1, sums.dtype), sums])
