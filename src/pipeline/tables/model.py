"""The classes of table declarations; everything about a released table follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.numbers.decimals import without_zeros

if TYPE_CHECKING:
    import pyarrow as pa

TYPES = ("string", "integer", "decimal", "date", "boolean")
"""Every column type. Decimals are exact; there is no floating-point type."""

PRECISION, SCALE = 38, 10
"""All digits of a decimal and its decimal places: the largest that Arrow, Parquet and DuckDB share."""


class Bilingual(NamedTuple):
    """A text in both languages of a release."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a released table.

    type: one of `TYPES`. required: never null. unit: the unit of numbers.
    vocabulary: the permitted values; empty where any value is.
    separator: the separator of the items of a list in a cell.
    concept: URI of the same concept in a public vocabulary (SDMX, Dublin Core, NIF).
    position: the cell is an offset in a text, so that a difference in it alone is
    a move and no change of the data.
    """

    name: str
    type: str
    title: Bilingual
    meaning: Bilingual
    required: bool = False
    unit: str | None = None
    vocabulary: tuple[str, ...] = ()
    separator: str | None = None
    concept: str | None = None
    position: bool = False
    unit_text: str = ""
    """The measure word where the unit is 1: 个, 户."""

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.type not in TYPES:
            raise ValueError(f"column {self.name!r}: type {self.type!r} is none of {', '.join(TYPES)}")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of this table refer to the columns `references` of another table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The declaration of a released table.

    key: the columns that identify a row. order: the columns by which rows are sorted in every
    file, before those of the key. dataset: declared in catalog/datasets/, not built in.
    """

    name: str
    title: Bilingual
    description: Bilingual
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    dataset: bool = False

    def __post_init__(self) -> None:
        _check_name(self.name)
        names = self.names
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name!r} names a column twice")
        used = {*self.key, *self.order, *(c for fk in self.foreign_keys for c in fk.columns)}
        if missing := sorted(used - set(names)):
            raise ValueError(
                f"table {self.name!r} has no column {', '.join(missing)}, but a key or its order uses it"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of every file."""
        return tuple(column.name for column in self.columns)

    @property
    def sorting(self) -> tuple[str, ...]:
        """The columns by which rows are sorted."""
        return self.order + tuple(name for name in self.key if name not in self.order)

    @property
    def keyed(self) -> bool:
        """Whether the key can be a primary key, as none of its columns is ever null."""
        return bool(self.key) and all(self.column(name).required for name in self.key)

    def column(self, name: str) -> Column:
        """The column with a name."""
        return next(column for column in self.columns if column.name == name)

    def schema(self) -> pa.Schema:
        """The Arrow schema, with titles and meanings as metadata."""
        return _schema(self)


@lru_cache(128)
def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "decimal": pa.decimal128(PRECISION, SCALE),
        "date": pa.date32(),
        "boolean": pa.bool_(),
    }
    fields = [pa.field(c.name, types[c.type], not c.required, _metadata(c)) for c in table.columns]
    metadata = _by_language("title", table.title) | _by_language("description", table.description)
    return pa.schema(fields, metadata)


def _by_language(name: str, text: Bilingual) -> dict[str, str]:
    return {f"{name}_{language}": words for language, words in text._asdict().items()}


def _check_name(name: str) -> None:
    """Raise ValueError for a name that needs quoting in file names, SQL or XML."""
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(f"{name!r} cannot name a table or a column; use letters, digits and _")


def _metadata(column: Column) -> dict[str, str]:
    texts = _by_language("title", column.title) | _by_language("description", column.meaning)
    more = {"unit": column.unit, "concept": column.concept, "vocabulary": " ".join(column.vocabulary)}
    return {name: text for name, text in {**texts, **more}.items() if text}


def cell_text(value: object) -> str:
    """A cell as in CSV files: numbers exact and without an exponent, null as the empty string."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return without_zeros(f"{value:f}") if value else "0"
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(cell_text, value)) if isinstance(value, list | tuple) else str(value)
