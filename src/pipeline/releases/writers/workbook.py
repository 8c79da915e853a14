"""XLSX for offices: a dictionary sheet, then a sheet a table, cells typed, header frozen.

Sheets are made with Arrow's kernels, a section of rows at a time, and deflated one by
one: ten times as fast as cell by cell, in memory that does not grow. Cells are in their
order and do not say where they are, so that a section is the same wherever it stands.
Numbers of more than 15 digits are text, since a spreadsheet would round them; text is
never a formula. Rows that a sheet cannot hold go on in NAME_2, NAME_3 …
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pipeline.releases.writers import workbook_parts as parts
from pipeline.releases.writers.archive import Archive, deflated
from pipeline.releases.writers.csv import plain
from pipeline.releases.writers.pieces import Lane, Piece, Pieces
from pipeline.releases.writers.text import begins, by_value, characters, ends, holds, lengths
from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.releases.writers.sections import Section

ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
_CELL = 32_767
"""Characters that a cell holds."""
_DIGITS = 15
"""Significant digits that a spreadsheet's numbers keep."""
_EPOCH = 25_569
"""Days from a spreadsheet's day 0 to 1970-01-01."""
_FIRST_DAY = 61
"""1900-03-01: spreadsheets disagree about the days before."""
_SPECIAL = "[&<>\\x00-\\x08\\x0b-\\x1f\\x{FFFE}\\x{FFFF}]|_x[0-9A-Fa-f]{4}_|^\\s|\\s$"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SPACES = b"\t\n\v\f\r "
_CAREFUL = (*({*range(32), *b"&<>"} - {*b"\t\n"}), b"_x", b"\xef\xbf")
"""What cells that need care hold: one of these, or `_SPACES` at an end."""


class WorkbookWriter:
    """Writes all tables into one workbook, which bears `day` as its date.

    pool: threads that make the rows. pieces: those of the file; new ones by default.
    """

    def __init__(
        self,
        path: Path,
        tables: Iterable[Table],
        day: date,
        pool: ThreadPoolExecutor | None = None,
        pieces: Pieces | None = None,
    ) -> None:
        self._archive = Archive(path)
        self._tables = tuple(tables)
        self._day = day
        self._lane: Lane[tuple[str | None, Piece]] = Lane(pool, self._put)
        self._pieces = pieces or Pieces()
        self._names: list[str] = []
        self._open = False

    def setup(self, table: Table) -> None:
        if not self._names:
            self._dictionary()
        self._table = table
        self._part = 1
        self._begin(table.name)

    def feed(self, section: Section) -> None:
        room = ROWS - self._rows
        if section.size <= room:
            self._rows += section.size
            self._lane.do(partial(self._whole, section))
            return
        rows = section.load()
        for batch in (rows.slice(0, room), *(rows.slice(at, ROWS) for at in range(room, section.size, ROWS))):
            if self._rows == ROWS:
                self._part += 1
                self._begin(f"{self._table.name}_{self._part}")
            self._rows += batch.num_rows
            self._lane.do(partial(self._piece, batch))

    def finish(self) -> None:
        self._end()

    def close(self) -> None:
        self._end()
        for name, text in parts.frame(self._names, self._day).items():
            self._archive.put(name, text)
        self._archive.close()

    def abandon(self) -> None:
        self._lane.drop()
        self._archive.abandon()

    def _dictionary(self) -> None:
        heads, widths = zip(*parts.DICTIONARY, strict=True)
        self._sheet("dictionary", heads, widths)
        rows = (_row(cells) for table in self._tables for cells in parts.dictionary(table))
        self._archive.add(deflated("".join(rows).encode()))

    def _begin(self, name: str) -> None:
        self._sheet(name, self._table.names, [parts.WIDTHS[column.type] for column in self._table.columns])

    def _sheet(self, name: str, heads: Iterable[str], widths: Iterable[int]) -> None:
        """A new sheet with its header, frozen."""
        self._end()
        self._names.append(_free(name, self._names))
        self._rows = 0
        self._open = True
        self._archive.begin(f"xl/worksheets/sheet{len(self._names)}.xml")
        self._archive.add(deflated((parts.head(widths) + _row(heads, style=' s="1"')).encode()))

    def _end(self) -> None:
        self._lane.end()
        if self._open:
            self._archive.add(deflated(parts.FOOT.encode(), last=True))
            self._archive.end()
            self._open = False

    def _whole(self, section: Section) -> tuple[str, Piece]:
        key = section.seam.key
        return key, self._pieces.get(key, lambda: _lines(section.load()))

    def _piece(self, rows: pa.RecordBatch) -> tuple[None, Piece]:
        """A piece that stands here by chance: where it is cut, the rows did not say."""
        return None, _lines(rows)

    def _put(self, made: tuple[str | None, Piece]) -> None:
        key, piece = made
        at = self._archive.add(piece)
        if key:
            self._pieces.put(key, at, piece)


def _row(cells: Iterable[str], style: str = "") -> str:
    """A row of text."""
    row = "".join(f'<c{style} t="inlineStr"><is>{_rich(cell)}</is></c>' for cell in cells)
    return f"<row>{row}</row>"


def _lines(batch: pa.RecordBatch) -> Piece:
    """The rows; cells that are empty only keep the place of those behind them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    row: list[str | pa.Array] = [pa.repeat("<row>", batch.num_rows)]
    for values in batch.columns:
        row += _cells(values) if values.null_count < len(values) else ["<c/>"]
    lines = pc.binary_join_element_wise(
        *_joined([*row, "</row>"]), "", null_handling="replace", null_replacement="<c/>"
    )
    return deflated(characters(lines))


def _joined(parts_of_row: Iterable[str | pa.Array]) -> list[str | pa.Array]:
    """The same with one text where several follow each other."""
    joined: list[str | pa.Array] = []
    for part in parts_of_row:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _cells(values: pa.Array) -> list[str | pa.Array]:
    """The column's cells as XML, in parts that follow each other, null where they are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_string(kind):
        return _text(values)
    if pa.types.is_boolean(kind):
        return _cell('<c t="b"><v>', pc.cast(pc.cast(values, pa.int8()), pa.string()), "</v></c>")
    if pa.types.is_date(kind):
        days = pc.add(pc.cast(values, pa.int32()), _EPOCH)
        early = pc.less(days, _FIRST_DAY)
        dates = _cell('<c s="2"><v>', pc.cast(days, pa.string()), "</v></c>")
        if not pc.any(early).as_py():
            return dates
        return [pc.if_else(early, _one(_text(pc.cast(values, pa.string()))), _one(dates))]
    if pa.types.is_decimal(kind):
        return [by_value(values, lambda each: _one(_number(plain(each))))]
    return _number(pc.cast(values, pa.string()))


def _number(content: pa.Array) -> list[str | pa.Array]:
    """Cells of numbers, given their digits."""
    import pyarrow.compute as pc

    numbers = _cell("<c><v>", content, "</v></c>")
    if not (lengths(content) > _DIGITS).any():
        return numbers
    digits = pc.binary_length(pc.replace_substring_regex(content, "^-?0*[.]?0*|0+$|[.]", ""))
    return [pc.if_else(pc.greater(digits, _DIGITS), _one(_text(content)), _one(numbers))]


def _cell(opening: str, content: pa.Array, closing: str) -> list[str | pa.Array]:
    """The parts of cells; where some are empty, the whole has to be one, and null there."""
    parts_of_cell = [opening, content, closing]
    return [_one(parts_of_cell)] if content.null_count else parts_of_cell


def _one(parts_of_cell: list[str | pa.Array]) -> pa.Array:
    import pyarrow.compute as pc

    return parts_of_cell[0] if len(parts_of_cell) == 1 else pc.binary_join_element_wise(*parts_of_cell, "")


def _text(values: pa.Array) -> list[str | pa.Array]:
    """Cells of text. Most need no care; those that do are made one by one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    careful = begins(values, _SPACES) | ends(values, _SPACES) | (lengths(values) > _CELL // 2)
    if holds(values, _CAREFUL):
        special = pc.fill_null(pc.match_substring_regex(values, _SPECIAL), False)
        careful |= special.to_numpy(zero_copy_only=False)
    careful &= values.is_valid().to_numpy(zero_copy_only=False)
    if not careful.any():
        return _cell('<c t="inlineStr"><is><t>', values, "</t></is></c>")
    mask = pa.array(careful)
    made = pa.array([_rich(cell) for cell in values.filter(mask).to_pylist()], pa.string())
    simple = pc.binary_join_element_wise("<t>", values, "</t>", "")
    return _cell('<c t="inlineStr"><is>', pc.replace_with_mask(simple, mask, made), "</is></c>")


def _rich(text: str) -> str:
    """A text element of one cell, whatever is in it, cut to what a cell holds."""
    if len(text) > _CELL // 2 and len(text.encode("utf-16-le")) // 2 > _CELL:
        kept = text.encode("utf-16-le")[: 2 * (_CELL - 1)].decode("utf-16-le", "ignore")
        text = kept + "…"
    safe = escape(_UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    return f'<t xml:space="preserve">{safe}</t>'


def _free(name: str, taken: list[str]) -> str:
    """A sheet name of at most 31 characters that is not taken; case does not tell them apart."""
    lower = {other.lower() for other in taken}
    short, number = name[:31], 1
    while short.lower() in lower:
        number += 1
        short = f"{name[: 30 - len(str(number))]}~{number}"
    return short
