"""A piece of the corpus, and what the expectations of single rows say of it."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import accumulate
from typing import TYPE_CHECKING

from pipeline import gate
from pipeline.gate.engine import nulls
from pipeline.gate.results import QUOTED, Counted, Result, as_json
from pipeline.gate.suites import Expectation, looked_at
from pipeline.gate.view import View
from pipeline.tables.edits import picked

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Mapping[str, tuple[int, int]]
"""By table the first row, and the one after the last."""

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives the decoded texts of documents by document_id, all at once."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some documents that follow one another, with all their rows."""

    rows: Rows
    shard: str = ""
    """Its name from night to night; empty where it has none."""
    key: bytes = b""
    """Digest of all that is said of it follows from."""

    def length(self, table: str) -> int:
        """How many rows it has of a table."""
        first, end = self.rows[table]
        return end - first


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a piece."""

    unclaimed: int = 0
    """Runs of numeral characters in its texts that no mention accounts for."""
    found: Mapping[tuple[str, str], Result] = field(default_factory=dict)
    """By table and check; what asked every row and found none that fails is left out."""

    @property
    def sure(self) -> bool:
        """Whether everything could be looked at."""
        return not any(result.fault for result in self.found.values())

    def pack(self) -> bytes:
        """As bytes, for `unpack`."""
        found = [
            (*where, result.success, result.counted) for where, result in self.found.items() if result.counted
        ]
        return json.dumps([self.unclaimed, found]).encode()


def unpack(data: bytes) -> Said:
    """What `Said.pack` made bytes of."""
    unclaimed, found = json.loads(data)
    return Said(
        unclaimed,
        {
            (table, check): Result(success, Counted(elements, missing, tuple(rows), tuple(values)))
            for table, check, success, (elements, missing, rows, values) in found
        },
    )


def ask(
    pieces: Sequence[Piece],
    tables: Mapping[str, pa.Table],
    suites: Mapping[str, Sequence[Expectation]],
    texts: Texts,
) -> list[Said]:
    """Ask expectations of single rows, together, and tell apart what they say of each piece.

    suites: of tables whose rows are of one document. texts: gives those of documents that are read.
    """
    cut = {name: _cut(tables[name], [piece.rows[name] for piece in pieces]) for name in suites}
    documents, statuses = (cut["documents"][name].to_pylist() for name in ("document_id", "status"))
    read = [name for name, status in zip(documents, statuses, strict=True) if status == "read"]
    view = View(cut, texts(read), suites)
    said = [dict[tuple[str, str], Result]() for _ in pieces]
    for name, found in gate.look(view, suites, {}).items():
        by_check = {e["meta"]["check"]: e for e in suites[name]}
        lengths = [piece.length(name) for piece in pieces]
        for check, result in found.items():
            for number, own in enumerate(_apart(result, lengths, cut[name], by_check[check])):
                if own.fault or (own.counted and (own.counted.rows or own.counted.missing)):
                    said[number][name, check] = own
    unclaimed = _by_piece(view, documents, [piece.length("documents") for piece in pieces])
    return [Said(left, own) for left, own in zip(unclaimed, said, strict=True)]


def before(column: pa.ChunkedArray, value: str) -> int:
    """How many of the sorted values come before this one."""
    return bisect_left(range(len(column)), value, key=lambda row: column[row].as_py())


def _cut(table: pa.Table, rows: Sequence[tuple[int, int]]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(table.slice(first, end - first) for first, end in rows)


def _apart(
    result: Result, lengths: Sequence[int], table: pa.Table, expectation: Expectation
) -> Iterator[Result]:
    """The result of each of the pieces that a table is made of, one after another."""
    if not result.counted:
        yield from (result for _ in lengths)
        return
    ends = list(accumulate(lengths))
    rows: list[list[int]] = [[] for _ in lengths]
    for row in result.counted.rows:
        rows[bisect_right(ends, row)].append(row)
    # Great Expectations quotes the first rows of all, and none of some piece.
    values = _quotes(table, expectation, [row for own in rows for row in own[:QUOTED]])
    missing = _missing(table, expectation, lengths) if result.counted.missing else result.counted.missing
    for number, (own, length) in enumerate(zip(rows, lengths, strict=True)):
        absent = missing[number] if isinstance(missing, list) else missing
        first = ends[number] - length
        quoted = tuple(values[row] for row in own[:QUOTED])
        counted = Counted(length, absent, tuple(row - first for row in own), quoted)
        yield replace(result, success=not own, counted=counted)


def _quotes(table: pa.Table, expectation: Expectation, rows: Sequence[int]) -> dict[int, object]:
    """What a result quotes of rows: the cell that was looked at, or all such cells by column."""
    found = picked(table.select(list(looked_at(expectation))), rows) if rows else {}
    alone = expectation["kwargs"].get("column")
    return {row: as_json(cells[alone] if alone else cells) for row, cells in found.items()}


def _missing(table: pa.Table, expectation: Expectation, lengths: Sequence[int]) -> list[int]:
    """How many rows of each piece are not asked, for their cells are null."""
    import pyarrow.compute as pc

    cells = [table[column].is_null() for column in looked_at(expectation)]
    absent = reduce(pc.and_ if nulls(expectation) == "all_values_are_missing" else pc.or_, cells)
    firsts = accumulate(lengths, initial=0)
    slices = (absent.slice(first, length) for first, length in zip(firsts, lengths, strict=False))
    return [pc.sum(part).as_py() or 0 for part in slices]


def _by_piece(view: View, documents: Sequence[str], lengths: Sequence[int]) -> list[int]:
    """Runs of numeral characters in each piece that no mention accounts for."""
    place = {name: number for number, name in enumerate(documents)}
    ends, left = list(accumulate(lengths)), [0] * len(lengths)
    for name, runs in view.unclaimed.items():
        left[bisect_right(ends, place[name])] += len(runs)
    return left
