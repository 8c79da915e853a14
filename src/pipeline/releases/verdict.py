"""Whether to download a release again: by the figures in it that its readers would see differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

VERDICTS = ("no", "more", "yes", "shape", "first")
"""What there is to do for who has the release before, the least first: nothing; only for figures that are
new; download it; see to programs too, for tables or columns changed. The last is of a first release."""

_FIGURES = ("observations", "statistics", "quantities", "relations")
_SAID = ("qualifier", "unit", "unit_code", "unit_measure", "obs_status", "verdict")
_COLUMNS = ("table", "key", "change", "column", "cause")
_CHANGES = ("added", "removed", "changed")


class Differences:
    """The rows of `changes`, counted as they pass."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.rows: Counter[tuple[str, str, str]] = Counter()
        """By table, change and cause."""
        self.figures: Counter[tuple[str, str]] = Counter()
        """Figures by table and change: rows that came or went, and rows of which what they state changed."""
        self._shown = {table.name: _figure_columns(table) for table in tables if shows_figures(table)}

    def counted(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same batches, which come in the order of `changes`."""
        last = None
        for batch in batches:
            cells = [batch.column(name).to_pylist() for name in _COLUMNS]
            for table, key, change, column, cause in zip(*cells, strict=True):
                self.rows[table, change, cause] += 1
                if table not in self._shown or change not in _CHANGES:
                    continue
                if change != "changed" or (column in self._shown[table] and last != (table, key)):
                    self.figures[table, change] += 1
                if change != "changed" or column in self._shown[table]:
                    last = (table, key)
            yield batch


def shows_figures(table: Table) -> bool:
    """Whether readers take figures from the table."""
    return table.dataset or table.name in _FIGURES


def verdict(
    previous: str | None, rows: Iterable[tuple[str, str, str]], figures: Mapping[tuple[str, str], int]
) -> str:
    """One of `VERDICTS`. rows: what changed, by table, change and cause. figures: see `Differences`."""
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


def _figure_columns(table: Table) -> frozenset[str]:
    numbers = {column.name for column in table.columns if column.type == "decimal"} - {"confidence"}
    return frozenset(numbers | {name for name in _SAID if name in table.names})
