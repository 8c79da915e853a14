"""CSV for spreadsheets and programs alike: UTF-8 with BOM, LF, exact decimals, no formulas.

Cells are made column by column with Arrow's kernels; a batch's lines are one string
array whose buffer is written as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.tables import Table

FORMULA = "^'*[=+\\-@\t\r\n＝＋－＠]"
"""A text cell that a spreadsheet would run, or that looks like one already made safe.

Such a cell gets one apostrophe more in front. To read it back: of a text cell that
begins with apostrophes followed by one of these characters, drop the first apostrophe.
"""

_STRUCTURE = '",\r\n'
"""Characters for which a cell is quoted."""


class CsvWriter:
    """Writes TABLE.csv into a folder for each table."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None

    def setup(self, table: Table) -> None:
        self._table = table
        self._file = (self._folder / f"{table.name}.csv").open("wb")
        self._file.write(b"\xef\xbb\xbf" + ",".join(table.names).encode() + b"\n")

    def feed(self, batch: pa.RecordBatch) -> None:
        import pyarrow.compute as pc

        assert self._file is not None
        columns = self._table.columns
        cells = [_cells(column.type, batch.column(column.name)) for column in columns]
        if not batch.num_rows:
            return
        cells[-1] = pc.binary_join_element_wise(cells[-1], "\n", "", null_handling="replace")
        lines = pc.binary_join_element_wise(*cells, ",", null_handling="replace")
        self._file.write(characters(lines))

    def finish(self) -> None:
        if self._file:
            self._file.close()

    def close(self) -> None:
        pass

    def abandon(self) -> None:
        self.finish()


def plain(values: pa.Array) -> pa.Array:
    """Decimals as text: all their digits and no more, never an exponent."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(pc.cast(values, pa.int64()), pa.string())
    except pa.ArrowInvalid:  # some have places after the point, or more than 18 digits
        pass
    # Arrow prints an exponent from the seventh place on.
    for places in (2, 6):
        try:
            digits = pc.cast(pc.cast(values, pa.decimal128(values.type.precision, places)), pa.string())
            return pc.ascii_rtrim(pc.ascii_rtrim(digits, "0"), ".")
        except pa.ArrowInvalid:
            continue
    return _plain_of_any(values)


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
    values = _where(
        pc.match_substring_regex(values, FORMULA), values, lambda v: pc.binary_join_element_wise("'", v, "")
    )
    # An empty text is quoted, so that it is told from no text.
    quoted = pc.equal(values, "")
    if _holds(values, _STRUCTURE):
        quoted = pc.or_(quoted, pc.match_substring_regex(values, f"[{_STRUCTURE}]"))
    return _where(
        quoted,
        values,
        lambda v: pc.binary_join_element_wise('"', pc.replace_substring(v, '"', '""'), '"', ""),
    )


def _where(mask: pa.Array, values: pa.Array, change: object) -> pa.Array:
    """`change` made to the values of the mask; costs nothing where there are none."""
    import pyarrow.compute as pc

    mask = pc.fill_null(mask, False)
    if not pc.any(mask).as_py():
        return values
    return pc.replace_with_mask(values, mask, change(values.filter(mask)))  # type: ignore[operator]


def _holds(values: pa.Array, any_of: str) -> bool:
    """Whether any of the values holds any of some ASCII characters: a look that costs next to nothing."""
    text = bytes(characters(values))
    return any(character in text for character in any_of.encode())


def characters(lines: pa.Array) -> memoryview:
    """The characters of a string array, one value after another, without a copy."""
    import pyarrow as pa

    _, ends, text = lines.buffers()
    if text is None:
        return memoryview(b"")
    offsets = pa.Array.from_buffers(pa.int32(), len(lines) + 1, [None, ends], offset=lines.offset)
    return memoryview(text)[offsets[0].as_py() : offsets[len(lines)].as_py()]
