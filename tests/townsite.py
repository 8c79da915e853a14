"""Releases made by hand, and the site of them, for the tests of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import handmade
import pyarrow as pa

from pipeline.site.build import build
from pipeline.statistics.catalog.loading import load_catalog

CATALOG = load_catalog(Path(__file__).resolve().parents[1] / "catalog")
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \u202e'
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def figure(number: int, value: int, period: str, document: str, **more: Any) -> Mapping[str, Any]:
    """An observation of compounds in the programme, in 金水区."""
    return {
        "indicator": "renovation_planned", "ref_area": "410105", "time_period": period,
        "obs_value": Decimal(value), "obs_low": Decimal(value), "obs_high": Decimal(value),
        "unit_measure": "1", "qualifier": "exact", "obs_status": "A", "quantity_id": f"q{number:04}",
        "document_id": document, "quantity_ids": f"q{number:04}", **more,
    }  # fmt: skip


def tables(*values: int, title: str = "改造进度") -> dict[str, pa.Table]:
    """A release with a figure a month, each in a document of its own."""
    months = list(enumerate(values, 1))
    names = [f"d{n}" for n, _ in months]
    given = [
        handmade.quantity(n, v, document_id=name, sentence=1, quote=f"其中{v}栋，纳入改造老旧小区{v}个。")
        for (n, v), name in zip(months, names, strict=True)
    ]
    documents = [
        handmade.document(
            name, title=title, publisher=title, issue_date=date(2024, n, 28), url="javascript:alert(1)"
        )
        for n, name in enumerate(names, 1)
    ]
    made = handmade.small(*given, documents=documents)
    numerals = [
        row
        for q in given
        for row in ({**q, "quantity_id": None, "start": q["start"] - 5, "text": q["text"][:-1]}, q)
    ]
    seen = [figure(n, v, f"2024-{n:02}-28", name) for (n, v), name in zip(months, names, strict=True)]
    wide = [
        {"ref_area": "410105", "time_period": row["time_period"], "planned": row["obs_value"],
         "document_id": row["document_id"]} for row in seen
    ]  # fmt: skip
    said = {"numerals": numerals, "observations": seen, "renovation": wide}
    return made | {name: handmade.rows(handmade.DECLARED[name], *lines) for name, lines in said.items()}


def grown(output: Path) -> Path:
    """Two releases, the second with two new figures, and the site of both."""
    handmade.released(output, tables(156, 160, title=HOSTILE), date=date(2024, 2, 29))
    handmade.released(output, tables(156, 160, 171, 168, title=HOSTILE), date=date(2024, 4, 30))
    build(output, CATALOG)
    return output


class Page(HTMLParser):
    """What matters of a page: its elements, ids, links, and whether its tags are closed in order."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.broken: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.broken.append(tag)

    def values(self, name: str, *tags: str) -> list[str]:
        return [attrs[name] for tag, attrs in self.tags if name in attrs and (not tags or tag in tags)]


def site_pages(output: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted((output / "site").rglob("*.html")):
        if "releases" not in path.relative_to(output / "site").parts:
            yield path, Page(path)
