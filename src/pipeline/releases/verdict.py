"""Whether to download a release again: by the figures in it that its readers would see differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

VERDICTS = ("no", "more", "yes", "shape", "first")
"""What there is to do for who has the release before, the least first: nothing; only for figures that are
new; download it; see to programs too, for tables or columns changed. The last is of a first release."""

_FIGURES = ("observations", "statistics", "quantities", "relations")
_SAID = ("qualifier", "unit", "unit_code", "unit_measure", "obs_status", "verdict")


def count_rows(changes: pa.Table) -> dict[tuple[str, str, str], int]:
    """The rows of `changes`, by table, change and cause."""
    found = changes.group_by(["table", "change", "cause"]).aggregate([([], "count_all")]).to_pylist()
    return {(row["table"], row["change"], row["cause"]): row["count_all"] for row in found}


def count_figures(changes: pa.Table, tables: Iterable[Table]) -> dict[tuple[str, str], int]:
    """Figures by table and change: rows that came or went, and rows of which what they state changed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counts = {}
    for table in filter(_shows_figures, tables):
        mine = changes.filter(pc.equal(changes["table"], table.name))
        stating = pc.is_in(mine["column"], pa.array(_stating(table)))
        for change in ("added", "removed", "changed"):
            some = pc.and_(pc.equal(mine["change"], change), pc.or_(stating, change != "changed"))
            counts[table.name, change] = pc.count_distinct(mine.filter(some)["key"]).as_py()
    return {where: count for where, count in counts.items() if count}


def _shows_figures(table: Table) -> bool:
    """Whether readers take figures from the table."""
    return table.dataset or table.name in _FIGURES


def verdict(
    previous: str | None, rows: Iterable[tuple[str, str, str]], figures: Mapping[tuple[str, str], int]
) -> str:
    """One of `VERDICTS`. rows, figures: as `count_rows` and `count_figures` have them."""
    if previous is None:
        return "first"
    if any("_" in change for _, change, _ in rows):
        return "shape"
    seen = {change for (_, change), count in figures.items() if count}
    if seen & {"changed", "removed"}:
        return "yes"
    return "more" if "added" in seen else "no"


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
    """Counts by several words, as JSON has them: an object of objects."""
    tree: dict[str, Any] = {}
    for words, count in sorted(counts.items()):
        inner = tree
        for word in words[:-1]:
            inner = inner.setdefault(word, {})
        inner[words[-1]] = count
    return tree


def _stating(table: Table) -> list[str]:
    """The columns by which a row states something."""
    numbers = {column.name for column in table.columns if column.type == "decimal"} - {"confidence"}
    return sorted(numbers | {name for name in _SAID if name in table.names})
