"""The workbook of a release: what an office wants of it, in words.

It opens on what it is and where what is; then a sheet a dataset, the observations, the indicators,
what changed in these, the issues and the dictionary. Every numeral of every text is in CSV and Parquet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import ABOUT, TITLE, licence_url, publisher
from pipeline.releases.describe.notes import download_again
from pipeline.releases.writers.sheets import Head, Sheets
from pipeline.tables import Table

if TYPE_CHECKING:
    from pipeline.releases.draft import Draft

WORKBOOK = "wenshu.xlsx"

_COVER, _DICTIONARY = "说明", "数据字典"
_FIGURES = ("observations", "indicators")
_NOTES = ("changes", "issues")
"""Built-in tables of which there are sheets, after those of the datasets."""
_WIDTHS = {"string": 16, "integer": 10, "decimal": 14, "date": 12, "boolean": 8}
"""How wide a column of a type is at least."""
_FOLDED = ("quantity_id", "document_id", "quantity_ids", "fingerprint")
"""Columns that lead programs back to the text, out of sight until they are unfolded."""
_HEADS = (
    Head("表 table", 16),
    Head("列 column", 18),
    Head("名称", 16),
    Head("title", 22),
    Head("含义", 60),
    Head("meaning", 60),
    Head("类型 type", 12),
    Head("单位 unit", 12),
    Head("可空 nullable", 14),
    Head("取值 vocabulary", 40),
)


def has_sheet(table: Table) -> bool:
    """Whether the workbook has a sheet of the table, named by its Chinese title, where it has rows."""
    return table.dataset or table.name in (*_FIGURES, *_NOTES)


def write_workbook(draft: Draft, path: Path) -> None:
    """Write the workbook from the release's Parquet files; tables without rows are left out."""
    filled = {table.name: table for table in draft.tables if draft.rows[table.name]}
    figures = [table for table in filled.values() if table.dataset]
    figures += [filled[name] for name in _FIGURES if name in filled]
    tables = [*figures, *(filled[name] for name in _NOTES if name in filled)]
    sheets = Sheets(path, " ".join(TITLE), draft.date)
    cover, named = sheets.name(_COVER), [(sheets.name(table.title.zh), table) for table in tables]
    dictionary = sheets.name(_DICTIONARY)
    sheets.cover(cover, _cover(draft, named, dictionary), (28, 10, 90))
    titles = _titles(draft) if "indicators" in filled else {}
    shown = {table.name for table in figures}
    for name, table in named:
        rows = _rows(draft, table.name, table.names)
        if table.name == "changes":
            rows = (row for row in rows if row[0] in shown)
        if table.name != "indicators" and "indicator" in table.names:
            at = table.names.index("indicator")
            rows = ((titles.get(row[at]), *row) for row in rows)
            sheets.add(name, [Head("指标名称", 24), *_heads(table, (*_FOLDED, "indicator"))], rows)
        else:
            sheets.add(name, list(_heads(table, _FOLDED)), rows)
    sheets.add(dictionary, _HEADS, (row for table in draft.tables for row in _meanings(table)))
    sheets.close()


def _cover(draft: Draft, named: Sequence[tuple[str, Table]], dictionary: str) -> Iterator[Sequence[Any]]:
    """Which release it is, whether to download it again, and where what is."""
    verdict = download_again(draft)
    yield (" ".join(TITLE),)
    yield (" ".join(ABOUT),)
    yield ()
    yield "版本 Version", None, draft.version
    yield "日期 Date", None, draft.date.isoformat()
    yield "要重新下载吗 Download again", None, f"{verdict.zh} {verdict.en}"
    yield "发布者 Publisher", None, publisher(draft)
    yield "许可 Licence", None, f"{draft.licence} {licence_url(draft.licence)}"
    yield (
        "全部数据 All data",
        None,
        "data/*.csv, data/*.parquet：本簿未列的表也在其中 with the tables left out here",
    )
    yield ()
    yield "表 Sheet", "行 Rows", "内容 Contents"
    for name, table in named:
        rows = None if table.name == "changes" else draft.rows[table.name]  # of which the sheet has some
        yield name, rows, " ".join(table.description)
    yield dictionary, None, "每列的含义。 What every column means."


def _heads(table: Table, folded: Collection[str]) -> Iterator[Head]:
    for column in table.columns:
        width = max(_WIDTHS[column.type], 2 * len(column.title.zh) + 4)
        yield Head(column.title.zh or column.name, width, column.name in folded)


def _meanings(table: Table) -> Iterator[Sequence[str]]:
    """The rows of the dictionary for a table."""
    for column in table.columns:
        yield (
            table.name,
            column.name,
            *column.title,
            *column.meaning,
            column.type,
            column.unit or "",
            "否 no" if column.required else "是 yes",
            " ".join(column.vocabulary),
        )


def _titles(draft: Draft) -> Mapping[str, str]:
    """What indicators are called, by their codes."""
    return {str(code): str(title) for code, title in _rows(draft, "indicators", ("indicator", "title_zh"))}


def _rows(draft: Draft, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(draft.folder / "data" / f"{table}.parquet") as file:
        for batch in file.iter_batches(8_192, columns=list(columns)):
            yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)
