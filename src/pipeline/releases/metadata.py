"""What every description says of a release: its own words, its files, whose it is and where it is served."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.releases.digests import digests_of
from pipeline.releases.figures import FILES
from pipeline.releases.queries import Queries, queries
from pipeline.settings import Publication
from pipeline.tables import FIGURES, Bilingual, Table
from pipeline.tables.vocabulary import code_name

Provenance: TypeAlias = Mapping[str, Any]
"""What a release was made from (its provenance.json)."""

TITLE = Bilingual("文数：文中之数", "wenshu: numbers out of Chinese prose")
ABOUT = Bilingual(
    "从中文公文与新闻中提取的统计数字，每个数字都可追溯到原文的字符。",
    "Statistics read from Chinese local-government prose; every figure leads back to the characters it "
    "came from.",
)
KEYWORDS = ("open data", "statistics", "China", "开放数据", "统计")

_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types of data files, by suffix."""
_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_OF_ALL = ("licence", "publisher")
"""What stands beside a publication's own words in a release's attribution."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the release: its path in it, its size in bytes, its digest."""

    path: str
    size: int
    sha256: str

    @classmethod
    def of(cls, folder: Path, path: str, sha256: str) -> DataFile:
        """The file of a release in the folder."""
        return cls(path, (folder / path).stat().st_size, sha256)

    @property
    def media(self) -> str:
        """Its media type."""
        return _MEDIA[self.suffix]

    @property
    def suffix(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def name(self) -> str:
        """Of the table that it has, or of the view."""
        return self.path.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True)
class Metadata:
    """What a release's own provenance says of it."""

    folder: Path
    """Holds data/*.csv and data/*.parquet."""
    provenance: Provenance

    @property
    def version(self) -> str:
        return str(self.provenance["version"])

    @property
    def previous(self) -> str | None:
        previous: str | None = self.provenance["previous"]
        return previous

    @property
    def date(self) -> date:
        return date.fromisoformat(self.provenance["date"])

    @property
    def rows(self) -> Mapping[str, int]:
        rows: Mapping[str, int] = self.provenance["rows"]
        return rows

    @property
    def schema(self) -> str:
        """Semantic version of the tables' columns."""
        return str(self.provenance["schema"]["version"])

    @property
    def changes(self) -> Mapping[tuple[str, str, str], int]:
        """Differences from the release before, by (table, change, cause)."""
        return {
            (table, change, cause): count
            for table, changes in self.provenance.get("changes", {}).items()
            for change, causes in changes.items()
            for cause, count in causes.items()
        }

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """These in a list, each with its count."""
        return [(*key, count) for key, count in sorted(self.changes.items())]

    @property
    def figures(self) -> Mapping[tuple[str, str], int]:
        """Figures that readers would see differ, by (table, change): see `verdict.count_figures`."""
        return {
            (table, change): count
            for table, changes in self.provenance["figures"].items()
            for change, count in changes.items()
        }

    @property
    def verdict(self) -> Bilingual:
        """Whether a user of the release before must download again; empty of one that did not say it yet."""
        said = self.provenance.get("verdict")
        return code_name("verdict", said) if said else Bilingual("", "")

    @property
    def columns(self) -> Mapping[str, Mapping[str, str]]:
        """Its tables, and the types of their columns."""
        columns: Mapping[str, Mapping[str, str]] = self.provenance["schema"]["tables"]
        return columns

    @property
    def inputs(self) -> Mapping[str, str]:
        """Digests of what it was made with, beside its sources."""
        inputs: Mapping[str, str] = self.provenance["inputs"]
        return inputs

    def parquet(self, table: str) -> Path:
        """Where a table's file is."""
        return self.folder / "data" / f"{table}.parquet"

    def opened(self, *tables: str) -> AbstractContextManager[Queries]:
        """These tables of it, or all, to be asked in SQL."""
        return queries({name: self.parquet(name) for name in tables or self.rows})

    @property
    def licence(self) -> str:
        """SPDX identifier of the data's licence."""
        return str(self._attribution.get("licence", ""))

    @property
    def licence_url(self) -> str:
        """Where it can be read."""
        return _LICENCES.get(self.licence, f"https://spdx.org/licenses/{self.licence}.html")

    @property
    def publisher(self) -> str | None:
        return self._attribution.get("publisher")

    @property
    def creator(self) -> str:
        """Who is to be cited."""
        return self.publisher or "wenshu 文数"

    @cached_property
    def publication(self) -> Publication:
        """What the descriptions say beside, such as where the site is read."""
        said = {name: self._attribution[name] for name in self._attribution if name not in _OF_ALL}
        return Publication(**said | {"theme": tuple(said.get("theme", ()))})

    @property
    def _attribution(self) -> Mapping[str, Any]:
        """Of a release from before it was on record, nothing."""
        known: Mapping[str, Any] = self.provenance.get("attribution", {})
        return known

    @property
    def served(self) -> str:
        """Where the release is served, with a slash at its end; empty where no address is known."""
        base = self.publication.base_url
        return f"{base.rstrip('/')}/releases/{self.version}/" if base else ""

    def address(self, path: str = "") -> str:
        """Where a file of it is: absolute where an address is known, else relative to the release."""
        return f"{self.served or './'}{path}"

    @property
    def doi_url(self) -> str | None:
        """The DOI as a URL."""
        return f"https://doi.org/{self.publication.doi}" if self.publication.doi else None

    @property
    def contact(self) -> str | None:
        """The contact as a URI."""
        contact = self.publication.contact
        return contact if contact is None or "://" in contact else f"mailto:{contact}"


@dataclass(frozen=True)
class Draft(Metadata):
    """A release about to be published, or made again, as its descriptions and its report see it."""

    tables: tuple[Table, ...]

    @cached_property
    def files(self) -> tuple[DataFile, ...]:
        """The data files that are in it, by path, once they are written."""
        paths = sorted([*self.folder.glob("data/*"), *self.folder.glob("*.xlsx")])
        names = [path.relative_to(self.folder).as_posix() for path in paths if path.suffix[1:] in _MEDIA]
        return tuple(DataFile.of(self.folder, *each) for each in digests_of(self.folder, names).items())

    @property
    def csv(self) -> Mapping[str, DataFile]:
        """The tables' CSV files, by table."""
        found = {file.name: file for file in self.files if file.suffix == "csv"}
        return {table.name: found[table.name] for table in self.tables}

    def entitled(self, file: DataFile) -> tuple[Bilingual, Bilingual]:
        """Title and description of a data file: its table's, the labelled view's, or the release's own."""
        named = FIGURES if file.path in FILES else None
        table = next((table for table in self.tables if table.name == file.name), named)
        return (table.title, table.description) if table else (TITLE, ABOUT)


def as_json(value: Any) -> str:
    """JSON as the release writes it: readable, and the same each time."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def in_both(words: Bilingual) -> list[dict[str, str]]:
    """A text in both languages, as JSON-LD has it."""
    return [
        {"@value": text, "@language": language} for language, text in zip(("zh", "en"), words, strict=True)
    ]


def said(**known: Any) -> dict[str, Any]:
    """What is known of it: the rest is not said."""
    return {name: value for name, value in known.items() if value}
