"""`wenshu init`: a new project, ready to run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.language import language, translate

_TEMPLATES = Path(__file__).with_name("new_project")
_FILES: Mapping[str, str] = {
    "wenshu.toml": "{lang}/wenshu.toml",
    "README.md": "{lang}/README.md",
    "raw/example.txt": "example.txt",
    "raw/example.yaml": "example.yaml",
    "catalog/catalog.yaml": "catalog.yaml",
    "catalog/indicators/own.yaml": "indicators.yaml",
    "catalog/lexicon.own.yaml": "lexicon.yaml",
    ".gitignore": "gitignore",
}
"""The files of a new project, and their templates."""


def run(args: Namespace) -> int:
    """Run `wenshu init` with its parsed arguments; the exit code."""
    create(args.folder)
    where = one_line(str(args.folder))
    print(translate(f"A project is in {where}. Next: cd {where}, put articles into raw/, and wenshu run"))
    return 0


def create(folder: Path) -> None:
    """Write a new project into a folder that is not there, or empty; `WenshuError` where it is not.

    Nothing is written over.
    """
    where = one_line(str(folder))
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise WenshuError(f"{where}: is there and no folder; name another")
    if folder.is_dir() and any(folder.iterdir()):
        raise WenshuError(f"{where}: is not empty; name a new folder, or an empty one")
    (folder / "decisions").mkdir(parents=True, exist_ok=True)
    for name, template in _FILES.items():
        text = (_TEMPLATES / template.format(lang=language())).read_text(encoding="utf-8")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
