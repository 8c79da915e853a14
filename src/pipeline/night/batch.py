"""A batch: the documents of one shard, read and matched. It is what other processes and machines do.

What a shard had the last time is used as far as it holds: a document that is the same in
all that matters keeps its rows; one whose text is the same, while the catalog is not, is
matched again but not read again; any other is read. Each gives what reading it anew gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.decisions import Docket, Log, amend_mentions
from pipeline.night.shards import TABLES, Kept, Said, Standing, among, pack, unpack
from pipeline.numbers.extract import Reading, extract
from pipeline.numbers.lexicon import use_lexicon
from pipeline.numbers.mention import Mention
from pipeline.relations import relate
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.claims import About, Claim, Finding
from pipeline.statistics.indicators import Matcher
from pipeline.statistics.where import Locator
from pipeline.tables import TABLES as DECLARED
from pipeline.tables import rows
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
        before = [kept for parts in work.before if (kept := unpack(parts))]
        old = _joined(before)
        alike = _Alike(old, work.alike)
        log: Log = {}
        pages = [
            self._page(source, standing, alike, log)
            for source, standing in work.sources
            if source.document_id not in work.same
        ]
        kept = _assembled(pages, old, work)
        return Done(shard=work.shard, key=work.key, parts=tuple(pack(kept)), log=log)

    def _page(self, source: Source, standing: Standing, alike: _Alike, log: Log) -> _Page:
        if source.status != "read":
            row = rows.document_row(source, None)
            return _Page(source.document_id, standing, {"documents": [row]})
        matcher, areas = self._matcher
        name = source.document_id
        reading = alike.reading(source)
        known = reading is not None
        reading = reading or extract(source.text)
        source = with_masthead(source, reading.flow)
        keys = rows.quantity_ids(name, reading)
        noted = len(log)
        amended = amend_mentions(reading.mentions, keys, self.docket, log)
        exact = [_extra(mention, key) for mention, key in zip(amended, keys, strict=True)]
        reading = replace(reading, mentions=amended)
        found = matcher.read(reading.flow, amended, keys, _about(source))
        area = Locator(
            areas, reading.flow, region=source.region, publisher=source.publisher, title=source.title
        ).area
        statuses = {claim.key: claim.obs_status for claim in found.claims}
        said: dict[str, Sequence[rows.Row]] = {
            "documents": [rows.document_row(source, reading, area)],
            "quantities": list(rows.quantity_rows(name, reading, keys, statuses)),
        }
        if not known:
            numerals = rows.numeral_rows(name, reading, keys)
            said["numerals"] = [(*row, *more) for row, more in zip(numerals, exact, strict=True)]
            said["relations"] = list(rows.relation_rows(name, relate(reading), keys))
        standing = standing._replace(alike=len(log) == noted)
        return _Page(name, standing, said, found.claims, found.findings, known)


@dataclass(frozen=True, slots=True)
class _Page:
    """What one document gives."""

    document_id: str
    standing: Standing
    rows: Mapping[str, Sequence[rows.Row]]
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Finding, ...] = ()
    known: bool = False
    """Whether its numerals and relations are as they were."""


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


def _extra(mention: Mention, key: str) -> rows.Row:
    """What a mention says that its row does not, or not exactly."""
    exact = (None if number is None else str(number) for number in map(mention.__getattribute__, _EXACT))
    head = mention.head or (None, None)
    return (key, *exact, mention.begin, mention.stop, *head)


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

    known = {page.document_id for page in pages if page.known}
    tables, misfits = {}, []
    for name in TABLES:
        table, missing = _fresh(name, [row for page in pages for row in page.rows.get(name, ())])
        stays = work.same | known if name in ("numerals", "relations") else work.same
        if old and stays:
            table = pa.concat_tables([table, among(old.tables[name], stays)])
        order = _order(table, name)
        tables[name] = table.take(order)
        if missing:
            place = {was: now for now, was in enumerate(order.to_pylist())}
            misfits += [misfit._replace(row=place[misfit.row]) for misfit in missing]
    unfit = {tables[misfit.table]["document_id"][misfit.row].as_py() for misfit in misfits}
    said, same = old.said if old else Said(), sorted(work.same)
    standing = {name: said.standing[name] for name in same}
    standing |= {p.document_id: p.standing._replace(fit=p.document_id not in unfit) for p in pages}
    claims = {name: said.claims[name] for name in same if name in said.claims}
    claims |= {page.document_id: page.claims for page in pages if page.claims}
    doubts = {name: said.doubts[name] for name in same if name in said.doubts}
    doubts |= {page.document_id: page.doubts for page in pages if page.doubts}
    return Kept(tables, Said(_by_id(standing), _by_id(claims), _by_id(doubts), tuple(misfits)))


def _fresh(name: str, cells: Sequence[rows.Row]) -> rows.Fitted:
    """New rows as a table of a shard, and the values that it could not take."""
    import pyarrow as pa

    declared = DECLARED[name]
    width = len(declared.columns)
    table, misfits = rows.to_table(declared, (row[:width] for row in cells))
    if name == "numerals":
        more = list(zip(*(row[width:] for row in cells), strict=True)) or [()] * len(extras())
        for (column, kind), values in zip(extras(), more, strict=True):
            table = table.append_column(column, pa.array(values, kind))
    return rows.Fitted(table, misfits)


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
