"""What a night finds beside the gate: sources left out, values that do not fit, figures in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline import gate
from pipeline.errors import one_line
from pipeline.night.results import Intake
from pipeline.statistics.claims import Finding as Doubt
from pipeline.tables import Words, rows
from pipeline.tables.edits import naming

if TYPE_CHECKING:
    import pyarrow as pa

_TOO_LARGE = Words("数值超出可发布的范围", "The value is larger than what can be released")


def left_out(intake: Intake) -> Iterator[Doubt]:
    """What the officer should know of files behind a URL that could not be brought."""
    for path in intake.left_out:
        said = (
            "未取来：它不是普通文件，或其名本机存不下，请换个名字 / left out, as no plain file or for a name "
            f"that this machine cannot hold; rename it: {intake.project.raw_place}: {one_line(path)}"
        )
        yield Doubt("source_left_out", "warning", "", said)


def misfits(misfits: Sequence[rows.Misfit]) -> Iterator[gate.Finding]:
    """A finding for each value that is too large, which holds its row.

    One that is rounded to the last place that is released (a third, to ten) is no fault of the text's.
    """
    return (_misfit(misfit) for misfit in misfits if misfit.kept is None)


def _misfit(misfit: rows.Misfit) -> gate.Finding:
    return gate.Finding(
        table=misfit.table, check=f"precision-{misfit.column}", type="precision", severity="warning",
        description=_TOO_LARGE, observed=f"{misfit.value}"[:100], rows=(misfit.row,),
        columns=(misfit.column,),
    )  # fmt: skip


def held_by(doubts: Iterable[Doubt], observations: pa.Table) -> Iterator[gate.Finding]:
    """Doubts that are warnings hold back the observations that were made of the mentions they name."""
    doubted = {key for doubt in doubts if doubt.severity == "warning" for key in doubt.keys}
    named = tuple(naming(observations["quantity_ids"], doubted))
    if named:
        yield gate.Finding(
            table="observations", check="doubt", type="doubt", severity="warning", description=Words("", ""),
            observed="", rows=named, columns=("quantity_ids",),
        )  # fmt: skip
