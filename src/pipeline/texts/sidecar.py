"""Sidecars: the file NAME.yaml next to NAME.txt with the metadata of a text.

A mistake in one costs the field that it is in, and is reported; the text is read all the same.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.texts.decode import UnreadableError, decode
from pipeline.texts.fields import Fields, read_fields, read_lines
from pipeline.texts.folders import is_file, is_link
from pipeline.yamlfile import LARGEST, load_yaml

SIDECAR = ".yaml"
"""Suffix of the file next to a text that has its metadata."""

_LINES = re.compile(r"^[^\S\n]*[^\s#]", re.M)
_NOT_PLAIN = re.compile(r"[:：]\s*[!&*\[{|>]|\ufffd")
"""A value that in YAML is more than its characters, or a character that could not be read."""
_EXAMPLE = re.compile(r"^\s*(?:example|示例|样例|例文)\s*[:：]\s*(?:true|是)\b", re.I | re.M)


def read_sidecar(path: Path) -> Fields:
    """What the sidecar of a text says; of none, nothing. Faults name its lines."""
    sidecar = path.with_suffix(SIDECAR)
    name = one_line(sidecar.name)
    if is_link(sidecar):
        return Fields({}, (f"its sidecar {name} is a symlink, and not read; put a copy of it there",))
    if not is_file(sidecar):  # or a name that is too long for a disk
        return Fields({})
    try:
        document = load_yaml(sidecar)
    except WenshuError as error:
        why = str(error).removeprefix(one_line(str(sidecar.parent)) + "/")
        return _line_by_line(sidecar, f"its sidecar {why}; what its other lines say is used")
    if not isinstance(document.data, dict):
        return _line_by_line(sidecar, None)
    fields = read_fields(document.data.items())
    lines = {key: document.positions.get((key,), 1) for key in map(str, document.data)}
    faults = (f"its sidecar {name}:{lines.get(each.partition(':')[0], 1)}: {each}" for each in fields.faults)
    return fields._replace(faults=tuple(faults))


def _line_by_line(sidecar: Path, fault: str | None) -> Fields:
    """What each line says of a file that is no YAML (a colon in a title, 标题：甲); no fault where all do."""
    name = one_line(sidecar.name)
    try:
        with sidecar.open("rb") as file:
            data = file.read(LARGEST)
    except OSError:
        data = b""
    try:
        text, _ = decode(data)
    except UnreadableError:
        text = data.decode("utf-8-sig", "replace")
    pairs = read_lines(text)
    fields = read_fields(pairs)
    complete = len(pairs) == len(_LINES.findall(text)) and not _NOT_PLAIN.search(text)
    if fields.values and not fields.faults and complete:
        return fields
    faults = [f"its sidecar {name}: {each}" for each in fields.faults]
    if not fields.values and not fault:
        faults.append(f"its sidecar {name} says nothing; write a field and its value a line, as title: 标题")
    if _EXAMPLE.search(text):  # never released for a mistake elsewhere in the file
        fields.values["example"] = True
    return Fields(fields.values, (fault, *faults) if fault else tuple(faults))
