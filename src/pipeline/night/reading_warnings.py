"""What reading leaves open, as doubts and findings: unread sources, values too large, doubtful figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import one_line
from pipeline.gate.findings import Finding
from pipeline.night.stage_results import IngestResult
from pipeline.statistics.claims import Diagnostic
from pipeline.tables import Bilingual, rows
from pipeline.tables.edits import find_references
from pipeline.texts.formats import LEFT_OUT
from pipeline.texts.personal import MASKED
from pipeline.texts.source import NOTE

if TYPE_CHECKING:
    import pyarrow as pa

_TOO_LARGE = Bilingual("数值超出可发布的范围", "The value is larger than what can be released")

_SOURCE_DOUBTS = {
    "quarantined": (
        "warning", Bilingual("来源无法读取，未计入", "The source could not be read and is left out"),
    ),
    "duplicate": (
        "info", Bilingual("来源与他篇相同，只计一次", "The source repeats another and counts once"),
    ),
    "noted": (
        "warning", Bilingual("来源旁所记有不能用的", "Not all that is said of the source could be used"),
    ),
    "personal": ("info", Bilingual("其中个人号码已打码", "Numbers of persons in it are masked")),
    "partly": ("info", Bilingual("来源中不属正文的未读", "What is no part of the article was not read")),
}  # fmt: skip
"""Severity and text by check, without its prefix source_."""
_NOTE_PREFIXES = {LEFT_OUT: "partly", MASKED: "personal"}
"""The checks of notes by their beginnings; any other is about an error in the source's metadata."""


def left_out(ingested: IngestResult) -> Iterator[Diagnostic]:
    """A doubt for each file behind a URL that could not be downloaded."""
    for path in ingested.left_out:
        message = (
            "未取来：它不是普通文件，或其名本机存不下，请换个名字 / left out, as no plain file or for a name "
            f"that this machine cannot hold; rename it: {ingested.project.raw_place}: {one_line(path)}"
        )
        yield Diagnostic("source_left_out", "warning", "", message)


def unread(documents: pa.Table) -> Iterator[Diagnostic]:
    """Doubts about each document with a reason: it was not read, or not all of it and of its metadata."""
    import pyarrow.compute as pc

    noted = documents.select(["document_id", "status", "reason"]).filter(pc.is_valid(documents["reason"]))
    for row in noted.to_pylist():
        for check, reason in _notes(row["status"], row["reason"]):
            severity, text = _SOURCE_DOUBTS[check]
            message = f"{text.zh} / {text.en}: {reason}"
            yield Diagnostic(f"source_{check}", severity, row["document_id"], message)


def misfits(misfits: Sequence[rows.InexactValue]) -> Iterator[Finding]:
    """A finding for each value that is too large, whose row is held back.

    A value that was rounded to the released precision (a third, for example) is no error.
    """
    for misfit in misfits:
        if misfit.kept is None:
            yield Finding(
                table=misfit.table, check=f"precision-{misfit.column}", type="precision",
                severity="warning", description=_TOO_LARGE, observed=f"{misfit.value}"[:100],
                rows=(misfit.row,), columns=(misfit.column,),
            )  # fmt: skip


def held_by(doubts: Iterable[Diagnostic], observations: pa.Table) -> Iterator[Finding]:
    """A finding for the observations that are made of the mentions of doubts that are warnings."""
    doubted = {key for doubt in doubts if doubt.severity == "warning" for key in doubt.keys}
    numbers = tuple(find_references(observations["quantity_ids"], doubted))
    if numbers:
        yield Finding(
            table="observations", check="doubt", type="doubt", severity="warning",
            description=Bilingual("", ""), observed="", rows=numbers, columns=("quantity_ids",),
        )  # fmt: skip


def _notes(status: str, reason: str) -> Iterator[tuple[str, str]]:
    """The checks that a document's reason belongs to, each with its part of the reason."""
    if status != "read":
        yield from [(status, reason)] if status in _SOURCE_DOUBTS else []
        return
    parts: dict[str, list[str]] = {}
    for note in reason.split(NOTE):
        check = next((check for prefix, check in _NOTE_PREFIXES.items() if note.startswith(prefix)), "noted")
        parts.setdefault(check, []).append(note)
    yield from ((check, NOTE.join(notes)) for check, notes in parts.items())
