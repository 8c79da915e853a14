"""Articles of raw/, read when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pipeline.decisions.apply_corrections import with_value
from pipeline.frames.reading import read
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.project import Project
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.relations.relation import Relation
from pipeline.releases.stable_ids import LastRelease, PreviousFigures, kept_figure_ids
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.claims import Claim, MatchResult
from pipeline.statistics.matcher import Matcher
from pipeline.tables.links import LONGEST
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source, read_file, with_derived
from pipeline.web.marked_text import MarkedNumeral, MarkedText, Paragraph

_SHOWN = ("start", "end", "text", "kind", "value", "low", "high", "qualifier", "unit", "subject", "rule")
"""Fields of a mention that pages show."""


@dataclass(frozen=True)
class ReadArticle:
    """An article, read."""

    source: Source
    path: Path
    """Its file."""
    reading: Reading
    ids: tuple[str, ...]
    """Of its mentions; empty for what states no quantity."""
    kept: Mapping[str, str]
    """The ids that come from the last release, by those that their sentences give."""
    found: MatchResult
    """What the indicators claim of it."""
    area: str | None
    """The region that it is about."""

    @property
    def is_pdf(self) -> bool:
        """Whether its file is a PDF, which a browser shows by itself."""
        return self.path.suffix.lower() == ".pdf"

    def mention(self, quantity_id: str) -> Mention | None:
        """The mention of this id."""
        return dict(zip(self.ids, self.reading.mentions, strict=True)).get(quantity_id)

    def claim(self, quantity_id: str) -> Claim | None:
        """The indicator's claim on the figure of this id."""
        return next((claim for claim in self.found.claims if claim.key == quantity_id), None)

    def paragraphs(self) -> Iterator[Paragraph]:
        """Its text as it is read, every numeral marked."""
        numerals = (
            MarkedNumeral(
                id=name or f"{self.source.document_id}-{mention.start}", quantity=bool(name),
                document_id=self.source.document_id, **{field: getattr(mention, field) for field in _SHOWN},
            )
            for mention, name in zip(self.reading.mentions, self.ids, strict=True)
            if mention.end <= LONGEST
        )  # fmt: skip
        return MarkedText(self.source.text[:LONGEST], numerals).paragraphs()

    def equations(self, values: Mapping[str, Decimal]) -> list[tuple[Relation, tuple[str, ...]]]:
        """The equations that the text states, each with the ids of its figures.

        values: corrected values of figures, by their ids.
        """
        mentions = tuple(
            with_value(mention, values[name]) if name in values else mention
            for mention, name in zip(self.reading.mentions, self.ids, strict=True)
        )
        new_ids = quantity_ids(self.source.document_id, self.reading, every=True)
        ids = [self.kept.get(name, name) for name in new_ids]
        relations = relate(Reading(self.reading.flow, mentions))
        return [(relation, tuple(ids[n] for n in relation.operands)) for relation in relations]


@dataclass(frozen=True, eq=False)
class ArticleReader:
    """Reads articles by a catalog."""

    catalog: Catalog
    grammar: Grammar
    matcher: Matcher

    @classmethod
    def of(cls, folder: Path) -> ArticleReader:
        """By the catalog in a folder. Raises `WenshuError` where it is not sound."""
        catalog = load_catalog(folder)
        return cls(catalog, load_grammar(folder), Matcher(catalog))

    def read(self, text: str) -> Reading:
        """The mentions of a text."""
        return read(text, self.grammar)

    def article(
        self, project: Project, file: Path, record: str | None, document_id: str | None
    ) -> ReadArticle | None:
        """The article in a file, or in one of its records; None where the file has no such record."""
        sources = read_file(file, project.raw, project.read_options)
        source = next((s for s in sources if record in (None, s.path.rpartition("#")[2])), None)
        if source is None:
            return None
        source = replace(source, document_id=document_id or source.document_id)
        if source.status != "read":
            return ReadArticle(source, file, Reading(reflow(""), ()), (), {}, MatchResult(), None)
        reading = self.read(source.text)
        source = with_derived(source, reading.flow)
        last = LastRelease(project.output).previous_figures({source.document_id: source.sha256})
        new_ids = quantity_ids(source.document_id, reading)
        kept = kept_figure_ids(new_ids, reading, last.get(source.document_id, PreviousFigures()))
        ids = tuple(kept.get(name, name) for name in new_ids)
        regions = self.matcher.region_resolver(reading.flow, source)
        found = self.matcher.match(reading.flow, reading.mentions, ids, source, regions)
        return ReadArticle(source, file, reading, ids, kept, found, regions.area)


def find_article(raw: Path, path: str) -> tuple[Path | None, str | None]:
    """The file of an article's path, and the record in it; nothing outside raw/ is opened."""
    raw = raw.resolve()
    for name, record in ((path, None), path.rpartition("#")[::2]):
        with suppress(OSError, RuntimeError, ValueError):  # no name of a file
            if (raw / name).resolve().is_relative_to(raw) and (raw / name).is_file():
                return raw / name, record
    return None, None
