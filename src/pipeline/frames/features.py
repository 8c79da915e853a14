"""Features of candidates, by feature hashing.

A feature is an instance of a template: `o t-1 t+0` is the side, the tag before an edge and the tag after
it. A template names at most four columns of its group, and all features of a group are computed at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.frames.tokens import hash_name

Buckets = npt.NDArray[np.int32]
Column = npt.NDArray[np.uint32]

BITS = 20
"""There are 2 ** BITS weights; features with the same hash share a weight."""
_SLOTS = 4
_FACTORS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], np.uint32)
_MIX = np.uint32(0x2C1B3C6D)
_OFFSET = np.uint32(65537)
_HALF, _REST = np.uint32(13), np.uint32(32 - BITS)

TEMPLATES: dict[str, str] = {
    # the left edge of a span: tokens before and after it
    "start": """
        o t-1 t+0; o w-1; o w+0; o t-2 t-1 t+0; o t-1 w+0; o w-1 t+0; o c-1 c+0; o c-1 t+0; o t-1 t+0 t+1
        o t+0 t+1; o k t-1; o k c-1; o z-1; o f+0; o d; o k d; o w-1 w+0; o t-2 t-1; o w-2 t-1; o l t-1 t+0
        o g t+0; o l c-1 c+0; o z-1 f+0; o l w+0; o c-2 t-1
    """,
    # the right edge: the head, the tokens after it, the distance to the figure
    "end": """
        o t-1 t+0; o w-1; o w+0; o t-1 w+0; o w-1 t+0; o t-1 t+0 t+1; o t-2 t-1 t+0; o k w-1; o u w-1
        o u z-1; o g z-1; o k z-1; o k t-1; o g t-1; o u t-1; o k t+0; o k w+0; o d t+0; o d k; o d h k; o u d
        o c-1; o c+0; o k c+0; o c+0 c+1; o k c-1; o d pt; o d pw; o d k pw; o d nw; o g nt d; o z-1; o g w+0
        o h k; o h g; o c+0 d; o c-1 t+0; o h t-1 t+0; o w-1 w+0; o z-1 f+0; o d t+0 t+1; o u h nt; o c+1 t+0
        o z-1 t+0; o k t-1 t+0
    """,
    # the whole span, and the context of the figure
    "span": """
        s n; s k n; s m; s k m; s st et; s sw ew; s spt ent; spt st et ent; s h k; s l; s l d; s g pt nt
        s e k nt; s u e; s u nt; s pw; s nw; s k e pt; s x; s x n; s k d e; s n h; s b k; s b d; s g e nt
        s y y2; s tn; pl; pl tt; s tt tl; s tp il; s tp il tt; s k r; s h d g; s stp et
    """,
    # a token inside a span, and two adjacent ones
    "inside": "t; c; w; z; f",
    "pair": "t0 t1; c0 c1; t0 c1; c0 t1; w0 w1; z0 f1",
    # a token between a span and its figure, by side and kind of figure
    "gap": "q t; q w; q c; q i; q z",
    # the answer of an earlier figure
    "lent": """
        a k kj; d k kj; d sd; a d; q k; q d; u uj; sd h; dp; dp d k; e k d; pw; pt k; c-1 a k; c-1 d; nt k; nw
        oj d; oj k kj; ow u; ot k; om; oi mi d; oi mi k; r a; r d; e q d; h k kj; h d; g gj; g nt e; oi mi a
        c-1 k kj; dp q; e nt k; b k; b a k; pw d; oj om; oi d k kj; g ow; q e nt
        ai k; ai mi; ai k kj q; ai aj q d; hi ai; ai pt q; wi; ai oj d k
    """,
    # no answer
    "none": """
        k; u; k pw
        k nw; u nw; pt nt k; c-1; pw nw; e k; g; u pw; e nt k; c-1 k; r k; b k; b g; oi mi; oi mi k
        ai k; ai mi k
    """,
}
"""Templates by group. Columns: tokens at an edge (t tag, w word, c cue, z last and f first character,
with their distance from the edge), the figure (k kind, u unit, g group of unit, p- and n- the tokens
beside it, e whether no tokens precede it), o side, d distance, h clauses between, l first of
its clause, n tokens, m characters, s kind of candidate, j of the lender, i of the borrower (ai, aj: how its
best candidate without lenders fills the clause, hi and wi the head of that), pl whether an item ends like the
token before its tail, a aligned, q same unit."""


@dataclass(frozen=True, slots=True)
class _TemplateTable:
    """The templates of a group, those with the most columns first. slots: the indices of their columns;
    used: the number of templates with a column in each slot."""

    templates: tuple[str, ...]
    columns: tuple[str, ...]
    slots: npt.NDArray[np.int64]
    seeds: npt.NDArray[np.uint32]
    used: tuple[int, ...]


@cache
def template_table(group: str) -> _TemplateTable:
    """The parsed templates of a group."""
    templates = tuple(t.strip() for t in TEMPLATES[group].replace("\n", ";").split(";") if t.strip())
    templates = tuple(sorted(templates, key=lambda t: -len(t.split())))
    columns = tuple(sorted({name for t in templates for name in t.split()}))
    slots = np.zeros((_SLOTS, len(templates)), np.int64)
    for i, template in enumerate(templates):
        for j, name in enumerate(template.split()):
            slots[j, i] = columns.index(name)
    seeds = np.array([hash_name(f"{group} {t}") for t in templates], np.uint32)
    used = tuple(sum(len(t.split()) > slot for t in templates) for slot in range(_SLOTS))
    return _TemplateTable(templates, columns, slots, seeds, used)


def hash_features(group: str, columns: Mapping[str, Column], rows: int) -> Buckets:
    """The features of `rows` items of a group: a row for each template, a column for each item."""
    table = template_table(group)
    values = np.empty((len(table.columns), rows), np.uint32)
    for i, name in enumerate(table.columns):
        values[i] = columns[name]
    hashes = np.empty((len(table.seeds), rows), np.uint32)
    hashes[:] = table.seeds[:, None]
    for slot, used in enumerate(table.used):
        if used:
            hashes[:used] += (values * _FACTORS[slot])[table.slots[slot, :used]]
        hashes ^= hashes >> _HALF
    hashes *= _MIX
    hashes >>= _REST
    return hashes.view(np.int32)


def hash_integers(values: npt.NDArray[np.int64]) -> Column:
    """Small integers as well distributed ids."""
    return np.asarray((values.astype(np.uint32) + _OFFSET) * _FACTORS[0], np.uint32)
