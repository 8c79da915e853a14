"""Decisions on observations carried into the datasets that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.tables.edits import picked, put, where

_PLACE = ("ref_area", "time_period")


def carried(tables: Mapping[str, pa.Table], datasets: Mapping[str, Collection[str]]) -> dict[str, pa.Table]:
    """The tables, where datasets bear the marks of the observations that they show.

    A long dataset is a part of the observations; a row of a wide one names every decision on its
    figures, and says which figure each is about. datasets: the indicators of each.
    """
    marked = dict(tables)
    touched = _touched(tables.get("observations"))
    for name, indicators in datasets.items() if touched else ():
        mine = [row for row in touched if row["indicator"] in indicators]
        if mine and (table := marked.get(name)) is not None:
            if "indicator" in table.column_names:
                shown = pc.is_in(tables["observations"]["indicator"], pa.array(sorted(indicators)))
                marked[name] = tables["observations"].filter(shown).cast(table.schema)
            else:
                marked[name] = _wide(table, mine, _titles(tables["indicators"]))
    return marked


def _touched(observations: pa.Table | None) -> list[dict[str, Any]]:
    if observations is None or not observations.num_rows:
        return []
    rows = pc.indices_nonzero(pc.is_valid(observations["decision_id"])).to_pylist()
    return list(
        picked(
            observations.select([*_PLACE, "indicator", "document_id", "decision_id", "correction"]), rows
        ).values()
    )


def _wide(table: pa.Table, touched: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> pa.Table:
    marks: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in touched:
        marks.setdefault(_place(row), []).append(row)
    rows = [row for each in marks.values() for row in each]
    near = where(table, {name: {row[name] for row in rows} for name in _PLACE})
    ids, said = {}, {}
    for number, cells in picked(table.select([*_PLACE, "document_id"]), near).items():
        here = marks.get(_place(cells), ())
        if here:
            ids[number] = " ".join(dict.fromkeys(row["decision_id"] for row in here))
            words = [
                f"{titles.get(row['indicator'], row['indicator'])} {row['correction']}"
                for row in here
                if row["correction"]
            ]
            said[number] = "\n".join(words) or None
    return put(put(table, "decision_id", ids), "correction", said)


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a wide row and its figures share; the document only where region or period is not known."""
    area, period = row["ref_area"], row["time_period"]
    return (area, period) if area and period else (area, period, row["document_id"])


def _titles(indicators: pa.Table) -> dict[str, str]:
    codes, titles = (indicators[name].to_pylist() for name in ("indicator", "title_zh"))
    return dict(zip(codes, titles, strict=True))
