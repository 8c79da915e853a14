"""Tables of a release, asked in SQL; empty where there is no release yet."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from pipeline.numbers.mention import DOUBT
from pipeline.releases.queries import open_queries
from pipeline.releases.store import ReleaseStore

_FIGURES = "SELECT q.*, d.path FROM quantities q JOIN documents d USING (document_id)"
_CLAIMED = "SELECT indicator, unnest(string_split(quantity_ids, ' ')) AS quantity_id FROM observations"
_NAMED = "SELECT quantity_id FROM statistics WHERE concept IS NOT NULL"
"""Figures of a concept."""


class ReleaseTables:
    """The tables of a release in an output folder."""

    def __init__(self, output: Path, version: str | None = None) -> None:
        """version: by default the latest."""
        store = ReleaseStore(output)
        self.version = version or store.latest()
        self._data = store.folder(self.version) / "data" if self.version else None

    def doubted_figures(self, limit: int) -> list[dict[str, Any]]:
        """The figures whose subject is more likely wrong than right, with their documents' paths.

        Those of indicators come first, for series rest on them; then the most doubtful.
        """
        return self._rows(
            f"""WITH claimed AS ({_CLAIMED}), figure AS ({_FIGURES})
            SELECT f.*, c.indicator FROM figure f LEFT JOIN claimed c USING (quantity_id)
            WHERE f.confidence < ? AND f.subject IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY f.quantity_id ORDER BY c.indicator) = 1
            ORDER BY c.indicator IS NULL, f.confidence, f.path, f.start LIMIT ?""",
            ("quantities", "documents", "observations"), DOUBT, limit,
        )  # fmt: skip

    def indicators_of(self, quantities: Collection[str]) -> dict[str, str]:
        """The indicator of each of these figures that has one."""
        rows = self._rows(
            f"SELECT * FROM ({_CLAIMED}) WHERE quantity_id IN (SELECT unnest(?::VARCHAR[]))",
            ("observations",), sorted(quantities),
        )  # fmt: skip
        return {row["quantity_id"]: row["indicator"] for row in rows}

    def documents(self) -> dict[str, dict[str, Any]]:
        """The row of every document, by its path."""
        return {row["path"]: row for row in self._rows("FROM documents", ("documents",))}

    def unclaimed_subjects(self, limit: int) -> list[dict[str, Any]]:
        """Subjects that neither a concept nor an indicator claims, with three of their figures.

        The most frequent come first.
        """
        return self._rows(
            f"""WITH claimed AS ({_CLAIMED}), figure AS ({_FIGURES}), named AS ({_NAMED})
            SELECT subject, kind, unit, count(*) AS times, avg(confidence) AS confidence,
                list_sort(list(DISTINCT {{'quote': coalesce(quote, text), 'path': path}}))[1:3] AS figures
            FROM figure ANTI JOIN claimed USING (quantity_id) ANTI JOIN named USING (quantity_id)
            WHERE subject IS NOT NULL AND kind <> 'duration'
            GROUP BY ALL ORDER BY times DESC, confidence DESC, subject, unit NULLS FIRST, kind LIMIT ?""",
            ("quantities", "documents", "observations", "statistics"), limit,
        )  # fmt: skip

    def changes(self, limit: int) -> list[dict[str, Any]]:
        """The differences from the release before, row by row."""
        return self._rows("FROM changes LIMIT ?", ("changes",), limit)

    def decisions(self) -> list[dict[str, Any]]:
        """The decisions that were in force, the newest first."""
        return self._rows("FROM decisions ORDER BY date DESC", ("decisions",))

    def _rows(self, sql: str, tables: Collection[str], *values: object) -> list[dict[str, Any]]:
        if self._data is None:
            return []
        paths = {name: self._data / f"{name}.parquet" for name in tables}
        try:
            with open_queries(paths) as queries:
                return queries.all(sql, *values)
        except FileNotFoundError:
            return []
