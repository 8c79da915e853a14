"""Finds, changes and removes rows of tables that may be larger than memory.

A table of a night is memory-mapped in chunks. These functions copy only the chunks that change,
and share all others with the original table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def set_cells(table: pa.Table, column: str, cells: Mapping[int, Any]) -> pa.Table:
    """The table with new values in cells of a column, by row number. Raises IndexError for a missing row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    field = table.schema.field(column)
    chunks = []
    for chunk, first, rows in _parts(table[column].chunks, sorted(cells), table.num_rows):
        if rows:
            values = pa.array([cells[row] for row in rows], field.type)
            chunk = pc.replace_with_mask(chunk, _mask(len(chunk), first, rows), values)
        chunks.append(chunk)
    index = table.schema.get_field_index(column)
    return table.set_column(index, field, pa.chunked_array(chunks, field.type))


def drop_rows(table: pa.Table, rows: Collection[int]) -> pa.Table:
    """The table without some rows. Raises IndexError for a missing row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept: list[pa.RecordBatch] = []
    for batch, first, removed in _parts(table.to_batches(), sorted(set(rows)), table.num_rows):
        kept.append(batch.filter(pc.invert(_mask(len(batch), first, removed))) if removed else batch)
    return pa.Table.from_batches(kept, table.schema)


def take_rows(table: pa.Table, rows: Collection[int]) -> dict[int, dict[str, Any]]:
    """The cells of some rows, by row number. Raises IndexError for a missing row."""
    import pyarrow as pa

    found: dict[int, dict[str, Any]] = {}
    for batch, first, wanted in _parts(table.to_batches(), sorted(set(rows)), table.num_rows):
        if wanted:
            taken = batch.take(pa.array([row - first for row in wanted], pa.int64()))
            found |= zip(wanted, taken.to_pylist(), strict=True)
    return found


def find_rows(table: pa.Table, wanted: Mapping[str, Iterable[Any]]) -> list[int]:
    """The numbers of the rows in which each of some columns has one of its wanted values; None is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    masks = [
        pc.is_in(table[name], pa.array(dict.fromkeys(values), table.schema.field(name).type))
        for name, values in wanted.items()
    ]
    rows: list[int] = pc.indices_nonzero(reduce(pc.and_, masks)).to_pylist()
    return rows


def find_references(column: pa.ChunkedArray, wanted: Iterable[str]) -> dict[int, list[str]]:
    """The cells, ids separated by blanks, that contain a wanted id: all ids of each by row number."""
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
    """Each chunk with the number of its first row and those of the sorted rows that are in it."""
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
