"""Which files make a project's catalog: its own, over those that came with the package.

A catalog that says `extends: wenshu` in its catalog.yaml holds what differs: a file of its own
replaces the packaged one of the same path, any other one is added, and the rest stays, newer
ones after an upgrade too. A catalog without that line is the whole of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.project import Project, packaged
from pipeline.yamlfile import load_yaml, refuse_strays
from pipeline.yamlwriting import replace_text, state_of

FILE = "catalog.yaml"
"""Beside the files of a catalog: what it extends."""
BASE = "wenshu"
"""The packaged catalog, by the name that `extends` gives it."""
LEXICONS = "lexicon*.yaml"
AREAS = "areas*.csv"
"""Of these a catalog may have several: what they say is added up."""

WEIGHTS = "weights.txt"
"""What ranks subjects in the place of the packaged weights: `wenshu train` writes it."""

_KINDS = (".yaml", ".csv")


def catalog_files(catalog: Path, pattern: str = "*") -> Mapping[str, Path]:
    """The catalog's files by their paths within it, in order. pattern: of those paths.

    Raises `WenshuError` where catalog.yaml is none.
    """
    found = _inside(packaged("catalog")) if extends(catalog) else {}
    found |= _inside(catalog)
    return {name: found[name] for name in sorted(found, key=_place) if fnmatch(name, pattern)}


def extends(catalog: Path) -> bool:
    """Whether the catalog stands over the packaged one."""
    path = catalog / FILE
    if not path.is_symlink() and not path.exists():
        return False
    said = load_yaml(path).data
    if said != {"extends": BASE}:
        raise WenshuError(f"{one_line(str(path))}: holds one line, extends: {BASE}; write that, or delete it")
    return True


def catalog_digest(catalog: Path, *patterns: str) -> str:
    """SHA-256 over the files that make the catalog, with their paths within it. patterns: of those paths."""
    whole = hashlib.sha256()
    for pattern in patterns or ("*",):
        for name, path in catalog_files(catalog, pattern).items():
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def own_catalog(project: Project) -> Path:
    """The project's own catalog folder, made over the packaged one where there is none yet."""
    folder = project.root / "catalog"
    if not project.catalog == packaged("catalog") != folder:
        return project.catalog
    folder.mkdir(exist_ok=True)
    replace_text(folder / FILE, f"extends: {BASE}\n", state_of(folder / FILE))
    return folder


def _place(name: str) -> tuple[bool, str]:
    """A file's place: the packaged names first, so that what stands beside them has the last word."""
    return name not in (LEXICONS.replace("*", ""), AREAS.replace("*", "")), name


def _inside(folder: Path) -> dict[str, Path]:
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if (path.suffix in _KINDS and path.name != FILE) or path == folder / WEIGHTS
    }
    for path in found.values():
        refuse_strays(path)
    return found
