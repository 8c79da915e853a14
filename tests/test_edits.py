"""Edits of tables in chunks: what the naive way gives, without copying what stays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tables.edits import drop_rows, find_references, find_rows, set_cells, take_rows

SCHEMA = pa.schema([("id", pa.string()), ("value", pa.decimal128(38, 10)), ("ids", pa.string())])
CELLS = st.tuples(
    st.none() | st.sampled_from("abc"),
    st.none() | st.integers(-9, 9).map(Decimal),
    st.none() | st.lists(st.sampled_from(["q1", "q2", "q3"]), max_size=3).map(" ".join),
)
CHUNKS = st.lists(st.lists(CELLS, max_size=30), max_size=5)


def chunked(chunks: list[list[tuple[Any, ...]]]) -> pa.Table:
    """A table of these chunks, none of them joined."""
    names = SCHEMA.names
    batches = [
        pa.RecordBatch.from_pylist([dict(zip(names, row, strict=True)) for row in rows], SCHEMA)
        for rows in chunks
    ]
    return pa.Table.from_batches(batches, SCHEMA)


def some_rows(data: st.DataObject, table: pa.Table) -> list[int]:
    return data.draw(st.lists(st.integers(0, table.num_rows - 1))) if table.num_rows else []


@settings(deadline=None)
@given(CHUNKS, st.data())
def test_cells_are_put_where_they_belong(chunks: list[list[tuple[Any, ...]]], data: st.DataObject) -> None:
    table = chunked(chunks)
    cells = {row: data.draw(st.none() | st.sampled_from("xyz")) for row in some_rows(data, table)}
    naive = [row | {"id": cells.get(n, row["id"])} for n, row in enumerate(table.to_pylist())]
    assert set_cells(table, "id", cells).to_pylist() == naive
    assert set_cells(table, "id", cells).schema == table.schema


@settings(deadline=None)
@given(CHUNKS, st.data())
def test_rows_that_leave_leave_the_others(chunks: list[list[tuple[Any, ...]]], data: st.DataObject) -> None:
    table = chunked(chunks)
    gone = some_rows(data, table)
    left = drop_rows(table, gone)
    assert left.to_pylist() == [row for n, row in enumerate(table.to_pylist()) if n not in gone]
    assert left.schema == table.schema
    assert take_rows(table, gone) == {n: row for n, row in enumerate(table.to_pylist()) if n in gone}


@settings(deadline=None)
@given(CHUNKS, st.sets(st.none() | st.sampled_from("abx")), st.sets(st.integers(-3, 3).map(Decimal)))
def test_rows_are_found_by_their_cells(
    chunks: list[list[tuple[Any, ...]]], names: set[str | None], values: set[Decimal]
) -> None:
    table = chunked(chunks)
    rows = table.to_pylist()
    assert find_rows(table, {"id": names}) == [n for n, row in enumerate(rows) if row["id"] in names]
    both = [n for n, row in enumerate(rows) if row["id"] in names and row["value"] in values]
    assert find_rows(table, {"id": names, "value": values}) == both
    asked = {"q1", "q9"}
    assert find_references(table["ids"], asked) == {
        n: row["ids"].split(" ") for n, row in enumerate(rows) if asked & set((row["ids"] or "").split(" "))
    }


@pytest.mark.parametrize("rows", [[3], [-1], [0, 7]])
def test_a_row_that_is_not_there_is_an_error(rows: list[int]) -> None:
    table = chunked([[("a", None, None)] * 2, [("b", None, None)]])
    for edit in (lambda: set_cells(table, "id", dict.fromkeys(rows)), lambda: drop_rows(table, rows),
                 lambda: take_rows(table, rows)):  # fmt: skip
        with pytest.raises(IndexError):
            edit()


def test_only_chunks_that_change_are_copied() -> None:
    table = chunked([[("a" * 100, Decimal(1), "q1")] * 10_000] * 8)
    before = pa.total_allocated_bytes()
    changed = set_cells(table, "id", {5: "b", 70_001: "c"})
    left = drop_rows(changed, [5, 15_000])
    assert left.num_rows == 79_998
    assert pa.total_allocated_bytes() - before < table.nbytes / 2
    assert changed["id"].chunk(3).buffers()[2].address == table["id"].chunk(3).buffers()[2].address
    assert left["value"].chunk(3).buffers()[1].address == table["value"].chunk(3).buffers()[1].address
