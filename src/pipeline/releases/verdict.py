"""Whether to download a release again: by the figures in it that differ for its readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

VERDICTS = ("no", "more", "yes", "shape", "first")
"""For a user of the release before, the weakest first: nothing to do; download only for new figures;
download again; check programs too, because tables or columns changed. The last is that of a first release."""

_FIGURE_TABLES = ("observations", "statistics", "quantities", "relations")
_CODE_COLUMNS = ("qualifier", "unit", "unit_code", "unit_measure", "obs_status", "verdict")


def count_rows(changes: pa.Table) -> dict[tuple[str, str, str], int]:
    """The rows of `changes`, by table, change and cause."""
    found = changes.group_by(["table", "change", "cause"]).aggregate([([], "count_all")]).to_pylist()
    return {(row["table"], row["change"], row["cause"]): row["count_all"] for row in found}


def count_figures(changes: pa.Table, tables: Iterable[Table]) -> dict[tuple[str, str], int]:
    """Changed figures by table and change: rows added or removed, and rows whose value or unit changed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counts = {}
    for table in tables:
        if not table.dataset and table.name not in _FIGURE_TABLES:
            continue
        rows = changes.filter(pc.equal(changes["table"], table.name))
        is_value = pc.is_in(rows["column"], pa.array(_value_columns(table)))
        for change in ("added", "removed", "changed"):
            counted = pc.and_(pc.equal(rows["change"], change), pc.or_(is_value, change != "changed"))
            counts[table.name, change] = pc.count_distinct(rows.filter(counted)["key"]).as_py()
    return {key: count for key, count in counts.items() if count}


def verdict(
    previous: str | None, rows: Iterable[tuple[str, str, str]], figures: Mapping[tuple[str, str], int]
) -> str:
    """One of `VERDICTS`. rows, figures: from `count_rows` and `count_figures`."""
    if previous is None:
        return "first"
    if any("_" in change for _, change, _ in rows):
        return "shape"
    kinds = {change for _, change in figures}
    if kinds & {"changed", "removed"}:
        return "yes"
    return "more" if "added" in kinds else "no"


def verdicts_since(entries: Iterable[Mapping[str, Any]], last: str) -> dict[str, str]:
    """For each version, the strongest verdict of the releases after it, up to the last one.

    entries: the versions of the index, each with its verdict. A version that the last one does
    not follow from, because it was set aside, counts as a download, and so does a missing verdict.
    """
    by_version = {entry["version"]: entry for entry in entries}
    since = dict.fromkeys(by_version, "yes")
    strongest, version = "no", last
    while entry := by_version.pop(version, None):
        since[version] = strongest
        verdict = entry.get("verdict") or "yes"
        strongest = max(strongest, "shape" if verdict == "first" else verdict, key=VERDICTS.index)
        version = entry["previous"]
    return since


def nested(counts: Mapping[Any, int]) -> dict[str, Any]:
    """Counts by tuples as JSON has them: objects within objects."""
    tree: dict[str, Any] = {}
    for keys, count in sorted(counts.items()):
        inner = tree
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = count
    return tree


def _value_columns(table: Table) -> list[str]:
    """The columns that hold values, units and qualifiers."""
    numbers = {column.name for column in table.columns if column.type == "decimal"} - {"confidence"}
    return sorted(numbers.union(_CODE_COLUMNS).intersection(table.names))
