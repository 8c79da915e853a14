"""Sections: a table's rows in pieces of a few thousand, cut where the rows themselves say so.

A row that comes or goes moves the cut that is next to it at most, so that from night to
night most sections are what they were, and with them whatever files are made of them.
Nothing else decides on a cut: the same rows give the same sections, however they arrive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.errors import WenshuError
from pipeline.releases.writers.text import characters, lengths

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from pipeline.tables import Table

LEAST, MOST = 2_048, 16_384
"""Rows of a section, the last one of a table apart."""
_BY = "document_id"
"""Ids of documents are digests: an ending is as good as a throw of dice, one in 64 here."""
_ENDING = "[048c]0$"
_RANGES = 32
"""Of documents that are asked for one by one."""


@dataclass(frozen=True)
class Section:
    """Rows that stand together in every file."""

    table: Table
    size: int
    load: Callable[[], pa.RecordBatch]
    """Gives the rows, in the table's schema."""
    known: Seam | None = None

    @cached_property
    def seam(self) -> Seam:
        """What identifies it."""
        return self.known or _seam(self.table, self.load())


@dataclass(frozen=True, slots=True)
class Seam:
    """What is remembered of a section."""

    size: int
    """Rows."""
    key: str
    """Digest of its rows: where it is the same, so are they."""
    first: str | None = None
    """The first document of its rows; None where the table is not one of documents."""
    last: str | None = None


Ranges: TypeAlias = "list[tuple[str, str]] | None"
"""Documents from one to another, both among them, in order; None stands for every row of a table."""


def differing(old: Sequence[Seam] | None, new: Sequence[Seam] | None) -> Ranges:
    """The documents whose rows may differ between two states of a table; every other row is in both."""
    if old is None or new is None:
        return None
    mine, theirs = {seam.key for seam in old}, {seam.key for seam in new}
    odd = [seam for seam in (*old, *new) if (seam.key in mine) != (seam.key in theirs)]
    ranges: list[tuple[str, str]] = []
    for first, last in sorted((seam.first or "", seam.last or "") for seam in odd):
        if not first:
            return None
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges if len(ranges) <= _RANGES else [(ranges[0][0], ranges[-1][1])]


def within(ranges: Ranges) -> tuple[str, dict[str, str]]:
    """A condition of SQL that holds for the rows of these documents, and its parameters."""
    if ranges is None:
        return "true", {}
    pairs = [(f"first{number}", f"last{number}") for number in range(len(ranges))]
    asked = " OR ".join(f"{_BY} BETWEEN ${first} AND ${last}" for first, last in pairs)
    names = zip(
        (name for pair in pairs for name in pair), (name for pair in ranges for name in pair), strict=True
    )
    return f"({asked or 'false'})", dict(names)


def by_document(table: Table) -> bool:
    """Whether the table is in the order of its rows' documents."""
    return table.sorting[:1] == (_BY,)


def cut(table: Table, rows: pa.Table | Iterable[pa.RecordBatch]) -> Iterator[Section]:
    """The sections of a table's rows, in its order.

    A `pa.Table` that is not in the table's order is put into it; a stream must be in it.
    Raises WenshuError where it is not, where a key stands twice, where a column differs
    from the declaration, and where a required cell is null.
    """
    for batch in _divided(table, _batches(table, rows)):
        yield Section(table, batch.num_rows, lambda batch=batch: batch)  # type: ignore[misc]


def _seam(table: Table, rows: pa.RecordBatch) -> Seam:
    whole = blake2b(f"{table.name} {[(c.name, c.type) for c in table.columns]}".encode(), digest_size=16)
    for column in rows.columns:
        for values in _content(column):
            whole.update(len(values).to_bytes(8, "little"))
            whole.update(values)
    if not by_document(table):
        return Seam(rows.num_rows, whole.hexdigest())
    ids = rows.column(_BY)
    return Seam(rows.num_rows, whole.hexdigest(), ids[0].as_py(), ids[-1].as_py())


def _content(column: pa.Array) -> Iterator[bytes | memoryview]:
    """A column as bytes that do not depend on where in memory, or in a larger table, it stands."""
    import numpy as np
    import pyarrow as pa

    yield np.packbits(column.is_valid().to_numpy(zero_copy_only=False)).tobytes()
    if pa.types.is_string(column.type):
        yield lengths(column).tobytes()
        yield characters(column)
    elif pa.types.is_boolean(column.type):
        yield np.packbits(column.fill_null(False).to_numpy(zero_copy_only=False)).tobytes()
    else:
        width, first = column.type.bit_width // 8, column.offset
        yield memoryview(column.buffers()[1])[first * width : (first + len(column)) * width]


def _batches(table: Table, rows: pa.Table | Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows as they are declared, in their order, in batches of any size but none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = table.schema()
    if isinstance(rows, pa.Table):
        whole = _conform(table, schema, rows)
        keys = _in_batches(whole.select(list(table.sorting)))
        if all(_stray(table, last, batch) is None for last, batch in pairwise(chain([None], keys))):
            yield from _in_batches(whole)  # as it stands, and never all of it at once
            return
        by = [(name, "ascending") for name in table.sorting]
        rows = whole.take(pc.sort_indices(whole, sort_keys=by)).to_batches(MOST)
    last: pa.RecordBatch | None = None
    for given in rows:
        for batch in _conform(table, schema, pa.Table.from_batches([given])).to_batches():
            if not batch.num_rows:
                continue
            if stray := _stray(table, last, batch):
                row = ", ".join(f"{name} {cell}" for name, cell in stray.items())
                raise WenshuError(
                    f"table {table.name}: the row of {row} stands twice or before one that it should "
                    f"follow; rows come in the order of {', '.join(table.sorting)}"
                )
            last = batch
            yield batch


def _in_batches(rows: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows by `MOST`, however small the chunks are that they come in."""
    for at in range(0, rows.num_rows, MOST):
        yield from rows.slice(at, MOST).combine_chunks().to_batches()


def _divided(table: Table, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows in sections: each ends before the first document that may begin one, or at `MOST`."""
    held: list[pa.RecordBatch] = []
    first = end = 0
    places: deque[int] = deque()
    last = None
    for batch in batches:
        if by_document(table):
            places.extend((_places(batch, last) + end).tolist())
            last = batch.column(_BY)[-1]
        held.append(batch)
        end += batch.num_rows
        while place := _next(places, first, end):
            section, held = _split(held, place - first)
            first = place
            yield section
    if held:
        yield _split(held, end - first)[0]


def _next(places: deque[int], first: int, end: int) -> int | None:
    """Where the section that begins at `first` ends, as far as that can be told from rows up to `end`."""
    while places and places[0] < first + LEAST:
        places.popleft()
    if places and places[0] <= first + MOST:
        return places[0]
    return first + MOST if end > first + MOST else None


def _places(batch: pa.RecordBatch, last: pa.Scalar | None) -> np.ndarray:
    """Numbers of the rows that begin a document whose id has the ending. last: the id before."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = batch.column(_BY)
    changed = np.ones(len(ids), bool)
    changed[0] = last is None or last.as_py() != ids[0].as_py()
    changed[1:] = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)).to_numpy(zero_copy_only=False)
    begins = np.flatnonzero(changed)
    fit = pc.match_substring_regex(ids.take(pa.array(begins)), _ENDING).to_numpy(zero_copy_only=False)
    return np.asarray(begins[fit])


def _split(held: list[pa.RecordBatch], size: int) -> tuple[pa.RecordBatch, list[pa.RecordBatch]]:
    """The first rows as one batch, and the rest."""
    import pyarrow as pa

    taken: list[pa.RecordBatch] = []
    rest = list(held)
    while size:
        batch = rest.pop(0)
        taken.append(batch.slice(0, size))
        if batch.num_rows > size:
            rest.insert(0, batch.slice(size))
        size -= taken[-1].num_rows
    if len(taken) == 1:
        return taken[0], rest
    return pa.Table.from_batches(taken).combine_chunks().to_batches()[0], rest


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


def _stray(table: Table, last: pa.RecordBatch | None, batch: pa.RecordBatch) -> dict[str, Any] | None:
    """The sorting cells of the first row that does not come after the one before it, by the declared order.

    last: the rows before the batch.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = list(table.sorting)
    before = [] if last is None else [last.slice(last.num_rows - 1).select(names)]
    rows = pa.Table.from_batches([*before, batch.select(names)]).combine_chunks()
    size = rows.num_rows - 1
    if not names or size < 1:
        return None
    # Rows with the same key are refused, unless a part of it is not known.
    good = pa.repeat(not table.key, size)
    for name in table.key:
        good = pc.or_(good, rows.column(name).slice(1).is_null())
    # From the last column to the first: a row follows where a column grew and those before it are the same.
    for name in reversed(names):
        one, next_ = rows.column(name).slice(0, size), rows.column(name).slice(1)
        # A null sorts after every value.
        less = pc.or_(pc.fill_null(pc.less(one, next_), False), pc.and_(one.is_valid(), next_.is_null()))
        same = pc.or_(pc.fill_null(pc.equal(one, next_), False), pc.and_(one.is_null(), next_.is_null()))
        good = pc.or_(less, pc.and_(same, good))
    at = pc.index(good, pa.scalar(False)).as_py()
    return None if at < 0 else dict(rows.slice(at + 1, 1).to_pylist()[0])
