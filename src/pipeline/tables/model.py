"""What a table declaration is made of; everything about a released table follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

TYPES = ("string", "integer", "decimal", "date", "boolean")
"""Every column type. Decimals are exact; there is no floating-point type."""

PRECISION, SCALE = 38, 10
"""Digits of a decimal, and those after the point: the widest that Arrow, Parquet and DuckDB share."""


class Words(NamedTuple):
    """A text for readers, in both languages of a release."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a released table.

    type: one of `TYPES`. required: never null. unit: what a number counts.
    vocabulary: the only values allowed; empty where any is.
    separator: what stands between the items of a cell that holds a list.
    concept: URI of the same notion in a public vocabulary (SDMX, Dublin Core, NIF).
    position: the cell says where something stands and not what it says, so that a
    difference in it alone is a move and no change of the data.
    """

    name: str
    type: str
    title: Words
    meaning: Words
    required: bool = False
    unit: str | None = None
    vocabulary: tuple[str, ...] = ()
    separator: str | None = None
    concept: str | None = None
    position: bool = False
    unit_text: str = ""
    """The measure word of what a unit of 1 counts: 个, 户."""

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.type not in TYPES:
            raise ValueError(f"column {self.name!r}: type {self.type!r} is none of {', '.join(TYPES)}")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of this table name a row of `table` by its `references`."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The one declaration of a released table.

    key: columns that together name a row. order: the columns by which rows are sorted
    in every file (ties go by the key); the key where none is given.
    dataset: made from a declaration in catalog/datasets/, not built in.
    """

    name: str
    title: Words
    description: Words
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
        """Column names, in the order in which every file has them."""
        return tuple(column.name for column in self.columns)

    @property
    def sorting(self) -> tuple[str, ...]:
        """The columns that rows are sorted by, first to last."""
        return self.order + tuple(name for name in self.key if name not in self.order)

    @property
    def keyed(self) -> bool:
        """Whether the key can be a primary key: none of its columns is ever null."""
        return bool(self.key) and all(self.column(name).required for name in self.key)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def schema(self) -> pa.Schema:
        """The Arrow schema, with titles and meanings as field and table metadata."""
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
    about = {"title": table.title, "description": table.description}
    said = {f"{what}_{lang}": text for what, words in about.items() for lang, text in words._asdict().items()}
    return pa.schema(fields, said)


def _check_name(name: str) -> None:
    """Names go into file names, SQL and XML as they are."""
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(f"{name!r} cannot name a table or a column; use letters, digits and _")


def _metadata(column: Column) -> dict[str, str]:
    said = {
        "title_zh": column.title.zh,
        "title_en": column.title.en,
        "description_zh": column.meaning.zh,
        "description_en": column.meaning.en,
        "unit": column.unit,
        "concept": column.concept,
        "vocabulary": " ".join(column.vocabulary),
    }
    return {name: text for name, text in said.items() if text}
