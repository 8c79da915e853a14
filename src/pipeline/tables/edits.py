"""Rows found, cells put and rows taken out of tables that may be larger than memory.

A table of a night is a memory map in chunks. Whatever is done here touches only the
chunks that hold what is meant, and shares all others with the table it came from.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_FEW = 16
"""Rows that leave a chunk in slices of it; of more, the chunk is made anew."""


def put(table: pa.Table, column: str, cells: Mapping[int, Any]) -> pa.Table:
    """The table with other values in some cells of a column, by row number.

    Raises IndexError where there is no such row.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    field = table.schema.field(column)
    chunks = []
    for chunk, first, rows in _parts(table[column].chunks, sorted(cells), table.num_rows):
        if rows:
            values = pa.array([cells[row] for row in rows], field.type)
            chunk = pc.replace_with_mask(chunk, _mask(len(chunk), first, rows), values)
        chunks.append(chunk)
    place = table.schema.get_field_index(column)
    return table.set_column(place, field, pa.chunked_array(chunks, field.type))


def without(table: pa.Table, rows: Collection[int]) -> pa.Table:
    """The table without these rows. Raises IndexError where there is no such row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    left: list[pa.RecordBatch] = []
    for batch, first, gone in _parts(table.to_batches(), sorted(set(rows)), table.num_rows):
        if len(gone) > _FEW:
            left.append(batch.filter(pc.invert(_mask(len(batch), first, gone))))
        else:
            edges = [-1, *(row - first for row in gone), len(batch)]
            left += (batch.slice(a + 1, b - a - 1) for a, b in pairwise(edges) if b - a > 1)
    return pa.Table.from_batches(left, table.schema)


def picked(table: pa.Table, rows: Collection[int]) -> dict[int, dict[str, Any]]:
    """The cells of some rows, by row number. Raises IndexError where there is no such row."""
    import pyarrow as pa

    found: dict[int, dict[str, Any]] = {}
    for batch, first, asked in _parts(table.to_batches(), sorted(set(rows)), table.num_rows):
        if asked:
            taken = batch.take(pa.array([row - first for row in asked], pa.int64()))
            found |= zip(asked, taken.to_pylist(), strict=True)
    return found


def where(table: pa.Table, wanted: Mapping[str, Iterable[Any]]) -> list[int]:
    """Numbers of the rows in which every one of these columns has one of its values; None is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    sets = {
        name: pa.array(dict.fromkeys(values), table.schema.field(name).type)
        for name, values in wanted.items()
    }
    rows, first = [], 0
    for batch in table.select(list(wanted)).to_batches():
        masks = [pc.is_in(batch[name], values) for name, values in sets.items()]
        hit = masks[0]
        for mask in masks[1:]:
            hit = pc.and_(hit, mask)
        rows += [first + row for row in pc.indices_nonzero(hit).to_pylist()]
        first += len(batch)
    return rows


def naming(column: pa.ChunkedArray, wanted: Iterable[str]) -> dict[int, list[str]]:
    """The rows whose cell, ids with blanks between them, names one of these: by row number its ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names, found, first = pa.array(list(wanted), pa.string()), {}, 0
    for chunk in column.chunks:
        ids = pc.split_pattern(chunk, " ")
        hits = pc.list_parent_indices(ids).filter(pc.is_in(pc.list_flatten(ids), names))
        for row in hits.unique().to_pylist():
            found[first + row] = ids[row].as_py()
        first += len(chunk)
    return found


def _parts(
    chunks: Sequence[Any], rows: Sequence[int], total: int
) -> Iterator[tuple[Any, int, Sequence[int]]]:
    """Each chunk, the number of its first row, and those of the ordered rows that are in it."""
    if rows and not 0 <= rows[0] <= rows[-1] < total:
        raise IndexError(f"rows {rows[0]} to {rows[-1]} of {total}")
    first = done = 0
    for chunk in chunks:
        end = bisect_left(rows, first + len(chunk), done)
        yield chunk, first, rows[done:end]
        first, done = first + len(chunk), end


def _mask(length: int, first: int, rows: Iterable[int]) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    mask = np.zeros(length, bool)
    mask[[row - first for row in rows]] = True
    return pa.array(mask)
