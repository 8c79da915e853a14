"""Figures with names instead of codes: what the workbook shows, and data/figures.csv.

A view over the release's Parquet files, not a table of its own: observations, or those of a dataset, with
region, indicator and unit in words, the sentence and a link to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.releases.queries import Queries, open_queries
from pipeline.releases.writers.csv import write_csv
from pipeline.statistics.regions.areas import COUNTRY
from pipeline.tables import FIGURES, wording
from pipeline.tables.corrections import correction_of
from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang, in_language

NEEDED = ("observations", "areas", "indicators", "documents", "quantities", "decisions")
"""The tables that the view is made of."""

LABELLED_FILES: Mapping[str, Lang] = {"data/figures.csv": "zh", "data/figures.en.csv": "en"}
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


class LabelledFigure(NamedTuple):
    """A row of the view, and the codes that its names stand for."""

    cells: tuple[Any, ...]
    """In the order of the columns of `FIGURES`."""
    codes: tuple[Any, ...]
    """Region, indicator, unit, quantity and document."""


def write_labelled_figures(folder: Path, url: str = "", paths: Mapping[str, Path] | None = None) -> None:
    """Write the view as CSV from data/*.parquet below the folder; nothing where a table for it is missing.

    url: where the release is published, with a slash at its end; links are relative to it otherwise.
    paths: the ones of `LABELLED_FILES` to write, and where to, if not all of them to the folder.
    """
    tables = {name: folder / "data" / f"{name}.parquet" for name in NEEDED}
    if not all(path.is_file() for path in tables.values()):
        return
    with open_queries(tables) as queries:
        create_labelled(queries)
        for name, path in (paths or {name: folder / name for name in LABELLED_FILES}).items():
            lang = LABELLED_FILES[name]
            header = [in_language(column.title, lang) for column in FIGURES.columns]
            rows = (
                dict(zip(FIGURES.names, f.cells, strict=True)) for f in labelled_figures(queries, lang, url)
            )
            write_csv(FIGURES, pa.Table.from_pylist(list(rows), FIGURES.schema()), path, header)


def create_labelled(queries: Queries) -> None:
    """Join observations once with all that names them, for `labelled_figures` to select from."""
    queries.database.execute(_LABELLED)


def labelled_figures(
    queries: Queries, lang: Lang, url: str = "", dataset: str | None = None
) -> Iterator[LabelledFigure]:
    """The rows of observations, or of a long dataset, with names: by region, indicator and period."""
    for row in queries.each(_ROWS.format(_OF_DATASET.format(dataset) if dataset else "")):
        yield LabelledFigure(
            (
                area_name(row, lang),
                row[f"title_{lang}"] or row["indicator"],
                wording.format_period(row["time_period"], lang) if row["time_period"] else None,
                row["obs_value"], row["obs_low"], row["obs_high"], _unit(row, lang),
                in_language(code_name("qualifier", row["qualifier"]), lang),
                in_language(code_name("obs_status", row["obs_status"]), lang), _correction(row, lang),
                source_text(row, lang),
                row["quote"], f"{url}{row['link']}" if row["link"] else None,
            ),
            (row["ref_area"], row["indicator"], row["unit_measure"], row["quantity_id"], row["document_id"]),
        )  # fmt: skip


def area_name(row: Mapping[str, Any], lang: Lang) -> str | None:
    """The region of a row joined with areas; in English by its Chinese name, where it has no other."""
    if row["ref_area"] == COUNTRY:
        return in_language(Bilingual("全国", "China"), lang)
    name: str | None = (row["name_en"] if lang == "en" else None) or row["full_name"] or row["ref_area"]
    return name


def source_text(row: Mapping[str, Any], lang: Lang) -> str:
    """The document of a row joined with documents: title, publisher and date, or its path."""
    title = {"zh": "《{}》", "en": "“{}”"}[lang].format(row["title"]) if row["title"] else row["path"]
    parts = (row["publisher"], title, row["issue_date"] and row["issue_date"].isoformat())
    return {"zh": "，", "en": ", "}[lang].join(filter(None, parts))


def _unit(row: Mapping[str, Any], lang: Lang) -> str | None:
    """The unit in words; of a count the text's own measure word, where the value is the one in the text."""
    if row["unit_measure"] not in ("1", None):
        return wording.unit_name(row["unit_measure"], lang)
    written = row["written"] if row["stated"] == row["obs_value"] else None
    return wording.measure_word(written or row["unit_text"], lang) or None


def _correction(row: Mapping[str, Any], lang: Lang) -> str | None:
    correction = correction_of(row["decision"])
    return in_language(correction.text, lang) if correction and correction.text else None
