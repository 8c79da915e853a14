"""The gate over a corpus of any size: in parts of so many rows, each a run of whole documents.

What can be told of a row from its own document is asked part by part, so that neither
frames nor texts of more than one part are in memory; all else is asked of the whole. The
findings are those that one look at everything gives.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import gate
from pipeline.gate import Verdict
from pipeline.gate.account import unclaimed
from pipeline.gate.drift import ROWS, drift
from pipeline.gate.results import Result, joint
from pipeline.gate.suites import Expectation
from pipeline.night.shards import TABLES as BY_DOCUMENT

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 100_000
"""Rows of numerals in a part, about."""

_OF_A_ROW = frozenset(
    f"expect_{name}"
    for name in (
        "filled_cells",
        "ascending_cells",
        "text_of_the_source",
        "spans_apart",
        "documents_to_be_accounted_for",
        "quantities_to_be_sound",
        "spans_apart",
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
    texts: Mapping[str, str],
    rows: int = _ROWS,
    release: Path | None = None,
) -> Checked:
    """As `gate.validate`; tables whose rows are of one document are in the order of documents."""
    parts = list(_parts(tables, rows))
    if len(parts) < 2:
        held = dict(texts.items())
        return Checked(gate.validate(tables, suites, held, release), _open(tables, held))
    local = {name: [e for e in suites.get(name, ()) if _of_a_row(e)] for name in BY_DOCUMENT}
    whole = {
        name: [e for e in suites[name] if e not in local.get(name, ())] for name in tables if name in suites
    }
    drifted = drift(tables, release)
    parameters = {name: {ROWS: drifted.rows[name]} for name in whole}
    results = gate.look(drifted.tables, whole, {}, parameters)
    found: dict[tuple[str, str], list[Result]] = {}
    left = 0
    for part in parts:
        cut = {name: tables[name].slice(first, end - first) for name, (first, end) in part.items()}
        held = {name: texts[name] for name in cut["documents"]["document_id"].to_pylist() if name in texts}
        left += _open(cut, held)
        for name, looked in gate.look(cut, local, held, {}).items():
            for check, result in looked.items():
                found.setdefault((name, check), []).append(result.moved(part[name][0]))
    for (name, check), of in found.items():
        results[name][check] = joint(of)
    asked = {name: suites[name] for name in whole}
    return Checked(gate.verdict_of(results, asked, parameters, drifted.tables), left)


def _of_a_row(expectation: Expectation) -> bool:
    kwargs = expectation["kwargs"]
    if "mostly" in kwargs or "condition_parser" in kwargs or "$PARAMETER" in str(kwargs):
        return False
    if expectation["meta"]["check"] == "key":  # a key begins with its document, or is made from it
        return True
    if expectation["type"] == "expect_column_values_to_be_among_those_of":
        return kwargs["column"] in ("document_id", "quantity_id") and kwargs["named_table"] in BY_DOCUMENT
    return expectation["type"] in _OF_A_ROW


def _parts(tables: Mapping[str, pa.Table], rows: int) -> Iterator[dict[str, tuple[int, int]]]:
    """Runs of whole documents: by table the first row and the one after the last."""
    ids = {name: tables[name]["document_id"] for name in BY_DOCUMENT}
    begin = dict.fromkeys(BY_DOCUMENT, 0)
    total = len(ids["numerals"])
    for middle in range(rows, total, rows):
        first = ids["numerals"][middle].as_py()
        end = {name: _before(column, first) for name, column in ids.items()}
        if end["numerals"] > begin["numerals"]:
            yield {name: (begin[name], end[name]) for name in BY_DOCUMENT}
            begin = end
    yield {name: (begin[name], len(ids[name])) for name in BY_DOCUMENT}


def _before(column: pa.ChunkedArray, value: str) -> int:
    """How many of the sorted values come before this one."""
    return bisect_left(range(len(column)), value, key=lambda row: column[row].as_py())


def _open(tables: Mapping[str, pa.Table], texts: Mapping[str, str]) -> int:
    spans = (tables["numerals"][name].to_pylist() for name in ("document_id", "start", "end"))
    return sum(map(len, unclaimed(texts, *spans).values()))
