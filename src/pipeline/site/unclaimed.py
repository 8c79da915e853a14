"""Statistics that no indicator takes, concept by concept: the newest of each, with their sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from pipeline.concepts.concept import Concept
from pipeline.releases.queries import Queries
from pipeline.site.contents import Site
from pipeline.site.draft import Unit
from pipeline.site.published import page_name
from pipeline.site.render import in_both, render
from pipeline.tables import FRAME, wording
from pipeline.tables.wording import Lang

_NEWEST = 6
"""Statistics of a concept that are shown."""
_AT_ONCE = 60
"""Concepts on a page."""
_MOST = 900
"""Concepts and subjects that are shown: those of most statistics."""

_QUERY = f"""
    WITH mine AS (
        SELECT s.*, coalesce(concept, subject) AS name, concept IS NOT NULL AS known,
               count(*) OVER (PARTITION BY name, known) AS statistics,
               row_number() OVER (
                   PARTITION BY name, known ORDER BY issue_date DESC NULLS LAST, document_id, start
               ) AS place
        FROM statistics s ANTI JOIN site.observed USING (quantity_id)
        JOIN (SELECT document_id, issue_date FROM documents) USING (document_id)
    ), most AS (
        SELECT name, known FROM mine WHERE place = 1 ORDER BY known DESC, statistics DESC, name LIMIT {_MOST}
    )
    SELECT m.name, m.known, m.statistics, m.obs_value, m.obs_low, m.obs_high, m.unit_measure, m.ref_area,
           m.time_period, m.quantity_id, m.document_id,
           m.quantity_id IN (SELECT quantity_id FROM site.stated) AS shown,
           q.text, q.quote, q.unit, q.subject, {", ".join(f"q.{name}" for name in FRAME)}
    FROM mine m SEMI JOIN most USING (name, known) JOIN quantities q USING (quantity_id)
    WHERE place <= {_NEWEST} ORDER BY m.known DESC, m.statistics DESC, m.name, place
"""


class Stated(NamedTuple):
    """A statistic."""

    value: Decimal | None
    """With its sign; None where only an interval is stated."""
    low: Decimal | None
    high: Decimal | None
    link: str | None
    """Where its sentence is marked, from the files of no language; None where only its quote is there."""
    figure: Mapping[str, Any]
    """What the release has of it."""

    def unit(self, lang: Lang) -> str:
        """What it is counted in, in words."""
        code = self.figure["unit_measure"]
        return wording.counted(self.figure["unit"], lang) if code == "1" else wording.unit(code, lang)


class Group(NamedTuple):
    """The statistics of one concept, or of one subject that names none."""

    name: str
    """The concept's code, or the subject."""
    concept: Concept | None
    page: str
    anchor: str
    """Where it is: a page, and a place in it."""
    statistics: int
    """How many there are of it."""
    newest: Sequence[Stated]

    def title(self, lang: Lang) -> str:
        """What it is called; a subject as texts have it."""
        if self.concept is None:
            return self.name
        return self.concept.zh if lang == "zh" else self.concept.en


def groups(site: Site, ask: Queries) -> list[Group]:
    """The concepts, those of most statistics first, then the subjects that name none."""
    found: list[Group] = []
    if not {"statistics", *FRAME} <= {*site.latest.tables, *site.latest.tables["quantities"].names}:
        return found
    known = site.catalog.concepts.concepts
    for name, inside in groupby(ask.each(_QUERY), key=lambda row: (row["known"], row["name"])):
        rows = list(inside)
        concept = known.get(name[1]) if name[0] else None
        page, anchor = _page(len(found) // _AT_ONCE), f"g{len(found) + 1}"
        newest = [_stated(site, row) for row in rows]
        found.append(Group(name[1], concept, page, anchor, rows[0]["statistics"], newest))
    return found


def listing(site: Site, found: Sequence[Group]) -> Iterator[Unit]:
    """The pages, `_AT_ONCE` concepts each; one page where there is none."""
    pages = [_page(number) for number in range(max(1, -(-len(found) // _AT_ONCE)))]
    for number, path in enumerate(pages):
        inside = found[number * _AT_ONCE : (number + 1) * _AT_ONCE]
        made = partial(render, path, "statistics.html", site, groups=inside, pages=pages)
        yield Unit(in_both(path), _inputs(site, inside, pages), made)


def _inputs(site: Site, inside: Sequence[Group], pages: Sequence[str]) -> object:
    codes = {one.figure["ref_area"] for group in inside for one in group.newest}
    names = sorted(wording.region(code, site.areas, "zh") for code in codes)
    return site.frame, inside, pages, names


def _page(number: int) -> str:
    return f"statistics-{number + 1}.html" if number else "statistics.html"


def _stated(site: Site, row: Mapping[str, Any]) -> Stated:
    name, link = f"{page_name(row['document_id'])}.html", None
    if row["shown"] or name in site.full:
        link = f"{'documents' if row['shown'] else 'validation/sources'}/{name}#{row['quantity_id']}"
    return Stated(row["obs_value"], row["obs_low"], row["obs_high"], link, row)
