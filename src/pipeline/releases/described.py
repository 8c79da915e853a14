"""The tables of a release as its own files describe them: one may be declared nowhere any more."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.releases.writers.csv import FORMULA
from pipeline.tables import TABLES, Column, Table, Words


def described_tables(folder: Path) -> dict[str, Table]:
    """Every table of the release in the folder, by name, of its dictionary and its Parquet files."""
    found: dict[str, list[Column]] = {}
    keys: dict[str, list[str]] = {}
    with (folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["table"]:
                found.setdefault(row["table"], []).append(_column(row))
                keys.setdefault(row["table"], []).extend([row["column"]] if row["key"] == "true" else [])
    return {
        name: _table(folder / "data" / f"{name}.parquet", name, columns, keys[name])
        for name, columns in found.items()
    }


def _table(parquet: Path, name: str, columns: Sequence[Column], key: Sequence[str]) -> Table:
    import pyarrow.parquet as pq

    said = pq.read_schema(parquet).metadata or {}
    title, about = (
        Words(*(said.get(f"{what}_{lang}".encode(), b"").decode() for lang in ("zh", "en")))
        for what in ("title", "description")
    )
    return Table(name, title, about, tuple(columns), tuple(key), dataset=name not in TABLES)


def _column(row: Mapping[str, str]) -> Column:
    cells = {name: re.sub(f"^'(?={FORMULA[1:]})", "", cell) for name, cell in row.items()}
    return Column(
        cells["column"],
        cells["type"],
        Words(cells["title_zh"], cells["title_en"]),
        Words(cells["meaning_zh"], cells["meaning_en"]),
        required=cells["nullable"] == "false",
        unit=cells["unit"] or None,
        vocabulary=tuple(cells["vocabulary"].split()),
    )
