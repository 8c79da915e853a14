"""CSV files that people edit: concepts, breakdowns, regions."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import WenshuError


def read_rows(
    path: Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file as dictionaries, each with the number of the line that it ends on.

    optional: columns that may be missing at the end; their cells are empty then. A row that begins with
    # is a comment. Raises `WenshuError` naming the line where the file is no UTF-8 CSV with these columns.
    """
    every = [*columns, *optional]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise WenshuError(f"{path}: cannot be read as UTF-8 CSV with a header ({error})") from error
    if header != every[: max(len(header), len(columns))]:
        extra = f", and may be followed by {','.join(optional)}" if optional else ""
        raise WenshuError(f"{path}:1: the columns must be {','.join(columns)}{extra}")
    for line, row in rows:
        if not row or row[0].startswith("#"):
            continue
        if len(row) != len(header):
            raise WenshuError(f"{path}:{line}: want {len(header)} cells, found {len(row)}")
        yield line, dict(zip(every, [*row, *[""] * (len(every) - len(row))], strict=True))
