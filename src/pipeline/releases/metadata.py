"""What every description says of a release: its provenance, its files, its publisher and its address."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.releases.files import file_digests
from pipeline.releases.labelled_figures import LABELLED_FILES
from pipeline.releases.queries import Queries, open_queries
from pipeline.settings import Publication
from pipeline.tables import FIGURES, Bilingual, Column, ForeignKey, Table
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

MEDIA_TYPES = {
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
    def media_type(self) -> str:
        return MEDIA_TYPES[self.suffix]

    @property
    def suffix(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def name(self) -> str:
        """The table or view in it."""
        return self.path.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True)
class ReleaseMetadata:
    """A release as its provenance describes it."""

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
    def semantic_version(self) -> str:
        """The version as a semantic one: 2026.11.28.1 is 2026.11.28+1."""
        year, month, day, *build = self.version.split(".")
        return "+".join((f"{year}.{month}.{day}", *build))

    @property
    def date(self) -> date:
        return date.fromisoformat(self.provenance["date"])

    @property
    def rows(self) -> Mapping[str, int]:
        return dict(self.provenance["rows"])

    @property
    def schema(self) -> str:
        """Semantic version of the tables' columns."""
        return str(self.provenance["schema"]["version"])

    @property
    def columns(self) -> Mapping[str, Mapping[str, str]]:
        """Its tables, and the types of their columns."""
        return dict(self.provenance["schema"]["tables"])

    @property
    def inputs(self) -> Mapping[str, str]:
        """Digests of what it was made with, beside its sources."""
        return dict(self.provenance["inputs"])

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
    def change_counts(self) -> list[tuple[str, str, str, int]]:
        """`changes` as a sorted list, each with its count."""
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
        """Whether a user of the release before must download again; empty in releases that have none."""
        verdict = self.provenance.get("verdict")
        return code_name("verdict", verdict) if verdict else Bilingual("", "")

    def parquet(self, table: str) -> Path:
        """The path of a table's Parquet file."""
        return self.folder / "data" / f"{table}.parquet"

    def open_tables(self, *tables: str) -> AbstractContextManager[Queries]:
        """Open these tables, or all, for queries in SQL."""
        return open_queries({name: self.parquet(name) for name in tables or self.rows})

    @property
    def licence(self) -> str:
        """SPDX identifier of the data's licence."""
        return str(self._attribution.get("licence", ""))

    @property
    def licence_url(self) -> str:
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
        settings = {k: v for k, v in self._attribution.items() if k not in ("licence", "publisher")}
        return Publication(**settings | {"theme": tuple(settings.get("theme", ()))})

    @property
    def _attribution(self) -> Mapping[str, Any]:
        """Empty in a release from before it was on record."""
        return dict(self.provenance.get("attribution", {}))

    @property
    def release_url(self) -> str:
        """Where the release is served, with a slash at its end; empty where no URL is known."""
        base = self.publication.base_url
        return f"{base.rstrip('/')}/releases/{self.version}/" if base else ""

    def file_url(self, path: str = "") -> str:
        """The URL of a file of it: absolute where one is known, else relative to the release."""
        return f"{self.release_url or './'}{path}"

    @property
    def previous_url(self) -> str | None:
        """The URL of the release before."""
        return f"{self.file_url()}../{self.previous}/" if self.previous else None

    @property
    def doi_url(self) -> str | None:
        return f"https://doi.org/{self.publication.doi}" if self.publication.doi else None

    @property
    def contact_uri(self) -> str | None:
        contact = self.publication.contact
        return contact if contact is None or "://" in contact else f"mailto:{contact}"


@dataclass(frozen=True)
class ReleaseDraft(ReleaseMetadata):
    """A release about to be published, or made again, as its descriptions and its report see it."""

    tables: tuple[Table, ...]

    @cached_property
    def files(self) -> tuple[DataFile, ...]:
        """The data files in it, by path, once they are written."""
        paths = sorted([*self.folder.glob("data/*"), *self.folder.glob("*.xlsx")])
        names = [path.relative_to(self.folder).as_posix() for path in paths if path.suffix[1:] in MEDIA_TYPES]
        return tuple(DataFile.of(self.folder, *each) for each in file_digests(self.folder, names).items())

    @cached_property
    def csv(self) -> Mapping[str, DataFile]:
        """The tables' CSV files, by table."""
        found = {file.name: file for file in self.files if file.suffix == "csv"}
        return {table.name: found[table.name] for table in self.tables}

    @property
    def measured(self) -> list[Column]:
        """The columns of datasets that hold figures."""
        columns = (column for table in self.tables if table.dataset for column in table.columns)
        return [column for column in columns if column.type == "decimal"]

    def foreign_keys(self, table: Table, *, required: bool = False) -> list[ForeignKey]:
        """The foreign keys of a table to tables of this release. required: only those that are never null."""
        return [
            key
            for key in table.foreign_keys
            if key.table in self.csv
            and (not required or all(table.column(name).required for name in key.columns))
        ]

    def title_and_description(self, file: DataFile) -> tuple[Bilingual, Bilingual]:
        """Of a data file: its table's, the labelled view's, or the release's own."""
        view = FIGURES if file.path in LABELLED_FILES else None
        table = next((table for table in self.tables if table.name == file.name), view)
        return (table.title, table.description) if table else (TITLE, ABOUT)
