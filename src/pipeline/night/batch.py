"""A batch: the documents of one shard, read and matched. It is what other processes and machines do.

What a shard had the last time is used as far as it holds: a document that is the same in
all that matters keeps its rows; one whose text is the same, while the catalog is not, is
matched again but not read again; any other is read. Each gives what reading it anew gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.catalog_files import catalog_files
from pipeline.decisions import Docket, Log, amend_mentions
from pipeline.errors import fault
from pipeline.frames.reading import read
from pipeline.night.assembly import Begun, Page, assembled, joined, mention
from pipeline.night.library import Stored
from pipeline.night.shards import Kept, Standing, among, pack, unpack
from pipeline.numbers.extract import Reading, uncollected
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.claims import About, Found
from pipeline.statistics.indicators import Matcher
from pipeline.tables import rows
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source, with_masthead


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done for a shard."""

    shard: str
    key: bytes
    """Of what will come of it."""
    documents: tuple[tuple[Stored, Standing], ...]
    """Its documents in the order of ids, but for those that stay."""
    same: frozenset[str]
    """Documents that stay: their rows are still right."""
    alike: frozenset[str]
    """Documents whose text was read as it would be read now."""
    before: tuple[Mapping[str, bytes], ...]
    """What the shard had, packed; or the shards that had its documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it."""

    shard: str
    key: bytes
    parts: tuple[tuple[str, bytes], ...]
    """Its values, packed."""
    log: Log
    """What became of decisions on its quantities."""


@dataclass(frozen=True)
class Reader:
    """Reads batches. It can be sent to another process or machine, and loads its catalog there."""

    catalog: Mapping[str, bytes]
    """The files of catalog/ that are read, by path."""
    docket: Docket = field(default_factory=Docket)

    @classmethod
    def of(cls, catalog: Path, docket: Docket) -> Reader:
        """The reader with this catalog and these decisions."""
        return cls({name: path.read_bytes() for name, path in catalog_files(catalog).items()}, docket)

    @cached_property
    def _loaded(self) -> tuple[Grammar, Matcher]:
        with TemporaryDirectory(prefix="wenshu-") as folder:
            for name, content in self.catalog.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return load_grammar(Path(folder)), Matcher(load_catalog(Path(folder)))

    def __getstate__(self) -> dict[str, Any]:
        return {"catalog": dict(self.catalog), "docket": self.docket}

    def __call__(self, work: Work) -> Done:
        """Do the work. A pure function of it: whoever does it, the bytes are the same."""
        with uncollected():
            return self._done(work)

    def _done(self, work: Work) -> Done:
        before = [kept for parts in work.before if (kept := unpack(parts))]
        old = joined(before)
        alike = _Alike(old, work.alike)
        log: Log = {}
        units = self._loaded[0].units.known
        try:
            kept = assembled(self._pages(work.documents, alike, log), old, work.same, units)
        except OSError:
            raise
        except Exception:  # some document makes a step fail: which one, they tell one at a time
            log.clear()
            alone = [self._alone(one, alike, log) for one in work.documents]
            kept = assembled(alone, old, work.same, units)
        return Done(shard=work.shard, key=work.key, parts=tuple(pack(kept)), log=log)

    def _alone(self, one: tuple[Stored, Standing], alike: _Alike, log: Log) -> Page:
        """What a document gives; quarantined, with the reason, where a step fails on it."""
        own: Log = {}
        try:
            (page,) = self._pages([one], alike, own)
            assembled([page], None, frozenset())
        except Exception as error:
            stored, standing = one
            refused = replace(
                stored.source(), text="", encoding=None, status="quarantined", reason=fault(error)
            )
            return Page(Begun(refused, standing._replace(fit=False)), None, Found(), ())
        log.update(own)
        return page

    def _pages(self, documents: Sequence[tuple[Stored, Standing]], alike: _Alike, log: Log) -> list[Page]:
        """What each document gives. One thing is done to all before the next: so code stays in the caches."""
        begun = [self._begun(stored.source(), standing, alike, log) for stored, standing in documents]
        found, areas = zip(*map(self._understood, begun), strict=True) if begun else ((), ())
        relations = [[] if page.known else _relations(page) for page in begun]
        return [Page(*said) for said in zip(begun, areas, found, relations, strict=True)]

    def _begun(self, source: Source, standing: Standing, alike: _Alike, log: Log) -> Begun:
        if source.status != "read":
            return Begun(source, standing)
        known = alike.reading(source)
        reading = known or read(source.text, self._loaded[0])
        keys = quantity_ids(source.document_id, reading)
        noted = len(log)
        amended = amend_mentions(reading.mentions, keys, self.docket, log)
        return Begun(
            with_masthead(source, reading.flow), standing._replace(alike=len(log) == noted),
            Reading(reading.flow, amended), keys, known is not None,
        )  # fmt: skip

    def _understood(self, page: Begun) -> tuple[Found, str | None]:
        """What a document says of the indicators, and the region that it is about."""
        if page.source.status != "read":
            return Found(), None
        (_, matcher), flow, about = self._loaded, page.reading.flow, _about(page.source)
        where = matcher.locator(flow, about)
        return matcher.read(flow, page.reading.mentions, page.keys, about, where), where.area


class _Alike:
    """Readings of texts that were read before."""

    def __init__(self, old: Kept | None, documents: frozenset[str]) -> None:
        self._documents = documents if old else frozenset[str]()
        self._mentions: dict[str, list[Mention]] = {name: [] for name in self._documents}
        if old and documents:
            for row in among(old.tables["numerals"], documents).to_pylist():
                self._mentions[row["document_id"]].append(mention(row))

    def reading(self, source: Source) -> Reading | None:
        if source.document_id not in self._documents:
            return None
        return Reading(reflow(source.text), tuple(self._mentions[source.document_id]))


def _relations(page: Begun) -> list[rows.Row]:
    if not (found := [one for one in relate(page.reading) if one.relation != "repeat"]):
        return []
    keys = page.keys
    if not all(keys[operand] for relation in found for operand in relation.operands):
        keys = quantity_ids(page.name, page.reading, every=True)
    return list(rows.relation_rows(page.name, found, keys))


def _about(source: Source) -> About:
    return About(
        document_id=source.document_id, issued=source.issued, region=source.region,
        publisher=source.publisher, title=source.title,
    )  # fmt: skip
