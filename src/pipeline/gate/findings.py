"""Findings: what does not hold, as the officer reads it and as the rows it takes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import one_line
from pipeline.gate.drift import MARKS, SHOWN
from pipeline.gate.results import Result
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


def finding_of(name: str, expectation: Expectation, result: Result, parameters: Mapping[str, int]) -> Finding:
    """The finding of an expectation that does not hold.

    parameters: what the expectation could ask for by name.
    """
    meta = expectation["meta"]
    observed = _observed(result)
    if asked := [f"{key} {value}" for key, value in parameters.items() if key in str(expectation["kwargs"])]:
        observed = f"{observed} ({', '.join(asked)})"
    return Finding(
        table=name,
        check=meta["check"],
        type=expectation["type"],
        severity=expectation["severity"],
        description=Words(meta["description"]["zh"], meta["description"]["en"]),
        observed=observed,
        rows=result.rows,
        columns=SHOWN[name] if of_drift(name, expectation) else looked_at(expectation),
        values=_values(result),
    )


def of_drift(name: str, expectation: Expectation) -> bool:
    """Whether it looks at a column that the table has at the gate alone."""
    return not {*looked_at(expectation)}.isdisjoint(MARKS.get(name, ()))


def _observed(result: Result) -> str:
    """What was found, in one line of bounded length; the values are untrusted text."""
    if result.of_rows:
        return f"{len(result.rows)} of {result.said['element_count']} rows: {', '.join(_values(result))}"
    if result.fault:
        return f"could not be checked: {_short(result.fault)}"
    if mismatched := (result.said.get("details") or {}).get("mismatched"):
        return "; ".join(
            f"{item.get('Found')} in the place of {item.get('Expected')}" for item in mismatched[:_SHOWN]
        )
    return _short(result.said.get("observed_value"))


def _values(result: Result) -> tuple[str, ...]:
    return tuple(_short(value) for value in result.said.get("partial_unexpected_list", ())[:_SHOWN])


def _short(value: object) -> str:
    text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
