"""What the officer should know of the sources: what was not read, in whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.statistics.claims import Finding
from pipeline.tables.model import Words
from pipeline.texts.personal import MASKED
from pipeline.texts.source import LEFT_OUT, NOTE

if TYPE_CHECKING:
    import pyarrow as pa

_DOUBTS = {
    "quarantined": ("warning", Words("来源无法读取，未计入", "The source could not be read and is left out")),
    "duplicate": ("info", Words("来源与他篇相同，只计一次", "The source repeats another and counts once")),
    "noted": ("warning", Words("来源旁所记有不能用的", "Not all that is said of the source could be used")),
    "personal": ("info", Words("其中个人号码已打码", "Numbers of persons in it are masked")),
    "partly": ("info", Words("来源中不属正文的未读", "What is no part of the article was not read")),
}
"""Severity and words by the check, source_quarantined and so on."""
_BEGINNINGS = {LEFT_OUT: "partly", MASKED: "personal"}
"""The checks of notes, by how these begin; any other is a fault in what is said of the source."""


def unread(documents: pa.Table) -> Iterator[Finding]:
    """A finding for each document with a reason: not read, or not everything of it and beside it."""
    import pyarrow.compute as pc

    asked = documents.select(["document_id", "status", "reason"]).filter(pc.is_valid(documents["reason"]))
    for row in asked.to_pylist():
        for check, reason in _notes(row["status"], row["reason"]):
            severity, said = _DOUBTS[check]
            yield Finding(f"source_{check}", severity, row["document_id"], f"{said.zh} / {said.en}: {reason}")


def _notes(status: str, reason: str) -> Iterator[tuple[str, str]]:
    """The checks that a document's reason is for, each with its part of it."""
    if status != "read":
        yield from [(status, reason)] if status in _DOUBTS else []
        return
    parts: dict[str, list[str]] = {}
    for note in reason.split(NOTE):
        check = next((check for begin, check in _BEGINNINGS.items() if note.startswith(begin)), "noted")
        parts.setdefault(check, []).append(note)
    yield from ((check, NOTE.join(notes)) for check, notes in parts.items())
