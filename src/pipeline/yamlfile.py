"""The YAML that people write: loaded safely, checked by a JSON Schema, errors with their lines.

Plain values are read as YAML 1.2 does, and stricter: true and false alone are booleans,
a number with a leading zero (a region's code) and a date stay text, and a decimal is a
`Decimal`. Anchors and aliases are refused, for with them a few lines grow into gigabytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pipeline.errors import WenshuError, one_line

Field = tuple[str | int, ...]
"""The way to a value: keys and list indices from the top."""

LARGEST = 64 * 1024
"""Bytes of the largest file that is read."""
_DEEPEST = 50
_SHOWN = 300
"""Characters of an error's text that are shown."""


class Document(NamedTuple):
    """What a YAML file says, and where it says it."""

    data: Any
    """Mappings with string keys, lists, str, int, Decimal, bool and None."""
    positions: Mapping[Field, int]
    """The line, from 1, on which each value stands (a mapping's entry: that of its key)."""


def load_yaml(path: Path, schema: Path | None = None) -> Document:
    """Read a YAML file of at most `LARGEST` bytes in UTF-8 and check it against a JSON Schema.

    An empty file is an empty mapping. Raises `WenshuError` naming file, line and field
    where it cannot be read, is not such YAML, or the schema does not hold.
    """
    name = one_line(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise WenshuError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise WenshuError(f"{name}:{line}: is not UTF-8; save the file as UTF-8") from error
    if len(raw) > LARGEST:
        raise WenshuError(f"{name}: is larger than {LARGEST // 1024} KB; split it")
    document = _parse(text, name)
    if schema:
        _check(document, schema, name)
    return document


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, with plain values resolved by `_PLAIN` alone."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_TAG = "tag:yaml.org,2002:"
_PLAIN = {
    "null": (r"~|null|Null|NULL|", "~nN\0"),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?(?:0|[1-9][0-9]{0,99})", "-+0123456789"),
    "float": (r"[-+]?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}", "-+0123456789"),
}
_READ: dict[str, Callable[[str], Any]] = {
    "null": lambda text: None,
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": Decimal,
    "str": str,
}
_KINDS = frozenset({*_READ, "map", "seq"})
for _kind, (_pattern, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(
        _TAG + _kind, re.compile(f"(?:{_pattern})$"), ["" if c == "\0" else c for c in _first]
    )


def _parse(text: str, name: str) -> Document:
    try:
        _refuse_traps(text, name)
        node = yaml.compose(text, Loader=_Loader)
        positions: dict[Field, int] = {(): 1}
        return Document({} if node is None else _value(node, (), positions, name), positions)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise WenshuError(f"{name}{line}: is not YAML: {one_line(error.problem or str(error))}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise WenshuError(f"{name}: is not YAML: {one_line(str(error))[:_SHOWN]}") from error


def _refuse_traps(text: str, name: str) -> None:
    """Stop at anchors and at depth before nodes are built, which is done recursively, in C."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise WenshuError(f"{name}: is nested too deeply; {_DEEPEST} levels are read")
        if anchor := getattr(event, "anchor", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise WenshuError(
                f"{name}:{line}: &{one_line(anchor)}: anchors and aliases are not read; write the value out"
            )


def _value(node: yaml.Node, field: Field, positions: dict[Field, int], name: str) -> Any:
    line = node.start_mark.line + 1
    positions.setdefault(field, line)
    if node.tag.removeprefix(_TAG) not in _KINDS or not node.tag.startswith(_TAG):
        raise WenshuError(f"{name}:{line}: {_named(field)}: the tag {one_line(node.tag)} is not read")
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*field, n), positions, name) for n, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise WenshuError(f"{name}:{line}: {_named(field)}: a key must be a word")
            if key.value in mapping:
                raise WenshuError(f"{name}:{line}: {_named((*field, key.value))}: stands there twice")
            positions[*field, key.value] = line
            mapping[key.value] = _value(item, (*field, key.value), positions, name)
        return mapping
    kind = node.tag.removeprefix(_TAG)
    try:
        return _READ[kind](node.value)
    except (KeyError, ValueError, ArithmeticError) as error:
        raise WenshuError(f"{name}:{line}: {_named(field)}: is no {kind}") from error


def _named(field: Iterable[str | int]) -> str:
    """The field as people write it: indicators[2].unit."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in field)
    return one_line(text.removeprefix(".")) or "the file"


@cache
def _validator(schema: Path) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker  # a tenth of a second: not for `extract`

    rules = json.loads(schema.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(rules)
    return Draft202012Validator(rules, format_checker=FormatChecker(["date"]))


def _check(document: Document, schema: Path, name: str) -> None:
    """Raise the first error in the order of lines, and say how many more there are."""
    found = sorted(
        (_explained(error, document.positions) for error in _validator(schema).iter_errors(document.data)),
        key=lambda item: item[0],
    )
    if found:
        line, message = found[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise WenshuError(f"{name}:{line}: {message}{more}")


def _explained(error: Any, positions: Mapping[Field, int]) -> tuple[int, str]:
    """The line of a schema's error, and what is wrong there in one line."""
    field: Field = tuple(error.absolute_path)
    message = one_line(error.message)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        unknown = next((key for key in error.instance if key not in known), None)
        if unknown is not None:
            field = (*field, unknown)
            close = get_close_matches(unknown, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            message = f"no field is called so; {hint}"
    elif hint := error.schema.get("description"):
        message = f"{message[:_SHOWN]}; give {hint}"
    return positions.get(field, 1), f"{_named(field)}: {message[: 2 * _SHOWN]}"
