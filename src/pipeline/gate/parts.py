"""The gate over a corpus of any size, at a cost that follows what changed.

What can be told of a row from its own document is asked shard by shard, of those alone
that are not as they were when the same was asked before (`known`); all else is asked of
the whole. Neither frames nor texts of more than a part are in memory. The findings are
those that one look at everything gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import gate
from pipeline.gate import Verdict
from pipeline.gate.drift import ROWS, drift
from pipeline.gate.known import Memory
from pipeline.gate.pieces import Piece, Texts, ask, before
from pipeline.gate.results import joint
from pipeline.gate.suites import Expectation
from pipeline.gate.view import View
from pipeline.night.shards import TABLES as BY_DOCUMENT

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 300_000
"""Rows of numerals in a part, about. Each part costs a fifth of a second beside what its rows do, and
with ten million characters some 200 MB."""

_OF_A_ROW = frozenset(
    f"expect_{name}"
    for name in (
        "filled_cells",
        "ascending_cells",
        "text_of_the_source",
        "spans_apart",
        "documents_to_be_accounted_for",
        "quantities_to_be_sound",
        "column_values_to_not_be_null",
        "column_values_to_be_null",
        "column_values_to_be_in_set",
        "column_values_to_not_be_in_set",
        "column_values_to_be_between",
        "column_values_to_match_regex",
        "column_values_to_not_match_regex",
        "column_value_lengths_to_be_between",
    )
)
"""Expectations of single rows, for which a row needs no more than its own document."""


class Checked(NamedTuple):
    """What came of the gate."""

    verdict: Verdict
    unclaimed: int
    """Runs of numeral characters in the texts that no mention accounts for."""


def validate(
    tables: Mapping[str, pa.Table],
    suites: Mapping[str, Sequence[Expectation]],
    texts: Texts,
    release: Path | None = None,
    memory: Memory | None = None,
    rows: int = _ROWS,
) -> Checked:
    """As `gate.validate`; tables whose rows are of one document are in the order of documents.

    texts: gives those of documents that are read. memory: what was found before; nothing by
    default. rows: of numerals that are looked at together.
    """
    asked = {name: suites[name] for name in tables if name in suites}
    local = {name: [e for e in asked.get(name, ()) if _of_a_row(e)] for name in BY_DOCUMENT}
    whole = {name: [e for e in suite if e not in local.get(name, ())] for name, suite in asked.items()}
    drifted = drift(tables, release)
    parameters = {name: {ROWS: drifted.rows[name]} for name in asked}
    look = memory.look if memory else gate.look
    results = look(View(drifted.tables, {}, whole), whole, parameters)
    pieces = memory.pieces(tables, local) if memory else [Piece(part) for part in _parts(tables, rows)]
    told = {n: said for n, piece in enumerate(pieces) if memory and (said := memory.known(piece))}
    for group in _groups(pieces, told, rows):
        heard = ask([pieces[number] for number in group], tables, local, texts)
        told |= dict(zip(group, heard, strict=True))
        if memory:
            memory.keep((pieces[number], told[number]) for number in group)
    for name, expectations in local.items():
        for expectation in expectations:
            check = expectation["meta"]["check"]
            found = (
                result.moved(piece.rows[name][0])
                for number, piece in enumerate(pieces)
                if (result := told[number].found.get((name, check)))
            )
            results.setdefault(name, {})[check] = joint(list(found), expectation, tables[name].num_rows)
    verdict = gate.verdict_of(results, asked, parameters, drifted.tables)
    return Checked(verdict, sum(said.unclaimed for said in told.values()))


def _of_a_row(expectation: Expectation) -> bool:
    kwargs = expectation["kwargs"]
    if "mostly" in kwargs or "condition_parser" in kwargs or "$PARAMETER" in str(kwargs):
        return False
    if expectation["meta"]["check"] == "key":  # a key begins with its document, or is made from it
        return True
    if expectation["type"] == "expect_column_values_to_be_among_those_of":
        return kwargs["column"] in ("document_id", "quantity_id") and kwargs["named_table"] in BY_DOCUMENT
    return expectation["type"] in _OF_A_ROW


def _groups(pieces: Sequence[Piece], known: Collection[int], rows: int) -> Iterator[list[int]]:
    """The pieces that are not known, so many together that they come to the rows, by their numbers."""
    group: list[int] = []
    held = 0
    for number, piece in enumerate(pieces):
        if number not in known:
            group.append(number)
            held += piece.length("numerals")
            if held >= rows:
                yield group
                group, held = [], 0
    if group:
        yield group


def _parts(tables: Mapping[str, pa.Table], rows: int) -> Iterator[dict[str, tuple[int, int]]]:
    """Runs of whole documents: by table the first row and the one after the last."""
    ids = {name: tables[name]["document_id"] for name in BY_DOCUMENT}
    begin = dict.fromkeys(BY_DOCUMENT, 0)
    total = len(ids["numerals"])
    for middle in range(rows, total, rows):
        first = ids["numerals"][middle].as_py()
        end = {name: before(column, first) for name, column in ids.items()}
        if end["numerals"] > begin["numerals"]:
            yield {name: (begin[name], end[name]) for name in BY_DOCUMENT}
            begin = end
    yield {name: (begin[name], len(ids[name])) for name in BY_DOCUMENT}
