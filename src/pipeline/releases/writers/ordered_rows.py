"""A table's rows, checked against the declaration and sorted: what every format is written from."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import WenshuError
from pipeline.tables import Table


def ordered_rows(table: Table, rows: pa.Table) -> pa.Table:
    """The rows in the table's order.

    Raises WenshuError where a key stands twice, where a column differs from the declaration,
    and where a required cell is null.
    """
    rows = _conform(table, rows)
    if not table.sorting:
        return rows
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in table.sorting])
    if not order.equals(pa.array(range(rows.num_rows), order.type)):
        rows = rows.take(order)
    repeated = _first_repeated(rows.select(list(table.sorting)).combine_chunks()) if table.key else None
    if repeated is not None:
        row = ", ".join(f"{name} {rows[name][repeated]}" for name in table.key)
        raise WenshuError(f"table {table.name}: the row of {row} stands twice")
    return rows


def _conform(table: Table, rows: pa.Table) -> pa.Table:
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


def _first_repeated(keys: pa.Table) -> int | None:
    """The number of the first row with the same cells as the one before it; nulls are not the same."""
    size = max(keys.num_rows - 1, 0)
    same = pa.repeat(True, size)
    for key in keys.columns:
        same = pc.and_(same, pc.fill_null(pc.equal(key.slice(0, size), key.slice(1)), False))
    at = pc.index(same, pa.scalar(True)).as_py()
    return None if at < 0 else at + 1
