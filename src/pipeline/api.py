"""The library for notebooks and other programs: articles, figures, equations, and frames of them.

Light to import: what a function needs is loaded when it is called, and neither Prefect nor Great
Expectations ever is. Values are exact decimals; offsets are into the decoded text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.numbers.grammar import Grammar
    from pipeline.numbers.mention import Mention
    from pipeline.relations.model import Relation
    from pipeline.texts.formats import Article
    from pipeline.texts.source import Source

FIGURE_COLUMNS = (
    "start", "end", "text", "kind", "value", "low", "high", "unit", "qualifier", "subject", "confidence",
    "measure", "direction", "base", "of", "per", "part", "state", "planned", "scope",
)  # fmt: skip
"""Of a figure, as `wenshu extract` has them."""
EQUATION_COLUMNS = (
    "relation", "parts", "total", "unit", "verdict", "expression", "computed", "residual", "quote", "start",
    "end", "rule",
)  # fmt: skip
"""Of an equation, as `wenshu check` has them."""
DOCUMENT_COLUMNS = ("document_id", "path", "title", "publisher", "issued", "region")
"""Of a figure's document, before its own columns, in the frame of a folder."""


class Document(NamedTuple):
    """An article of a folder, read."""

    source: Source
    """What is known of it; `source.status` is read, quarantined (see `source.reason`) or duplicate."""
    figures: tuple[Mention, ...] = ()
    equations: tuple[Relation, ...] = ()


def articles(path: str | Path) -> list[Article]:
    """The articles of a file, in any format that a night reads.

    One that cannot be read has a `reason` and no text. Raises OSError where the file cannot be
    opened, and `pipeline.texts.formats.UnreadableError` where it is of a kind that is not read.
    """
    from pipeline.texts.articles import articles as read

    with Path(path).open("rb") as file:
        return list(read(file, Path(path).name))


def figures(text: str, *, catalog: str | Path | None = None) -> tuple[Mention, ...]:
    """Every numeral of a text; `statistical` tells those that count, measure or price something.

    catalog: a folder whose lexicon adds words and units; that of the current project by default.

    >>> [(f.text, f.subject, int(f.low), int(f.high)) for f in figures("新增绿化面积70余万平方米。")]
    [('70余万平方米', '绿化面积', 700000, 800000)]
    """
    from pipeline.frames.reading import read

    return tuple(read(text, _grammar(catalog)).mentions)


def equations(text: str, *, catalog: str | Path | None = None) -> tuple[Relation, ...]:
    """The arithmetic that a text states, each equation with its verdict: holds, rounding or fails.

    >>> (sum_,) = equations("487个老旧小区，89个基本改造完成，203个进入收尾阶段，195个近期全部开工。")
    >>> sum_.verdict, sum_.expression
    ('holds', '89 + 203 + 195 = 487')
    """
    from pipeline.frames.reading import read
    from pipeline.relations import relate

    return tuple(relate(read(text, _grammar(catalog))))


def folder(raw: str | Path, *, catalog: str | Path | None = None) -> Iterator[Document]:
    """Every article of a folder, one at a time, with its figures and equations.

    Raises `WenshuError` where there is no such folder.
    """
    from pipeline.frames.reading import read_each
    from pipeline.relations import relate
    from pipeline.texts.source import find_sources, mark_duplicates, read_file, with_masthead

    grammar, place = _grammar(catalog), Path(raw)
    sources, again = tee(mark_duplicates(s for path in find_sources(place) for s in read_file(path, place)))
    texts = (source.text if source.status == "read" else "" for source in again)
    for source, reading in zip(sources, read_each(texts, grammar), strict=True):
        if source.status != "read":
            yield Document(source)
            continue
        known = with_masthead(source, reading.flow)
        yield Document(known, tuple(reading.mentions), tuple(relate(reading)))


def frame(found: Iterable[Mention | Relation | Document]) -> pd.DataFrame:
    """What `figures`, `equations` or `folder` gave, as a pandas frame with the columns of the contract.

    Of documents it holds the statistical figures, each with its document's columns before its own.
    Decimals stay decimals.

    >>> frame(figures("共487个老旧小区。"))[["text", "kind", "value", "unit"]].values.tolist()
    [['487个', 'count', Decimal('487'), '个']]
    """
    import pandas as pd

    rows = list(found)
    if rows and isinstance(rows[0], Document):
        cells = [
            (*_columns(document.source, DOCUMENT_COLUMNS), *_columns(figure, FIGURE_COLUMNS))
            for document in rows
            if isinstance(document, Document)
            for figure in document.figures
            if figure.statistical
        ]
        return pd.DataFrame(cells, columns=[*DOCUMENT_COLUMNS, *FIGURE_COLUMNS], dtype=object)
    names = EQUATION_COLUMNS if rows and hasattr(rows[0], "verdict") else FIGURE_COLUMNS
    return pd.DataFrame([_columns(row, names) for row in rows], columns=list(names), dtype=object)


def _columns(row: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _grammar(catalog: str | Path | None) -> Grammar:
    from pipeline.project import load_project

    return _grammar_of(Path(catalog) if catalog else load_project().catalog)


@cache
def _grammar_of(catalog: Path) -> Grammar:
    from pipeline.numbers.lexicon import load_grammar

    return load_grammar(catalog)
