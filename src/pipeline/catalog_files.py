"""The files of a project's catalog: the project's own, over those that came with the package.

A catalog with `extends: wenshu` in its catalog.yaml contains only what differs: its file
replaces the packaged one of the same path, any other file is added, and all other packaged files
stay in use, those of an upgrade too. A catalog without that line is complete by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.project import Project, packaged_path
from pipeline.safe_files import file_digest, replace_text
from pipeline.yamlfile import load_yaml, require_regular_file

CATALOG_FILE = "catalog.yaml"
"""The file that says what a catalog extends."""
PACKAGED_NAME = "wenshu"
"""The value of `extends` for the packaged catalog."""
LEXICONS = "lexicon*.yaml"
AREAS = "areas*.csv"
"""A catalog may have several files of either pattern; their entries are merged."""

WEIGHTS = "weights.txt"
"""The ranker's weights in place of the packaged ones, written by `wenshu train`."""

_SUFFIXES = (".yaml", ".csv")


def catalog_files(catalog: Path, pattern: str = "*") -> Mapping[str, Path]:
    """The files of a catalog that match a pattern, by their paths within it, in the order of reading.

    Raises `WenshuError` where catalog.yaml is invalid.
    """
    found = _files_in(packaged_path("catalog")) if extends_packaged(catalog) else {}
    found |= _files_in(catalog)
    return {name: found[name] for name in sorted(found, key=_reading_order) if fnmatch(name, pattern)}


def extends_packaged(catalog: Path) -> bool:
    """Whether the catalog extends the packaged one."""
    path = catalog / CATALOG_FILE
    if not path.is_symlink() and not path.exists():
        return False
    if load_yaml(path).data != {"extends": PACKAGED_NAME}:
        raise WenshuError(
            f"{one_line(str(path))}: holds one line, extends: {PACKAGED_NAME}; write that, or delete it"
        )
    return True


def catalog_digest(catalog: Path, *patterns: str) -> str:
    """SHA-256 over paths and contents of the catalog's files, or of those that match one of the patterns."""
    whole = hashlib.sha256()
    for pattern in patterns or ("*",):
        for name, path in catalog_files(catalog, pattern).items():
            whole.update(f"{name}\0{file_digest(path)}\n".encode())
    return whole.hexdigest()


def ensure_project_catalog(project: Project) -> Path:
    """The project's own catalog folder, created as an extension of the packaged one if it is missing."""
    folder = project.root / "catalog"
    if not project.catalog == packaged_path("catalog") != folder:
        return project.catalog
    folder.mkdir(exist_ok=True)
    replace_text(folder / CATALOG_FILE, f"extends: {PACKAGED_NAME}\n", file_digest(folder / CATALOG_FILE))
    return folder


def _reading_order(name: str) -> tuple[bool, str]:
    """Sort key: files with the packaged names come first, so that additional ones override them."""
    return name not in (LEXICONS.replace("*", ""), AREAS.replace("*", "")), name


def _files_in(folder: Path) -> dict[str, Path]:
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if (path.suffix in _SUFFIXES and path.name != CATALOG_FILE) or path == folder / WEIGHTS
    }
    for path in found.values():
        require_regular_file(path)
    return found
