"""Words and rules as files of data: one entry a line, tab-separated, the first line names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable


def read_entries(file: Traversable) -> Iterator[dict[str, str]]:
    """The entries of a file; a cell that is missing is empty, and a line that begins with # a comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
