"""A release in the store, read for the site: its own files have everything that a page shows of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.releases.describe.dictionary import described_tables
from pipeline.releases.files import SUMS, read_sums
from pipeline.releases.metadata import DataFile, ReleaseMetadata
from pipeline.safe_files import file_digest
from pipeline.tables import FRAME, Table

REPORT = "validation/report.html"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True)
class PublishedRelease(ReleaseMetadata):
    """A release in the store."""

    database_path: Path
    """The path of the DuckDB file beside the release, whether or not it is there."""

    @property
    def sums(self) -> str:
        """A digest of the digests of all its files."""
        return file_digest(self.folder / SUMS)

    @cached_property
    def files(self) -> tuple[DataFile, ...]:
        """Every file of SHA256SUMS; the DuckDB file is not among them."""
        return tuple(DataFile.of(self.folder, *each) for each in read_sums(self.folder).items())

    def file(self, path: str) -> DataFile | None:
        """One of them, by its path in the release."""
        return next((file for file in self.files if file.path == path), None)

    @property
    def database(self) -> Path | None:
        """The DuckDB file; None where it was deleted."""
        return self.database_path if self.database_path.is_file() else None

    @property
    def report(self) -> str | None:
        """The path of the validation report in the release, where there is one."""
        return REPORT if (self.folder / REPORT).is_file() else None

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Every table, as the release's own dictionary and its Parquet files describe them."""
        return described_tables(self.folder)


SITE_TABLES = f"""
    CREATE SCHEMA site;
    CREATE TABLE site.mentioned AS
        SELECT *, unnest(string_split(quantity_ids, ' ')) AS mention FROM observations;
    CREATE TABLE site.observed AS
        SELECT mention AS quantity_id, list_sort(list(DISTINCT indicator)) AS indicators,
            max(decision_id) AS decision_id
        FROM site.mentioned GROUP BY mention;
    CREATE TABLE site.shown AS
        SELECT DISTINCT document_id, sentence FROM numerals SEMI JOIN site.observed USING (quantity_id);
    CREATE TABLE site.stated AS
        SELECT quantity_id, text, quote, value, value_low, value_high, qualifier, unit, document_id,
            obs_status, decision_id,
            COLUMNS('^({"|".join(("subject", *FRAME))})$')
        FROM quantities SEMI JOIN site.shown USING (document_id, sentence)
"""
"""Tables that several pages query: observations by every mention that states them; these mentions, with
the indicators of each; the sentences of these; every quantity in those sentences, with those columns of the
frame that the release has: one from before there were frames has the subject.
"""


def page_name(name: str) -> str:
    """The name, as part of a file's name; WenshuError where it could lead anywhere else."""
    if not _NAME.fullmatch(name):
        raise WenshuError(
            f"{one_line(name)!r} cannot name a page of the site; indicators, datasets and documents are "
            "named by letters, digits, - and _"
        )
    return name
