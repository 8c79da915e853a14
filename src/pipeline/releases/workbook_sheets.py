"""The sheets of the workbook: their columns, and rows in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from pipeline.releases.labelled_figures import area_name, labelled_figures, source_text
from pipeline.releases.queries import Queries
from pipeline.releases.writers.sheets import Link, SheetColumn
from pipeline.tables import FIGURES, Bilingual, Column, Table, wording
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang, in_language

Sheet: TypeAlias = tuple[list[SheetColumn], Iterable[Sequence[Any]]]
"""A sheet's columns and rows."""

_WIDTHS: Mapping[str, tuple[int, bool]] = {
    "area": (22, True), "indicator": (18, True), "period": (20, False), "value": (15, False),
    "low": (13, False), "high": (13, False), "unit": (11, True), "qualifier": (9, True),
    "status": (8, True), "correction": (16, True), "source": (26, True), "sentence": (48, True),
    "link": (6, False),
}  # fmt: skip
"""The width of each column of the labelled view, and whether its texts are wrapped."""
_CODES = (
    Bilingual("地区代码", "Region code"), Bilingual("指标代码", "Indicator code"),
    Bilingual("单位代码", "Unit code"), Bilingual("数量标识", "Quantity"), Bilingual("文档标识", "Document"),
)  # fmt: skip
_LINK_TEXT = Bilingual("原文", "text")
_WIDE = """
    SELECT t.*, a.full_name, a.name_en, d.title, d.publisher, d.issue_date, d.path
    FROM "{}" t LEFT JOIN areas a USING (ref_area) LEFT JOIN documents d ON t.document_id = d.document_id
    ORDER BY t.ref_area NULLS LAST, t.time_period NULLS LAST, t.document_id
"""


class WorkbookSheets:
    """The sheets of a release in one language."""

    def __init__(self, queries: Queries, tables: Iterable[Table], lang: Lang, url: str) -> None:
        """url: where the release is published, as in `labelled_figures.write_labelled_figures`."""
        self._queries, self._lang, self._url = queries, lang, url
        self._tables = {table.name: table for table in tables}

    def table(self, table: Table) -> Sheet:
        """The sheet of a table."""
        if table is FIGURES or (table.dataset and "indicator" in table.names):
            return self._labelled(None if table is FIGURES else table.name)
        if table.dataset:
            return self._wide(table)
        return {"indicators": self._indicators, "changes": self._changes, "issues": self._issues}[
            table.name
        ]()

    def dictionary(self) -> Sheet:
        """Every column of every table."""
        columns = self._columns(
            ("表", "Table", 20), ("列", "Column", 18), ("名称", "Title", 16), ("含义", "Meaning", 70),
            ("类型", "Type", 8), ("单位", "Unit", 10), ("可空", "May be null", 8), ("取值", "Values", 36),
        )  # fmt: skip
        rows = (
            (
                table.name, column.name, self._say(column.title), self._say(column.meaning),
                self._say(code_name("type", column.type)), column.unit or "",
                self._say(Bilingual("否", "no") if column.required else Bilingual("是", "yes")),
                " ".join(column.vocabulary),
            )
            for table in self._tables.values()
            for column in table.columns
        )  # fmt: skip
        return columns, rows

    def _labelled(self, dataset: str | None) -> Sheet:
        """Observations with names, ids folded."""
        columns = [
            SheetColumn(
                self._say(column.title), _WIDTHS[column.name][0], folded=column.name in ("low", "high"),
                number=column.type == "decimal", wrapped=_WIDTHS[column.name][1],
            )
            for column in FIGURES.columns
        ]  # fmt: skip
        text = self._say(_LINK_TEXT)
        rows = (
            (*figure.cells[:-1], figure.cells[-1] and Link.to_file(text, figure.cells[-1]), *figure.codes)
            for figure in labelled_figures(self._queries, self._lang, self._url, dataset)
        )
        return columns + self._folded(_CODES), rows

    def _wide(self, table: Table) -> Sheet:
        """A wide dataset: its figures with their units in the header, its document in words."""
        numbers = [column for column in table.columns if column.type == "decimal"]
        titles = {name: self._say(FIGURES.column(name).title) for name in FIGURES.names}
        ids = ("ref_area", "document_id", "decision_id")
        columns = [
            SheetColumn(titles["area"], 24, wrapped=True),
            SheetColumn(titles["period"], 16),
            *(SheetColumn(self._with_unit(column), 14, number=True) for column in numbers),
            *(SheetColumn(titles[name], 28, wrapped=True) for name in ("correction", "source")),
            *self._folded((_CODES[0], *(table.column(name).title for name in ids[1:]))),
        ]
        rows = (
            (
                area_name(row, self._lang), self._period(row["time_period"]),
                *(row[column.name] for column in numbers),
                row["correction"], source_text(row, self._lang), *(row[name] for name in ids),
            )
            for row in self._queries.each(_WIDE.format(table.name))
        )  # fmt: skip
        return columns, rows

    def _indicators(self) -> Sheet:
        titles = {name: self._say(table.title) for name, table in self._tables.items()}
        columns = self._columns(
            ("指标", "Indicator", 26), ("定义", "Definition", 70), ("单位", "Unit", 12),
            ("数据集", "Datasets", 30),
        )  # fmt: skip
        rows = (
            (
                row[f"title_{self._lang}"], row[f"definition_{self._lang}"],
                self._unit(row["unit"], row["unit_text"]),
                "、".join(titles.get(name, name) for name in (row["datasets"] or "").split()),
                row["indicator"],
            )
            for row in self._queries.each("FROM indicators ORDER BY indicator")
        )  # fmt: skip
        return columns + self._folded(_CODES[1:2], 24), rows

    def _changes(self) -> Sheet:
        """What changed in the figures since the last release; long datasets repeat the observations."""
        shown = [
            f"'{name}'"
            for name, table in self._tables.items()
            if name == "observations" or (table.dataset and "indicator" not in table.names)
        ]
        columns = self._columns(
            ("表", "Table", 16), ("地区", "Region", 24), ("指标", "Indicator", 22), ("时期", "Period", 16),
            ("变更", "Change", 10), ("列", "Column", 14), ("旧值", "Old", 24), ("新值", "New", 24),
            ("缘由", "Cause", 12),
        )  # fmt: skip
        columns.append(SheetColumn(self._say(Bilingual("键", "Key")), 30, folded=True, wrapped=True))
        found = self._queries.each(f'FROM changes WHERE "table" IN ({", ".join(shown)})')
        return columns, map(self._change, found)

    def _change(self, row: Mapping[str, Any]) -> Sequence[Any]:
        table = self._tables[row["table"]]
        cells = json.loads(row["key"]) if row["key"] else [None] * len(table.key)
        key = dict(zip(table.key, cells, strict=True))
        column = table.column(row["column"]) if row["column"] in table.names else None
        return (
            self._say(FIGURES.title if table.name == "observations" else table.title),
            self._area_names.get(key.get("ref_area") or "", key.get("ref_area")),
            self._indicator_titles.get(key.get("indicator") or "", key.get("indicator")),
            self._period(key.get("time_period")),
            self._say(code_name("change", row["change"])),
            self._say(column.title) if column else row["column"],
            row["old"], row["new"],
            self._say(code_name("cause", row["cause"])), row["key"],
        )  # fmt: skip

    def _issues(self) -> Sheet:
        ids = ("check", "document_id", "fingerprint")
        columns = self._columns(
            ("轻重", "Severity", 10), ("事项", "Issue", 100), ("状态", "State", 10), ("首见", "Since", 12),
        )  # fmt: skip
        columns += self._folded((self._tables["issues"].column(name).title for name in ids), 18)
        rows = (
            (
                self._say(code_name("severity", row["severity"])), row["message"],
                self._say(code_name("state", row["state"])), row["since"], *(row[name] for name in ids),
            )
            for row in self._queries.each("FROM issues")
        )  # fmt: skip
        return columns, rows

    @cached_property
    def _indicator_titles(self) -> Mapping[str, str]:
        return {row["indicator"]: row[f"title_{self._lang}"] for row in self._queries.all("FROM indicators")}

    @cached_property
    def _area_names(self) -> Mapping[str, str | None]:
        areas = self._queries.all("SELECT ref_area, full_name, name_en FROM areas")
        return {row["ref_area"]: area_name(row, self._lang) for row in areas}

    def _say(self, words: Bilingual) -> str:
        """The words in the workbook's language."""
        return in_language(words, self._lang)

    def _period(self, code: str | None) -> str | None:
        return wording.format_period(code, self._lang) if code else code

    def _unit(self, code: str | None, unit_text: str | None) -> str:
        return wording.unit_name(code, self._lang) or wording.measure_word(unit_text, self._lang)

    def _with_unit(self, column: Column) -> str:
        """A column's title with its unit."""
        unit = self._unit(column.unit, column.unit_text)
        title = self._say(column.title)
        if not unit:
            return title
        return f"{title}（{unit}）" if self._lang == "zh" else f"{title} ({unit})"

    def _columns(self, *titles: tuple[str, str, int]) -> list[SheetColumn]:
        """Columns of wrapped texts: Chinese title, English title, width."""
        return [SheetColumn(self._say(Bilingual(zh, en)), width, wrapped=True) for zh, en, width in titles]

    def _folded(self, titles: Iterable[Bilingual], width: int = 16) -> list[SheetColumn]:
        """Columns of codes, which are folded away."""
        return [SheetColumn(self._say(words), width, folded=True) for words in titles]
