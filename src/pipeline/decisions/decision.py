"""A decision of an officer, and why it may no longer apply."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pipeline.errors import one_line
from pipeline.tables.model import Bilingual, cell_text
from pipeline.texts.layout import unbroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, as an officer wrote it."""

    kind: str
    """What the target is: quantity, relation, observation, document or expectation."""
    target: str
    """Its id; an observation's is its four keys, - for null, with spaces between."""
    action: str
    """correct, drop, accept or flag."""
    expect: Mapping[str, str]
    """Cells of the target's row when it was decided, by column; null is the empty string."""
    value: Decimal | None = None
    """What `correct` corrects to."""
    frame: Mapping[str, str | bool | None] = field(default_factory=dict)
    """What `correct` says that a figure is about: fields of `Mention`, region and period."""
    reason: str
    officer: str
    date: dt.date
    expires: dt.date | None = None
    """The last day on which it holds."""
    place: str = ""
    """File and line, for messages."""

    @property
    def changes_data(self) -> bool:
        """Whether it changes what is derived, and does not only mark or accept it."""
        return self.action in ("correct", "drop")

    @property
    def expected(self) -> str:
        """What was seen when it was decided, in a line."""
        return "; ".join(f"{column} = {cell}" for column, cell in self.expect.items())

    @property
    def corrected(self) -> str:
        """What it corrects to, in a line; empty where it corrects nothing."""
        value = [] if self.value is None else [cell_text(self.value)]
        return "; ".join((*value, *(f"{name} = {cell_text(cell)}" for name, cell in self.frame.items())))

    @property
    def id(self) -> str:
        """The decision's id in every row that it touches; rewording the reason does not change it."""
        identity = "\0".join((self.kind, self.target, self.action, self.date.isoformat()))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class StaleDecision(NamedTuple):
    """A decision that is not applied, and why."""

    decision: Decision
    check: str
    """decision_expired, decision_stale, decision_gone or decision_conflict."""
    message: Bilingual
    """What happened, and what to do."""
    now: Mapping[str, str] | None = None
    """The columns of `expect` as the target's row has them now; None where the row is gone or unchanged."""


WHY_STALE = {
    "expired": Bilingual(
        "已于 {day} 到期；仍属实则改其 expires，否则删去", "expired on {day}; move its expires or delete it"
    ),
    "conflict": Bilingual(
        "同一对象已有决定（{place}）；删去其一", "{place} is on the same target; delete one"
    ),
    "gone": Bilingual(
        "所针对的已不存在；来源若已改正，删去此条", "its target is gone; delete it if the source was mended"
    ),
    "stale": Bilingual(
        "决定时 {column} 为 {before}，现为 {now}；重新核对后改写或删去",
        "{column} was {before} when it was decided, is {now} now; look again, then rewrite or delete it",
    ),
}
"""Why a decision is not applied, and what to do: its last day is over, an earlier one is on the same target,
the target is gone, or its row says something else by now."""


def why_stale(decision: Decision, row: Mapping[str, object] | None) -> StaleDecision | None:
    """Why the decision does not apply to its target's row (None: it is gone); None where it does."""
    if row is None:
        return stale_decision(decision, "gone")
    for column, expected in decision.expect.items():
        cell = cell_text(row.get(column))
        if unbroken(cell) != unbroken(expected):
            shown = (one_line(text)[:200] or "null" for text in (column, expected, cell))
            details = dict(zip(("column", "before", "now"), shown, strict=True))
            now = {name: cell_text(row.get(name)) for name in decision.expect}
            return stale_decision(decision, "stale", **details)._replace(now=now)
    return None


def stale_decision(decision: Decision, why: str, **details: object) -> StaleDecision:
    """That the decision is not applied. why: a key of `WHY_STALE`. details: the slots of its message."""
    expected = one_line(", ".join(decision.expect.values()))[:200]
    about = f"{decision.action} {decision.kind}: {expected}"
    zh, en = (message.format(**details) for message in WHY_STALE[why])
    zh = f"{decision.place} 的决定（{about}）未用：{zh}"
    en = f"the decision in {decision.place} ({about}) is not applied: {en}"
    return StaleDecision(decision, f"decision_{why}", Bilingual(zh, en))
