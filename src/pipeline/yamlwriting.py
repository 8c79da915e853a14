"""The YAML that people write, changed by a program: comments and order kept, whole or not at all.

Several may write at once, in editors and in other processes: `locks.turn` keeps programs of ours apart, and
what a file said when it was shown is compared before it is replaced.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipeline.atomic import drafted
from pipeline.errors import WenshuError, one_line

_TAG = "tag:yaml.org,2002:"
_SHOWN = 160


class ConflictError(WenshuError):
    """A file, or what is to be changed in it, is not any more what it was when it was shown."""


def state_of(path: Path) -> str:
    """A digest of what the file says now; empty where it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def replace_text(path: Path, text: str, seen: str) -> None:
    """Write the file whole or not at all.

    seen: its `state_of` when it was read. Raises `ConflictError` where it says something else by now.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with drafted(path.parent, text.encode(), mode) as draft:
        if state_of(path) != seen:
            raise ConflictError(
                f"{one_line(path.name)} was changed meanwhile, and is left as it is; look at it again"
            )
        draft.replace(path)


@contextmanager
def on_trial(text: str, place: Path) -> Iterator[Path]:
    """A temporary file that says what is to be written to `place`, for a look whether that is sound.

    It has the last two names of `place`. A `WenshuError` raised meanwhile names `place` instead of it.
    """
    with TemporaryDirectory(prefix="wenshu-") as folder:
        draft = Path(folder, place.resolve().parent.name, place.name)
        draft.parent.mkdir(exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="")
        try:
            yield draft
        except WenshuError as error:
            raise WenshuError(str(error).replace(str(draft), str(place))) from error


def loaded(text: str, path: Path) -> CommentedMap:
    """A file's mapping with its comments. Raises `WenshuError` where it holds none. path: for messages."""
    try:
        document = _yaml().load(text)
    except YAMLError as error:
        raise WenshuError(f"{one_line(str(path))}: is not YAML: {one_line(str(error))[:_SHOWN]}") from error
    document = CommentedMap() if document is None else document
    if not isinstance(document, CommentedMap):
        raise WenshuError(f"{one_line(str(path))}: is no mapping of fields and values")
    return document


def dumped(document: CommentedMap) -> str:
    """The mapping as text, with its comments."""
    out = io.StringIO()
    _yaml().dump(document, out)
    return out.getvalue()


def on_one_line(value: Mapping[str, Any]) -> CommentedMap:
    """A mapping on one line; its strings in quotes wherever they could be read as something else."""
    shown = CommentedMap(
        (key, DoubleQuotedScalarString(cell) if isinstance(cell, str) else cell)
        for key, cell in value.items()
    )
    shown.fa.set_flow_style()
    return shown


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    # A decimal as it was typed: a float would change it.
    yaml.representer.add_representer(Decimal, _as_typed)
    return yaml


def _as_typed(representer: Any, number: Decimal) -> Any:
    """A number as YAML has it: 206, 4.50."""
    text = f"{number:f}"
    return representer.represent_scalar(_TAG + ("float" if "." in text else "int"), text)
