"""The data dictionary: what every column means, as CSV.

It is also read back, because a released table may have no declaration any more.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.releases.metadata import ReleaseDraft
from pipeline.releases.writers.csv import FORMULA
from pipeline.tables import TABLES, Bilingual, Column, Table
from pipeline.tsv import read_entries

_COLUMNS = (
    "table", "column", "position", "type", "nullable", "key", "title_zh", "title_en", "meaning_zh",
    "meaning_en", "unit", "vocabulary", "references", "concept",
)  # fmt: skip

NOTES = tuple(read_entries(files(__package__) / "file_notes.tsv"))
"""How the files are written: file, matter, Chinese text, English text."""


def as_csv(draft: ReleaseDraft) -> str:
    """The file dictionary.csv. Lines without a table say how the files are written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for table in draft.tables:
        targets = {
            column: f"{key.table}.{target}"
            for key in table.foreign_keys
            for column, target in zip(key.columns, key.references, strict=True)
        }
        for position, column in enumerate(table.columns, 1):
            cells = (
                table.name, column.name, str(position), column.type,
                "false" if column.required else "true", "true" if column.name in table.key else "false",
                *column.title, *column.meaning, column.unit or "", " ".join(column.vocabulary),
                targets.get(column.name, ""), column.concept or "",
            )  # fmt: skip
            writer.writerow(map(_safe, cells))
    for note in NOTES:
        note_cells = (note["file"], note["matter"], _safe(note["zh"]), _safe(note["en"]))
        writer.writerow((*[""] * 6, *note_cells, *[""] * 4))
    return "\ufeff" + text.getvalue()


def _safe(cell: str) -> str:
    """The cell, as safe in a spreadsheet as the tables' own."""
    return f"'{cell}" if re.match(FORMULA, cell) else cell


def described_tables(folder: Path) -> dict[str, Table]:
    """Every table of the release in the folder, by name, from its dictionary and its Parquet files."""
    with (folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"]]
    return {
        name: _table(folder / "data" / f"{name}.parquet", name, list(columns))
        for name, columns in groupby(rows, itemgetter("table"))
    }


def _table(parquet: Path, name: str, rows: Sequence[Mapping[str, str]]) -> Table:
    metadata = pq.read_schema(parquet).metadata or {}
    title, description = (
        Bilingual(*(metadata.get(f"{field}_{lang}".encode(), b"").decode() for lang in ("zh", "en")))
        for field in ("title", "description")
    )
    key = tuple(row["column"] for row in rows if row["key"] == "true")
    return Table(name, title, description, tuple(map(_column, rows)), key, dataset=name not in TABLES)


def _column(row: Mapping[str, str]) -> Column:
    cells = {name: re.sub(f"^'(?={FORMULA[1:]})", "", cell) for name, cell in row.items()}
    return Column(
        cells["column"],
        cells["type"],
        Bilingual(cells["title_zh"], cells["title_en"]),
        Bilingual(cells["meaning_zh"], cells["meaning_en"]),
        required=cells["nullable"] == "false",
        unit=cells["unit"] or None,
        vocabulary=tuple(cells["vocabulary"].split()),
    )
