"""The days that national censuses and land surveys are of: censuses.tsv."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries


def census(text: str) -> date | None:
    """The day that 第七次全国人口普查 or 七普 is of; None where the table does not have it."""
    name, number = text[-4:], text.removeprefix("第")[0]
    return _days().get(("人口普查" if name.endswith("普") else name, number))


@cache
def _days() -> Mapping[tuple[str, str], date]:
    """The day of each, by its name and its round."""
    entries = read_entries(files(__package__) / "censuses.tsv")
    return {(entry["census"], entry["round"]): date.fromisoformat(entry["day"]) for entry in entries}
