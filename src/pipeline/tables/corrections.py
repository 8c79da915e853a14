"""Corrections of figures by decisions, and their text: 更正：205→206；理由；何人；何日."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from pipeline.tables.model import Bilingual

_VALUE = re.compile(r"(?:^|; )(?:obs_)?value = ([^;]+)")
"""The value before the decision, in the column `expect` of the table decisions."""


class Correction(NamedTuple):
    """A decision on a figure: columns of the table decisions."""

    decision_id: str
    action: str
    """correct, flag or accept."""
    expect: str | None
    value: str | None
    """The corrected value."""
    reason: str
    officer: str
    date: date

    @property
    def before(self) -> str:
        """The value before the decision; empty where `expect` does not state it."""
        found = _VALUE.search(self.expect or "")
        return found[1].strip() if found else ""

    @property
    def text(self) -> Bilingual | None:
        """The correction as a text; None for an action that does not change the figure."""
        if self.action not in ("correct", "flag"):
            return None
        zh = f"更正：{self.before}→{self.value}" if self.action == "correct" else "存疑"
        en = f"Corrected: {self.before} → {self.value}" if self.action == "correct" else "Doubtful"
        rest = (self.reason, self.officer, self.date.isoformat())
        return Bilingual("；".join((zh, *rest)), "; ".join((en, *rest)))


def correction_of(decision: Mapping[str, Any] | None) -> Correction | None:
    """The correction of a row of the table decisions; None without a row or decision."""
    if not decision or not decision["decision_id"]:
        return None
    return Correction(*(decision[name] for name in Correction._fields))
