"""The ranker: integer weights summed over a candidate's features, the highest sum wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.frames.candidates import LENT
from pipeline.frames.cuewords import classes, edges
from pipeline.frames.features import Buckets
from pipeline.frames.lattice import Lattice
from pipeline.frames.sentences import JOINT, Ints, named
from pipeline.frames.shared_features import lend

SCALE = 100
"""Weights are log-odds in units of 1 / SCALE."""
Weights = npt.NDArray[np.int32]
KNOWN = 3 * SCALE
"""What it counts for that a candidate is a noun of the catalog, right beside its figure."""
_ODDS = np.rint(np.exp(-np.arange(7 * SCALE) / SCALE) * (1 << 30)).astype(np.int64)
"""How probable a candidate is beside its figure's best, by how far its score is below: whole numbers, whose
sums are the same on every machine and in any order. Further below it says nothing of the answer."""
LONGER = 18
"""An answer is one of its longer candidates where these have this part of its probability: one 18th."""
BARE = 5
"""It is the one without its governing verb where that has this part of its probability: one 5th."""
_MORE = 10
"""Characters that it may have more than the most probable one."""
_NOT_BEFORE = np.array([named(tag) for tag in ("d", "t", "p", "r", "x")], np.uint32)
"""Tags of words that no candidate is made longer by."""
_GOVERNS = named("governs")
_VERBS = np.array(
    [_GOVERNS, *(named(its) for its in {*classes().values()} if its.startswith("verb:"))], np.uint32
)
_WHOLE = np.array([named(word) for word in edges("whole")], np.uint32)
"""Nor by a verb that governs it or says how it moved, nor by what says of which place or time it is, nor by
the last member of a list."""
_NEVER = -(1 << 40)


class Answers(NamedTuple):
    """For each figure: its candidate's row, the row whose words it names in the end (-1: none), and the
    probability of its answer; for each candidate its score."""

    chosen: Ints
    named: Ints
    probability: npt.NDArray[np.float64]
    scores: Ints


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
    """The most probable answer of every figure, and of its candidates the one that cuts nothing off.

    An answer is what all candidates with the same last word say together, be they longer or shorter,
    beside the figure or lent.
    """
    if len(lattice.figures) == 0:
        empty = np.zeros(0, np.int64)
        return Answers(empty, empty, np.zeros(0), empty)
    first = own_scores(weights, lattice)
    scores = add_second(first, weights, lattice, lend(lattice, *best_own(first, lattice)))
    best = top(scores, lattice)
    figure = lattice.candidates.figure
    below = scores[best][figure] - scores
    likely = np.flatnonzero(below < len(_ODDS))
    odds, figure = _ODDS[below[likely]], figure[likely]
    begins = np.searchsorted(figure, np.arange(len(best)))
    same, start = _answers(lattice, best, likely)
    together = np.bincount(same, odds).astype(np.int64)[same]
    most = np.maximum.reduceat(together, begins)
    winner = np.minimum.reduceat(np.where(together == most[figure], same, len(same)), begins)
    mine = same == winner[figure]
    chosen = _uncut(lattice, likely[mine], start[mine], odds[mine], most)
    return Answers(chosen, resolved(chosen, lattice), most / np.add.reduceat(odds, begins), scores)


def _answers(lattice: Lattice, best: Ints, likely: Ints) -> tuple[Ints, Ints]:
    """Of some candidates: a number for the answer that each gives, in the order of figures, and the word
    with which it begins. What a lender names is taken to be its best candidate."""
    rows, n = lattice.candidates, len(lattice.words) + 1
    said = np.where(rows.kind[likely] < LENT, likely, -1)
    lent = rows.kind[likely] == LENT
    said[lent] = resolved(best, lattice)[rows.lender[likely[lent]]]
    tail = rows.tail_end > rows.tail_start
    answers = rows.figure[likely]
    for edge in (rows.end, rows.tail_start * tail, rows.tail_end * tail):
        answers = answers * n + np.where(said < 0, n - 1, edge[said])
    return np.unique(answers, return_inverse=True)[1].reshape(-1), np.where(said < 0, 0, rows.start[said])


def _uncut(lattice: Lattice, likely: Ints, start: Ints, odds: Ints, total: Ints) -> Ints:
    """Of each figure's answer the most probable candidate, or a longer one where it and those that are
    longer yet are not improbable together.

    What is cut off at the left makes another statistic (播放量 for 量); a few words too many do not.
    """
    rows, words = lattice.candidates, lattice.words
    figures = np.arange(len(lattice.figures))
    order = np.lexsort((likely, -odds, rows.figure[likely]))
    strongest = likely[order][np.searchsorted(rows.figure[likely], figures)]
    order = np.lexsort((start, rows.figure[likely]))
    likely, odds = likely[order], odds[order]
    figure = rows.figure[likely]
    before = np.cumsum(odds) - odds
    tail = before + odds - before[np.searchsorted(figure, figures)][figure]
    best, begins = strongest[figure], rows.start[likely]
    signs = np.cumsum(words.sign != 0)
    longer = (tail * LONGER >= total[figure]) & (begins < rows.start[best]) & (rows.kind[likely] < LENT)
    longer &= (rows.kind[likely] == rows.kind[best]) & (signs[begins] == signs[rows.start[best]])
    longer &= words.begin[rows.start[best]] - words.begin[begins] <= _MORE
    longer &= ~np.isin(words.tag[begins], _NOT_BEFORE) & ~np.isin(words.cue[begins], _VERBS)
    longer &= ~np.isin(words.word[begins], _WHOLE) & (words.part[begins - 1] & JOINT == 0)
    for row in likely[longer][::-1].tolist():  # so that the longest of a figure comes last
        strongest[rows.figure[row]] = row
    governed = rows.start[strongest[figure]]
    bare = (words.cue[governed] == _GOVERNS) & (begins == governed + 1)
    bare &= (rows.kind[likely] == rows.kind[best]) & (odds * BARE >= total[figure])
    strongest[figure[bare]] = likely[bare]
    return strongest


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
