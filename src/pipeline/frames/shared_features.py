"""What lenders are weighed by: the features that need each figure's own best answer."""

from __future__ import annotations

import numpy as np

from pipeline.frames.candidates import LENT, Candidates, Figures
from pipeline.frames.features import Buckets, buckets, small
from pipeline.frames.lattice import Lattice
from pipeline.frames.sentences import Ints, Words


def _beside(words: Words, figures: Figures, found: Candidates, best: Ints) -> Ints:
    """How a figure's own best candidate fills its clause: 1 it ends at the figure, 2 it begins the clause or
    follows a figure, 4 the clause ends at the figure."""
    p, s, e = figures.word, found.start[best], found.end[best]
    own = found.kind[best] < LENT
    ends = own & (e == p)
    begins = own & (s < p) & ((words.sign[s - 1] != 0) | (words.figure[s - 1] >= 0))
    alone = (words.sign[p + 1] == 1) | (words.sign[p + 1] >= 3)
    return np.asarray(ends + 2 * begins + 4 * alone, np.int64)


def lend(lattice: Lattice, best: Ints, margin: Ints) -> dict[str, Buckets]:
    """The features of lenders and of no answer, given each figure's best candidate of its own.

    best: its row among the candidates. margin: its score above that of no answer, in units of the weights.
    """
    words, figures, found, about = lattice.words, lattice.figures, lattice.candidates, lattice.about
    i, j = found.figure[lattice.lent], found.lender[lattice.lent]
    pi, pj = figures.word[i], figures.word[j]
    hard, depth = (
        np.cumsum(words.sign == 1),
        np.cumsum((words.sign == 2).astype(np.int64) - (words.sign == 3)),
    )
    head = np.maximum(
        np.where(found.tail_end[best] > found.tail_start[best], found.tail_end[best], found.end[best]) - 1, 0
    )
    kind, sure = small(found.kind[best]), small(np.minimum(np.maximum(margin // 100, -8), 8))
    beside = small(_beside(words, figures, found, best))
    columns = {name: about[name][i] for name in ("k", "u", "g", "pw", "pt", "c-1", "nt", "nw", "e", "r", "b")}
    columns |= {f"{name}j": about[name][j] for name in ("k", "u", "g")}
    columns |= {
        "a": small(found.aligned[lattice.lent]),
        "d": small(i - j),
        "sd": small(words.sentence[pi] - words.sentence[pj]),
        "q": small((about["u"][i] == about["u"][j]).astype(np.int64)),
        "h": small(np.minimum(hard[pi] - hard[pj], 6)),
        "dp": small(np.minimum(np.maximum(depth[pi] - depth[pj], -2), 2)),
        "oj": kind[j], "ow": words.word[head[j]], "ot": words.tag[head[j]], "om": sure[j],
        "oi": kind[i], "mi": sure[i], "ai": beside[i], "aj": beside[j], "hi": words.tag[head[i]],
        "wi": words.word[head[i]],
    }  # fmt: skip
    alone = {name: about[name] for name in ("k", "u", "g", "pw", "pt", "c-1", "nt", "nw", "e", "r", "b")}
    alone |= {"oi": kind, "mi": sure, "ai": beside}
    return {"lent": buckets("lent", columns, len(i)), "none": buckets("none", alone, len(figures))}
