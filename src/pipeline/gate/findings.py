"""Findings: what does not hold, as the officer reads it and as the rows it takes along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.errors import one_line
from pipeline.gate.drift import MARKS, SHOWN
from pipeline.gate.suites import Expectation, looked_at
from pipeline.tables import Words

_SHOWN = 5
"""Values that an observation quotes."""
_LONGEST = 200
"""Characters of a quoted value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that does not hold."""

    table: str
    check: str
    """The expectation's own name, unique in its table's suite."""
    type: str
    """Its type, such as expect_parts_to_make_the_whole."""
    severity: str
    """critical, warning or info."""
    description: Words
    """What was expected."""
    observed: str
    """What was found instead, in one line."""
    rows: tuple[int, ...]
    """The rows that fail, as numbers from 0; empty where the table as a whole does."""
    columns: tuple[str, ...]
    """The columns that it looks at."""
    values: tuple[str, ...] = ()
    """Of the first rows that fail, where single values do."""

    @property
    def name(self) -> str:
        """Names the check among all: quantities.vocabulary-kind."""
        return f"{self.table}.{self.check}"


def finding_of(
    name: str,
    expectation: Expectation,
    result: Mapping[str, Any],
    fault: Mapping[str, Any],
    parameters: Mapping[str, int],
) -> Finding:
    """The finding of an expectation that does not hold.

    result: what Great Expectations found; empty where it could not look, and fault says why.
    parameters: what the expectation could ask for by name.
    """
    meta = expectation["meta"]
    observed = _observed(result, fault)
    if asked := [f"{key} {value}" for key, value in parameters.items() if key in str(expectation["kwargs"])]:
        observed = f"{observed} ({', '.join(asked)})"
    return Finding(
        table=name,
        check=meta["check"],
        type=expectation["type"],
        severity=expectation["severity"],
        description=Words(meta["description"]["zh"], meta["description"]["en"]),
        observed=observed,
        rows=tuple(result.get("unexpected_index_list") or ()),
        columns=SHOWN[name] if of_drift(name, expectation) else looked_at(expectation),
        values=tuple(_short(value) for value in list(result.get("unexpected_list") or ())[:_SHOWN]),
    )


def joint(parts: Sequence[Finding], total: int) -> Finding:
    """One finding of those of a table's parts, whose rows are numbered in the whole by now.

    total: rows of the whole table. What it says is what a look at the whole would have said.
    """
    rows = tuple(row for part in parts for row in part.rows)
    values = tuple(value for part in parts for value in part.values)[:_SHOWN]
    if not rows:
        return parts[0]
    return replace(parts[0], rows=rows, values=values, observed=_counted(len(rows), total, values))


def of_drift(name: str, expectation: Expectation) -> bool:
    """Whether it looks at a column that the table has at the gate alone."""
    return not {*looked_at(expectation)}.isdisjoint(MARKS.get(name, ()))


def _counted(failed: int, total: int, values: Sequence[str]) -> str:
    return f"{failed} of {total} rows: {', '.join(values)}"


def _observed(result: Mapping[str, Any], fault: Mapping[str, Any]) -> str:
    """What was found, in one line of bounded length; the values are untrusted text."""
    if not result:
        said = [str(info.get("exception_message", "")) for info in fault.values() if isinstance(info, dict)]
        return f"could not be checked: {_short(said[0] if said else str(fault))}"
    if mismatched := (result.get("details") or {}).get("mismatched"):
        return "; ".join(
            f"{item.get('Found')} in the place of {item.get('Expected')}" for item in mismatched[:_SHOWN]
        )
    if "unexpected_count" in result:
        values = [_short(value) for value in list(result.get("unexpected_list", ()))[:_SHOWN]]
        return _counted(result["unexpected_count"], result["element_count"], values)
    return _short(result.get("observed_value"))


def _short(value: object) -> str:
    text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
