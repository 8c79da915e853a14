"""The files that hold all tables of a release: the workbook in it, the DuckDB file beside it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.releases.digests import file_digest
from pipeline.releases.ledger import Ledger
from pipeline.releases.writers import pump
from pipeline.releases.writers.database import amend_database, write_database
from pipeline.releases.writers.parquet import stored
from pipeline.releases.writers.pieces import THREADS
from pipeline.releases.writers.sections import differing
from pipeline.releases.writers.workbook import WorkbookWriter

if TYPE_CHECKING:
    from pipeline.releases.draft import Draft

WORKBOOK = "wenshu.xlsx"

_LITTLE = 4
"""A DuckDB file is amended where at most one row in so many is in a section that is new."""
_GROWN = 2.5
"""Times the size of a new one that an amended one may have: what is written anew leaves holes."""


def write_workbook(draft: Draft, last: Ledger, ledger: Ledger) -> None:
    """Write wenshu.xlsx from the Parquet files; what the last release has of it is taken from there."""
    data, seams = draft.folder / "data", ledger.seams
    with ThreadPoolExecutor(THREADS) as pool:
        pieces = ledger.pieces(WORKBOOK, last)
        book = WorkbookWriter(draft.folder / WORKBOOK, draft.tables, draft.date, pool, pieces)
        pump(((table, stored(table, data, seams[table.name])) for table in draft.tables), [book])


def make_database(draft: Draft, path: Path, old: Path | None, last: Ledger, ledger: Ledger) -> None:
    """Make the DuckDB file: of the last release's, where that is as it was made and little is new."""
    data = draft.folder / "data"
    if old and _little_is_new(last, ledger) and _taken(old, path, last.database["digest"]):
        touched = {name: differing(last.seams[name], seams) for name, seams in ledger.seams.items()}
        amend_database(path, draft.tables, data, touched)
        if path.stat().st_size <= _GROWN * last.database["size"]:
            ledger.database.update(last.database, digest=file_digest(path))
            return
        path.unlink()
    write_database(path, draft.tables, data)
    ledger.database.update(digest=file_digest(path), size=path.stat().st_size)


def _little_is_new(last: Ledger, ledger: Ledger) -> bool:
    if not last.database or last.seams.keys() != ledger.seams.keys():
        return False
    known = {seam.key for seams in last.seams.values() for seam in seams}
    seams = [seam for seams in ledger.seams.values() for seam in seams]
    new = sum(seam.size for seam in seams if seam.key not in known)
    return new * _LITTLE <= sum(seam.size for seam in seams)


def _taken(old: Path, path: Path, digest: str) -> bool:
    """Copy a file, if it is as it was."""
    try:
        shutil.copyfile(old, path)
    except FileNotFoundError:
        return False
    if file_digest(path) == digest:
        return True
    path.unlink()
    return False
