"""What this project's own expectations may look at beside their columns: other tables, and the texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.gate.coverage import Span, uncovered
from pipeline.tables.edits import find_rows, take_rows

if TYPE_CHECKING:
    import pyarrow as pa

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns the decoded texts of documents, by document_id."""


class CheckContext:
    """The tables of a run and its texts, and what several expectations need of them."""

    def __init__(self, tables: Mapping[str, pa.Table], texts: Texts, batch_characters: int) -> None:
        self.tables, self._batch_characters = tables, batch_characters
        self._texts = lru_cache(1)(texts)

    def read_texts(self) -> Iterator[tuple[str, str]]:
        """Every document with the status `read`, with its text; one batch of texts after another."""
        batch: list[str] = []
        size = 0
        for row in self._documents_read:
            batch.append(row["document_id"])
            size += row["characters"] or 0
            if size >= self._batch_characters:
                yield from self._texts(tuple(batch)).items()
                batch, size = [], 0
        if batch:
            yield from self._texts(tuple(batch)).items()

    @cached_property
    def _documents_read(self) -> list[Mapping[str, Any]]:
        if "documents" not in self.tables:
            return []
        cells = self.tables["documents"].select(["document_id", "status", "characters"])
        return [row for row in cells.to_pylist() if row["status"] == "read"]

    @cached_property
    def uncovered(self) -> Mapping[str, list[Span]]:
        """By document, the runs of numeral characters that no row of `numerals` covers; never empty."""
        if "numerals" not in self.tables:
            return {}
        spans: dict[str, list[Span]] = {}
        cells = self.tables["numerals"].select(["document_id", "start", "end"]).drop_null()
        for name, start, end in zip(*(column.to_pylist() for column in cells.columns), strict=True):
            spans.setdefault(name, []).append((start, end))
        runs = ((name, uncovered(text, spans.get(name, ()))) for name, text in self.read_texts())
        return {name: found for name, found in runs if found}

    def mention_texts(self, quantities: Iterable[str]) -> dict[str, str]:
        """The characters of mentions, by quantity_id; unknown ids are left out."""
        if "quantities" not in self.tables:
            return {}
        cells = self.tables["quantities"].select(["quantity_id", "text"])
        found = take_rows(cells, find_rows(cells, {"quantity_id": set(quantities)}))
        return {row["quantity_id"]: row["text"] for row in found.values()}
