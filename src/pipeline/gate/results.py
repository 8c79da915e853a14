"""Results of expectations as plain values, from which findings and the files of a release are made.

A release has one file a table in validation/great_expectations/: an
`ExpectationSuiteValidationResult` with every expectation, those that hold included. What would
differ between two runs or machines (ids, times, tracebacks) is left out, decimals are strings,
and long texts are cut: the same tables give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pipeline.errors import encode_escaped, one_line, shortened
from pipeline.gate.suites import Expectation
from pipeline.tables.model import cell_text

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.gate.check_context import CheckContext

FOLDER = "great_expectations/"
"""The folder of the files, beside report.json."""

QUOTED = 20
"""Failing rows and values that a result names, as many as in Great Expectations."""

_LONGEST = 200
"""Characters of a text that a result quotes."""

_ROW_FIELDS = (
    "element_count", "unexpected_count", "unexpected_percent", "missing_count", "missing_percent",
    "unexpected_percent_total", "unexpected_percent_nonmissing", "partial_unexpected_list",
)  # fmt: skip
"""Fields of a result about rows, in Great Expectations' format BASIC."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one expectation."""

    success: bool
    details: Mapping[str, Any] = field(default_factory=dict)
    """What was found, in Great Expectations' format BASIC."""
    rows: tuple[int, ...] = ()
    """The rows that fail, as numbers from 0."""
    fault: str = ""
    """Why it could not be evaluated."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    """Its arguments with parameters replaced by values; empty where it has no parameters."""

    @property
    def of_rows(self) -> bool:
        """Whether it is about rows, and not about the table as a whole."""
        return "unexpected_count" in self.details


def result_of(found: Any, expectation: Expectation) -> Result:
    """The result of an `ExpectationValidationResult`."""
    declared, evaluated = expectation["kwargs"], found.expectation_config.kwargs
    kwargs = {key: as_json(evaluated.get(key)) for key in declared} if "$PARAMETER" in str(declared) else {}
    fault = "" if found.result else _fault(found.exception_info)
    return _result(bool(found.success), found.result or {}, fault, kwargs)


def custom_result(expectation: Any, table: pa.Table, context: CheckContext) -> Result:
    """The result of one of this project's own expectations."""
    try:
        found = expectation.check(table, context)
    except Exception as error:  # such as a missing column
        return Result(False, fault=one_line(str(error))[:_LONGEST])
    return _result(found["success"], found["result"])


def row_result(elements: int, missing: int, rows: Sequence[int], values: Sequence[Any]) -> dict[str, Any]:
    """The result of an expectation of rows, with the fields that Great Expectations' own have.

    missing: how many rows were skipped for a null. rows: those that fail. values: of these.
    """
    of_present, of_all = _percent(len(rows), elements - missing), _percent(len(rows), elements)
    return {
        "element_count": elements, "unexpected_count": len(rows), "unexpected_percent": of_present,
        "missing_count": missing, "missing_percent": _percent(missing, elements),
        "unexpected_percent_total": of_all, "unexpected_percent_nonmissing": of_present,
        "unexpected_index_list": [*rows], "partial_unexpected_list": [*values[:QUOTED]],
    }  # fmt: skip


def suite_result(
    table: str, evaluated: Sequence[tuple[Expectation, Result]], parameters: Mapping[str, int]
) -> bytes:
    """The file of a table's expectations and their results. parameters: what they could refer to by name."""
    results = [_expectation_result(*each) for each in evaluated]
    successful = sum(each["success"] for each in results)
    content = {
        "success": successful == len(results),
        "results": results,
        "suite_name": table,
        "suite_parameters": dict(parameters),
        "statistics": {
            "evaluated_expectations": len(results),
            "successful_expectations": successful,
            "unsuccessful_expectations": len(results) - successful,
            "success_percent": _percent(successful, len(results)),
        },
        "meta": {"great_expectations_version": version("great_expectations")},
    }
    return encode_escaped(f"{json.dumps(content, ensure_ascii=False, indent=1)}\n")


def as_json(value: Any) -> Any:
    """A value as JSON: exact, of bounded length, null where it is missing."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, str):
        return shortened(value, _LONGEST)
    if isinstance(value, Decimal):
        return cell_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):  # a number of numpy's
        value = value.item()
    return value if isinstance(value, bool | int | float) and value == value else None


def _result(
    success: bool, details: Mapping[str, Any], fault: str = "", kwargs: Mapping[str, Any] | None = None
) -> Result:
    rows = tuple(map(int, details.get("unexpected_index_list") or ()))
    if "unexpected_count" in details:
        details = {name: details[name] for name in _ROW_FIELDS if name in details}
        details |= {"unexpected_count": len(rows), "partial_unexpected_index_list": [*rows[:QUOTED]]}
    return Result(success, as_json(details), rows, fault, kwargs or {})


def _expectation_result(expectation: Expectation, result: Result) -> dict[str, Any]:
    return {
        "success": result.success,
        "expectation_config": {
            "type": expectation["type"],
            "kwargs": result.kwargs or expectation["kwargs"],
            "meta": expectation["meta"],
            "severity": expectation["severity"],
        },
        "result": result.details,
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
    """Why Great Expectations could not evaluate an expectation, in one line."""
    messages = (
        str(each.get("exception_message") or "")
        for each in (info, *info.values())
        if isinstance(each, Mapping)
    )
    text = next(filter(None, messages), "for an unknown reason")
    return one_line(shortened(text, _LONGEST))
