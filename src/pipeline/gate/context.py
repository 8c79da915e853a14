"""What expectations look at beyond the columns that they name: the check context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from pipeline.gate.coverage import Span, uncovered
from pipeline.tables.edits import picked, where

if TYPE_CHECKING:
    import pyarrow as pa

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives the decoded texts of documents by document_id."""

TOGETHER = 10_000_000
"""Characters of texts that are looked at at once, for which some 20 MB are wanted."""


class CheckContext:
    """Tables and texts, with what is worked out of them once for all expectations that ask."""

    def __init__(self, tables: Mapping[str, pa.Table], texts: Texts, together: int = TOGETHER) -> None:
        """Tables by name. together: characters of texts looked at at once."""
        self.tables, self._together = tables, together
        self._texts = lru_cache(1)(texts)

    def read(self) -> Iterator[tuple[str, str]]:
        """The documents that were read, each with its text."""
        return chain.from_iterable(self._texts(group).items() for group in self._groups)

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
    def uncovered(self) -> Mapping[str, list[Span]]:
        """By document, `coverage.uncovered` of its text by the table numerals; those without are left out."""
        if "numerals" not in self.tables:
            return {}
        spans: dict[str, list[Span]] = {}
        cells = self.tables["numerals"].select(["document_id", "start", "end"]).drop_null()
        for name, *span in zip(*(column.to_pylist() for column in cells.columns), strict=True):
            spans.setdefault(name, []).append((span[0], span[1]))
        left = ((name, uncovered(text, spans.get(name, ()))) for name, text in self.read())
        return {name: runs for name, runs in left if runs}

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
