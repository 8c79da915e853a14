"""The gazetteer from its files, catalog/areas.csv and what is beside it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from pipeline.errors import WenshuError
from pipeline.statistics.areas import Areas

_COLUMNS = ["code", "name", "also", "until"]
_MORE = ["since", "successor", "name_en"]
"""Columns that a file may leave out."""


def load_areas(*paths: Path) -> Areas:
    """Read areas.csv and what is beside it; WenshuError names the line that is wrong.

    Where two give a code different names, the last file's counts.
    """
    rows = [row for path in reversed(paths) for row in _area_rows(path)]
    return Areas(rows)


def _area_rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        raise WenshuError(f"{path}: cannot be read as UTF-8 CSV with a header ({error})") from error
    if header != (_COLUMNS + _MORE)[: max(len(header), len(_COLUMNS))]:
        raise WenshuError(
            f"{path}:1: the columns must be {','.join(_COLUMNS)}, and may be followed by {','.join(_MORE)}"
        )
    for line, row in enumerate(rows, 2):
        if len(row) != len(header) or not row[1] or not re.fullmatch(r"\d{6}|[A-Z]{2}|-|", row[0]):
            raise WenshuError(
                f"{path}:{line}: want a six-digit or two-letter code, a name, other names, until"
            )
    return rows
