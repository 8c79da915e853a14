"""The ranker: scores candidates by sums of integer weights, and chooses each figure's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.frames.candidates import LENT, Candidates, FigureArrays
from pipeline.frames.cuewords import cue_classes, edge_words
from pipeline.frames.features import Buckets, hash_features, hash_integers
from pipeline.frames.lattice import Lattice
from pipeline.frames.tokens import JOINT, Ints, Tokens, hash_name

SCALE = 100
"""Weights are log-odds in units of 1 / SCALE."""
Weights = npt.NDArray[np.int32]
Number = TypeVar("Number", np.int64, np.float64)
_CATALOG_BONUS = 3 * SCALE
"""Added to the score of a noun of the catalog right beside its figure."""
_ODDS = np.rint(np.exp(-np.arange(7 * SCALE) / SCALE) * (1 << 30)).astype(np.int64)
"""The odds of a candidate against its figure's best, by the difference of scores. Integers, so that sums are
the same on every machine and in any order. Candidates with larger differences are ignored."""
_LONGER_SHARE = 18
"""A longer candidate is chosen where longer ones have at least 1/18 of the answer's probability."""
_BARE_SHARE = 5
"""The candidate without its governing verb is chosen where it has at least 1/5 of that probability."""
_MAX_LONGER = 10
"""How many characters a longer candidate may have before the most probable one."""
_NOT_BEFORE = np.array([hash_name(tag) for tag in ("d", "t", "p", "r", "x")], np.uint32)
"""Tags of tokens with which no longer candidate may begin."""
_GOVERNS = hash_name("governs")
_VERBS = np.array(
    [_GOVERNS, *(hash_name(cue) for cue in {*cue_classes().values()} if cue.startswith("verb:"))], np.uint32
)
_WHOLE = np.array([hash_name(word) for word in edge_words("whole")], np.uint32)
"""Words with which none may begin, as they only state a place or time. Nor may one begin with a governing
verb, a verb of change, or after a conjunction."""
_NEVER = -(1 << 40)


class Ranking(NamedTuple):
    """The answers. chosen: the row of each figure's candidate; resolved: the row after lenders are followed,
    -1 for no answer; probability: that of each answer; scores: that of each candidate."""

    chosen: Ints
    resolved: Ints
    probability: npt.NDArray[np.float64]
    scores: Ints


def first_scores(weights: Weights, lattice: Lattice) -> Ints:
    """The score of each candidate without the features that depend on other figures' answers."""
    sums = {group: _sums(weights, rows) for group, rows in lattice.items.items()}
    scores = candidate_scores(sums, lattice.start, lattice.end, lattice.runs)
    return np.asarray(scores + _CATALOG_BONUS * lattice.in_catalog)


def candidate_scores(
    sums: Mapping[str, npt.NDArray[Number]], start: Ints, end: Ints, runs: Mapping[str, tuple[Ints, Ints]]
) -> npt.NDArray[Number]:
    """The score of each candidate, given the sum of the weights of each item."""
    scores = _with_zero(sums["start"])[start] + _with_zero(sums["end"])[end] + sums["span"]
    for run, (begin, stop) in runs.items():
        running = _with_zero(np.cumsum(sums[run.rstrip("2")]))
        scores += running[stop] - running[begin]
    return scores


def with_lender_scores(
    scores: Ints, weights: Weights, lattice: Lattice, second: Mapping[str, Buckets]
) -> Ints:
    """The scores with the features of lenders and of no answer added."""
    scores = scores.copy()
    scores[lattice.lent] += _sums(weights, second["lent"])
    scores[lattice.none] += _sums(weights, second["none"])
    return scores


def rank(weights: Weights, lattice: Lattice) -> Ranking:
    """The most probable answer of every figure, and the best candidate of each answer.

    Candidates with the same last token are one answer, whether they are longer or shorter, beside the figure
    or lent.
    """
    if len(lattice.figures) == 0:
        empty = np.zeros(0, np.int64)
        return Ranking(empty, empty, np.zeros(0), empty)
    first = first_scores(weights, lattice)
    scores = with_lender_scores(
        first, weights, lattice, lender_features(lattice, *best_without_lenders(first, lattice))
    )
    best = best_rows(scores, lattice)
    figure = lattice.candidates.figure
    below = scores[best][figure] - scores
    likely = np.flatnonzero(below < len(_ODDS))
    odds, figure = _ODDS[below[likely]], figure[likely]
    begins = np.searchsorted(figure, np.arange(len(best)))
    same, start = _group_answers(lattice, best, likely)
    together = np.bincount(same, odds).astype(np.int64)[same]
    most = np.maximum.reduceat(together, begins)
    winner = np.minimum.reduceat(np.where(together == most[figure], same, len(same)), begins)
    mine = same == winner[figure]
    chosen = _choose_lengths(lattice, likely[mine], start[mine], odds[mine], most)
    return Ranking(chosen, resolve_lenders(chosen, lattice), most / np.add.reduceat(odds, begins), scores)


def _group_answers(lattice: Lattice, best: Ints, likely: Ints) -> tuple[Ints, Ints]:
    """The number of each candidate's answer, in the order of figures, and the token with which it begins.
    A lender stands for its own best candidate."""
    rows, n = lattice.candidates, len(lattice.tokens) + 1
    row = np.where(rows.kind[likely] < LENT, likely, -1)
    lent = rows.kind[likely] == LENT
    row[lent] = resolve_lenders(best, lattice)[rows.lender[likely[lent]]]
    tail = rows.tail_end > rows.tail_start
    answer = rows.figure[likely]
    for edge in (rows.end, rows.tail_start * tail, rows.tail_end * tail):
        answer = answer * n + np.where(row < 0, n - 1, edge[row])
    return np.unique(answer, return_inverse=True)[1].reshape(-1), np.where(row < 0, 0, rows.start[row])


def _choose_lengths(lattice: Lattice, likely: Ints, start: Ints, odds: Ints, total: Ints) -> Ints:
    """Of each figure's answer the most probable candidate, or a longer one where that and still longer ones
    are probable enough together.

    A candidate that is too short names another statistic (量 for 播放量); one that is too long does not.
    """
    rows, tokens = lattice.candidates, lattice.tokens
    figures = np.arange(len(lattice.figures))
    order = np.lexsort((likely, -odds, rows.figure[likely]))
    strongest = likely[order][np.searchsorted(rows.figure[likely], figures)]
    order = np.lexsort((start, rows.figure[likely]))
    likely, odds = likely[order], odds[order]
    figure = rows.figure[likely]
    before = np.cumsum(odds) - odds
    tail = before + odds - before[np.searchsorted(figure, figures)][figure]
    best, begins = strongest[figure], rows.start[likely]
    signs = np.cumsum(tokens.sign != 0)
    longer = (tail * _LONGER_SHARE >= total[figure]) & (begins < rows.start[best])
    longer &= rows.kind[likely] < LENT
    longer &= (rows.kind[likely] == rows.kind[best]) & (signs[begins] == signs[rows.start[best]])
    longer &= tokens.begin[rows.start[best]] - tokens.begin[begins] <= _MAX_LONGER
    longer &= ~np.isin(tokens.tag[begins], _NOT_BEFORE) & ~np.isin(tokens.cue[begins], _VERBS)
    longer &= ~np.isin(tokens.word[begins], _WHOLE) & (tokens.flags[begins - 1] & JOINT == 0)
    for row in likely[longer][::-1].tolist():  # so that the longest of a figure comes last
        strongest[rows.figure[row]] = row
    governed = rows.start[strongest[figure]]
    bare = (tokens.cue[governed] == _GOVERNS) & (begins == governed + 1)
    bare &= (rows.kind[likely] == rows.kind[best]) & (odds * _BARE_SHARE >= total[figure])
    strongest[figure[bare]] = likely[bare]
    return strongest


def _clause_fill(tokens: Tokens, figures: FigureArrays, rows: Candidates, best: Ints) -> Ints:
    """How a figure's best candidate without lenders fills its clause, as bits: 1 it ends at the figure,
    2 it begins the clause or follows a figure, 4 the clause ends at the figure."""
    p, s, e = figures.token, rows.start[best], rows.end[best]
    is_span = rows.kind[best] < LENT
    ends = is_span & (e == p)
    begins = is_span & (s < p) & ((tokens.sign[s - 1] != 0) | (tokens.figure[s - 1] >= 0))
    alone = (tokens.sign[p + 1] == 1) | (tokens.sign[p + 1] >= 3)
    return np.asarray(ends + 2 * begins + 4 * alone, np.int64)


def lender_features(lattice: Lattice, best: Ints, margin: Ints) -> dict[str, Buckets]:
    """The features of lenders and of no answer.

    best: the row of each figure's best candidate without lenders. margin: its score above that of no answer,
    in units of the weights.
    """
    tokens, figures, found = lattice.tokens, lattice.figures, lattice.candidates
    figure_columns = lattice.figure_columns
    i, j = found.figure[lattice.lent], found.lender[lattice.lent]
    pi, pj = figures.token[i], figures.token[j]
    hard = np.cumsum(tokens.sign == 1)
    depth = np.cumsum((tokens.sign == 2).astype(np.int64) - (tokens.sign == 3))
    head = np.maximum(found.stop[best] - 1, 0)
    kind, sure = hash_integers(found.kind[best]), hash_integers(np.minimum(np.maximum(margin // 100, -8), 8))
    fill = hash_integers(_clause_fill(tokens, figures, found, best))
    columns = {name: column[i] for name, column in figure_columns.items()}
    columns |= {f"{name}j": figure_columns[name][j] for name in ("k", "u", "g")}
    columns |= {
        "a": hash_integers(found.aligned[lattice.lent]),
        "d": hash_integers(i - j),
        "sd": hash_integers(tokens.sentence[pi] - tokens.sentence[pj]),
        "q": hash_integers((figure_columns["u"][i] == figure_columns["u"][j]).astype(np.int64)),
        "h": hash_integers(np.minimum(hard[pi] - hard[pj], 6)),
        "dp": hash_integers(np.minimum(np.maximum(depth[pi] - depth[pj], -2), 2)),
        "oj": kind[j], "ow": tokens.word[head[j]], "ot": tokens.tag[head[j]], "om": sure[j],
        "oi": kind[i], "mi": sure[i], "ai": fill[i], "aj": fill[j], "hi": tokens.tag[head[i]],
        "wi": tokens.word[head[i]],
    }  # fmt: skip
    alone = figure_columns | {"oi": kind, "mi": sure, "ai": fill}
    return {
        "lent": hash_features("lent", columns, len(i)),
        "none": hash_features("none", alone, len(figures)),
    }


def best_rows(scores: Ints, lattice: Lattice) -> Ints:
    """The row with the highest score of each figure, the first of equal ones."""
    figure, begins = lattice.candidates.figure, _begins(lattice)
    highest = np.maximum.reduceat(scores, begins)
    rows = np.where(scores == highest[figure], np.arange(len(scores)), len(scores))
    return np.minimum.reduceat(rows, begins)


def best_without_lenders(scores: Ints, lattice: Lattice) -> tuple[Ints, Ints]:
    """The best candidate of each figure without lenders, and its score above that of no answer."""
    best = best_rows(np.where(lattice.candidates.kind < LENT, scores, _NEVER), lattice)
    margin = scores[best] - scores[lattice.none]
    has = lattice.candidates.kind[best] < LENT
    return np.where(has, best, lattice.none), np.where(has, margin, -8 * SCALE)


def _begins(lattice: Lattice) -> Ints:
    return np.searchsorted(lattice.candidates.figure, np.arange(len(lattice.figures)))


def resolve_lenders(chosen: Ints, lattice: Lattice) -> Ints:
    """The row of each figure's span after lenders are followed; -1 for no answer."""
    found = lattice.candidates
    named: list[int] = []
    kinds, lenders = found.kind[chosen].tolist(), found.lender[chosen].tolist()
    for row, kind, lender in zip(chosen.tolist(), kinds, lenders, strict=True):
        named.append(named[lender] if kind == LENT else row if kind < LENT else -1)
    return np.array(named, np.int64)


def _sums(weights: Weights, rows: Buckets) -> Ints:
    return np.asarray(weights.take(rows).sum(axis=0, dtype=np.int32).astype(np.int64))


def _with_zero(sums: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The sums after a 0, to which index 0 refers."""
    return np.concatenate([np.zeros(1, sums.dtype), sums])
