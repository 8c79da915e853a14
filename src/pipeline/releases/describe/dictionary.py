"""The data dictionary: what every column means, as CSV and as a page for people.

Read back, it tells of a release's tables what its own files say: one may be declared nowhere any more.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.releases.metadata import TITLE, Draft
from pipeline.releases.writers.csv import FORMULA
from pipeline.tables import TABLES, Column, Table, Words
from pipeline.web.environment import environment

_COLUMNS = (
    "table", "column", "position", "type", "nullable", "key", "title_zh", "title_en", "meaning_zh",
    "meaning_en", "unit", "vocabulary", "references", "concept",
)  # fmt: skip

_NOTES = (
    (
        "csv",
        "encoding",
        "UTF-8，带 BOM；换行为 LF；逗号分隔；列的次序固定。",
        "UTF-8 with BOM, lines end in LF, cells are separated by commas, columns are in a fixed order.",
    ),
    (
        "csv",
        "empty cells",
        '空单元格为无值；"" 为空文字。',
        'An empty cell is no value; "" is an empty text.',
    ),
    ("csv", "numbers", "精确的十进制数，不用指数。", "Exact decimals, never an exponent."),
    (
        "csv",
        "escaped cells",
        "文字单元格以 = + - @ 制表符 回车 换行 或其全角形式开头的，前加一个撇号 '；"
        "以撇号后接上述字符开头的也加一个。还原：文字单元格以一个或多个撇号后接上述字符开头的，"
        "去掉第一个撇号。数字列从不加。",
        "A text cell that begins with = + - @, tab, CR, LF or a fullwidth form of these has one apostrophe ' "
        "put before it, and so has one that begins with apostrophes followed by such a character. To undo "
        "it: where a text cell begins with one or more apostrophes followed by such a character, drop the "
        "first. Cells of number columns are never changed.",
    ),
    (
        "xlsx",
        "long numbers",
        "超过 15 位有效数字的数在 XLSX 中为文字，以免被舍入。",
        "Numbers of more than 15 significant digits are text in the XLSX, which would round them.",
    ),
    (
        "xlsx",
        "long texts",
        "超过 32767 个字符的文字在 XLSX 中截断并以 … 结尾；CSV 与 Parquet 是全的。",
        "Texts of more than 32,767 characters are cut in the XLSX and end in …; CSV and Parquet have them "
        "whole.",
    ),
)
"""How the files are written: file, matter, Chinese, English."""


def as_csv(draft: Draft) -> str:
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
    for kind, matter, zh, en in _NOTES:
        writer.writerow((*[""] * 6, kind, matter, _safe(zh), _safe(en), *[""] * 4))
    return "\ufeff" + text.getvalue()


def as_page(draft: Draft) -> str:
    """The file dictionary.html, which needs no other."""
    page = environment("pipeline.releases").get_template("dictionary.html")
    notes = [(kind, Words(zh, en)) for kind, _, zh, en in _NOTES]
    return page.render(title=TITLE, version=draft.version, tables=draft.tables, notes=notes) + "\n"


def _safe(cell: str) -> str:
    """The cell, as safe in a spreadsheet as the tables' own."""
    return f"'{cell}" if re.match(FORMULA, cell) else cell


def described_tables(folder: Path) -> dict[str, Table]:
    """Every table of the release in the folder, by name, of its dictionary and its Parquet files."""
    found: dict[str, list[Column]] = {}
    keys: dict[str, list[str]] = {}
    with (folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["table"]:
                found.setdefault(row["table"], []).append(_column(row))
                keys.setdefault(row["table"], []).extend([row["column"]] if row["key"] == "true" else [])
    return {
        name: _table(folder / "data" / f"{name}.parquet", name, columns, keys[name])
        for name, columns in found.items()
    }


def _table(parquet: Path, name: str, columns: Sequence[Column], key: Sequence[str]) -> Table:
    said = pq.read_schema(parquet).metadata or {}
    title, about = (
        Words(*(said.get(f"{what}_{lang}".encode(), b"").decode() for lang in ("zh", "en")))
        for what in ("title", "description")
    )
    return Table(name, title, about, tuple(columns), tuple(key), dataset=name not in TABLES)


def _column(row: Mapping[str, str]) -> Column:
    cells = {name: re.sub(f"^'(?={FORMULA[1:]})", "", cell) for name, cell in row.items()}
    return Column(
        cells["column"],
        cells["type"],
        Words(cells["title_zh"], cells["title_en"]),
        Words(cells["meaning_zh"], cells["meaning_en"]),
        required=cells["nullable"] == "false",
        unit=cells["unit"] or None,
        vocabulary=tuple(cells["vocabulary"].split()),
    )
