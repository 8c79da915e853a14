"""From mentions to `numerals` and `quantities`: column by column, as a corpus has them by the million."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.numbers.mention import STATISTICAL, Mention
from pipeline.numbers.units import Unit, base_units, code_of
from pipeline.tables import FRAME, TABLES
from pipeline.tables.links import LINK
from pipeline.tables.rows import QUOTE, Fitted, fitted

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.numbers.extract import Reading


class Mentions(NamedTuple):
    """The mentions of some documents as tables, in the order that they came in."""

    numerals: Fitted
    """Every mention, statistical or not."""
    quantities: Fitted
    """The statistical ones."""


def mention_tables(
    documents: Iterable[tuple[str, Reading, Sequence[str]]],
    statuses: Mapping[str, str] | None = None,
    units: Mapping[str, Unit] | None = None,
) -> Mentions:
    """The rows of documents as read: each one's id, its reading, and the ids of its mentions.

    statuses: obs_status by quantity_id where it is not A.
    units: those that the documents were read with; the grammar's own if None.
    """
    names: list[str] = []
    ids: list[str] = []
    mentions: list[Mention] = []
    quotes: list[str] = []
    for name, reading, keys in documents:
        names += [name] * len(reading.mentions)
        ids += keys
        mentions += reading.mentions
        quotes += quotes_of(reading)
    said: dict[str, Sequence[Any]] = dict.fromkeys(Mention._fields, ())
    said.update(zip(Mention._fields, zip(*mentions, strict=True), strict=False))
    chosen = [kind in STATISTICAL for kind in said["kind"]]
    said |= {
        "document_id": names, "value_low": said["low"], "value_high": said["high"],
        "quantity_id": [key if is_one else None for key, is_one in zip(ids, chosen, strict=True)],
    }  # fmt: skip
    declared = TABLES["numerals"]
    numerals = fitted(declared, [said[name] for name in declared.names])
    frames = {name: list(compress(said[name], chosen)) for name in FRAME}
    return Mentions(
        numerals, _quantities(numerals, chosen, quotes, frames, statuses or {}, units or base_units())
    )


def _quantities(
    numerals: Fitted, chosen: Sequence[bool], quotes: Sequence[str], frames: Mapping[str, Sequence[Any]],
    statuses: Mapping[str, str], units: Mapping[str, Unit],
) -> Fitted:  # fmt: skip
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = TABLES["quantities"].schema()
    table = numerals.table.filter(pa.array(chosen, pa.bool_()))
    number = table.num_rows
    keys = table["quantity_id"]
    before, between, after = (pa.scalar(part) for part in LINK.split("{}"))
    kinds = list(zip(table["kind"].to_pylist(), table["unit"].to_pylist(), strict=True))
    codes = {(kind, unit): code_of(kind, unit, units) for kind, unit in set(kinds)}
    said = {
        **frames,
        "article": pa.repeat(pa.scalar(0, pa.int64()), number),
        "unit_code": [codes[one] for one in kinds],
        "quote": quotes,
        "obs_status": [statuses.get(key, "A") for key in keys.to_pylist()] if statuses else ["A"] * number,
        "decision_id": pa.nulls(number, pa.string()),
        "link": pc.binary_join_element_wise(before, table["document_id"], between, keys, after, ""),
    }
    columns = [
        table[field.name] if field.name not in said else _column(said[field.name], field) for field in schema
    ]
    place = {row: at for at, row in enumerate(row for row, is_one in enumerate(chosen) if is_one)}
    misfits = (m._replace(table="quantities", row=place[m.row]) for m in numerals.misfits if m.row in place)
    return Fitted(pa.Table.from_arrays(columns, schema=schema), tuple(misfits))


def _column(cells: pa.Array | Sequence[Any], field: pa.Field) -> pa.Array:
    import pyarrow as pa

    return pa.array(cells, field.type) if isinstance(cells, list) else cells


def quotes_of(reading: Reading) -> list[str]:
    """Each quantity's sentence as it reads; of a very long one what stands around it: rows stay rows."""
    text, sentences = reading.flow.text, reading.flow.sentences
    quotes, last, whole = [], -1, ""
    for mention in reading.mentions:
        if mention.kind not in STATISTICAL:
            continue
        begin, stop = sentences[mention.sentence]
        if stop - begin > QUOTE:
            quotes.append(_around(text, begin, stop, mention.begin))
            continue
        if mention.sentence != last:
            last, whole = mention.sentence, text[begin:stop].strip()
        quotes.append(whole)
    return quotes


def _around(text: str, first: int, last: int, at: int) -> str:
    left = max(first, at - QUOTE // 2)
    right = min(last, left + QUOTE)
    return f"{'…' if left > first else ''}{text[left:right].strip()}{'…' if right < last else ''}"
