"""A release as the site reads it: its own files say everything that a page tells of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError, one_line
from pipeline.releases.described import described_tables
from pipeline.releases.store import MEND, ReleaseStore
from pipeline.releases.writers.parquet import in_sql
from pipeline.tables import Table, Words
from pipeline.tables.frames import NAMES as FRAME

if TYPE_CHECKING:
    import pyarrow as pa

_SETTINGS: Mapping[str, str] = {"memory_limit": "256MB", "threads": "2"}
"""What a question may take of the machine; what it has no room for waits on the disk."""
REPORT = "validation/report.html"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release: its path in it, its size in bytes and its digest."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """How many differences of one kind a release has from the one before it."""

    table: str
    change: str
    cause: str
    count: int


class Published:
    """A release in the store, read where it stands; nothing of it is kept in memory."""

    def __init__(self, store: ReleaseStore, version: str, spare: Path) -> None:
        """spare: a folder for what a question has no room for in memory."""
        self._store, self._spare = store, spare
        self.version = version
        self.folder = store.folder(version)

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """What it says that it was made from."""
        return self._store.provenance(self.version)

    @property
    def sums(self) -> str:
        """A digest of its digests: whatever is in it, is in this."""
        return hashlib.sha256((self.folder / "SHA256SUMS").read_bytes()).hexdigest()

    @property
    def date(self) -> str:
        return str(self.said["date"])

    @property
    def previous(self) -> str | None:
        previous: str | None = self.said["previous"]
        return previous

    @property
    def schema(self) -> str:
        return str(self.said["schema"]["version"])

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows of every table."""
        rows: Mapping[str, int] = self.said["rows"]
        return rows

    @cached_property
    def files(self) -> tuple[File, ...]:
        """Every file, as the release's own sums have them; the database beside it is not among them."""
        lines = (self.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        sums = [(path, digest) for digest, _, path in (line.partition("  ") for line in lines)]
        return tuple(File(path, (self.folder / path).stat().st_size, digest) for path, digest in sums)

    def file(self, path: str) -> File | None:
        """One of them, by its path in the release."""
        return next((file for file in self.files if file.path == path), None)

    @property
    def database(self) -> Path | None:
        """The DuckDB file, which stands beside the release; None where it is gone."""
        path = self._store.database(self.version)
        return path if path.is_file() else None

    @property
    def report(self) -> str | None:
        """Path of the validation report in the release, where there is one."""
        return REPORT if (self.folder / REPORT).is_file() else None

    @cached_property
    def _package(self) -> Mapping[str, Any]:
        path = self.folder / "datapackage.json"
        try:
            package: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            said = f"the release {self.version} is not as it was published ({path.name}: altered); {MEND}"
            raise WenshuError(said) from error
        return package

    @property
    def licence(self) -> tuple[str, str]:
        """SPDX identifier of the licence, and where it can be read."""
        first = (self._package.get("licenses") or [{}])[0]
        return str(first.get("name", "")), str(first.get("path", ""))

    @property
    def publisher(self) -> str:
        """Who is to be cited."""
        contributors = self._package.get("contributors") or [{}]
        return str(contributors[0].get("title") or "wenshu 文数")

    @cached_property
    def verdict(self) -> Words:
        """Whether a reader of the release before must download again, in RELEASE.md's own words."""
        text = (self.folder / "RELEASE.md").read_text(encoding="utf-8")
        zh = re.search(r"^要重新下载吗？(.+)$", text, re.MULTILINE)
        en = re.search(r"^Download again\? (.+)$", text, re.MULTILINE)
        return Words(zh[1] if zh else "", en[1] if en else "")

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Every table, as the release's own dictionary and its Parquet files describe them."""
        return described_tables(self.folder)

    def parquet(self, table: str) -> Path:
        return self.folder / "data" / f"{table}.parquet"

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Differences from the release before, counted by table, change and cause."""
        import pyarrow.parquet as pq

        counts: Counter[tuple[str, str, str]] = Counter()
        with pq.ParquetFile(self.parquet("changes")) as file:
            for batch in file.iter_batches(columns=["table", "change", "cause"]):
                counts.update(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        return tuple(Change(*key, count) for key, count in sorted(counts.items()))

    @contextmanager
    def opened(self, tables: Iterable[str], prepare: str = "") -> Iterator[Queries]:
        """Tables of the release, to be asked in SQL by their names. prepare: SQL that comes first."""
        import duckdb

        with duckdb.connect(config={**_SETTINGS, "temp_directory": str(self._spare / "spill")}) as database:
            database.execute("SET enable_progress_bar = false")
            for name in tables:
                path = in_sql(self.parquet(name)).replace("'", "''")
                database.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}')")
            if prepare:
                database.execute(prepare)
            yield Queries(database)


STATED = f"""
    CREATE SCHEMA site;
    CREATE TABLE site.observed AS
        SELECT quantity_id, list_sort(list(DISTINCT indicator)) AS indicators, max(decision_id) AS decision_id
        FROM (SELECT * EXCLUDE (quantity_id), unnest(string_split(quantity_ids, ' ')) AS quantity_id
              FROM observations)
        GROUP BY quantity_id;
    CREATE TABLE site.shown AS
        SELECT DISTINCT document_id, sentence FROM numerals SEMI JOIN site.observed USING (quantity_id);
    CREATE TABLE site.stated AS
        SELECT quantity_id, text, quote, value, value_low, value_high, qualifier, unit, document_id,
            obs_status, decision_id,
            COLUMNS('^({"|".join(("subject", *FRAME))})$')
        FROM quantities SEMI JOIN site.shown USING (document_id, sentence)
"""
"""What pages of figures ask for more than once: the mentions that state observations, with the indicators
that each states; the sentences in which these stand; every quantity in those sentences, with as much of its
frame as the release has: one that was made before there were frames has the subject alone."""


class Queries:
    """Asks a release's tables; rows come as mappings from column to value."""

    def __init__(self, database: Any) -> None:
        self._database = database

    def all(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Every row, in memory: for what the query itself bounds."""
        return list(self.each(sql, *values))

    def each(self, sql: str, *values: object) -> Iterator[dict[str, Any]]:
        """The rows one after another, a few hundred of them in memory."""
        cursor = self._database.cursor()
        answer = cursor.execute(sql, list(values))
        names = [column[0] for column in answer.description]
        while rows := answer.fetchmany(500):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def batches(self, sql: str, *values: object) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow record batches."""
        yield from self._database.cursor().sql(sql, params=list(values)).to_arrow_reader(8_192)


def page_name(name: str) -> str:
    """The name, which becomes a file's; WenshuError where it could lead anywhere else."""
    if not _NAME.fullmatch(name):
        raise WenshuError(
            f"{one_line(name)!r} cannot name a page of the site; indicators, datasets and documents are "
            "named by letters, digits, - and _"
        )
    return name
