"""What the officer should know of the sources: what was not read, in whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.statistics.claims import Finding
from pipeline.tables.model import Words
from pipeline.texts.source import LEFT_OUT

if TYPE_CHECKING:
    import pyarrow as pa

_DOUBTS = {
    "quarantined": ("warning", Words("来源无法读取，未计入", "The source could not be read and is left out")),
    "duplicate": ("info", Words("来源与他篇相同，只计一次", "The source repeats another and counts once")),
    "noted": ("warning", Words("来源旁所记有不能用的", "Not all that is said of the source could be used")),
    "partly": ("info", Words("来源中不属正文的未读", "What is no part of the article was not read")),
}
"""Severity and words by the check, source_quarantined and so on."""


def unread(documents: pa.Table) -> Iterator[Finding]:
    """A finding for each document with a reason: not read, or not everything of it and beside it."""
    import pyarrow.compute as pc

    asked = documents.select(["document_id", "status", "reason"]).filter(pc.is_valid(documents["reason"]))
    for row in asked.to_pylist():
        check = row["status"]
        if check == "read":
            check = "partly" if row["reason"].startswith(LEFT_OUT) else "noted"
        if check in _DOUBTS:
            severity, said = _DOUBTS[check]
            message = f"{said.zh} / {said.en}: {row['reason']}"
            yield Finding(f"source_{check}", severity, row["document_id"], message)
