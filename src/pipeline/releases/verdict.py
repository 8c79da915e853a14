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


def since(entries: Iterable[Mapping[str, Any]], last: str) -> dict[str, str]:
    """For each version, the most that any release asks for which leads from it to the last one.

    entries: the versions of the index, each with its verdict. One that the last does
    not follow, for it was set aside, counts as a download, and so does what is not known of one.
    """
    known = {entry["version"]: entry for entry in entries}
    found = dict.fromkeys(known, "yes")
    most, version = "no", last
    while entry := known.pop(version, None):
        found[version] = most
        own = entry.get("verdict") or "yes"
        most = max(most, "shape" if own == "first" else own, key=VERDICTS.index)
        version = entry["previous"]
    return found


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
