"""Figures with names instead of codes: what the workbook shows, and data/figures.csv.

A view of the tables and none of its own: observations, or those of a dataset, with region, indicator
and unit in words, the sentence and where it is marked. It is made of the release's Parquet files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.releases.queries import Queries, queries
from pipeline.releases.writers.csv import write_csv
from pipeline.statistics.areas import COUNTRY
from pipeline.tables import FIGURES, wording
from pipeline.tables.corrections import correction_of
from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang, in_language

NEEDED = ("observations", "areas", "indicators", "documents", "quantities", "decisions")
"""The tables that the view is made of."""


FILES: Mapping[str, Lang] = {"data/figures.csv": "zh", "data/figures.en.csv": "en"}
"""The files of the view by their paths in a release, and the language of each."""

_LABELLED = """
    CREATE TABLE labelled AS
    SELECT o.*, i.title_zh, i.title_en, i.unit_text, a.full_name, a.name_en, q.unit AS written,
           q.value AS stated, q.quote, q.link, d.title, d.publisher, d.issue_date, d.path,
           c AS decision
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
                wording.format_period(row["time_period"], lang) if row["time_period"] else None,
                row["obs_value"], row["obs_low"], row["obs_high"], _unit(row, lang),
                in_language(code_name("qualifier", row["qualifier"]), lang),
                in_language(code_name("obs_status", row["obs_status"]), lang), _correction(row, lang),
                source(row, lang),
                row["quote"], f"{url}{row['link']}" if row["link"] else None,
            ),
            (row["ref_area"], row["indicator"], row["unit_measure"], row["quantity_id"], row["document_id"]),
        )  # fmt: skip


def area(full_name: str | None, name_en: str | None, code: str | None, lang: Lang) -> str | None:
    """A region by its name; by its Chinese name in English too, where it has no other."""
    if code == COUNTRY:
        return in_language(Bilingual("全国", "China"), lang)
    return (name_en if lang == "en" else None) or full_name or code


def source(row: Mapping[str, Any], lang: Lang) -> str:
    """A document by title, publisher and date, or by its path."""
    named = {"zh": "《{}》", "en": "“{}”"}[lang].format(row["title"]) if row["title"] else row["path"]
    said = (row["publisher"], named, row["issue_date"] and row["issue_date"].isoformat())
    return {"zh": "，", "en": ", "}[lang].join(filter(None, said))


def _unit(row: Mapping[str, Any], lang: Lang) -> str | None:
    """The unit in words; of a count the measure word of the text, where the figure is as it is there."""
    if row["unit_measure"] not in ("1", None):
        return wording.unit_name(row["unit_measure"], lang)
    own = row["written"] if row["stated"] == row["obs_value"] else None
    return wording.measure_word(own or row["unit_text"], lang) or None


def _correction(row: Mapping[str, Any], lang: Lang) -> str | None:
    said = correction_of(row["decision"])
    return in_language(said.text, lang) if said and said.text else None
