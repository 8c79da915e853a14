"""Articles taken out of a corpus that was read: those on which something fails that comes after reading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.errors import WenshuError, fault_message
from pipeline.night.corpus import Read
from pipeline.statistics.claims import Claim
from pipeline.tables import edits

_EMPTY = {"sentences": 0, "numerals": 0, "quantities": 0}


def culprits(claims: Iterable[Claim], step: Callable[[tuple[Claim, ...]], object]) -> dict[str, str]:
    """The articles on whose claims alone a step fails, each with the reason."""
    by_article: dict[str, list[Claim]] = {}
    for claim in claims:
        by_article.setdefault(claim.document_id, []).append(claim)
    found = {}
    for name, own in by_article.items():
        try:
            step(tuple(own))
        except (OSError, WenshuError):
            raise
        except Exception as error:
            found[name] = fault_message(error)
    return found


def without(found: Read, reasons: Mapping[str, str]) -> Read:
    """The corpus with these articles in quarantine, by document_id, each for its reason."""
    tables, gone = dict(found.tables), {}
    for name, table in tables.items():
        rows = edits.find_rows(table, {"document_id": reasons})
        if name != "documents":
            tables[name], gone[name] = edits.drop_rows(table, rows), rows
            continue
        said = {row: reasons[cells["document_id"]] for row, cells in edits.take_rows(table, rows).items()}
        for column, value in _EMPTY.items():
            tables[name] = edits.set_cells(tables[name], column, dict.fromkeys(rows, value))
        tables[name] = edits.set_cells(tables[name], "status", dict.fromkeys(rows, "quarantined"))
        tables[name] = edits.set_cells(tables[name], "reason", said)
    misfits = (m for m in found.misfits if m.row not in gone.get(m.table, ()))
    return replace(
        found, tables=tables,
        claims=tuple(claim for claim in found.claims if claim.document_id not in reasons),
        doubts=tuple(doubt for doubt in found.doubts if doubt.document_id not in reasons),
        misfits=tuple(m._replace(row=m.row - bisect_left(gone.get(m.table, []), m.row)) for m in misfits),
    )  # fmt: skip
