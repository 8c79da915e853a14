"""The YAML that people write: loaded safely, checked by a JSON Schema, edited with its comments kept.

Plain values are read as YAML 1.2 does, and stricter: only true and false are booleans,
a number with a leading zero (a region's code) and a date stay text, and a decimal is a
`Decimal`. Anchors and aliases are refused, for with them a few lines expand to gigabytes.
"""

from __future__ import annotations

import io
import json
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipeline.errors import WenshuError, one_line

Field = tuple[str | int, ...]
"""The path of a value: keys and list indices from the top."""

LARGEST = 64 * 1024
"""Bytes of the largest file that is read."""
_MAX_DEPTH = 50
_MAX_MESSAGE = 300
"""Characters of another library's error message that are shown."""


class YamlDocument(NamedTuple):
    """The data of a YAML file with line numbers."""

    data: Any
    """Mappings with string keys, lists, str, int, Decimal, bool and None."""
    positions: Mapping[Field, int]
    """The line of each value, from 1; of a mapping's entry that of its key."""


def load_yaml(path: Path, schema: Path | None = None) -> YamlDocument:
    """Read a YAML file of at most `LARGEST` bytes in UTF-8 and check it against a JSON Schema.

    An empty file is an empty mapping. Raises `WenshuError` naming file, line and field
    where it cannot be read, is not such YAML, or the schema does not hold.
    """
    name = one_line(str(path))
    try:
        require_regular_file(path)
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
    document = parse_yaml(text, name)
    if schema:
        _check(document, schema, name)
    return document


def require_regular_file(path: Path) -> None:
    """Raise `WenshuError` for anything but a regular file: reading a pipe or a device may never end."""
    name = one_line(str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise WenshuError(f"{name}: is no plain file; put one there, or delete it")
    except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself, up to Python 3.12
        why = getattr(error, "strerror", None) or "a symlink to itself"
        raise WenshuError(f"{name}: cannot be read: {why}") from error


_TAG = "tag:yaml.org,2002:"
_PLAIN_TYPES = (
    ("null", re.compile(r"~|null|Null|NULL|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})")),
    ("float", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}")),
)
"""The types of unquoted values; everything else is text."""
_CONVERTERS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda text: None,
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": Decimal,
    "str": str,
}


def parse_yaml(text: str, name: str) -> YamlDocument:
    """Parse a text. name: the file's name for messages. Raises `WenshuError` as `load_yaml` does."""
    try:
        return _Reader(name, YAML(typ="safe").parse(text)).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise WenshuError(f"{name}{line}: is not YAML: {one_line(error.problem or str(error))}") from error
    except (YAMLError, UnicodeError) as error:
        raise WenshuError(f"{name}: is not YAML: {one_line(str(error))[:_MAX_MESSAGE]}") from error


class _Reader:
    """Builds a document from a parser's events, so that an alias is refused before it is expanded."""

    def __init__(self, name: str, stream: Iterator[Any]) -> None:
        self._name, self._stream = name, stream
        self._positions: dict[Field, int] = {(): 1}

    def document(self) -> YamlDocument:
        """The only document of the stream."""
        data: Any = {}
        for number, event in enumerate(e for e in self._stream if isinstance(e, DocumentStartEvent)):
            if number:
                raise self._error(event, "is not YAML: a second document begins; make it a file")
            data = self._value(next(self._stream), ())
        return YamlDocument(data, self._positions)

    def _value(self, event: Any, field: Field) -> Any:
        if len(field) > _MAX_DEPTH:
            raise WenshuError(f"{self._name}: is nested too deeply; {_MAX_DEPTH} levels are read")
        if event.anchor:
            raise self._error(
                event, f"&{one_line(event.anchor)}: anchors and aliases are not read; write the value out"
            )
        self._positions.setdefault(field, event.start_mark.line + 1)
        kind = self._kind(event, field)
        if isinstance(event, SequenceStartEvent):
            return [self._value(item, (*field, n)) for n, item in enumerate(self._until(SequenceEndEvent))]
        if isinstance(event, MappingStartEvent):
            return self._mapping(field)
        try:
            return _CONVERTERS[kind](event.value)
        except (KeyError, ValueError, ArithmeticError) as error:
            raise self._error(event, f"{field_name(field)}: is no {kind}") from error

    def _mapping(self, field: Field) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key in self._until(MappingEndEvent):
            if not isinstance(key, ScalarEvent):
                raise self._error(key, f"{field_name(field)}: a key must be a word")
            entry = (*field, key.value)
            if key.value in mapping:
                raise self._error(key, f"{field_name(entry)}: stands there twice")
            self._positions[entry] = key.start_mark.line + 1
            mapping[key.value] = self._value(next(self._stream), entry)
        return mapping

    def _until(self, end: type) -> Iterator[Any]:
        return takewhile(lambda event: not isinstance(event, end), self._stream)

    def _kind(self, event: Any, field: Field) -> str:
        """The type of a value: given by its tag, or else by how it is written."""
        if event.tag and event.tag != "!":
            kind = event.tag.removeprefix(_TAG)
            if kind == event.tag or kind not in {*_CONVERTERS, "map", "seq"}:
                raise self._error(event, f"{field_name(field)}: the tag {one_line(event.tag)} is not read")
            return str(kind)
        if event.tag or not isinstance(event, ScalarEvent) or not event.implicit[0]:
            return "str"
        return next((kind for kind, pattern in _PLAIN_TYPES if pattern.fullmatch(event.value)), "str")

    def _error(self, event: Any, message: str) -> WenshuError:
        return WenshuError(f"{self._name}:{event.start_mark.line + 1}: {message}")


def field_name(field: Iterable[str | int]) -> str:
    """The field as people write it: indicators[2].unit."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in field)
    return one_line(text.removeprefix(".")) or "the file"


@cache
def _validator(schema: Path) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker  # a tenth of a second: not for `extract`

    rules = json.loads(schema.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(rules)
    return Draft202012Validator(rules, format_checker=FormatChecker(["date"]))


def _check(document: YamlDocument, schema: Path, name: str) -> None:
    """Raise the first violation of a schema in line order, with the number of further ones."""
    found = sorted(
        (_explained(error, document.positions) for error in _validator(schema).iter_errors(document.data)),
        key=lambda item: item[0],
    )
    if found:
        line, message = found[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise WenshuError(f"{name}:{line}: {message}{more}")


def _explained(error: Any, positions: Mapping[Field, int]) -> tuple[int, str]:
    """The line of a schema violation, and a message of one line."""
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
        message = f"{message[:_MAX_MESSAGE]}; give {hint}"
    return positions.get(field, 1), f"{field_name(field)}: {message[: 2 * _MAX_MESSAGE]}"


def load_for_editing(text: str, path: Path) -> CommentedMap:
    """Parse a mapping with its comments. path: for messages. Raises `WenshuError` where the text is none."""
    try:
        document = _round_trip().load(text)
    except YAMLError as error:
        raise WenshuError(
            f"{one_line(str(path))}: is not YAML: {one_line(str(error))[:_MAX_MESSAGE]}"
        ) from error
    document = CommentedMap() if document is None else document
    if not isinstance(document, CommentedMap):
        raise WenshuError(f"{one_line(str(path))}: is no mapping of fields and values")
    return document


def dump_yaml(document: CommentedMap) -> str:
    """A mapping as YAML, with its comments."""
    out = io.StringIO()
    _round_trip().dump(document, out)
    return out.getvalue()


def flow_mapping(value: Mapping[str, Any]) -> CommentedMap:
    """A mapping to be written on one line, its strings in quotes so that none is read as something else."""
    flow = CommentedMap(
        (key, DoubleQuotedScalarString(cell) if isinstance(cell, str) else cell)
        for key, cell in value.items()
    )
    flow.fa.set_flow_style()
    return flow


def _round_trip() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(Decimal, _represent_decimal)
    return yaml


def _represent_decimal(representer: Any, number: Decimal) -> Any:
    """A decimal as it was typed, 206 or 4.50: a float would change it."""
    text = f"{number:f}"
    return representer.represent_scalar(_TAG + ("float" if "." in text else "int"), text)
