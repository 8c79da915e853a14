"""CSV of articles: a row an article, its columns named as a sidecar's fields are."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from io import StringIO

from pipeline.errors import one_line
from pipeline.texts.decode import decode
from pipeline.texts.formats import Article
from pipeline.texts.formats.rows import of_rows

_DELIMITERS = ",\t;|"


def read(data: bytes, name: str) -> Iterator[Article]:
    """The articles of a CSV file, in any encoding of a text, with commas, tabs or semicolons."""
    text, encoding = decode(data)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from of_rows(((reader.line_num, row) for row in reader), encoding)
    except csv.Error as error:
        reason = f"is damaged at line {reader.line_num}: {one_line(str(error))}; save it anew as CSV in UTF-8"
        yield Article(record=f"line {reader.line_num}", reason=reason)
