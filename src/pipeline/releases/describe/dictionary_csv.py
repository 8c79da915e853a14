"""The data dictionary as CSV, itself as safe and as exact as the tables."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pipeline.releases.describe.facts import DataFile
from pipeline.releases.writers.csv import FORMULA

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

HEADS = (
    "table",
    "column",
    "position",
    "type",
    "nullable",
    "key",
    "title_zh",
    "title_en",
    "meaning_zh",
    "meaning_en",
    "unit",
    "vocabulary",
    "references",
    "concept",
)

NOTES = (
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


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file dictionary.csv. Lines without a table say how the files are written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADS)
    for table in draft.tables:
        targets = {
            column: f"{key.table}.{target}"
            for key in table.foreign_keys
            for column, target in zip(key.columns, key.references, strict=True)
        }
        for position, column in enumerate(table.columns, 1):
            writer.writerow(
                map(
                    _safe,
                    (
                        table.name,
                        column.name,
                        str(position),
                        column.type,
                        "false" if column.required else "true",
                        "true" if column.name in table.key else "false",
                        *column.title,
                        *column.meaning,
                        column.unit or "",
                        " ".join(column.vocabulary),
                        targets.get(column.name, ""),
                        column.concept or "",
                    ),
                )
            )
    for kind, matter, zh, en in NOTES:
        writer.writerow(("", "", "", "", "", "", kind, matter, _safe(zh), _safe(en), "", "", "", ""))
    return "\ufeff" + text.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if re.match(FORMULA, cell) else cell
