"""CSV for spreadsheets and programs alike: UTF-8 with BOM, LF, exact decimals, no formulas.

Cells are made column by column with Arrow's kernels and joined by another. `pyarrow.csv` joins
them too, but puts every text in quotes, decimals that were made text among them, which Polars
and Miller then take for no numbers; left as decimals, 0.0000001 becomes 1E-7.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pipeline.tables import Table

FORMULA = "^'*[=+\\-@\t\r\n＝＋－＠]"
"""A text cell that a spreadsheet would run as a formula, or that looks like one already escaped.

Such a cell gets one apostrophe more in front. To read it back: of a text cell that
begins with apostrophes followed by one of these characters, drop the first apostrophe.
"""

_QUOTED = '^$|[",\r\n]'
"""A text whose cell is quoted; an empty text is, which distinguishes it from no value."""
_BATCH = 8_192
"""Rows whose lines are in memory."""


def write_csv(table: Table, rows: pa.Table, path: Path, header: Sequence[str] = ()) -> None:
    """Write rows that `ordered_rows` returned as a CSV file. header: titles instead of column names."""
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + ",".join(header or table.names).encode() + b"\n")
        for start in range(0, rows.num_rows, _BATCH):
            cells = [_cells(column.combine_chunks()) for column in rows.slice(start, _BATCH).columns]
            cells[-1] = pc.binary_join_element_wise(cells[-1], "\n", "", null_handling="replace")
            lines = pc.binary_join_element_wise(*cells, ",", null_handling="replace")
            file.write(memoryview(lines.buffers()[2]))


def read_csv(table: Table, path: Path) -> pa.Table:
    """The rows of a CSV file that `write_csv` wrote; ValueError where it is not one."""
    schema = table.schema()
    rows = pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={field.name: field.type for field in schema}, null_values=[""],
            strings_can_be_null=True, quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip
    escaped = f"^'({FORMULA[1:]})"
    columns = [
        pc.replace_substring_regex(column, escaped, r"\1") if pa.types.is_string(column.type) else column
        for column in rows.columns
    ]
    return pa.table(columns, names=rows.column_names).cast(schema)


def _cells(values: pa.Array) -> pa.Array:
    """The column's cells as text, escaped and quoted; null where they are empty."""
    if pa.types.is_decimal(values.type):
        encoded = values.dictionary_encode()  # most numbers of a column repeat others
        return _decimals_as_text(encoded.dictionary).take(encoded.indices)
    if not pa.types.is_string(values.type):
        return pc.cast(values, pa.string())
    special = pc.fill_null(pc.match_substring_regex(values, f"{FORMULA}|{_QUOTED}"), False)
    if not pc.any(special).as_py():  # as in most columns
        return values
    cells = values.filter(special)
    formula = pc.match_substring_regex(cells, FORMULA)
    cells = pc.if_else(formula, pc.binary_join_element_wise("'", cells, ""), cells)
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")
    cells = pc.if_else(pc.match_substring_regex(cells, _QUOTED), quoted, cells)
    return pc.replace_with_mask(values, special, cells)


def _decimals_as_text(values: pa.Array) -> pa.Array:
    """Decimals as text: all their digits and no more, never an exponent."""
    # Printed as whole numbers, and the point put in: Arrow prints small ones with an exponent.
    kind, scale = values.type, values.type.scale
    whole = pa.decimal128(kind.precision, 0)
    digits = pa.Array.from_buffers(
        whole, len(values), values.buffers(), values.null_count, values.offset
    ).cast(pa.string())
    negative = pc.starts_with(digits, "-")
    digits = pc.ascii_lpad(pc.ascii_ltrim(digits, "-"), scale + 1, "0").cast(pa.binary())
    before = pc.binary_slice(digits, 0, -scale).cast(pa.string())
    after = pc.ascii_rtrim(pc.binary_slice(digits, -scale).cast(pa.string()), "0")
    number = pc.ascii_rtrim(pc.binary_join_element_wise(before, after, "."), ".")
    return pc.if_else(negative, pc.binary_join_element_wise("-", number, ""), number)
