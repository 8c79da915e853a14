"""A table's rows as they are declared and in their order, in groups that every format is written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from pipeline.errors import WenshuError

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.tables import Table

Rows: TypeAlias = Union["pa.Table", Iterable["pa.RecordBatch"]]
"""A table's rows: all of them, or batches that are in the table's order already and stream."""

GROUP = 61_440
"""Rows of a group, the last one of a table apart: 30 of DuckDB's vectors, a row group in Parquet."""


def groups(table: Table, rows: Rows) -> Iterator[pa.Table]:
    """The rows by `GROUP`, however they arrive: the same rows give the same groups.

    A `pa.Table` that is not in the table's order is put into it; a stream must be in it.
    Raises WenshuError where it is not, where a key stands twice, where a column differs
    from the declaration, and where a required cell is null.
    """
    import pyarrow as pa

    held: list[pa.Table] = []
    size = 0
    for piece in _ordered(table, rows):
        held.append(piece)
        size += piece.num_rows
        while size >= GROUP:
            whole = pa.concat_tables(held)
            yield whole.slice(0, GROUP)
            held, size = [whole.slice(GROUP)], size - GROUP
    if size:
        yield pa.concat_tables(held)


def _ordered(table: Table, rows: Rows) -> Iterator[pa.Table]:
    """The rows in the table's order, in pieces of any size."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(rows, pa.Table):
        whole = _conform(table, rows)
        if not _in_order(table, whole):
            by = [(name, "ascending") for name in table.sorting]
            whole = whole.take(pc.sort_indices(whole, sort_keys=by))
        rows = (whole.slice(at, GROUP) for at in range(0, whole.num_rows, GROUP))
    last: pa.Table | None = None
    for given in rows:
        piece = _conform(table, given if isinstance(given, pa.Table) else pa.Table.from_batches([given]))
        if not piece.num_rows:
            continue
        if stray := _stray(table, last, piece):
            row = ", ".join(f"{name} {cell}" for name, cell in stray.items())
            raise WenshuError(
                f"table {table.name}: the row of {row} stands twice or before one that it should "
                f"follow; rows come in the order of {', '.join(table.sorting)}"
            )
        last = piece
        yield piece


def _in_order(table: Table, rows: pa.Table) -> bool:
    pieces = (rows.slice(max(at - 1, 0), GROUP + 1) for at in range(0, rows.num_rows, GROUP))
    return all(_stray(table, None, piece) is None for piece in pieces)


def _conform(table: Table, rows: pa.Table) -> pa.Table:
    import pyarrow as pa

    if tuple(rows.column_names) != table.names:
        raise WenshuError(
            f"table {table.name}: its rows have the columns {', '.join(rows.column_names)}; declared "
            f"are {', '.join(table.names)}"
        )
    for column in table.columns:
        if column.required and rows.column(column.name).null_count:
            raise WenshuError(
                f"table {table.name}: column {column.name} is required, but a row has no value for it"
            )
    try:
        return rows.cast(table.schema())
    except (pa.ArrowInvalid, ValueError) as error:
        raise WenshuError(f"table {table.name}: a cell does not fit its column's type: {error}") from error


def _stray(table: Table, last: pa.Table | None, rows: pa.Table) -> dict[str, Any] | None:
    """The sorting cells of the first row that does not come after the one before it, by the declared order.

    last: the rows before these.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = list(table.sorting)
    before = [] if last is None else [last.slice(last.num_rows - 1).select(names)]
    keys = pa.concat_tables([*before, rows.select(names)]).combine_chunks()
    size = keys.num_rows - 1
    if not names or size < 1:
        return None
    # Rows with the same key are refused, unless a part of it is not known.
    good = pa.repeat(not table.key, size)
    for name in table.key:
        good = pc.or_(good, keys.column(name).slice(1).is_null())
    # From the last column to the first: a row follows where a column grew and those before it are the same.
    for name in reversed(names):
        one, next_ = keys.column(name).slice(0, size), keys.column(name).slice(1)
        # A null sorts after every value.
        less = pc.or_(pc.fill_null(pc.less(one, next_), False), pc.and_(one.is_valid(), next_.is_null()))
        same = pc.or_(pc.fill_null(pc.equal(one, next_), False), pc.and_(one.is_null(), next_.is_null()))
        good = pc.or_(less, pc.and_(same, good))
    at = pc.index(good, pa.scalar(False)).as_py()
    return None if at < 0 else dict(keys.slice(at + 1, 1).to_pylist()[0])
