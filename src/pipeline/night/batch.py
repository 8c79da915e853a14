"""A batch: the documents of one shard, read and matched. It is what other processes and machines do.

What a shard had the last time is used as far as it holds: a document that is the same in
all that matters keeps its rows; one whose text is the same, while the catalog is not, is
matched again but not read again; any other is read. Each gives what reading it anew gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pipeline.decisions import Docket, Log, amend_mentions
from pipeline.night.shards import TABLES, Kept, Said, Standing, among, pack, unpack
from pipeline.numbers.extract import Reading, extract, uncollected
from pipeline.numbers.lexicon import use_lexicon
from pipeline.numbers.mention import Mention
from pipeline.relations import relate
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.claims import About, Found
from pipeline.statistics.indicators import Matcher
from pipeline.statistics.where import Locator
from pipeline.tables import TABLES as DECLARED
from pipeline.tables import rows
from pipeline.tables.mentions import mention_tables
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source, with_masthead

if TYPE_CHECKING:
    import pyarrow as pa

_ORDER = {name: (*DECLARED[name].sorting,) for name in TABLES}
T = TypeVar("T")

_EXACT = ("value", "low", "high", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done for a shard."""

    shard: str
    key: bytes
    """Of what will come of it."""
    sources: tuple[tuple[Source, Standing], ...]
    """Its documents in the order of ids; with their texts where these are needed."""
    same: frozenset[str]
    """Documents whose rows are still right."""
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
        files = (path for path in sorted(catalog.rglob("*")) if path.suffix in (".yaml", ".csv"))
        return cls({path.relative_to(catalog).as_posix(): path.read_bytes() for path in files}, docket)

    @cached_property
    def _matcher(self) -> tuple[Matcher, Any]:
        with TemporaryDirectory(prefix="wenshu-") as folder:
            for name, content in self.catalog.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            use_lexicon(Path(folder))
            catalog = load_catalog(Path(folder))
        return Matcher(catalog), catalog.areas

    def __getstate__(self) -> dict[str, Any]:
        return {"catalog": dict(self.catalog), "docket": self.docket}

    def __call__(self, work: Work) -> Done:
        """Do the work. A pure function of it: whoever does it, the bytes are the same."""
        with uncollected():
            return self._done(work)

    def _done(self, work: Work) -> Done:
        before = [kept for parts in work.before if (kept := unpack(parts))]
        old = _joined(before)
        alike = _Alike(old, work.alike)
        log: Log = {}
        pages = self._pages(
            [pair for pair in work.sources if pair[0].document_id not in work.same], alike, log
        )
        return Done(shard=work.shard, key=work.key, parts=tuple(pack(_assembled(pages, old, work))), log=log)

    def _pages(self, documents: Sequence[tuple[Source, Standing]], alike: _Alike, log: Log) -> list[_Page]:
        """What each document gives. One thing is done to all before the next: so code stays in the caches."""
        begun = [self._begun(source, standing, alike, log) for source, standing in documents]
        found = [self._found(page) for page in begun]
        areas = [self._area(page) for page in begun]
        relations = [
            [] if page.known else list(rows.relation_rows(page.name, relate(page.reading), page.keys))
            for page in begun
        ]
        return [_Page(*said) for said in zip(begun, areas, found, relations, strict=True)]

    def _begun(self, source: Source, standing: Standing, alike: _Alike, log: Log) -> _Begun:
        if source.status != "read":
            return _Begun(source, standing)
        known = alike.reading(source)
        reading = known or extract(source.text)
        keys = rows.quantity_ids(source.document_id, reading)
        noted = len(log)
        amended = amend_mentions(reading.mentions, keys, self.docket, log)
        return _Begun(
            with_masthead(source, reading.flow), standing._replace(alike=len(log) == noted),
            Reading(reading.flow, amended), keys, known is not None,
        )  # fmt: skip

    def _found(self, page: _Begun) -> Found:
        return self._matcher[0].read(page.reading.flow, page.reading.mentions, page.keys, _about(page.source))

    def _area(self, page: _Begun) -> str | None:
        if page.source.status != "read":
            return None
        said = {name: getattr(page.source, name) for name in ("region", "publisher", "title")}
        return Locator(self._matcher[1], page.reading.flow, **said).area


_NOTHING = Reading(reflow(""), ())


class _Begun(NamedTuple):
    """A document, read and not yet understood."""

    source: Source
    standing: Standing
    reading: Reading = _NOTHING
    keys: Sequence[str] = ()
    """Ids of its mentions."""
    known: bool = False
    """Whether its numerals and relations are as they were."""

    @property
    def name(self) -> str:
        return self.source.document_id


class _Page(NamedTuple):
    """What one document gives."""

    begun: _Begun
    area: str | None
    found: Found
    relations: Sequence[rows.Row]
    """Rows of `relations`."""

    @property
    def row(self) -> rows.Row:
        """Of `documents`."""
        source = self.begun.source
        return rows.document_row(source, self.begun.reading if source.status == "read" else None, self.area)


class _Alike:
    """Readings of texts that were read before."""

    def __init__(self, old: Kept | None, documents: frozenset[str]) -> None:
        self._documents = documents if old else frozenset[str]()
        self._mentions: dict[str, list[Mention]] = {name: [] for name in self._documents}
        if old and documents:
            for row in among(old.tables["numerals"], documents).to_pylist():
                self._mentions[row["document_id"]].append(_mention(row))

    def reading(self, source: Source) -> Reading | None:
        if source.document_id not in self._documents:
            return None
        return Reading(reflow(source.text), tuple(self._mentions[source.document_id]))


def extras() -> list[tuple[str, pa.DataType]]:
    """The columns of a shard's numerals beyond those that are released."""
    import pyarrow as pa

    return [
        ("mention_id", pa.string()),
        *((f"exact_{name}", pa.string()) for name in _EXACT),
        *((name, pa.int64()) for name in ("begin", "stop", "head_begin", "head_stop")),
    ]


def _mention(row: Mapping[str, Any]) -> Mention:
    value, low, high, place = (
        None if (said := row[f"exact_{name}"]) is None else Decimal(said) for name in _EXACT
    )
    head = None if row["head_begin"] is None else (row["head_begin"], row["head_stop"])
    return Mention(
        row["start"], row["end"], row["text"], row["kind"], value, low, high, row["unit"], row["qualifier"],
        row["subject"], place, row["rule"], row["begin"], row["stop"], row["sentence"], head,
    )  # fmt: skip


def _joined(before: Sequence[Kept]) -> Kept | None:
    """Several shards as one."""
    import pyarrow as pa

    if len(before) < 2:
        return before[0] if before else None
    tables = {name: pa.concat_tables([kept.tables[name] for kept in before]) for name in TABLES}
    said = [kept.said for kept in before]
    return Kept(
        tables,
        Said(
            {name: it for each in said for name, it in each.standing.items()},
            {name: it for each in said for name, it in each.claims.items()},
            {name: it for each in said for name, it in each.doubts.items()},
        ),
    )


def _assembled(pages: Sequence[_Page], old: Kept | None, work: Work) -> Kept:
    """The shard's tables, sorted, from what is new and what stays."""
    import pyarrow as pa

    known = {page.begun.name for page in pages if page.begun.known}
    tables: dict[str, pa.Table] = {}
    misfits: list[rows.Misfit] = []
    for name, (table, missing) in _fresh(pages, known).items():
        stays = work.same | known if name in ("numerals", "relations") else work.same
        if old and stays:
            table = pa.concat_tables([table, among(old.tables[name], stays)])
        elif name != "relations":  # mentions come in order
            tables[name], misfits = table, [*misfits, *missing]
            continue
        order = _order(table, name)
        tables[name] = table.take(order)
        if missing:
            place = {was: now for now, was in enumerate(order.to_pylist())}
            misfits += [misfit._replace(row=place[misfit.row]) for misfit in missing]
    unfit = {tables[misfit.table]["document_id"][misfit.row].as_py() for misfit in misfits}
    said, same = old.said if old else Said(), sorted(work.same)
    standing = {name: said.standing[name] for name in same}
    standing |= {p.begun.name: p.begun.standing._replace(fit=p.begun.name not in unfit) for p in pages}
    claims = {name: said.claims[name] for name in same if name in said.claims}
    claims |= {page.begun.name: page.found.claims for page in pages if page.found.claims}
    doubts = {name: said.doubts[name] for name in same if name in said.doubts}
    doubts |= {page.begun.name: page.found.findings for page in pages if page.found.findings}
    return Kept(tables, Said(_by_id(standing), _by_id(claims), _by_id(doubts), tuple(misfits)))


def _fresh(pages: Sequence[_Page], known: Set[str]) -> dict[str, rows.Fitted]:
    """New rows as tables of a shard, and the values that these could not take.

    known: documents whose numerals and relations stay.
    """
    statuses = {claim.key: claim.obs_status for page in pages for claim in page.found.claims}
    numerals, quantities = mention_tables(((it.name, it.reading, it.keys) for it, *_ in pages), statuses)
    exact = _exact(pages, numerals.table)
    if known:
        exact = among(exact, known, out=True)
    return {
        "documents": rows.to_table(DECLARED["documents"], [page.row for page in pages]),
        "quantities": quantities,
        "numerals": numerals._replace(table=exact),
        "relations": rows.to_table(DECLARED["relations"], [row for page in pages for row in page.relations]),
    }


def _exact(pages: Sequence[_Page], table: pa.Table) -> pa.Table:
    """The numerals with what mentions say that their rows do not, or not exactly."""
    import pyarrow as pa

    mentions = [mention for page in pages for mention in page.begun.reading.mentions]
    ids = [key for page in pages for key in page.begun.keys]
    exact = (
        [None if number is None else str(number) for number in map(attrgetter(name), mentions)]
        for name in _EXACT
    )
    heads = zip(*(mention.head or (None, None) for mention in mentions), strict=True)
    places = ([getattr(mention, name) for mention in mentions] for name in ("begin", "stop"))
    columns = (ids, *exact, *places, *(list(heads) or ((), ())))
    for (column, kind), values in zip(extras(), columns, strict=True):
        table = table.append_column(column, pa.array(values, kind))
    return table


def _by_id(said: dict[str, T]) -> dict[str, T]:
    return dict(sorted(said.items()))


def _order(table: pa.Table, name: str) -> pa.Array:
    import pyarrow.compute as pc

    return pc.sort_indices(table, sort_keys=[(column, "ascending") for column in _ORDER[name]])


def _about(source: Source) -> About:
    return About(
        document_id=source.document_id, issued=source.issued, region=source.region,
        publisher=source.publisher, title=source.title,
    )  # fmt: skip
