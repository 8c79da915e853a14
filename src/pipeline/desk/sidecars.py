"""The sidecar of a text, written by a form; and files brought into raw/."""

from __future__ import annotations

import base64
import binascii
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.desk.routes import text_of
from pipeline.errors import WenshuError, one_line
from pipeline.project import Project, packaged_path
from pipeline.safe_files import draft_copy, file_digest, folder_lock, replace_text, staged_file
from pipeline.texts.formats import refusal
from pipeline.texts.sidecar import SIDECAR
from pipeline.yamlfile import dump_yaml, load_for_editing, load_yaml, parse_yaml

FIELDS = ("title", "publisher", "issued", "region", "page", "url", "licence")
"""Fields of the form, beside `example`."""
_LONGEST = 500
_LONGEST_NAME = 200
"""Bytes of a file's name."""
_UNSAFE = re.compile(r"[^\w.()（）【】《》—\-]+")
_PDF = 8
"""How many times the bytes of a text a file may have: a PDF's pictures are none of its text."""


def largest_upload(project: Project) -> int:
    """Bytes of the largest file that is taken."""
    return project.limits.bytes * _PDF


def read_sidecar(file: Path) -> tuple[dict[str, Any], str]:
    """The fields of a text's sidecar, and the digest of its file; both empty where there is none."""
    path = file.with_suffix(SIDECAR)
    if not path.is_file():
        return {}, ""
    data = parse_yaml(path.read_text(encoding="utf-8-sig"), one_line(path.name)).data
    return (data if isinstance(data, dict) else {}), file_digest(path)


def write_sidecar(file: Path, form: Mapping[str, Any], seen: str) -> Path:
    """Write the fields of a form into a text's sidecar; an empty one is taken out, all else in it kept.

    seen: its digest when it was shown. Raises `ConflictError` where it was changed meanwhile, and
    `WenshuError` where a field does not fit catalog/schema/source.schema.json.
    """
    path = file.with_suffix(SIDECAR)
    if path == file:
        raise WenshuError("a sidecar has none of its own")
    fields: dict[str, Any] = {name: text_of(form, name)[:_LONGEST] for name in FIELDS}
    with folder_lock(path.parent):
        document = load_for_editing(path.read_text(encoding="utf-8-sig") if path.is_file() else "", path)
        for name, value in (fields | {"example": form.get("example") is True}).items():
            if value:
                document[name] = value
            else:
                document.pop(name, None)
        text = dump_yaml(document) if document else ""
        with draft_copy(text, Path(path.name)) as draft:
            load_yaml(draft, packaged_path("catalog") / "schema" / "source.schema.json")
        replace_text(path, text, seen)
    return path


def refuse_mirror(project: Project) -> None:
    """Raise `WenshuError` where raw/ is a mirror: what were put there would not stay."""
    if project.raw_url:
        raise WenshuError(f"raw/ is a mirror of {project.raw_url}; put the file there")


def add_file(project: Project, name: str, content: str) -> Path:
    """Put a file into raw/ under a safe name, whole or not at all. content: in base64.

    Raises `WenshuError` where it is too large, of a kind that is not read, or its name is taken.
    """
    refuse_mirror(project)
    safe = safe_name(name)
    if reason := refusal(safe):
        raise WenshuError(f"{safe} is not taken: it {reason}")
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WenshuError(f"{safe}: did not come whole; send it again") from error
    if not data or len(data) > largest_upload(project):
        raise WenshuError(f"{safe}: holds {len(data)} bytes; 1 to {largest_upload(project)} are taken")
    project.raw.mkdir(parents=True, exist_ok=True)
    path = project.raw / safe
    with staged_file(project.raw, data) as draft:
        try:
            os.link(draft, path)  # fails where the name is taken: nothing is overwritten
        except FileExistsError:
            if path.is_file() and path.read_bytes() == data:
                return path
            raise WenshuError(
                f"{safe} is there already and says something else; give the file another name"
            ) from None
    return path


def safe_name(name: str) -> str:
    """A name for a file of raw/ that names no other place. Raises `WenshuError` where none is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = _UNSAFE.sub("_", last).lstrip("._- ").rpartition(".")
    room = max(_LONGEST_NAME - len(f"{dot}{suffix}".encode()), 0)
    safe = f"{stem.encode()[:room].decode(errors='ignore')}{dot}{suffix}"
    if not safe.strip("_.") or safe.lower().endswith(SIDECAR) or len(safe.encode()) > _LONGEST_NAME:
        raise WenshuError("that is no name of a text; rename the file")
    return safe
