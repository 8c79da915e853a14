"""What officers decided, as pages and feeds tell it: 更正：205→206, why, who and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from pipeline.releases.queries import Queries
from pipeline.tables.corrections import seen_value
from pipeline.tables.wording import exact
from pipeline.web.series import Amendment

_MOST = 1000
"""Decisions that the page of corrections shows, the newest; decisions.csv has all of them."""

DECIDED = """
    dc.decision_id AS decided, dc.action, dc.expect AS decided_on, dc.value AS decided_to, dc.reason,
    dc.officer, CAST(dc.date AS VARCHAR) AS decided_at
"""
"""Columns of a decision `dc`, of which `amendment` makes one."""


def amendment(row: Mapping[str, Any]) -> Amendment | None:
    """The decision in a row with the columns of DECIDED; None where there is none."""
    return _made(row) if row.get("decided") else None


def _made(row: Mapping[str, Any]) -> Amendment:
    return Amendment(
        decision=row["decided"],
        action=row["action"],
        before=_number(seen_value(row["decided_on"])),
        after=_number(row["decided_to"] or ""),
        reason=row["reason"] or "",
        officer=row["officer"] or "",
        date=row["decided_at"] or "",
    )


def _number(text: str) -> str:
    """A number as pages write it; what is none stays as it is."""
    try:
        return exact(Decimal(text))
    except InvalidOperation:
        return text


class Corrected(NamedTuple):
    """A decision in force, and a figure that it is about."""

    amendment: Amendment
    kind: str
    """What its target is: quantity, observation, relation, document or expectation."""
    target: str
    expect: str
    quantity: str | None
    """A figure whose sentence shows it, with its document; None where none is left."""
    document: str | None
    quote: str
    text: str
    indicators: Sequence[str]
    area: str | None
    period: str | None


def corrections(ask: Queries) -> tuple[Corrected, ...]:
    """The decisions in force, the newest first."""
    rows = ask.each(_CORRECTED, _MOST)
    return tuple(Corrected(_made(row), *(row[name] for name in Corrected._fields[1:])) for row in rows)


_CORRECTED = f"""
    WITH mentioned AS (
        SELECT coalesce(o.decision_id, q.decision_id) AS decision_id, q.quantity_id, o.indicator,
               o.ref_area, o.time_period
        FROM (SELECT *, unnest(string_split(quantity_ids, ' ')) AS mention FROM observations) o
        JOIN quantities q ON q.quantity_id = o.mention
    ), touched AS (
        SELECT decision_id, min(quantity_id) AS quantity_id,
               list_sort(list(DISTINCT indicator)) AS indicators, min(ref_area) AS ref_area,
               min(time_period) AS time_period
        FROM mentioned WHERE decision_id IS NOT NULL GROUP BY decision_id
    )
    SELECT {DECIDED}, dc.kind, dc.target, coalesce(dc.expect, '') AS expect, t.quantity_id AS quantity,
           q.document_id AS document, coalesce(q.quote, '') AS quote, coalesce(q.text, '') AS text,
           coalesce(t.indicators, []) AS indicators, t.ref_area AS area, t.time_period AS period
    FROM decisions dc
    LEFT JOIN touched t USING (decision_id)
    LEFT JOIN quantities q ON q.quantity_id = t.quantity_id
    ORDER BY dc.date DESC, dc.decision_id LIMIT ?
"""
