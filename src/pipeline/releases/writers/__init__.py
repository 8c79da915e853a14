"""File formats of a release: one short file each, behind one small interface.

`write` pumps tables through writers. Rows stream: a writer holds a batch at most, so
that memory does not grow with the rows. Batches are cut anew to `GROUP` rows, so that
the bytes do not depend on how the rows happened to arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from pipeline.errors import WenshuError

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.tables import Table

GROUP = 122_880
"""Rows of a batch, and of a Parquet row group: 60 of DuckDB's vectors."""


class Writer(Protocol):
    """Writes tables, one after another, into one format."""

    def setup(self, table: Table) -> None:
        """A table begins."""

    def feed(self, batch: pa.RecordBatch) -> None:
        """Its next rows, in order."""

    def finish(self) -> None:
        """It is complete."""

    def close(self) -> None:
        """All tables are."""

    def abandon(self) -> None:
        """Something failed: let go of what is open, which need not be whole."""


def write(
    tables: Iterable[tuple[Table, pa.Table | Iterable[pa.RecordBatch]]], writers: Sequence[Writer]
) -> dict[str, int]:
    """Write every table with every writer; returns the rows of each.

    A `pa.Table` is put into the table's order first; a stream must be in it already.
    Raises WenshuError where a stream is not, a key stands twice, a column differs from
    the declaration, or a required cell is null.
    """
    counts = {}
    try:
        for table, rows in tables:
            for writer in writers:
                writer.setup(table)
            counts[table.name] = 0
            for batch in _in_order(table, regrouped(table, rows)):
                counts[table.name] += batch.num_rows
                for writer in writers:
                    writer.feed(batch)
            for writer in writers:
                writer.finish()
        for writer in writers:
            writer.close()
    except BaseException:
        for writer in writers:
            with suppress(Exception):  # what went wrong first is what is told
                writer.abandon()
        raise
    return counts


def regrouped(table: Table, rows: pa.Table | Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows in batches of `GROUP`, the last one smaller, whatever batches they came in."""
    import pyarrow as pa

    schema = table.schema()
    if isinstance(rows, pa.Table):
        rows = _sorted(table, _conform(table, schema, rows)).to_batches(GROUP)
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in rows:
        held.append(batch)
        count += batch.num_rows
        if count >= GROUP:
            joined = _conform(table, schema, pa.Table.from_batches(held))
            whole = count - count % GROUP
            for start in range(0, whole, GROUP):
                yield _one(joined.slice(start, GROUP))
            held, count = joined.slice(whole).to_batches(), count - whole
    if count:
        yield _one(_conform(table, schema, pa.Table.from_batches(held)))


def _one(rows: pa.Table) -> pa.RecordBatch:
    return rows.combine_chunks().to_batches()[0]


def _conform(table: Table, schema: pa.Schema, rows: pa.Table) -> pa.Table:
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
        return rows.cast(schema)
    except (pa.ArrowInvalid, ValueError) as error:
        raise WenshuError(f"table {table.name}: a cell does not fit its column's type: {error}") from error


def _sorted(table: Table, rows: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    keys = [(name, "ascending") for name in table.sorting]
    return rows.take(pc.sort_indices(rows, sort_keys=keys)) if keys else rows


def _in_order(table: Table, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches; WenshuError where they are not in the table's order."""
    import pyarrow as pa

    last: pa.RecordBatch | None = None
    for batch in batches:
        joint = pa.Table.from_batches([last, batch] if last is not None else [batch])
        _check_order(table, joint)
        last = batch.slice(batch.num_rows - 1)
        yield batch


def _check_order(table: Table, rows: pa.Table) -> None:
    """Raise where a row does not come after the one before it, by the declared order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not table.sorting or rows.num_rows < 2:
        return
    size = rows.num_rows - 1
    # Rows with the same key are refused, unless a part of it is not known.
    good = pa.repeat(not table.key, size)
    for name in table.key:
        good = pc.or_(good, rows.column(name).combine_chunks().slice(1).is_null())
    # From the last column to the first: a row follows where a column grew and those before it are the same.
    for name in reversed(table.sorting):
        column = rows.column(name).combine_chunks()
        before, after = column.slice(0, size), column.slice(1)
        # A null sorts after every value.
        less = pc.or_(
            pc.fill_null(pc.less(before, after), False), pc.and_(before.is_valid(), after.is_null())
        )
        same = pc.or_(
            pc.fill_null(pc.equal(before, after), False), pc.and_(before.is_null(), after.is_null())
        )
        good = pc.or_(less, pc.and_(same, good))
    if not pc.all(good).as_py():
        at = pc.index(good, pa.scalar(False)).as_py() + 1
        row = {name: rows.column(name)[at].as_py() for name in table.sorting}
        raise WenshuError(
            f"table {table.name}: the row {row} stands twice or before one that it should follow; rows "
            f"come in the order of {', '.join(table.sorting)}"
        )
