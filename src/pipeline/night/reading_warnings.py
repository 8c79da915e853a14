"""What a night finds beside the gate: sources not read in whole, values that do not fit, figures in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import one_line
from pipeline.gate.findings import Finding
from pipeline.night.results import Intake
from pipeline.statistics.claims import Diagnostic
from pipeline.tables import Bilingual, rows
from pipeline.tables.edits import find_references
from pipeline.texts.personal import MASKED
from pipeline.texts.source import LEFT_OUT, NOTE

if TYPE_CHECKING:
    import pyarrow as pa

_TOO_LARGE = Bilingual("数值超出可发布的范围", "The value is larger than what can be released")

_DOUBTS = {
    "quarantined": (
        "warning",
        Bilingual("来源无法读取，未计入", "The source could not be read and is left out"),
    ),
    "duplicate": (
        "info",
        Bilingual("来源与他篇相同，只计一次", "The source repeats another and counts once"),
    ),
    "noted": (
        "warning",
        Bilingual("来源旁所记有不能用的", "Not all that is said of the source could be used"),
    ),
    "personal": ("info", Bilingual("其中个人号码已打码", "Numbers of persons in it are masked")),
    "partly": ("info", Bilingual("来源中不属正文的未读", "What is no part of the article was not read")),
}
"""Severity and words by the check, source_quarantined and so on."""
_BEGINNINGS = {LEFT_OUT: "partly", MASKED: "personal"}
"""The checks of notes, by how these begin; any other is a fault in what is said of the source."""


def left_out(intake: Intake) -> Iterator[Diagnostic]:
    """What the officer should know of files behind a URL that could not be brought."""
    for path in intake.left_out:
        said = (
            "未取来：它不是普通文件，或其名本机存不下，请换个名字 / left out, as no plain file or for a name "
            f"that this machine cannot hold; rename it: {intake.project.raw_place}: {one_line(path)}"
        )
        yield Diagnostic("source_left_out", "warning", "", said)


def unread(documents: pa.Table) -> Iterator[Diagnostic]:
    """A doubt for each document with a reason: not read, or not everything of it and beside it."""
    import pyarrow.compute as pc

    asked = documents.select(["document_id", "status", "reason"]).filter(pc.is_valid(documents["reason"]))
    for row in asked.to_pylist():
        for check, reason in _notes(row["status"], row["reason"]):
            severity, said = _DOUBTS[check]
            yield Diagnostic(
                f"source_{check}", severity, row["document_id"], f"{said.zh} / {said.en}: {reason}"
            )


def misfits(misfits: Sequence[rows.InexactValue]) -> Iterator[Finding]:
    """A finding for each value that is too large, which holds its row.

    One that is rounded to the last place that is released (a third, to ten) is no fault of the text's.
    """
    return (_misfit(misfit) for misfit in misfits if misfit.kept is None)


def _misfit(misfit: rows.InexactValue) -> Finding:
    return Finding(
        table=misfit.table, check=f"precision-{misfit.column}", type="precision", severity="warning",
        description=_TOO_LARGE, observed=f"{misfit.value}"[:100], rows=(misfit.row,),
        columns=(misfit.column,),
    )  # fmt: skip


def held_by(doubts: Iterable[Diagnostic], observations: pa.Table) -> Iterator[Finding]:
    """Doubts that are warnings hold back the observations that were made of the mentions they name."""
    doubted = {key for doubt in doubts if doubt.severity == "warning" for key in doubt.keys}
    named = tuple(find_references(observations["quantity_ids"], doubted))
    if named:
        yield Finding(
            table="observations", check="doubt", type="doubt", severity="warning",
            description=Bilingual("", ""), observed="", rows=named, columns=("quantity_ids",),
        )  # fmt: skip


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
