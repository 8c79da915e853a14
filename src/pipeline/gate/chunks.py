"""A corpus in chunks of whole documents, so that a gate of any size needs the memory of one.

Whatever a row needs no more for than its own document is asked chunk by chunk; all else,
such as the number of rows, is asked of the whole table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.gate.suites import Expectation
from pipeline.tables import BY_DOCUMENT

if TYPE_CHECKING:
    import pyarrow as pa

Chunk = Mapping[str, tuple[int, int]]
"""By table the first row, and the one after the last."""

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives the decoded texts of documents by document_id."""

ROWS = 300_000
"""Rows of numerals in a chunk, about. Each chunk costs a fifth of a second beside what its rows do, and
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


def of_a_row(expectation: Expectation) -> bool:
    """Whether a row of a table by document can be told sound or not from its own document."""
    kwargs = expectation["kwargs"]
    if "mostly" in kwargs or "condition_parser" in kwargs or "$PARAMETER" in str(kwargs):
        return False
    if expectation["meta"]["check"] == "key":  # a key begins with its document, or is made from it
        return True
    if expectation["type"] == "expect_column_values_to_be_among_those_of":
        return kwargs["column"] in ("document_id", "quantity_id") and kwargs["named_table"] in BY_DOCUMENT
    return expectation["type"] in _OF_A_ROW


def chunks(tables: Mapping[str, pa.Table], rows: int = ROWS) -> list[Chunk]:
    """Runs of whole documents; one where there are no more rows of numerals, or none by document.

    tables: those by document are in the order of document_id.
    """
    if any(name not in tables for name in BY_DOCUMENT):
        return [{}]
    ids = {name: tables[name]["document_id"] for name in BY_DOCUMENT}
    firsts = [dict.fromkeys(BY_DOCUMENT, 0)]
    for middle in range(rows, len(ids["numerals"]), rows):
        document = ids["numerals"][middle].as_py()
        first = {name: _before(column, document) for name, column in ids.items()}
        if first["numerals"] > firsts[-1]["numerals"]:
            firsts.append(first)
    ends = [*firsts[1:], {name: len(column) for name, column in ids.items()}]
    return [
        {name: (first[name], end[name]) for name in BY_DOCUMENT}
        for first, end in zip(firsts, ends, strict=True)
    ]


def cut(tables: Mapping[str, pa.Table], chunk: Chunk) -> dict[str, pa.Table]:
    """The rows of a chunk, by table."""
    return {name: tables[name].slice(first, end - first) for name, (first, end) in chunk.items()}


def read_texts(tables: Mapping[str, pa.Table], texts: Texts) -> Mapping[str, str]:
    """The texts of the documents that were read."""
    import pyarrow.compute as pc

    if "documents" not in tables:
        return {}
    documents = tables["documents"]
    return texts(documents["document_id"].filter(pc.equal(documents["status"], "read")).to_pylist())


def _before(column: pa.ChunkedArray, value: str) -> int:
    """How many of the sorted values come before this one."""
    return bisect_left(range(len(column)), value, key=lambda row: column[row].as_py())
