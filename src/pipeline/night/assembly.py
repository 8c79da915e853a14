"""Assembly: from documents as read, and what stays of a shard, to the shard's tables and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pipeline.night.shards import TABLES, Kept, Said, Standing, among
from pipeline.numbers.extract import Reading
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import Unit
from pipeline.statistics.claims import Found
from pipeline.tables import TABLES as DECLARED
from pipeline.tables import rows
from pipeline.tables.frames import FRAME, NAMES
from pipeline.tables.mentions import mention_tables
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

_ORDER = {name: (*DECLARED[name].sorting,) for name in TABLES}
_EXACT = ("value", "low", "high", "place")
_PLACES = ("begin", "stop", "head_begin", "head_stop")
T = TypeVar("T")


_NOTHING = Reading(reflow(""), ())


class Begun(NamedTuple):
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


class Page(NamedTuple):
    """What one document gives."""

    begun: Begun
    area: str | None
    found: Found
    relations: Sequence[rows.Row]
    """Rows of `relations`."""

    @property
    def row(self) -> rows.Row:
        """Of `documents`."""
        source = self.begun.source
        return rows.document_row(source, self.begun.reading if source.status == "read" else None, self.area)


def _extras() -> list[tuple[str, pa.DataType]]:
    """The columns of a shard's numerals beyond those that are released."""
    import pyarrow as pa

    types = {"string": pa.string(), "boolean": pa.bool_(), "decimal": pa.decimal128(3, 2)}

    return [
        *((f"exact_{name}", pa.string()) for name in _EXACT),
        *((name, pa.int64()) for name in _PLACES),
        *((column.name, types[column.type]) for column in FRAME),
    ]


def mention(row: Mapping[str, Any]) -> Mention:
    """The mention of a shard's row of numerals."""
    value, low, high, place = (
        None if (said := row[f"exact_{name}"]) is None else Decimal(said) for name in _EXACT
    )
    head = None if row["head_begin"] is None else (row["head_begin"], row["head_stop"])
    return Mention(
        row["start"], row["end"], row["text"], row["kind"], value, low, high, row["unit"], row["qualifier"],
        place, row["rule"], row["begin"], row["stop"], row["sentence"], row["subject"], head,
        **{name: row[name] for name in NAMES},
    )  # fmt: skip


def joined(before: Sequence[Kept]) -> Kept | None:
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


def assembled(
    pages: Sequence[Page], old: Kept | None, same: Set[str], units: Mapping[str, Unit] | None = None
) -> Kept:
    """The shard's tables, sorted, from what is new and what stays."""
    import pyarrow as pa

    known = {page.begun.name for page in pages if page.begun.known}
    tables: dict[str, pa.Table] = {}
    misfits: list[rows.Misfit] = []
    for name, (table, missing) in _fresh(pages, known, units).items():
        stays = same | known if name in ("numerals", "relations") else same
        if old and stays:
            table = pa.concat_tables([table, among(old.tables[name], stays)])
        elif name != "relations":  # mentions come in order
            tables[name], misfits = table, [*misfits, *missing]
            continue
        tables[name], missing = _chosen(rows.Fitted(table, missing), _order(table, name).to_pylist())
        misfits += missing
    unfit = {tables[misfit.table]["document_id"][misfit.row].as_py() for misfit in misfits}
    said = old.said if old else Said()
    standing = {name: said.standing[name] for name in sorted(same)}
    for begun in (page.begun for page in pages):
        fit = begun.standing.fit and begun.name not in unfit
        standing[begun.name] = begun.standing._replace(fit=fit)
    claims = {name: said.claims[name] for name in sorted(same) if name in said.claims}
    claims |= {page.begun.name: page.found.claims for page in pages if page.found.claims}
    doubts = {name: said.doubts[name] for name in sorted(same) if name in said.doubts}
    doubts |= {page.begun.name: page.found.findings for page in pages if page.found.findings}
    return Kept(tables, Said(_by_id(standing), _by_id(claims), _by_id(doubts), tuple(misfits)))


def _fresh(
    pages: Sequence[Page], known: Set[str], units: Mapping[str, Unit] | None
) -> dict[str, rows.Fitted]:
    """New rows as tables of a shard, and the values that these could not take.

    known: documents whose numerals and relations stay.
    """
    statuses = {claim.key: claim.obs_status for page in pages for claim in page.found.claims}
    numerals, quantities = mention_tables(
        ((it.name, it.reading, it.keys) for it, *_ in pages), statuses, units
    )
    numerals = numerals._replace(table=_exact(pages, numerals.table))
    if known:
        names = numerals.table["document_id"].to_pylist()
        numerals = _chosen(numerals, [row for row, name in enumerate(names) if name not in known])
    return {
        "documents": rows.to_table(DECLARED["documents"], [page.row for page in pages]),
        "quantities": quantities,
        "numerals": numerals,
        "relations": rows.to_table(DECLARED["relations"], [row for page in pages for row in page.relations]),
    }


def _chosen(fitted: rows.Fitted, order: Sequence[int]) -> rows.Fitted:
    """These rows in this order, and the misfits where they are now."""
    import pyarrow as pa

    place = {was: now for now, was in enumerate(order)} if fitted.misfits else {}
    misfits = (misfit._replace(row=place[misfit.row]) for misfit in fitted.misfits)
    return rows.Fitted(fitted.table.take(pa.array(order, pa.int64())), tuple(misfits))


def _exact(pages: Sequence[Page], table: pa.Table) -> pa.Table:
    """The numerals with what mentions say that their rows do not, or not exactly."""
    import pyarrow as pa

    mentions = [mention for page in pages for mention in page.begun.reading.mentions]
    exact = (
        [None if number is None else str(number) for number in map(attrgetter(name), mentions)]
        for name in _EXACT
    )
    heads = zip(*(mention.head or (None, None) for mention in mentions), strict=True)
    places = ([getattr(mention, name) for mention in mentions] for name in ("begin", "stop"))
    frames = ([getattr(mention, name) for mention in mentions] for name in NAMES)
    columns = (*exact, *places, *(list(heads) or ((), ())), *frames)
    for (column, kind), values in zip(_extras(), columns, strict=True):
        table = table.append_column(column, pa.array(values, kind))
    return table


def _by_id(said: dict[str, T]) -> dict[str, T]:
    return dict(sorted(said.items()))


def _order(table: pa.Table, name: str) -> pa.Array:
    import pyarrow.compute as pc

    return pc.sort_indices(table, sort_keys=[(column, "ascending") for column in _ORDER[name]])
