"""Named tuples and dataclasses as JSON, and back: what is kept is data, nothing is ever run."""

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

_SCALARS: dict[object, Convert] = {Decimal: Decimal, date: date.fromisoformat}


def dump(records: Iterable[Any]) -> bytes:
    """Records of one kind as JSON, decimals and dates exactly as they are written."""
    rows = [_cells(record.__class__)(record) for record in records]
    return json.dumps(rows, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def load(kind: type[T], data: bytes) -> list[T]:
    """The records that `dump` wrote, whose fields have the types that the kind declares."""
    make = _maker(kind)  # type: ignore[arg-type]
    return [make(row) for row in json.loads(data.decode("utf-8", "surrogatepass"))]


@cache
def _cells(kind: Any) -> Convert:
    return attrgetter(*(each.name for each in fields(kind))) if is_dataclass(kind) else tuple


@cache
def _maker(kind: Any) -> Convert:
    """From a row of JSON to a record."""
    hints = get_type_hints(kind)
    named = is_dataclass(kind)
    names = [each.name for each in fields(kind)] if named else kind._fields
    special = [(place, convert) for place, name in enumerate(names) if (convert := _converter(hints[name]))]

    def make(row: list[Any]) -> Any:
        for place, convert in special:
            if row[place] is not None:
                row[place] = convert(row[place])
        return kind(**dict(zip(names, row, strict=True))) if named else kind(*row)

    return make


def _converter(hint: Any) -> Convert | None:
    """From JSON to a value of this type; None where JSON has it already."""
    inner = [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]
    if get_origin(hint) is tuple:
        convert = _converter(inner[0])
        return (lambda cells: tuple(map(convert, cells))) if convert else tuple
    if NoneType in get_args(hint):
        return _converter(inner[0])
    return _maker(hint) if hasattr(hint, "_fields") else _SCALARS.get(hint)
