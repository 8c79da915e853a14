"""The library for notebooks and other programs: articles, figures, equations, and data frames of them.

Importing it is cheap: a function imports what it needs when it is called, and neither Prefect nor Great
Expectations is ever imported. Values are exact decimals; offsets are into the decoded text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import tee
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.numbers.grammar import Grammar
    from pipeline.numbers.mention import Mention
    from pipeline.relations.relation import Relation
    from pipeline.statistics.matcher import Matcher
    from pipeline.statistics.statistic import Statistic
    from pipeline.texts.formats import Article
    from pipeline.texts.source import Source

FIGURE_COLUMNS = (
    "start", "end", "text", "kind", "value", "low", "high", "unit", "qualifier", "subject", "confidence",
    "measure", "direction", "base", "of", "per", "part", "state", "planned", "scope",
)  # fmt: skip
"""Columns of a figure, those of `wenshu extract`."""
EQUATION_COLUMNS = (
    "relation", "parts", "total", "unit", "verdict", "expression", "computed", "residual", "quote", "start",
    "end", "rule",
)  # fmt: skip
"""Columns of an equation, those of `wenshu check`."""
DOCUMENT_COLUMNS = ("document_id", "path", "title", "publisher", "issued", "region")
"""Columns of a figure's document, which precede its own in the frame of a folder."""


class Document(NamedTuple):
    """An article of a folder with its figures, equations and statistics."""

    source: Source
    """Its metadata; `source.status` is read, quarantined (see `source.reason`) or duplicate."""
    figures: tuple[Mention, ...] = ()
    equations: tuple[Relation, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    """The statistics that its figures state: concept, region, period, transformation and value."""
    ids: tuple[str, ...] = ()
    """The quantity_id of each figure; empty for figures that are not statistical."""


def articles(path: str | Path) -> list[Article]:
    """The articles of a file, in any supported format.

    An article that cannot be read has a `reason` and no text. Raises OSError where the file cannot be
    opened, and `pipeline.texts.decode.UnreadableError` where its format is not supported.
    """
    from pipeline.texts.articles import articles as read

    with Path(path).open("rb") as file:
        return list(read(file, Path(path).name))


def figures(text: str, *, catalog: str | Path | None = None) -> tuple[Mention, ...]:
    """Every numeral of a text; `statistical` marks those that count, measure or price something.

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
    """Every article of a folder, one at a time, with its figures, equations and statistics.

    Raises `WenshuError` where there is no such folder.
    """
    from pipeline.frames.reading import read_each
    from pipeline.relations import relate
    from pipeline.relations.ids import quantity_ids
    from pipeline.texts.source import find_sources, mark_duplicates, read_file, with_derived

    grammar, matcher, root = _grammar(catalog), _matcher_of(_catalog(catalog)), Path(raw)
    sources, copies = tee(mark_duplicates(s for path in find_sources(root) for s in read_file(path, root)))
    texts = (source.text if source.status == "read" else "" for source in copies)
    for source, reading in zip(sources, read_each(texts, grammar), strict=True):
        if source.status != "read":
            yield Document(source)
            continue
        source = with_derived(source, reading.flow)
        ids = quantity_ids(source.document_id, reading)
        statistics = matcher.match(reading.flow, reading.mentions, ids, source).statistics
        mentions, relations = tuple(reading.mentions), tuple(relate(reading))
        yield Document(source, mentions, relations, tuple(statistics), tuple(ids))


def frame(
    results: Iterable[Mention | Relation | Document], of: Literal["figures", "statistics"] = "figures"
) -> pd.DataFrame:
    """The results of `figures`, `equations` or `folder` as a pandas data frame. Decimals stay decimals.

    Of documents it has the statistical figures, each with its document's columns before its own, or
    else the statistics, with the columns of the released table.

    >>> frame(figures("共487个老旧小区。"))[["text", "kind", "value", "unit"]].values.tolist()
    [['487个', 'count', Decimal('487'), '个']]
    """
    import pandas as pd

    rows = list(results)
    if of == "statistics":
        return _statistics([row for row in rows if isinstance(row, Document)])
    if rows and isinstance(rows[0], Document):
        document_cells, figure_cells = attrgetter(*DOCUMENT_COLUMNS), attrgetter(*FIGURE_COLUMNS)
        cells = [
            (*document_cells(document.source), *figure_cells(figure))
            for document in rows
            if isinstance(document, Document)
            for figure in document.figures
            if figure.statistical
        ]
        return pd.DataFrame(cells, columns=[*DOCUMENT_COLUMNS, *FIGURE_COLUMNS], dtype=object)
    names = EQUATION_COLUMNS if rows and hasattr(rows[0], "verdict") else FIGURE_COLUMNS
    return pd.DataFrame(map(attrgetter(*names), rows), columns=list(names), dtype=object)


def _statistics(documents: Iterable[Document]) -> pd.DataFrame:
    import pandas as pd

    from pipeline.tables import TABLES
    from pipeline.tables.rows import statistic_rows

    units = _grammar(None).units.by_word
    cells = [
        row
        for one in documents
        for row in statistic_rows(one.source.document_id, one.statistics, one.figures, one.ids, units)
    ]
    names = [column.name for column in TABLES["statistics"].columns]
    return pd.DataFrame(cells, columns=names, dtype=object)


def _grammar(catalog: str | Path | None) -> Grammar:
    return _grammar_of(_catalog(catalog))


def _catalog(catalog: str | Path | None) -> Path:
    from pipeline.project import load_project

    return Path(catalog) if catalog else load_project().catalog


@cache
def _grammar_of(catalog: Path) -> Grammar:
    from pipeline.numbers.lexicon import load_grammar

    return load_grammar(catalog)


@cache
def _matcher_of(catalog: Path) -> Matcher:
    from pipeline.statistics.catalog.loading import load_catalog
    from pipeline.statistics.matcher import Matcher

    return Matcher(load_catalog(catalog))
