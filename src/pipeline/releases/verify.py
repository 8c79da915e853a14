"""Whether a release is as it was published."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.releases.digests import file_digest

SUMS = "SHA256SUMS"
"""In every release: the SHA-256 of each other file of it."""


def read_sums(folder: Path) -> dict[str, str]:
    """The digests of a release's files by their paths in it; WenshuError where they cannot be read."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WenshuError(f"{one_line(str(folder))} is no release: its {SUMS} cannot be read") from error
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def verify(folder: Path) -> list[str]:
    """What is wrong with a release's files, a line each; empty where every byte is as published."""
    wanted = read_sums(folder)
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    problems = [f"{one_line(path)}: missing" for path in sorted(wanted.keys() - there.keys())]
    problems += [
        f"{one_line(path)}: not part of it" for path in sorted(there.keys() - wanted.keys() - {SUMS})
    ]
    for path in sorted(wanted.keys() & there.keys()):
        if file_digest(there[path]) != wanted[path]:
            problems.append(f"{one_line(path)}: altered")
    return problems
