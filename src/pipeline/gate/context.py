"""What expectations look at beyond the columns that they name: the check context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.gate.coverage import JoinedTexts, uncovered
from pipeline.tables.edits import picked, where

if TYPE_CHECKING:
    import pyarrow as pa

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives the decoded texts of documents by document_id."""

TOGETHER = 10_000_000
"""Characters of texts that are looked at at once, for which some 200 MB are wanted."""


class CheckContext:
    """Tables and texts, with what is worked out of them once for all expectations that ask."""

    def __init__(self, tables: Mapping[str, pa.Table], texts: Texts, together: int = TOGETHER) -> None:
        """Tables by name. together: characters of texts looked at at once."""
        self.tables, self._together = tables, together
        self._laid_out = lru_cache(1)(lambda names: JoinedTexts(texts(names)))

    def joined(self) -> Iterator[JoinedTexts]:
        """The texts of the documents that were read, as many laid end to end as are looked at at once."""
        return map(self._laid_out, self._groups)

    @cached_property
    def _groups(self) -> list[tuple[str, ...]]:
        """The documents that were read, so many of them each time."""
        groups: list[list[str]] = []
        size = self._together
        for row in _read(self.tables["documents"]) if "documents" in self.tables else ():
            if size >= self._together:
                groups.append([])
                size = 0
            groups[-1].append(row["document_id"])
            size += row["characters"] or 0
        return [tuple(group) for group in groups]

    @cached_property
    def uncovered(self) -> Mapping[str, list[tuple[int, int]]]:
        """`coverage.uncovered` of the texts by the table numerals."""
        found: dict[str, list[tuple[int, int]]] = {}
        if "numerals" in self.tables:
            mentions = self.tables["numerals"].select(["document_id", "start", "end"]).drop_null()
            documents, starts, ends = mentions.columns
            for joined in self.joined():
                found |= uncovered(joined, joined.numbers(documents), starts.to_numpy(), ends.to_numpy())
        return found

    @property
    def uncovered_runs(self) -> int:
        """How many runs of numeral characters no mention covers."""
        return sum(map(len, self.uncovered.values()))

    def quoted(self, quantities: Iterable[str]) -> dict[str, str]:
        """The characters of some mentions, by quantity_id; what is none is left out."""
        if "quantities" not in self.tables:
            return {}
        cells = self.tables["quantities"].select(["quantity_id", "text"])
        found = picked(cells, where(cells, {"quantity_id": set(quantities)}))
        return {row["quantity_id"]: row["text"] for row in found.values()}


def _read(documents: pa.Table) -> Iterator[Mapping[str, Any]]:
    """Those documents that were read, with their lengths."""
    rows = documents.select(["document_id", "status", "characters"]).to_pylist()
    return (row for row in rows if row["status"] == "read")


_CURRENT: ContextVar[tuple[CheckContext, pa.Table]] = ContextVar("check context")


@contextmanager
def checking(context: CheckContext, table: pa.Table) -> Iterator[None]:
    """Within it, `current` is this context: Great Expectations hands none to a condition.

    table: the one that is asked, whose columns are `cells`.
    """
    token = _CURRENT.set((context, table))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> CheckContext:
    """The context of the check that is going on; LookupError outside of one."""
    return _CURRENT.get()[0]


def cells(columns: Sequence[str]) -> pa.Table:
    """Columns of the table that is being asked."""
    return _CURRENT.get()[1].select(list(columns))
