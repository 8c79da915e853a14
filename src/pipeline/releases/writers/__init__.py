"""File formats of a release: one short file each, behind one small interface.

`write` pumps tables through writers, section by section: rows stream, and memory does
not grow with them. Sections are cut where the rows say so, so that the bytes do not
depend on how they happened to arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from pipeline.releases.writers.sections import Seam, Section, cut

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.tables import Table


class Writer(Protocol):
    """Writes tables, one after another, into one format."""

    def setup(self, table: Table) -> None:
        """A table begins."""

    def feed(self, section: Section) -> None:
        """Its next rows, in order."""

    def finish(self) -> None:
        """It is complete."""

    def close(self) -> None:
        """All tables are."""

    def abandon(self) -> None:
        """Something failed: let go of what is open, which need not be whole."""


def write(
    tables: Iterable[tuple[Table, pa.Table | Iterable[pa.RecordBatch]]], writers: Sequence[Writer]
) -> dict[str, list[Seam]]:
    """Write every table with every writer; returns what the sections of each are known by.

    Raises WenshuError where rows are not as they are declared (`sections.cut`).
    """
    return pump(((table, cut(table, rows)) for table, rows in tables), writers)


def pump(
    tables: Iterable[tuple[Table, Iterable[Section]]], writers: Sequence[Writer]
) -> dict[str, list[Seam]]:
    """The same for tables that are cut already."""
    seams: dict[str, list[Seam]] = {}
    try:
        for table, rows in tables:
            for writer in writers:
                writer.setup(table)
            seams[table.name] = []
            for section in rows:
                seams[table.name].append(section.seam)
                for writer in writers:
                    writer.feed(section)
            for writer in writers:
                writer.finish()
        for writer in writers:
            writer.close()
    except BaseException:
        for writer in writers:
            with suppress(Exception):  # what went wrong first is what is told
                writer.abandon()
        raise
    return seams
