"""The workbook of a release: what an office wants of it, in words and in one language.

It opens on what it is and where what is; then a sheet a dataset, all figures, the indicators, what
changed in these, the issues and the dictionary. Every numeral of every text is in CSV and Parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.releases.figures import NEEDED, label
from pipeline.releases.metadata import ABOUT, TITLE, Draft
from pipeline.releases.workbook_sheets import Shown, heads_and_rows
from pipeline.releases.writers.sheets import Heads, Sheets
from pipeline.tables import FIGURES, Bilingual, Table
from pipeline.tables.wording import in_language

WORKBOOK = "wenshu.xlsx"

_COVER = Bilingual("说明", "About")
_NOTES = ("indicators", "changes", "issues")
"""Built-in tables of which there are sheets, after those of the figures."""
_DICTIONARY = Bilingual("数据字典", "Dictionary")
_ABOUT_DICTIONARY = Bilingual("每张表、每一列的含义。", "What every column of every table means.")
_ALL = Bilingual(
    "data/ 下的 CSV 与 Parquet；本簿未列的表也在其中。",
    "CSV and Parquet in data/, with the tables that are left out here.",
)
_FOLDED = Bilingual(
    "代码与标识收在每张表右侧，点表头上方的 + 展开。",
    "Codes and ids are folded away; the + above the columns unfolds them.",
)


def sheet_title(table: Table) -> Bilingual | None:
    """What the sheet is called on which the workbook has the table, where that has rows; None for none."""
    if table.name == "observations":
        return FIGURES.title
    return table.title if table.dataset or table.name in _NOTES else None


def write_workbook(draft: Draft, path: Path) -> None:
    """Write the workbook from the release's Parquet files; tables without rows are left out."""
    say: Callable[[Bilingual], str] = lambda words: in_language(words, draft.publication.language)  # noqa: E731
    book = Sheets(path, say(TITLE), draft.date)
    cover = book.name(say(_COVER))
    sheets = [(book.name(say(table.title)), table) for table in _shown(draft)]
    dictionary = book.name(say(_DICTIONARY))
    book.cover(cover, _cover(draft, sheets, dictionary, say), (26, 10, 94))
    with draft.opened() as ask:
        if all(table in draft.rows for table in NEEDED):
            label(ask)
        shown = Shown(ask, draft.tables, draft.publication.language, draft.served)
        for name, table in sheets:
            book.add(name, *heads_and_rows(shown, table))
        book.add(dictionary, *heads_and_rows(shown, None))
    book.close()


def _shown(draft: Draft) -> Iterator[Table]:
    """The tables that there are sheets of, in their order; the labelled view for all observations."""
    filled = {table.name: table for table in draft.tables if draft.rows[table.name]}
    if all(table in draft.rows for table in NEEDED):
        yield from (table for table in filled.values() if table.dataset)
        yield from (FIGURES for name in filled if name == "observations")
    yield from (filled[name] for name in _NOTES if name in filled)


def _cover(
    draft: Draft, sheets: Iterable[tuple[str, Table]], dictionary: str, say: Callable[[Bilingual], str]
) -> Iterator[Sequence[Any]]:
    """Which release it is, whether to download it again, and where what is."""
    yield (say(TITLE),)
    yield None, None, say(ABOUT)
    yield ()
    facts = (
        (Bilingual("版本", "Version"), draft.version),
        (Bilingual("日期", "Date"), draft.date.isoformat()),
        (Bilingual("要重新下载吗", "Download again?"), say(draft.verdict)),
        (Bilingual("发布者", "Publisher"), draft.creator),
        (Bilingual("许可", "Licence"), f"{draft.licence} {draft.licence_url}"),
        (Bilingual("全部数据", "All data"), say(_ALL)),
        (Bilingual("隐去的列", "Folded columns"), say(_FOLDED)),
    )
    for fact, said in facts:
        yield say(fact), None, said
    yield ()
    yield Heads(say(Bilingual(*head)) for head in (("表", "Sheet"), ("行", "Rows"), ("内容", "Contents")))
    for name, table in sheets:
        rows = draft.rows["observations" if table is FIGURES else table.name]
        # Of the changes the sheet has some.
        yield name, None if table.name == "changes" else rows, say(table.description)
    yield dictionary, None, say(_ABOUT_DICTIONARY)
