"""Data files of the packages: tab-separated, one entry a line, the column names in the first line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable


def read_entries(file: Traversable) -> Iterator[dict[str, str]]:
    """The entries of a file. Missing cells at the end are empty; a line that begins with # is a comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
