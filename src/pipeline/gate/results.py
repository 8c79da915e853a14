"""Great Expectations' own results, as plain values: what its users load, and what findings are made of.

A release has them in its validation/great_expectations/, a file a table: an
`ExpectationSuiteValidationResult`, every expectation in it, those that hold too. What
tells one run or one machine from another (ids, times, tracebacks) is left out, decimals
are strings, for they are exact, and texts are cut: the same night gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from pipeline.errors import one_line
from pipeline.gate.suites import Expectation
from pipeline.tables.cells import as_text

FOLDER = "great_expectations/"
"""Of the files, beside report.json."""

QUOTED = 20
"""Rows that a result names and values that it quotes; Great Expectations' own number."""

_LONGEST = 200
"""Characters of a text that a result quotes."""

_TOLD = (
    "element_count", "unexpected_count", "unexpected_percent", "missing_count", "missing_percent",
    "unexpected_percent_total", "unexpected_percent_nonmissing", "partial_unexpected_list",
)  # fmt: skip
"""What a result says of rows, in Great Expectations' format BASIC."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one expectation came to."""

    success: bool
    said: Mapping[str, Any] = field(default_factory=dict)
    """What was found, as Great Expectations' format BASIC has it."""
    rows: tuple[int, ...] = ()
    """The rows that fail, as numbers from 0."""
    fault: str = ""
    """Why it could not look."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    """Its parameters, worked out; empty where there was nothing to work out."""

    @property
    def of_rows(self) -> bool:
        """Whether it is about rows, and not about the table as a whole."""
        return "unexpected_count" in self.said


def result_of(found: Any, expectation: Expectation) -> Result:
    """The result of an `ExpectationValidationResult`."""
    asked, worked_out = expectation["kwargs"], found.expectation_config.kwargs
    kwargs = {key: as_json(worked_out.get(key)) for key in asked} if "$PARAMETER" in str(asked) else {}
    fault = "" if found.result else _fault(found.exception_info)
    return _result(bool(found.success), found.result or {}, fault, kwargs)


def own_result(expectation: Any) -> Result:
    """The result of one of this project's own expectations, which looks at the table itself."""
    try:
        found = expectation.look()
    except Exception as error:  # a column that is not there, whatever else is wrong with the table
        return Result(False, fault=one_line(str(error))[:_LONGEST])
    return _result(found["success"], found["result"])


def of_rows(elements: int, missing: int | None, rows: Sequence[int], values: Sequence[Any]) -> dict[str, Any]:
    """What an expectation of rows says, as those of Great Expectations' own do.

    missing: rows that were not asked, for their cells are null; None where null is what is asked about.
    rows: those that fail. values: of these.
    """
    of_all = _percent(len(rows), elements)
    of_present = of_all if missing is None else _percent(len(rows), elements - missing)
    said = {"element_count": elements, "unexpected_count": len(rows), "unexpected_percent": of_present}
    if missing is not None:
        said |= {"missing_count": missing, "missing_percent": _percent(missing, elements)}
        said |= {"unexpected_percent_total": of_all, "unexpected_percent_nonmissing": of_present}
    return said | {"unexpected_index_list": [*rows], "partial_unexpected_list": [*values[:QUOTED]]}


def files(
    suites: Mapping[str, Sequence[Expectation]],
    results: Mapping[str, Mapping[str, Result]],
    parameters: Mapping[str, Mapping[str, int]],
) -> dict[str, bytes]:
    """The files of all tables that were looked at, by path.

    results: by table and check. parameters: what expectations could ask for by name, by table.
    """
    made = {}
    for name, found in results.items():
        asked = (e for e in suites[name] if e["meta"]["check"] in found)
        said = json.dumps(_suite(name, asked, found, parameters[name]), ensure_ascii=False, indent=1)
        made[f"{FOLDER}{name}.json"] = f"{said}\n".encode("utf-8", "backslashreplace")
    return made


def as_json(value: Any) -> Any:
    """A value as JSON has it: exact, of bounded length, null where it is missing."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    if isinstance(value, Decimal):
        return as_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):  # a number of numpy's
        value = value.item()
    return value if isinstance(value, bool | int | float) and value == value else None


def _result(
    success: bool, said: Mapping[str, Any], fault: str = "", kwargs: Mapping[str, Any] | None = None
) -> Result:
    rows = tuple(map(int, said.get("unexpected_index_list") or ()))
    if "unexpected_count" in said:
        said = {name: said[name] for name in _TOLD if name in said}
        said |= {"unexpected_count": len(rows), "partial_unexpected_index_list": [*rows[:QUOTED]]}
    return Result(success, as_json(said), rows, fault, kwargs or {})


def _suite(
    name: str,
    expectations: Iterable[Expectation],
    results: Mapping[str, Result],
    parameters: Mapping[str, int],
) -> dict[str, Any]:
    each = [_each(e, results[e["meta"]["check"]]) for e in expectations]
    held = sum(one["success"] for one in each)
    return {
        "success": held == len(each),
        "results": each,
        "suite_name": name,
        "suite_parameters": dict(parameters),
        "statistics": {
            "evaluated_expectations": len(each),
            "successful_expectations": held,
            "unsuccessful_expectations": len(each) - held,
            "success_percent": held / len(each) * 100 if each else None,
        },
        "meta": {"great_expectations_version": version("great_expectations")},
    }


def _each(expectation: Expectation, result: Result) -> dict[str, Any]:
    return {
        "success": result.success,
        "expectation_config": {
            "type": expectation["type"],
            "kwargs": result.kwargs or expectation["kwargs"],
            "meta": expectation["meta"],
            "severity": expectation["severity"],
        },
        "result": result.said,
        "meta": {},
        "exception_info": {
            "raised_exception": bool(result.fault),
            "exception_traceback": None,
            "exception_message": result.fault or None,
        },
    }


def _percent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


def _fault(info: Mapping[str, Any]) -> str:
    """Why Great Expectations could not look, in one line."""
    said = [info, *(each for each in info.values() if isinstance(each, Mapping))]
    messages = (str(each.get("exception_message") or "") for each in said)
    text = next(filter(None, messages), "for an unknown reason")
    return one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
