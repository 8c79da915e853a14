"""Converts mentions to the tables `numerals` and `quantities`, column by column for speed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.numbers.mention import STATISTICAL, Mention
from pipeline.numbers.units import Unit, base_units, code_of
from pipeline.tables import FRAME, TABLES
from pipeline.tables.links import LINK
from pipeline.tables.rows import QUOTE, ConvertedTable, table_of_columns

if TYPE_CHECKING:
    from pipeline.numbers.extract import Reading


class MentionTables(NamedTuple):
    """The mentions of some documents as tables, in their order."""

    numerals: ConvertedTable
    """Every mention, statistical or not."""
    quantities: ConvertedTable
    """The statistical ones."""


def mention_tables(
    documents: Iterable[tuple[str, Reading, Sequence[str]]],
    statuses: Mapping[str, str] | None = None,
    units: Mapping[str, Unit] | None = None,
) -> MentionTables:
    """The tables of the mentions of documents, each given as its id, its reading and the ids of its mentions.

    statuses: obs_status by quantity_id where it is not A.
    units: the units that the documents were read with; the default grammar's if None.
    """
    names: list[str] = []
    ids: list[str] = []
    mentions: list[Mention] = []
    quotes: list[str] = []
    for name, reading, keys in documents:
        names += [name] * len(reading.mentions)
        ids += keys
        mentions += reading.mentions
        quotes += quoted_sentences(reading)
    columns: dict[str, Sequence[Any]] = dict.fromkeys(Mention._fields, ())
    columns.update(zip(Mention._fields, zip(*mentions, strict=True), strict=False))
    statistical = [kind in STATISTICAL for kind in columns["kind"]]
    columns |= {
        "document_id": names, "value_low": columns["low"], "value_high": columns["high"],
        "quantity_id": [key if is_one else None for key, is_one in zip(ids, statistical, strict=True)],
    }  # fmt: skip
    declared = TABLES["numerals"]
    numerals = table_of_columns(declared, [columns[name] for name in declared.names])
    more = {"quote": quotes, **{name: list(compress(columns[name], statistical)) for name in FRAME}}
    return MentionTables(
        numerals, _quantities(numerals, statistical, more, statuses or {}, units or base_units())
    )


def _quantities(
    numerals: ConvertedTable, statistical: Sequence[bool], more: Mapping[str, Sequence[Any]],
    statuses: Mapping[str, str], units: Mapping[str, Unit],
) -> ConvertedTable:  # fmt: skip
    """The rows of statistical mentions with further columns. more: those that are known already."""
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = TABLES["quantities"].schema()
    table = numerals.table.filter(pa.array(statistical, pa.bool_()))
    number = table.num_rows
    keys = table["quantity_id"]
    before, between, after = (pa.scalar(part) for part in LINK.split("{}"))
    kinds = list(zip(table["kind"].to_pylist(), table["unit"].to_pylist(), strict=True))
    codes = {(kind, unit): code_of(kind, unit, units) for kind, unit in set(kinds)}
    columns = {
        **more,
        "article": pa.repeat(pa.scalar(0, pa.int64()), number),
        "unit_code": [codes[one] for one in kinds],
        "obs_status": [statuses.get(key, "A") for key in keys.to_pylist()] if statuses else ["A"] * number,
        "decision_id": pa.nulls(number, pa.string()),
        "link": pc.binary_join_element_wise(before, table["document_id"], between, keys, after, ""),
    }
    arrays = []
    for field in schema:
        cells = columns[field.name] if field.name in columns else table[field.name]
        arrays.append(pa.array(cells, field.type) if isinstance(cells, list) else cells)
    new_rows = {row: n for n, row in enumerate(compress(range(len(statistical)), statistical))}
    inexact = (
        one._replace(table="quantities", row=new_rows[one.row])
        for one in numerals.inexact
        if one.row in new_rows
    )
    return ConvertedTable(pa.Table.from_arrays(arrays, schema=schema), tuple(inexact))


def quoted_sentences(reading: Reading) -> list[str]:
    """The sentence of each quantity; of a very long sentence only the text around the quantity."""
    text, sentences = reading.flow.text, reading.flow.sentences
    quotes, last, whole = [], -1, ""
    for mention in reading.mentions:
        if mention.kind not in STATISTICAL:
            continue
        begin, stop = sentences[mention.sentence]
        if stop - begin > QUOTE:
            quotes.append(_excerpt(text, begin, stop, mention.begin))
            continue
        if mention.sentence != last:
            last, whole = mention.sentence, text[begin:stop].strip()
        quotes.append(whole)
    return quotes


def _excerpt(text: str, first: int, last: int, at: int) -> str:
    left = max(first, at - QUOTE // 2)
    right = min(last, left + QUOTE)
    return f"{'…' if left > first else ''}{text[left:right].strip()}{'…' if right < last else ''}"
