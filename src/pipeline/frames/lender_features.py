"""Features of lenders and of no answer, which depend on each figure's best candidate without lenders."""

from __future__ import annotations

import numpy as np

from pipeline.frames.candidates import LENT, Candidates, FigureArrays
from pipeline.frames.features import Buckets, hash_features, hash_integers
from pipeline.frames.lattice import Lattice
from pipeline.frames.tokens import Ints, Tokens


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
    tokens, figures, found, figure_columns = (
        lattice.tokens,
        lattice.figures,
        lattice.candidates,
        lattice.figure_columns,
    )
    i, j = found.figure[lattice.lent], found.lender[lattice.lent]
    pi, pj = figures.token[i], figures.token[j]
    hard, depth = (
        np.cumsum(tokens.sign == 1),
        np.cumsum((tokens.sign == 2).astype(np.int64) - (tokens.sign == 3)),
    )
    head = np.maximum(
        np.where(found.tail_end[best] > found.tail_start[best], found.tail_end[best], found.end[best]) - 1, 0
    )
    kind, sure = hash_integers(found.kind[best]), hash_integers(np.minimum(np.maximum(margin // 100, -8), 8))
    fill = hash_integers(_clause_fill(tokens, figures, found, best))
    columns = {
        name: figure_columns[name][i]
        for name in ("k", "u", "g", "pw", "pt", "c-1", "nt", "nw", "e", "r", "b")
    }
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
    alone = {
        name: figure_columns[name] for name in ("k", "u", "g", "pw", "pt", "c-1", "nt", "nw", "e", "r", "b")
    }
    alone |= {"oi": kind, "mi": sure, "ai": fill}
    return {
        "lent": hash_features("lent", columns, len(i)),
        "none": hash_features("none", alone, len(figures)),
    }
