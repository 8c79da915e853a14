"""The workbook of a release: what an office wants of it, in words and in one language.

It opens on a cover and a table of contents; then a sheet for each dataset, all figures, the indicators,
their changes, the issues and the dictionary. Every numeral of every text is in CSV and Parquet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.releases.labelled_figures import NEEDED, create_labelled
from pipeline.releases.metadata import ABOUT, TITLE, ReleaseDraft
from pipeline.releases.workbook_sheets import WorkbookSheets
from pipeline.releases.writers.sheets import Link, WorkbookWriter
from pipeline.tables import FIGURES, Bilingual, Table
from pipeline.tables.wording import in_language

WORKBOOK = "wenshu.xlsx"

_COVER = Bilingual("说明", "About")
_BUILT_IN = ("indicators", "changes", "issues")
"""Built-in tables that have a sheet, after those of the figures."""
_DICTIONARY = Bilingual("数据字典", "Dictionary")
_ABOUT_DICTIONARY = Bilingual("每张表、每一列的含义。", "What every column of every table means.")
_CONTENTS = (Bilingual("表", "Sheet"), Bilingual("行", "Rows"), Bilingual("内容", "Contents"))
_ALL_DATA = Bilingual(
    "data/ 下的 CSV 与 Parquet；本簿未列的表也在其中。",
    "CSV and Parquet in data/, with the tables that are left out here.",
)
_FOLDED = Bilingual(
    "代码与标识收在每张表右侧，点表头上方的 + 展开。",
    "Codes and ids are folded away; the + above the columns unfolds them.",
)


def sheet_title(table: Table) -> Bilingual | None:
    """The title of the sheet that shows the table, where that has rows; None where there is no sheet."""
    if table.name == "observations":
        return FIGURES.title
    return table.title if table.dataset or table.name in _BUILT_IN else None


def write_workbook(draft: ReleaseDraft, path: Path) -> None:
    """Write the workbook from the release's Parquet files; tables without rows are left out."""
    lang = draft.publication.language
    title = in_language(TITLE, lang)
    book = WorkbookWriter(path, title, draft.date)
    cover = book.name(in_language(_COVER, lang))
    named = [(book.name(in_language(table.title, lang)), table) for table in _shown_tables(draft)]
    dictionary = book.name(in_language(_DICTIONARY, lang))
    contents = [
        *_contents(draft, named),
        (Link.to_sheet(dictionary), None, in_language(_ABOUT_DICTIONARY, lang)),
    ]
    header = [in_language(words, lang) for words in _CONTENTS]
    book.add_cover(cover, title, list(_facts(draft)), header, contents, (26, 10, 94))
    with draft.open_tables() as queries:
        if all(table in draft.rows for table in NEEDED):
            create_labelled(queries)
        sheets = WorkbookSheets(queries, draft.tables, lang, draft.release_url)
        for name, table in named:
            book.add(name, *sheets.table(table))
        book.add(dictionary, *sheets.dictionary())
    book.close()


def _shown_tables(draft: ReleaseDraft) -> Iterator[Table]:
    """The tables that have a sheet, in their order; the labelled view for all observations."""
    filled = {table.name: table for table in draft.tables if draft.rows[table.name]}
    if all(table in draft.rows for table in NEEDED):
        yield from (table for table in filled.values() if table.dataset)
        yield from (FIGURES for name in filled if name == "observations")
    yield from (filled[name] for name in _BUILT_IN if name in filled)


def _facts(draft: ReleaseDraft) -> Iterator[Sequence[Any]]:
    """The release's own data on the cover."""
    lang = draft.publication.language
    yield None, None, in_language(ABOUT, lang)
    yield ()
    facts = (
        (Bilingual("版本", "Version"), draft.version),
        (Bilingual("日期", "Date"), draft.date.isoformat()),
        (Bilingual("要重新下载吗", "Download again?"), in_language(draft.verdict, lang)),
        (Bilingual("发布者", "Publisher"), draft.creator),
        (Bilingual("许可", "Licence"), f"{draft.licence} {draft.licence_url}"),
        (Bilingual("全部数据", "All data"), in_language(_ALL_DATA, lang)),
        (Bilingual("隐去的列", "Folded columns"), in_language(_FOLDED, lang)),
    )
    for fact, text in facts:
        yield in_language(fact, lang), None, text


def _contents(draft: ReleaseDraft, named: Iterable[tuple[str, Table]]) -> Iterator[Sequence[Any]]:
    """A line of the table of contents for each sheet of a table."""
    for name, table in named:
        rows = draft.rows["observations" if table is FIGURES else table.name]
        # The sheet of changes has only some of them.
        shown = None if table.name == "changes" else rows
        yield Link.to_sheet(name), shown, in_language(table.description, draft.publication.language)
