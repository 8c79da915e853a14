"""Named tuples and dataclasses as JSON, and back: the cache holds data, and loading it runs no code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
Convert = Callable[[Any], Any]

_FROM_TEXT: dict[object, Convert] = {Decimal: Decimal, date: date.fromisoformat}


def dump(records: Iterable[Any]) -> bytes:
    """Records of one type as JSON; decimals and dates are exact."""
    rows = [_row_of(record.__class__)(record) for record in records]
    return json.dumps(rows, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def load(kind: type[T], data: bytes) -> list[T]:
    """The records that `dump` wrote; their fields have the types that `kind` declares."""
    make = _record_of(kind)  # type: ignore[arg-type]
    return [make(row) for row in json.loads(data.decode("utf-8", "surrogatepass"))]


@cache
def _row_of(kind: Any) -> Convert:
    """From a record to a row of JSON."""
    return attrgetter(*(each.name for each in fields(kind))) if is_dataclass(kind) else tuple


@cache
def _record_of(kind: Any) -> Convert:
    """From a row of JSON to a record."""
    hints = get_type_hints(kind)
    by_name = is_dataclass(kind)
    names = [each.name for each in fields(kind)] if by_name else kind._fields
    converters = [(i, convert) for i, name in enumerate(names) if (convert := _converter(hints[name]))]

    def make(row: list[Any]) -> Any:
        for i, convert in converters:
            if row[i] is not None:
                row[i] = convert(row[i])
        return kind(**dict(zip(names, row, strict=True))) if by_name else kind(*row)

    return make


def _converter(hint: Any) -> Convert | None:
    """From JSON to a value of this type; None where JSON has the type already."""
    inner = [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]
    if get_origin(hint) is tuple:
        convert = _converter(inner[0])
        return (lambda cells: tuple(map(convert, cells))) if convert else tuple
    if NoneType in get_args(hint):
        return _converter(inner[0])
    return _record_of(hint) if hasattr(hint, "_fields") else _FROM_TEXT.get(hint)
