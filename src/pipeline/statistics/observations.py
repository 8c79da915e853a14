"""From claims to statistics: one observation a figure, and the datasets that are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from pipeline.numbers.decimals import decimal_text
from pipeline.statistics.catalog.entries import Dataset
from pipeline.statistics.claims import Claim, Diagnostic

_STATUSES = "APEF"
"""Facts before provisional figures, these before estimates, plans last."""

_ABOUT = Decimal("0.1")
"""约 states no interval; figures that differ by more than this share disagree all the same."""


_SHARED = (
    *("indicator", "ref_area", "time_period", "value", "low", "high"),
    *("unit_measure", "qualifier", "obs_status", "document_id"),
)
"""What an observation takes over from the claim that it is made of."""
_COLUMNS = {"value": "obs_value", "low": "obs_low", "high": "obs_high"}
"""Columns of a long dataset that are called otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """An indicator's figure for a region and a period, with everything that states it.

    sources: keys of the mentions, that of the value first. document_sources: those of them
    in the value's document, document_id. note: why this value and not another, where mentions differ.
    """

    indicator: str
    ref_area: str | None
    time_period: str | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit_measure: str
    qualifier: str
    obs_status: str
    sources: tuple[str, ...]
    document_id: str
    document_sources: tuple[str, ...] = ()
    note: str = ""


class Merged(NamedTuple):
    """One row a figure, and what contradicts itself."""

    observations: tuple[Observation, ...]
    diagnostics: tuple[Diagnostic, ...]


def merge(claims: Iterable[Claim]) -> Merged:
    """One observation for each indicator, region and period.

    A correction goes before what it corrects, a fact before a plan, an exact figure
    before a qualified one, a finer one before a rounded one, the body before the
    headline, the later document before the earlier; of tolls, counts since an event and
    forecasts the last one counts, and the note keeps those before it. Where several documents
    state the same, the row is the first one's, so that a repeat changes nothing.
    A claim whose interval excludes the value is no source of it but makes a diagnostic
    with both sentences, for which the gate holds the observation back.
    """
    observations, diagnostics = [], []
    for _, group in groupby(sorted(claims, key=_figure), key=_figure):
        ranked = sorted(group, key=_precedence)
        best = min((claim for claim in ranked if _statement(claim) == _statement(ranked[0])), key=_first)
        others = [claim for claim in ranked if claim is not best]
        agreeing = [claim for claim in others if _agree(best, claim)]
        replaced = [claim for claim in others if claim not in agreeing and _gives_way(claim, best)]
        diagnostics += [
            _contradiction(best, claim) for claim in others if claim not in agreeing and claim not in replaced
        ]
        observations.append(_observation(best, agreeing, replaced))
    return Merged(tuple(observations), tuple(diagnostics))


def dataset_rows(dataset: Dataset, observations: Iterable[Observation]) -> list[dict[str, Any]]:
    """A dataset's rows by column name, in the order of region and period.

    A long dataset has the observations' own fields; a wide one has ref_area,
    time_period, its columns, the residual where one is declared (None unless all its
    figures are stated), qualifiers, bounds, statuses and quantity_ids by column, and document_id,
    that of its first figure.
    """
    members = [o for o in observations if o.indicator in dataset.indicators]
    if dataset.layout == "long":
        return [_long(observation) for observation in sorted(members, key=_order)]
    rows = []
    for (area, period, _), group in groupby(sorted(members, key=_row), key=_row):
        by_indicator = {observation.indicator: observation for observation in group}
        rows.append(_wide(dataset, area or None, period or None, by_indicator))
    return rows


def _figure(claim: Claim) -> tuple[str, str, str, str]:
    """Key of claims of the same figure; one without region or period is of its document alone."""
    document = claim.document_id if claim.ref_area is None or claim.time_period is None else ""
    return claim.indicator, claim.ref_area or "", claim.time_period or "", document


def _statement(claim: Claim) -> tuple[Any, ...]:
    """Key of claims that state the same."""
    return (
        *(claim.correction, claim.obs_status, claim.qualifier),
        *(claim.value, claim.low, claim.high, claim.place),
    )


def _first(claim: Claim) -> tuple[Any, ...]:
    return claim.issued is None, claim.issued or date.min, claim.headline, claim.document_id, claim.key


def _superseding(claim: Claim) -> bool:
    """Whether a later statement replaces an earlier one."""
    return claim.superseding or claim.obs_status == "F"


def _precedence(claim: Claim) -> tuple[Any, ...]:
    return (
        not claim.correction,
        -_ordinal(claim.issued) if claim.correction else 0,
        _STATUSES.find(claim.obs_status),
        -_ordinal(claim.issued) if _superseding(claim) else 0,
        claim.qualifier != "exact",
        claim.value is None,
        claim.place or 0,
        claim.headline,
        -_ordinal(claim.issued),
        claim.document_id,
    )


def _ordinal(issued: date | None) -> int:
    return issued.toordinal() if issued else 0


def _bounds(claim: Claim) -> tuple[Decimal | None, Decimal | None]:
    """The interval within which another statement of the figure must lie."""
    if claim.value is None or claim.qualifier not in ("exact", "about"):
        return claim.low, claim.high
    slack = abs(claim.value) * _ABOUT
    if claim.qualifier == "exact":
        slack = claim.place / 2 if claim.place and claim.place != 1 else Decimal(0)
    return claim.value - slack, claim.value + slack


def _agree(one: Claim, other: Claim) -> bool:
    """Whether two claims can be true of one figure."""
    (low, high), (other_low, other_high) = _bounds(one), _bounds(other)
    return not (low is not None and other_high is not None and other_high < low) and not (
        high is not None and other_low is not None and high < other_low
    )


def _gives_way(claim: Claim, best: Claim) -> bool:
    """Whether a differing claim is superseded and not contradicted."""
    if _superseding(claim) and _superseding(best) and _ordinal(claim.issued) < _ordinal(best.issued):
        return True
    return (best.correction and not claim.correction) or (claim.obs_status == "F" != best.obs_status)


def _observation(best: Claim, agreeing: Sequence[Claim], replaced: Sequence[Claim]) -> Observation:
    keys = dict.fromkeys(claim.key for claim in (best, *agreeing))
    in_document = {claim.key for claim in (best, *agreeing) if claim.document_id == best.document_id}
    return Observation(
        **{name: getattr(best, name) for name in _SHARED},
        sources=tuple(keys),
        document_sources=tuple(key for key in keys if key in in_document),
        note="; ".join(_notes(best, agreeing, replaced)),
    )


def _notes(best: Claim, agreeing: Sequence[Claim], replaced: Sequence[Claim]) -> Iterator[str]:
    if any(claim.qualifier != best.qualifier for claim in agreeing) and best.qualifier == "exact":
        yield "exact over qualified"
    if any((claim.place or 0) > (best.place or 0) for claim in agreeing if claim.qualifier == best.qualifier):
        yield "finer over rounded"
    for claim in sorted(replaced, key=_first):
        reason = "correction of" if best.correction else "fact in place of the plan"
        if not best.correction and claim.obs_status == best.obs_status:
            reason = f"vintage {claim.issued}:"
        yield f"{reason} {_stated(claim)} ({claim.key})"
    if best.printed:
        yield f"converted from {best.printed}"


def _contradiction(best: Claim, other: Claim) -> Diagnostic:
    quotes = " / ".join(dict.fromkeys(claim.quote for claim in (best, other)))
    one, two, what = _stated(best), _stated(other), f"{best.indicator} {best.ref_area} {best.time_period}"
    return Diagnostic(
        "observation_contradiction",
        "warning",
        best.document_id,
        f"{what} 有 {one} 与 {two} 两说，不能并立，此观测值暂缓，待更正或去除其一 / "
        f"{one} and {two} cannot both hold of {what}; the observation is held back until one of the two "
        f"mentions is corrected or dropped: {quotes}",
        (best.key, other.key),
    )


def _stated(claim: Claim) -> str:
    """A claim's value in digits, or its bounds."""
    if claim.value is not None:
        return str(decimal_text(claim.value))
    return "–".join(decimal_text(bound) or "…" for bound in (claim.low, claim.high))


def _order(observation: Observation) -> tuple[str, ...]:
    return (observation.indicator, *_row(observation), observation.document_id)


def _row(observation: Observation) -> tuple[str, str, str]:
    """Key of the figures of one row: region and period, or the document if one of these is missing."""
    area, period = observation.ref_area or "", observation.time_period or ""
    return area, period, "" if area and period else observation.document_id


def _long(observation: Observation) -> dict[str, Any]:
    values = {_COLUMNS.get(name, name): getattr(observation, name) for name in _SHARED}
    return values | {"quantity_id": observation.sources[0], "quantity_ids": observation.document_sources}


def _wide(
    dataset: Dataset, area: str | None, period: str | None, by_indicator: dict[str, Observation]
) -> dict[str, Any]:
    found = {column.name: by_indicator.get(column.indicator) for column in dataset.columns}
    values = {name: observation.value if observation else None for name, observation in found.items()}
    row: dict[str, Any] = {"ref_area": area, "time_period": period, **values}
    if dataset.residual:
        whole, parts = values[dataset.residual.whole], [values[name] for name in dataset.residual.parts]
        stated = [part for part in parts if part is not None]
        row["residual"] = whole - sum(stated) if whole is not None and len(stated) == len(parts) else None
    shown = {name: observation for name, observation in found.items() if observation}
    row["qualifiers"] = [f"{name}={o.qualifier}" for name, o in shown.items() if o.qualifier != "exact"]
    row["bounds"] = [
        f"{name}={decimal_text(o.low) or ''}/{decimal_text(o.high) or ''}"
        for name, o in shown.items()
        if o.qualifier != "exact" or o.value is None
    ]
    row["statuses"] = [f"{name}={o.obs_status}" for name, o in shown.items() if o.obs_status != "A"]
    row["quantity_ids"] = [f"{name}={o.sources[0]}" for name, o in shown.items()]
    row["document_id"] = next(o.document_id for o in shown.values())
    return row
