"""The gazetteer from its files, catalog/areas.csv and what is beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.csvfile import read_rows
from pipeline.errors import WenshuError
from pipeline.statistics.areas import Areas

_COLUMNS = ("code", "name", "also", "until")
_MORE = ("since", "successor", "name_en")
_CODE = re.compile(r"\d{6}|[A-Z]{2}|-|")


def load_areas(*paths: Path) -> Areas:
    """Read areas.csv and what is beside it; WenshuError names the line that is wrong.

    Where two give a code different names, the last file's counts.
    """
    return Areas([row for path in reversed(paths) for row in _area_rows(path)])


def _area_rows(path: Path) -> Iterator[list[str]]:
    for line, row in read_rows(path, _COLUMNS, _MORE):
        if not row["name"] or not _CODE.fullmatch(row["code"]):
            raise WenshuError(
                f"{path}:{line}: want a six-digit or two-letter code, a name, other names, until"
            )
        yield [*row.values()]
