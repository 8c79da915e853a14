"""Articles of raw/ as a reader sees them, read when they are looked at and kept for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pipeline.catalog_files import catalog_files
from pipeline.decisions.apply_corrections import with_value
from pipeline.desk.file_memo import Memo, states
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
from pipeline.report.records import MarkedNumeral
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.catalog_entries import Catalog
from pipeline.statistics.claims import Claim, MatchResult
from pipeline.statistics.matcher import Matcher
from pipeline.texts.layout import reflow
from pipeline.texts.sidecar import SIDECAR
from pipeline.texts.source import Source, read_file, with_derived
from pipeline.web.marked_text import MarkedText, Paragraph

_LONGEST = 200_000
"""Characters of a text that are shown."""
_MARKED = ("start", "end", "text", "kind", "value", "low", "high", "qualifier", "unit", "subject", "rule")
"""What pages show of a mention."""


@dataclass(frozen=True)
class Article:
    """An article, read."""

    source: Source
    path: Path
    """Its file."""
    reading: Reading
    ids: tuple[str, ...]
    """Of its mentions; empty for what states no quantity."""
    kept: Mapping[str, str]
    """Those that are the last release's, by the ones that their sentences give."""
    found: MatchResult
    """What the indicators claim of it."""
    area: str | None
    """The region that it is about."""

    def mention(self, quantity_id: str) -> Mention | None:
        """The mention of this id."""
        known = dict(zip(self.ids, self.reading.mentions, strict=True))
        return known.get(quantity_id) if quantity_id else None

    def claim(self, quantity_id: str) -> Claim | None:
        """What an indicator makes of the figure of this id."""
        return next((claim for claim in self.found.claims if claim.key == quantity_id), None)

    def paragraphs(self) -> Iterator[Paragraph[MarkedNumeral]]:
        """Its text as it is read, every numeral marked."""
        numerals = (
            _numeral(mention, name, self.source.document_id)
            for mention, name in zip(self.reading.mentions, self.ids, strict=True)
            if mention.end <= _LONGEST
        )
        return MarkedText(self.source.text[:_LONGEST], numerals).paragraphs()

    def equations(self, values: Mapping[str, Decimal]) -> list[tuple[Relation, tuple[str, ...]]]:
        """The equations that the text states, each with its figures' ids.

        values: what figures would be, by their ids, as a decision corrects them.
        """
        mentions = [
            with_value(mention, values[name]) if name in values else mention
            for mention, name in zip(self.reading.mentions, self.ids, strict=True)
        ]
        own = quantity_ids(self.source.document_id, self.reading, every=True)
        every = [self.kept.get(name, name) for name in own]
        reading = Reading(self.reading.flow, tuple(mentions))
        return [(one, tuple(every[n] for n in one.operands)) for one in relate(reading)]


@dataclass(frozen=True, eq=False)
class Loaded:
    """A catalog, and what reads articles by it."""

    catalog: Catalog
    grammar: Grammar
    matcher: Matcher


class ArticleCache:
    """The articles of a project. Safe for several threads."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._memo = Memo()

    def article(self, path: str, document_id: str | None = None) -> Article | None:
        """The article at a path below raw/, with the id that a night gave it; None where it is gone."""
        file, record = self._file(path)
        if file is None:
            return None
        loaded = self.loaded()
        state = (*states((file, file.with_suffix(SIDECAR))), loaded)
        return self._memo.of(
            (path, document_id), state, lambda: self._read(file, record, document_id, loaded)
        )

    def warm(self) -> None:
        """Load what reading needs, before anybody waits for it."""
        read("共487个老旧小区。", self.loaded().grammar)

    def loaded(self) -> Loaded:
        """The project's catalog as its files have it now. Raises `WenshuError` where they are not sound."""
        folder = self.project.catalog

        def load() -> Loaded:
            catalog = load_catalog(folder)
            return Loaded(catalog, load_grammar(folder), Matcher(catalog))

        return self._memo.of("catalog", states(catalog_files(folder).values()), load)

    def _file(self, path: str) -> tuple[Path | None, str | None]:
        """The file of a path, and the record in it; nothing outside raw/ is opened."""
        raw = self.project.raw.resolve()
        for name, record in ((path, None), path.rpartition("#")[::2]):
            file = raw / name
            if name and "\0" not in name and _inside(file, raw) and file.is_file():
                return file, record
        return None, None

    def _read(
        self, file: Path, record: str | None, document_id: str | None, loaded: Loaded
    ) -> Article | None:
        source = None
        for one in read_file(file, self.project.raw, self.project.read_options):
            if record is None or one.path.rpartition("#")[2] == record:
                source = one
                break
        if source is None:
            return None
        source = replace(source, document_id=document_id or source.document_id)
        if source.status != "read":
            return Article(source, file, Reading(reflow(""), ()), (), {}, MatchResult(), None)
        reading = read(source.text, loaded.grammar)
        source = with_derived(source, reading.flow)
        last = LastRelease(self.project.output).previous_figures({source.document_id: source.sha256})
        own = quantity_ids(source.document_id, reading)
        kept = kept_figure_ids(own, reading, last.get(source.document_id, PreviousFigures()))
        ids = tuple(kept.get(name, name) for name in own)
        where = loaded.matcher.region_resolver(reading.flow, source)
        found = loaded.matcher.match(reading.flow, reading.mentions, ids, source, where)
        return Article(source, file, reading, ids, kept, found, where.area)


def _numeral(mention: Mention, name: str, document_id: str) -> MarkedNumeral:
    """A mention as pages show it."""
    return MarkedNumeral(
        id=name or f"{document_id}-{mention.start}", document_id=document_id, quantity=bool(name),
        **{name: getattr(mention, name) for name in _MARKED},
    )  # fmt: skip


def _inside(file: Path, folder: Path) -> bool:
    try:
        return file.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):
        return False
