"""What a decision did to a figure, in words: 更正：205→206；理由；何人；何日."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipeline.tables.model import Words

_VALUE = re.compile(r"(?:^|; )(?:obs_)?value = ([^;]+)")
"""In the cell `expect` of the table decisions: the value that was seen."""


class Correction(NamedTuple):
    """A decision that corrected or marked a figure, by the columns of the table decisions."""

    action: str
    expect: str | None
    value: str | None
    reason: str
    officer: str
    date: date

    @property
    def words(self) -> Words | None:
        """It in both languages; None for an action that leaves the figure as it is."""
        if self.action not in ("correct", "flag"):
            return None
        before = seen_value(self.expect)
        zh = f"更正：{before}→{self.value}" if self.action == "correct" else "存疑"
        en = f"Corrected: {before} → {self.value}" if self.action == "correct" else "Doubtful"
        rest = (self.reason, self.officer, self.date.isoformat())
        return Words("；".join((zh, *rest)), "; ".join((en, *rest)))


def seen_value(expect: str | None) -> str:
    """The value that was seen when it was decided, from the cell `expect`; empty where none was."""
    seen = _VALUE.search(expect or "")
    return seen[1].strip() if seen else ""
