"""Statistics that no indicator takes, concept by concept: the newest of each, with their sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from pipeline.concepts.concept import Concept
from pipeline.releases.queries import Queries
from pipeline.site.published_release import page_name
from pipeline.site.render import in_both, render
from pipeline.site.site_data import Site
from pipeline.site.site_draft import FileGroup
from pipeline.tables import FRAME, wording
from pipeline.tables.wording import Lang

_NEWEST = 6
"""Statistics of a concept that are shown."""
_PER_PAGE = 60
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


class OtherStatistic(NamedTuple):
    """A statistic of the release."""

    value: Decimal | None
    """With its sign; None where only an interval is stated."""
    low: Decimal | None
    high: Decimal | None
    link: str | None
    """The link to its marked sentence, from the site's root; None where no page has it."""
    row: Mapping[str, Any]
    """Its row, with its sentence and frame."""

    def unit(self, lang: Lang) -> str:
        """Its unit, in words."""
        code = self.row["unit_measure"]
        return wording.measure_word(self.row["unit"], lang) if code == "1" else wording.unit_name(code, lang)


class StatisticGroup(NamedTuple):
    """The statistics of one concept, or of one subject without a concept."""

    name: str
    """The concept's code, or the subject."""
    concept: Concept | None
    page: str
    anchor: str
    """Its page, and the anchor in it."""
    statistics: int
    """How many there are of it."""
    newest: Sequence[OtherStatistic]

    def title(self, lang: Lang) -> str:
        """The concept's name; a subject as texts have it."""
        if self.concept is None:
            return self.name
        return self.concept.zh if lang == "zh" else self.concept.en


def groups(site: Site, queries: Queries) -> list[StatisticGroup]:
    """The concepts, those of most statistics first, then the subjects without a concept."""
    found: list[StatisticGroup] = []
    if not {"statistics", *FRAME} <= {*site.latest.tables, *site.latest.tables["quantities"].names}:
        return found
    concepts = site.catalog.concepts.concepts
    for (known, name), group in groupby(queries.each(_QUERY), key=lambda row: (row["known"], row["name"])):
        rows = list(group)
        page, anchor = _page_path(len(found) // _PER_PAGE), f"g{len(found) + 1}"
        newest = [_statistic(site, row) for row in rows]
        concept = concepts.get(name) if known else None
        found.append(StatisticGroup(name, concept, page, anchor, rows[0]["statistics"], newest))
    return found


def pages(site: Site, found: Sequence[StatisticGroup]) -> Iterator[FileGroup]:
    """The pages, `_PER_PAGE` concepts each; one page where there is none."""
    paths = [_page_path(number) for number in range(max(1, -(-len(found) // _PER_PAGE)))]
    for number, path in enumerate(paths):
        on_page = found[number * _PER_PAGE : (number + 1) * _PER_PAGE]
        make = partial(render, path, "statistics.html", site, groups=on_page, pages=paths)
        yield FileGroup(in_both(path), (site.frame, on_page, paths), make)


def _page_path(number: int) -> str:
    return f"statistics-{number + 1}.html" if number else "statistics.html"


def _statistic(site: Site, row: Mapping[str, Any]) -> OtherStatistic:
    name, link = f"{page_name(row['document_id'])}.html", None
    if row["shown"] or name in site.full:
        link = f"{'documents' if row['shown'] else 'validation/sources'}/{name}#{row['quantity_id']}"
    return OtherStatistic(row["obs_value"], row["obs_low"], row["obs_high"], link, row)
