"""The decisions in force, each with a figure that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.releases.queries import Queries
from pipeline.tables.corrections import Correction, correction_of

_MOST = 1000
"""Decisions that the page of corrections shows, the newest; decisions.csv has all of them."""


class ListedCorrection(NamedTuple):
    """A decision in force, and a figure that it is about."""

    correction: Correction
    kind: str
    """The kind of its target: quantity, observation, relation, document or expectation."""
    target: str
    quantity: str | None
    """A figure whose sentence shows it, with its document; None where none is left."""
    document: str | None
    quote: str
    text: str
    indicators: Sequence[str]
    area: str | None
    period: str | None


def corrections(queries: Queries) -> tuple[ListedCorrection, ...]:
    """The decisions in force, the newest first."""
    return tuple(
        ListedCorrection(correction, *(row[name] for name in ListedCorrection._fields[1:]))
        for row in queries.each(_QUERY, _MOST)
        if (correction := correction_of(row["decision"]))
    )


_QUERY = """
    WITH mentioned AS (
        SELECT coalesce(o.decision_id, q.decision_id) AS decision_id, q.quantity_id, o.indicator,
               o.ref_area, o.time_period
        FROM site.mentioned o JOIN quantities q ON q.quantity_id = o.mention
    ), touched AS (
        SELECT decision_id, min(quantity_id) AS quantity_id,
               list_sort(list(DISTINCT indicator)) AS indicators, min(ref_area) AS ref_area,
               min(time_period) AS time_period
        FROM mentioned WHERE decision_id IS NOT NULL GROUP BY decision_id
    )
    SELECT dc AS decision, dc.kind, dc.target, t.quantity_id AS quantity,
           q.document_id AS document, coalesce(q.quote, '') AS quote, coalesce(q.text, '') AS text,
           coalesce(t.indicators, []) AS indicators, t.ref_area AS area, t.time_period AS period
    FROM decisions dc
    LEFT JOIN touched t USING (decision_id)
    LEFT JOIN quantities q ON q.quantity_id = t.quantity_id
    ORDER BY dc.date DESC, dc.decision_id LIMIT ?
"""
