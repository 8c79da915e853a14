"""The sheets of the workbook: their heads, and rows in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from pipeline.releases.figures import area, figures, source
from pipeline.releases.queries import Queries
from pipeline.releases.writers.sheets import Head, Link
from pipeline.tables import FIGURES, Bilingual, Column, Table, wording
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang, in_language

Rows = Iterable[Sequence[Any]]

_WIDTHS: Mapping[str, tuple[int, bool]] = {
    "area": (22, True), "indicator": (18, True), "period": (20, False), "value": (15, False),
    "low": (13, False), "high": (13, False), "unit": (11, True), "qualifier": (9, True),
    "status": (8, True), "correction": (16, True), "source": (26, True), "sentence": (48, True),
    "link": (6, False),
}  # fmt: skip
"""Of the columns of the labelled view: how wide each is, and whether its texts are broken."""
_CODES = (
    Bilingual("地区代码", "Region code"), Bilingual("指标代码", "Indicator code"),
    Bilingual("单位代码", "Unit code"), Bilingual("数量标识", "Quantity"), Bilingual("文档标识", "Document"),
)  # fmt: skip
_CITED = Bilingual("原文", "text")
"""What a link to a figure's place says."""
_WIDE = """
    SELECT t.*, a.full_name, a.name_en, d.title, d.publisher, d.issue_date, d.path
    FROM "{}" t LEFT JOIN areas a USING (ref_area) LEFT JOIN documents d ON t.document_id = d.document_id
    ORDER BY t.ref_area NULLS LAST, t.time_period NULLS LAST, t.document_id
"""


class Shown:
    """A release as the workbook shows it: its tables, to be asked, and the language."""

    def __init__(self, ask: Queries, tables: Iterable[Table], lang: Lang, url: str) -> None:
        """url: as `figures.write_figures` has it."""
        self.ask, self.lang, self.url = ask, lang, url
        self.tables = {table.name: table for table in tables}

    def say(self, words: Bilingual) -> str:
        """The words in the workbook's language."""
        return in_language(words, self.lang)

    def heads(
        self, *wrapped: tuple[str, str, int], folded: Iterable[Bilingual] = (), width: int = 16
    ) -> list[Head]:
        """Heads of texts that are broken: Chinese, English, width; then of codes that are folded away."""
        shown = [Head(self.say(Bilingual(zh, en)), wide, wrapped=True) for zh, en, wide in wrapped]
        return shown + [Head(self.say(words), width, folded=True) for words in folded]

    @cached_property
    def indicators(self) -> Mapping[str, str]:
        """What indicators are called."""
        return {row["indicator"]: row[f"title_{self.lang}"] for row in self.ask.all("FROM indicators")}

    @cached_property
    def areas(self) -> Mapping[str, str | None]:
        """What regions are called."""
        names = self.ask.all("SELECT ref_area, full_name, name_en FROM areas")
        return {
            row["ref_area"]: area(row["full_name"], row["name_en"], row["ref_area"], self.lang)
            for row in names
        }


def heads_and_rows(shown: Shown, table: Table | None) -> tuple[list[Head], Rows]:
    """The sheet of a table; the dictionary of all tables where none is given."""
    if table is None:
        return _dictionary(shown)
    if table is FIGURES or (table.dataset and "indicator" in table.names):
        return _labelled(shown, None if table is FIGURES else table.name)
    if table.dataset:
        return _wide(shown, table)
    return {"indicators": _indicators, "changes": _changes, "issues": _issues}[table.name](shown)


def _labelled(shown: Shown, dataset: str | None) -> tuple[list[Head], Rows]:
    """Observations with names, ids folded."""
    heads = [Head(shown.say(column.title), *_form(column)) for column in FIGURES.columns]
    heads += shown.heads(folded=_CODES)
    cited = shown.say(_CITED)
    rows = (
        (*one.cells[:-1], one.cells[-1] and Link(cited, one.cells[-1]), *one.codes)
        for one in figures(shown.ask, shown.lang, shown.url, dataset)
    )
    return heads, rows


def _form(column: Column) -> tuple[int, bool, bool, bool]:
    """Width, whether folded, number, broken."""
    width, wrapped = _WIDTHS[column.name]
    return width, column.name in ("low", "high"), column.type == "decimal", wrapped


def _wide(shown: Shown, table: Table) -> tuple[list[Head], Rows]:
    """A wide dataset: its figures with their units in the heads, its document in words."""
    numbers = [column for column in table.columns if column.type == "decimal"]
    first, last = (shown.say(FIGURES.column(name).title) for name in ("area", "period"))
    heads = [Head(first, 24, wrapped=True), Head(last, 16)]
    heads += [Head(_with_unit(column, shown.lang), 14, number=True) for column in numbers]
    ends = ("correction", "source")
    heads += [Head(shown.say(FIGURES.column(name).title), 28, wrapped=True) for name in ends]
    folded = ("ref_area", "document_id", "decision_id")
    heads += shown.heads(folded=(_CODES[0], *(table.column(name).title for name in folded[1:])))

    def rows() -> Iterator[Sequence[Any]]:
        for row in shown.ask.each(_WIDE.format(table.name)):
            period = row["time_period"]
            yield (
                area(row["full_name"], row["name_en"], row["ref_area"], shown.lang),
                period and wording.format_period(period, shown.lang),
                *(row[column.name] for column in numbers),
                row["correction"], source(row, shown.lang), *(row[name] for name in folded),
            )  # fmt: skip

    return heads, rows()


def _with_unit(column: Column, lang: Lang) -> str:
    unit = wording.unit_name(column.unit, lang) or wording.measure_word(column.unit_text, lang)
    title = in_language(column.title, lang)
    if not unit:
        return title
    return f"{title}（{unit}）" if lang == "zh" else f"{title} ({unit})"


def _indicators(shown: Shown) -> tuple[list[Head], Rows]:
    titled = {name: shown.say(table.title) for name, table in shown.tables.items()}
    heads = shown.heads(
        ("指标", "Indicator", 26), ("定义", "Definition", 70), ("单位", "Unit", 12),
        ("数据集", "Datasets", 30), folded=_CODES[1:2], width=24,
    )  # fmt: skip
    rows = (
        (
            row[f"title_{shown.lang}"], row[f"definition_{shown.lang}"],
            wording.unit_name(row["unit"], shown.lang) or wording.measure_word(row["unit_text"], shown.lang),
            "、".join(titled.get(name, name) for name in (row["datasets"] or "").split()), row["indicator"],
        )
        for row in shown.ask.each("FROM indicators ORDER BY indicator")
    )  # fmt: skip
    return heads, rows


def _changes(shown: Shown) -> tuple[list[Head], Rows]:
    """What changed in the figures since the last release; of long datasets, observations say it."""
    tables = [
        name
        for name, table in shown.tables.items()
        if name == "observations" or (table.dataset and "indicator" not in table.names)
    ]
    heads = shown.heads(
        ("表", "Table", 16), ("地区", "Region", 24), ("指标", "Indicator", 22), ("时期", "Period", 16),
        ("变更", "Change", 10), ("列", "Column", 14), ("旧值", "Old", 24), ("新值", "New", 24),
        ("缘由", "Cause", 12),
    )  # fmt: skip
    heads.append(Head(shown.say(Bilingual("键", "Key")), 30, folded=True, wrapped=True))
    listed = ", ".join(f"'{name}'" for name in tables)
    found = shown.ask.each(f'FROM changes WHERE "table" IN ({listed})')
    return heads, (_change(shown, row) for row in found)


def _change(shown: Shown, row: Mapping[str, Any]) -> Sequence[Any]:
    table = shown.tables[row["table"]]
    cells = json.loads(row["key"]) if row["key"] else [None] * len(table.key)
    key = dict(zip(table.key, cells, strict=True))
    column = table.column(row["column"]) if row["column"] in table.names else None
    period = key.get("time_period")
    return (
        shown.say(FIGURES.title if table.name == "observations" else table.title),
        shown.areas.get(key.get("ref_area") or "", key.get("ref_area")),
        shown.indicators.get(key.get("indicator") or "", key.get("indicator")),
        period and wording.format_period(period, shown.lang),
        shown.say(code_name("change", row["change"])),
        shown.say(column.title) if column else row["column"],
        row["old"], row["new"],
        shown.say(code_name("cause", row["cause"])), row["key"],
    )  # fmt: skip


def _issues(shown: Shown) -> tuple[list[Head], Rows]:
    folded = ("check", "document_id", "fingerprint")
    heads = shown.heads(
        ("轻重", "Severity", 10), ("事项", "Issue", 100), ("状态", "State", 10), ("首见", "Since", 12),
        folded=[shown.tables["issues"].column(name).title for name in folded], width=18,
    )  # fmt: skip
    rows = (
        (
            shown.say(code_name("severity", row["severity"])), row["message"],
            shown.say(code_name("state", row["state"])), row["since"], *(row[name] for name in folded),
        )
        for row in shown.ask.each("FROM issues")
    )  # fmt: skip
    return heads, rows


def _dictionary(shown: Shown) -> tuple[list[Head], Rows]:
    heads = shown.heads(
        ("表", "Table", 20), ("列", "Column", 18), ("名称", "Title", 16), ("含义", "Meaning", 70),
        ("类型", "Type", 8), ("单位", "Unit", 10), ("可空", "May be null", 8), ("取值", "Values", 36),
    )  # fmt: skip
    rows = (
        (
            table.name, column.name, shown.say(column.title), shown.say(column.meaning),
            shown.say(code_name("type", column.type)), column.unit or "",
            shown.say(Bilingual("否", "no") if column.required else Bilingual("是", "yes")),
            " ".join(column.vocabulary),
        )
        for table in shown.tables.values()
        for column in table.columns
    )  # fmt: skip
    return heads, rows
