"""Figures with names instead of codes: what the workbook shows, and data/figures.csv.

A view of the tables and none of its own: observations, or those of a dataset, with region, indicator
and unit in words, the sentence and where it is marked. It is made of the release's Parquet files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.releases.queries import Queries, queries
from pipeline.releases.writers.csv import write_csv
from pipeline.statistics.areas import COUNTRY
from pipeline.tables import VIEW, wording
from pipeline.tables.corrections import Correction
from pipeline.tables.model import Column, Table, Words
from pipeline.tables.vocabulary import word
from pipeline.tables.wording import Lang, in_language

NEEDED = ("observations", "areas", "indicators", "documents", "quantities", "decisions")
"""The tables that the view is made of."""


def _column(name: str, zh: str, en: str, meaning: Words) -> Column:
    return Column(name, "string", Words(zh, en), meaning)


def _number(name: str, zh: str, en: str, meaning: Words) -> Column:
    return Column(name, "decimal", Words(zh, en), meaning)


FIGURES = Table(
    VIEW,
    Words("数据", "Figures"),
    Words(
        "每行一个数，地区、指标、单位都写名称，连同原句与出处；是 observations 表给人看的样子。",
        "A row is a figure, with its region, indicator and unit by name, its sentence and where that stands: "
        "the table observations as people read it.",
    ),
    (
        _column("area", "地区", "Region", Words("地区的全称。", "The region's name.")),
        _column("indicator", "指标", "Indicator", Words("指标的名称。", "The indicator's name.")),
        _column("period", "时期", "Period", Words("所述的时期。", "The period that it is of.")),
        _number("value", "数值", "Value", Words("只述区间时为空。", "Null for an interval.")),
        _number("low", "下界", "Lower bound", Words("下界；不设为空。", "Null where it is open.")),
        _number("high", "上界", "Upper bound", Words("上界；不设为空。", "Null where it is open.")),
        _column("unit", "单位", "Unit", Words("单位的名称。", "The unit in words.")),
        _column("qualifier", "限定", "Qualifier", Words("确数、约数等。", "How it is hedged.")),
        _column("status", "状态", "Status", Words("正常、计划、存疑等。", "Normal, planned, doubtful …")),
        _column("correction", "更正", "Correction", Words("更正或标注。", "What was corrected or marked.")),
        _column("source", "来源", "Source", Words("哪篇文本。", "Which text it stands in.")),
        _column("sentence", "原句", "Sentence", Words("所在的句子。", "The sentence.")),
        _column("link", "链接", "Link", Words("标出此数之处。", "Where it is marked.")),
    ),
    key=(),
)
"""The view, whose files have the titles of its columns for heads."""

FILES: Mapping[str, Lang] = {"data/figures.csv": "zh", "data/figures.en.csv": "en"}
"""The files of the view by their paths in a release, and the language of each."""

_LABELLED = """
    CREATE TABLE labelled AS
    SELECT o.*, i.title_zh, i.title_en, i.unit_text, a.full_name, a.name_en, q.unit AS written,
           q.value AS stated, q.quote, q.link, d.title, d.publisher, d.issue_date, d.path,
           c.action, c.expect, c.value AS corrected, c.reason, c.officer, c.date
    FROM observations o
    LEFT JOIN indicators i USING (indicator)
    LEFT JOIN areas a USING (ref_area)
    LEFT JOIN quantities q USING (quantity_id)
    LEFT JOIN documents d ON o.document_id = d.document_id
    LEFT JOIN decisions c ON o.decision_id = c.decision_id
"""
_ROWS = "FROM labelled o {} ORDER BY ref_area NULLS LAST, indicator, time_period NULLS LAST, document_id"
_OF_DATASET = """
    SEMI JOIN "{}" t ON o.indicator = t.indicator AND o.document_id = t.document_id
    AND o.ref_area IS NOT DISTINCT FROM t.ref_area AND o.time_period IS NOT DISTINCT FROM t.time_period
"""


class Figure(NamedTuple):
    """A row of the view, and the codes that its names stand for."""

    cells: tuple[Any, ...]
    """In the order of the columns of `FIGURES`."""
    codes: tuple[Any, ...]
    """Region, indicator, unit, quantity and document."""


def write_figures(folder: Path, url: str = "", places: Mapping[str, Path] | None = None) -> None:
    """Write the view as CSV from data/*.parquet below the folder; nothing where it has not the tables for it.

    url: where the release is published, with a slash at its end; links are relative to it otherwise.
    places: of `FILES` those that are written, and where to, if not all of them to the folder.
    """
    import pyarrow as pa

    tables = {name: folder / "data" / f"{name}.parquet" for name in NEEDED}
    if not all(path.is_file() for path in tables.values()):
        return
    with queries(tables) as ask:
        label(ask)
        for name, path in (places or {name: folder / name for name in FILES}).items():
            heads = [in_language(column.title, FILES[name]) for column in FIGURES.columns]
            cells = [figure.cells for figure in figures(ask, FILES[name], url)]
            columns = zip(*cells, strict=True) if cells else ((),) * len(heads)
            rows = pa.table(dict(zip(FIGURES.names, columns, strict=True)), FIGURES.schema())
            write_csv(FIGURES, rows, path, heads)


def label(ask: Queries) -> None:
    """Join observations once with all that names them, for `figures` to be asked."""
    ask.database.execute(_LABELLED)


def figures(ask: Queries, lang: Lang, url: str = "", dataset: str | None = None) -> Iterator[Figure]:
    """The rows of observations, or of a long dataset, with names: by region, indicator and period."""
    for row in ask.each(_ROWS.format(_OF_DATASET.format(dataset) if dataset else "")):
        yield Figure(
            (
                area(row["full_name"], row["name_en"], row["ref_area"], lang),
                row[f"title_{lang}"] or row["indicator"],
                wording.period(row["time_period"], lang) if row["time_period"] else None,
                row["obs_value"], row["obs_low"], row["obs_high"], _unit(row, lang),
                in_language(word("qualifier", row["qualifier"]), lang),
                in_language(word("obs_status", row["obs_status"]), lang), _correction(row, lang),
                source(row, lang),
                row["quote"], f"{url}{row['link']}" if row["link"] else None,
            ),
            (row["ref_area"], row["indicator"], row["unit_measure"], row["quantity_id"], row["document_id"]),
        )  # fmt: skip


def area(full_name: str | None, name_en: str | None, code: str | None, lang: Lang) -> str | None:
    """A region by its name; by its Chinese name in English too, where it has no other."""
    if code == COUNTRY:
        return in_language(Words("全国", "China"), lang)
    return (name_en if lang == "en" else None) or full_name or code


def source(row: Mapping[str, Any], lang: Lang) -> str:
    """A document by title, publisher and date, or by its path."""
    named = {"zh": "《{}》", "en": "“{}”"}[lang].format(row["title"]) if row["title"] else row["path"]
    said = (row["publisher"], named, row["issue_date"] and row["issue_date"].isoformat())
    return {"zh": "，", "en": ", "}[lang].join(filter(None, said))


def _unit(row: Mapping[str, Any], lang: Lang) -> str | None:
    """The unit in words; of a count the measure word of the text, where the figure is as it is there."""
    if row["unit_measure"] not in ("1", None):
        return wording.unit(row["unit_measure"], lang)
    own = row["written"] if row["stated"] == row["obs_value"] else None
    return wording.counted(own or row["unit_text"], lang) or None


def _correction(row: Mapping[str, Any], lang: Lang) -> str | None:
    if row["action"] is None:
        return None
    said = Correction(*(row[name] for name in ("action", "expect", "corrected", "reason", "officer", "date")))
    return in_language(said.words, lang) if said.words else None
