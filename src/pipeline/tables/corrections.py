"""What a decision did to a figure, in words: 更正：205→206；理由；何人；何日."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from pipeline.tables.model import Words

_VALUE = re.compile(r"(?:^|; )(?:obs_)?value = ([^;]+)")
"""In the cell `expect` of the table decisions: the value that was seen."""


class Correction(NamedTuple):
    """A decision on a figure, by the columns of the table decisions."""

    decision_id: str
    action: str
    """correct, flag or accept."""
    expect: str | None
    value: str | None
    """What it was corrected to."""
    reason: str
    officer: str
    date: date

    @property
    def before(self) -> str:
        """The value that was seen when it was decided; empty where `expect` does not say it."""
        seen = _VALUE.search(self.expect or "")
        return seen[1].strip() if seen else ""

    @property
    def words(self) -> Words | None:
        """It in both languages; None for an action that leaves the figure as it is."""
        if self.action not in ("correct", "flag"):
            return None
        zh = f"更正：{self.before}→{self.value}" if self.action == "correct" else "存疑"
        en = f"Corrected: {self.before} → {self.value}" if self.action == "correct" else "Doubtful"
        rest = (self.reason, self.officer, self.date.isoformat())
        return Words("；".join((zh, *rest)), "; ".join((en, *rest)))


def correction_of(decision: Mapping[str, Any] | None) -> Correction | None:
    """The correction in a row of the table decisions; None where there is none."""
    if not decision or not decision["decision_id"]:
        return None
    return Correction(*(decision[name] for name in Correction._fields))
