"""What every description says: the release's own words, its files, its licence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.releases.figures import FIGURES, FILES
from pipeline.tables import Table, Words

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types of data files, by suffix."""

TITLE = Words("文数：文中之数", "wenshu: numbers out of Chinese prose")
ABOUT = Words(
    "从中文公文与新闻中提取的统计数字，每个数字都可追溯到原文的字符。",
    "Statistics read from Chinese local-government prose; every figure leads back to the characters it "
    "came from.",
)
KEYWORDS = ("open data", "statistics", "China", "开放数据", "统计")

_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def entitled(draft: Draft, file: DataFile) -> tuple[Words, Words]:
    """Title and description of a data file: its table's, the labelled view's, or the release's own."""
    table = next((table for table in draft.tables if file.of(table)), None)
    table = table or (FIGURES if file.path in FILES else None)
    return (table.title, table.description) if table else (TITLE, ABOUT)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file of the release: its path in it, its size in bytes, its digest and its media type."""

    path: str
    size: int
    sha256: str
    media: str

    @property
    def suffix(self) -> str:
        return self.path.rpartition(".")[2]

    def of(self, table: Table) -> bool:
        return self.path.rpartition("/")[2].rpartition(".")[0] == table.name


def licence_url(licence: str) -> str:
    """Where an SPDX licence can be read."""
    return _LICENCES.get(licence, f"https://spdx.org/licenses/{licence}.html")


def publisher(draft: Draft) -> str:
    """Who is to be cited."""
    return draft.publisher or "wenshu 文数"


def address(draft: Draft, path: str = "") -> str:
    """Where a file of the release is: absolute where an address is known, else relative to the release."""
    return f"{served(draft) or './'}{path}"


def served(draft: Draft) -> str:
    """Where the release is served, with a slash at its end; empty where no address is known."""
    base = draft.publication.base_url
    return f"{base.rstrip('/')}/releases/{draft.version}/" if base else ""


def doi_url(draft: Draft) -> str | None:
    """The DOI as a URL."""
    return f"https://doi.org/{draft.publication.doi}" if draft.publication.doi else None


def semantic(version: str) -> str:
    """The version as a semantic one, for those who ask for that: 2026.11.28.1 is 2026.11.28+1."""
    return "+".join(filter(None, (".".join(version.split(".")[:3]), ".".join(version.split(".")[3:]))))


def mail_or_page(draft: Draft) -> str | None:
    """The contact as a URI."""
    contact = draft.publication.contact
    return contact if contact is None or "://" in contact else f"mailto:{contact}"


def as_json(value: Any) -> str:
    """JSON as the release writes it: readable, and the same each time."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def in_both(words: Words) -> list[dict[str, str]]:
    """A text in both languages, as JSON-LD has it."""
    return [
        {"@value": text, "@language": language} for language, text in zip(("zh", "en"), words, strict=True)
    ]
