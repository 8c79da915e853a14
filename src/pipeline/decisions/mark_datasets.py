"""Marks of observations carried into the datasets that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.tables.edits import find_rows, set_cells, take_rows

_KEY = ("ref_area", "time_period")


def mark_datasets(
    tables: Mapping[str, pa.Table], datasets: Mapping[str, Collection[str]]
) -> dict[str, pa.Table]:
    """The tables, the datasets with the marks of the observations that they show.

    A long dataset is a part of the observations; a row of a wide one names every decision on its
    figures, and says which figure each is about. datasets: the indicators of each.
    """
    marked = dict(tables)
    observations = tables["observations"]
    columns = [*_KEY, "indicator", "document_id", "decision_id", "correction"]
    rows = pc.indices_nonzero(pc.is_valid(observations["decision_id"])).to_pylist()
    decided = take_rows(observations.select(columns), rows).values()
    for name, indicators in datasets.items():
        shown = [row for row in decided if row["indicator"] in indicators]
        if shown and (table := marked.get(name)) is not None:
            if "indicator" in table.column_names:
                part = pc.is_in(observations["indicator"], pa.array(sorted(indicators)))
                marked[name] = observations.filter(part).cast(table.schema)
            else:
                marked[name] = _mark_wide(table, shown, _titles(tables["indicators"]))
    return marked


def _mark_wide(table: pa.Table, decided: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> pa.Table:
    by_row: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in decided:
        by_row.setdefault(_row_key(row), []).append(row)
    near = find_rows(table, {name: {row[name] for rows in by_row.values() for row in rows} for name in _KEY})
    ids, corrections = {}, {}
    for number, cells in take_rows(table.select([*_KEY, "document_id"]), near).items():
        if rows := by_row.get(_row_key(cells)):
            ids[number] = " ".join(dict.fromkeys(row["decision_id"] for row in rows))
            words = [
                f"{titles.get(row['indicator'], row['indicator'])} {row['correction']}"
                for row in rows
                if row["correction"]
            ]
            corrections[number] = "\n".join(words) or None
    return set_cells(set_cells(table, "decision_id", ids), "correction", corrections)


def _row_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a wide row and its figures share; the document only where region or period is unknown."""
    area, period = row["ref_area"], row["time_period"]
    return (area, period) if area and period else (area, period, row["document_id"])


def _titles(indicators: pa.Table) -> dict[str, str]:
    codes, titles = (indicators[name].to_pylist() for name in ("indicator", "title_zh"))
    return dict(zip(codes, titles, strict=True))
