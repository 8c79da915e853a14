"""Findings: expectations that do not hold, as the officer reads them, with the rows that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import one_line, shortened
from pipeline.gate.drift import DRIFT_COLUMNS, SHOWN_COLUMNS
from pipeline.gate.results import Result
from pipeline.gate.suites import Expectation, columns_of
from pipeline.tables import Bilingual

_QUOTED = 5
"""Values that a finding quotes."""
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
    description: Bilingual
    """What was expected."""
    observed: str
    """What was found instead, in one line."""
    rows: tuple[int, ...]
    """The rows that fail, as numbers from 0; empty where the table as a whole does."""
    columns: tuple[str, ...]
    """The columns that it is about."""
    values: tuple[str, ...] = ()
    """Values of the first rows that fail, where single values do."""

    @property
    def name(self) -> str:
        """The check's name among those of all tables, such as quantities.vocabulary-kind."""
        return f"{self.table}.{self.check}"


def finding_of(
    table: str, expectation: Expectation, result: Result, parameters: Mapping[str, int]
) -> Finding:
    """The finding of an expectation that does not hold. parameters: what it could refer to by name."""
    meta = expectation["meta"]
    observed = _observed(result)
    if used := [f"{key} {value}" for key, value in parameters.items() if key in str(expectation["kwargs"])]:
        observed = f"{observed} ({', '.join(used)})"
    return Finding(
        table=table,
        check=meta["check"],
        type=expectation["type"],
        severity=expectation["severity"],
        description=Bilingual(meta["description"]["zh"], meta["description"]["en"]),
        observed=observed,
        rows=result.rows,
        columns=SHOWN_COLUMNS[table] if is_about_drift(table, expectation) else columns_of(expectation),
        values=_values(result),
    )


def is_about_drift(table: str, expectation: Expectation) -> bool:
    """Whether it is about a column that the table has at the gate alone."""
    return not {*columns_of(expectation)}.isdisjoint(DRIFT_COLUMNS.get(table, ()))


def _observed(result: Result) -> str:
    """What was found, in one line of bounded length; the values are untrusted text."""
    if result.of_rows:
        return f"{len(result.rows)} of {result.details['element_count']} rows: {', '.join(_values(result))}"
    if result.fault:
        return f"could not be checked: {_short(result.fault)}"
    if mismatched := (result.details.get("details") or {}).get("mismatched"):
        return "; ".join(
            f"{item.get('Found')} in the place of {item.get('Expected')}" for item in mismatched[:_QUOTED]
        )
    return _short(result.details.get("observed_value"))


def _values(result: Result) -> tuple[str, ...]:
    return tuple(_short(value) for value in result.details.get("partial_unexpected_list", ())[:_QUOTED])


def _short(value: object) -> str:
    text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return one_line(shortened(text, _LONGEST))
