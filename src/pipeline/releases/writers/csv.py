"""CSV for spreadsheets and programs alike: UTF-8 with BOM, LF, exact decimals, no formulas.

Cells are made column by column with Arrow's kernels; a section's lines are one string
array whose buffer is written as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.releases.writers.pieces import Lane, Piece, Pieces
from pipeline.releases.writers.text import begins, by_value, characters, holds, lengths

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from pipeline.releases.writers.sections import Section
    from pipeline.tables import Table

FORMULA = "^'*[=+\\-@\t\r\n＝＋－＠]"
"""A text cell that a spreadsheet would run, or that looks like one already made safe.

Such a cell gets one apostrophe more in front. To read it back: of a text cell that
begins with apostrophes followed by one of these characters, drop the first apostrophe.
"""

_RISKY = b"'=+-@\t\r\n\xef"
"""First bytes of all such cells; 0xEF begins fullwidth forms."""
_STRUCTURE = b'",\r\n'
"""Characters for which a cell is quoted."""


class CsvWriter:
    """Writes TABLE.csv into a folder for each table.

    pool: threads that make the lines. pieces: of TABLE's file, by TABLE; new ones by default.
    """

    def __init__(
        self,
        folder: Path,
        pool: ThreadPoolExecutor | None = None,
        pieces: Callable[[str], Pieces] = lambda table: Pieces(),
    ) -> None:
        self._folder = folder
        self._pool = pool
        self._of = pieces
        self._lane: Lane[tuple[str, Piece]] = Lane(pool, self._put)
        self._file: BinaryIO | None = None

    def setup(self, table: Table) -> None:
        self._table = table
        self._pieces = self._of(table.name)
        self._file = (self._folder / f"{table.name}.csv").open("wb")
        self._file.write(b"\xef\xbb\xbf" + ",".join(table.names).encode() + b"\n")

    def feed(self, section: Section) -> None:
        table, pieces = self._table, self._pieces

        def made() -> tuple[str, Piece]:
            key = section.seam.key
            return key, pieces.get(key, lambda: _lines(table, section.load()))

        self._lane.do(made)

    def finish(self) -> None:
        self._lane.end()
        if self._file:
            self._file.close()

    def close(self) -> None:
        pass

    def abandon(self) -> None:
        self._lane.drop()
        if self._file:
            self._file.close()

    def _put(self, made: tuple[str, Piece]) -> None:
        assert self._file is not None
        key, piece = made
        self._pieces.put(key, self._file.tell(), piece)
        self._file.write(piece.data)


def _lines(table: Table, batch: pa.RecordBatch) -> Piece:
    import pyarrow.compute as pc

    cells = [_cells(column.type, batch.column(column.name)) for column in table.columns]
    cells[-1] = pc.binary_join_element_wise(cells[-1], "\n", "", null_handling="replace")
    lines = pc.binary_join_element_wise(*cells, ",", null_handling="replace")
    data = characters(lines)
    check = zlib.crc32(data)
    return Piece(data, check, len(data), check)


def plain(values: pa.Array) -> pa.Array:
    """Decimals as text: all their digits and no more, never an exponent."""
    return by_value(values, _plain)


def _plain(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pc.cast(values, pa.int64(), safe=False)
    rest = pc.not_equal(pc.cast(whole, values.type), values)  # with places after the point, or too large
    return pc.replace_with_mask(pc.cast(whole, pa.string()), rest, _plain_of_any(values.filter(rest)))


def _plain_of_any(values: pa.Array) -> pa.Array:
    """The same for numbers of any size: printed as whole numbers, and the point put in."""
    import pyarrow as pa
    import pyarrow.compute as pc

    scale = values.type.scale
    digits = pa.Array.from_buffers(
        pa.decimal128(values.type.precision, 0),
        len(values),
        values.buffers(),
        values.null_count,
        values.offset,
    ).cast(pa.string())
    negative = pc.starts_with(digits, "-")
    digits = pc.ascii_lpad(pc.ascii_ltrim(digits, "-"), scale + 1, "0")
    whole = pc.binary_slice(digits.cast(pa.binary()), 0, -scale).cast(pa.string())
    places = pc.ascii_rtrim(pc.binary_slice(digits.cast(pa.binary()), -scale).cast(pa.string()), "0")
    number = pc.ascii_rtrim(pc.binary_join_element_wise(whole, places, "."), ".")
    return pc.if_else(negative, pc.binary_join_element_wise("-", number, ""), number)


def _cells(kind: str, values: pa.Array) -> pa.Array:
    """The column's cells as they stand in the file, null where they are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "decimal":
        return plain(values)
    if kind != "string":
        return pc.cast(values, pa.string())
    risky = _within(values, begins(values, _RISKY), lambda v: pc.match_substring_regex(v, FORMULA))
    values = _where(risky, values, lambda v: pc.binary_join_element_wise("'", v, ""))
    # An empty text is quoted, so that it is told from no text.
    quoted = (lengths(values) == 0) & values.is_valid().to_numpy(zero_copy_only=False)
    if holds(values, _STRUCTURE):
        asked = pc.match_substring_regex(values, f"[{_STRUCTURE.decode()}]")
        quoted |= pc.fill_null(asked, False).to_numpy(zero_copy_only=False)
    return _where(
        quoted,
        values,
        lambda v: pc.binary_join_element_wise('"', pc.replace_substring(v, '"', '""'), '"', ""),
    )


def _within(values: pa.Array, mask: np.ndarray, ask: Callable[[pa.Array], pa.Array]) -> np.ndarray:
    """Where the mask and the answer are both true; asked for the values of the mask only."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = mask.copy()
    if mask.any():
        mask[mask] = pc.fill_null(ask(values.filter(pa.array(mask))), False).to_numpy(zero_copy_only=False)
    return mask


def _where(mask: np.ndarray, values: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """`change` made to the values of the mask; costs nothing where there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not mask.any():
        return values
    chosen = pa.array(mask)
    return pc.replace_with_mask(values, chosen, change(values.filter(chosen)))
