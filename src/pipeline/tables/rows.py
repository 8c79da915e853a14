"""From what was read to the rows of the released tables.

Row functions give plain tuples in the order of a table's columns; `to_table` makes an
Arrow table of them. A value that the released decimals cannot hold exactly is never
rounded in silence: `to_table` names it as a `Misfit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.numbers.units import Unit, code_of
from pipeline.relations.ids import relation_ids
from pipeline.statistics.areas import COUNTRY
from pipeline.tables import PRECISION, SCALE, Table, wording
from pipeline.texts.decode import utf8

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.numbers.extract import Reading
    from pipeline.numbers.mention import Mention
    from pipeline.relations import Relation
    from pipeline.statistics.areas import Areas
    from pipeline.statistics.catalog_entries import Indicator
    from pipeline.statistics.observations import Observation
    from pipeline.statistics.statistic import Statistic
    from pipeline.texts.source import Source

    Row = tuple[Any, ...]

QUOTE = 400
"""Characters of the longest sentence that is quoted whole; of a longer one, those around the figure."""

_WIDE = Context(prec=2 * PRECISION, rounding=ROUND_HALF_EVEN)
_LAST_PLACE = Decimal(1).scaleb(-SCALE)
_LIMIT = Decimal(10) ** (PRECISION - SCALE)
_HELD = rf"^-?(?:\d{{1,{PRECISION - SCALE}}}(?:\.\d{{1,{SCALE}}})?|\d{{1,8}}(?:\.\d{{1,{SCALE}}})?E\+1?\d)$"
"""Numerals of which one sees that a released decimal holds them."""


class Misfit(NamedTuple):
    """A value that a decimal column cannot hold as it is.

    row: number of the row. kept: what the table has instead, rounded to the last place
    that there is, or None where the value is too large.
    """

    table: str
    row: int
    column: str
    value: Decimal
    kept: Decimal | None


class Fitted(NamedTuple):
    """A table, and the values that it could not take."""

    table: pa.Table
    misfits: tuple[Misfit, ...]


def document_row(source: Source, reading: Reading | None, ref_area: str | None = None) -> Row:
    """The row of `documents` for a source, read or not."""
    mentions = reading.mentions if reading else ()
    return (
        source.document_id, source.path, source.sha256, source.encoding, source.title, source.publisher,
        source.page, source.issued, ref_area, _derived(source, ref_area), source.url, source.licence,
        len(source.text),
        len(reading.flow.sentences) if reading else 0, len(mentions),
        sum(mention.statistical for mention in mentions), source.status, source.reason,
        source.duplicate_of, None,
    )  # fmt: skip


_NAMED = {"issued": "issue_date", "region": "ref_area"}
"""Columns that go by another name than the field of a source."""


def _derived(source: Source, ref_area: str | None) -> str | None:
    names = {_NAMED.get(name, name) for name in source.derived}
    if ref_area and source.region is None:
        names.add("ref_area")
    return " ".join(sorted(names)) or None


def relation_rows(document_id: str, relations: Sequence[Relation], keys: Sequence[str]) -> Iterator[Row]:
    """Rows of `relations`. keys: the ids of the document's mentions."""
    for relation, name in zip(relations, relation_ids(document_id, relations, keys), strict=True):
        yield (
            name, document_id, relation.start, relation.end, relation.relation,
            " ".join(f"{part:f}" for part in relation.parts), relation.total, relation.unit or None,
            relation.verdict, relation.expression, rounded(relation.residual), relation.quote,
            " ".join(keys[operand] for operand in relation.operands), relation.rule, None,
        )  # fmt: skip


def repeat_rows(
    document_id: str, repeats: Sequence[Relation], mentions: Sequence[Mention], keys: Sequence[str]
) -> Iterator[Row]:
    """Rows of `repeats`. keys: the ids of the document's mentions."""
    for repeat, name in zip(repeats, relation_ids(document_id, repeats, keys), strict=True):
        yield (
            name, document_id, repeat.start, repeat.end, repeat.total, repeat.unit or None,
            mentions[repeat.operands[0]].subject, len(repeat.operands), repeat.quote,
            " ".join(keys[operand] for operand in repeat.operands),
        )  # fmt: skip


def statistic_rows(
    document_id: str, statistics: Iterable[Statistic], mentions: Sequence[Mention], keys: Sequence[str],
    units: Mapping[str, Unit],
) -> Iterator[Row]:  # fmt: skip
    """Rows of `statistics`. keys: the ids of the document's mentions."""
    for s in statistics:
        mention = mentions[s.mention]
        yield (
            keys[s.mention], document_id, mention.start, mention.end, s.concept, s.subject, s.state,
            s.transformation, s.base, s.value, s.low, s.high, mention.qualifier, mention.unit,
            code_of(mention.kind, mention.unit, units), s.denominator,
            " ".join(f"{dimension}={value}" for dimension, value in s.breakdown) or None, s.ref_area,
            " ".join(s.counterpart_area) or None, s.stat_pop, s.time_period, s.collection, s.prices,
            s.scenario, s.obs_status, "part" if s.part else "whole", s.confidence,
            " ".join(s.reasons) or None, None,
        )  # fmt: skip


def observation_rows(observations: Iterable[Observation]) -> Iterator[Row]:
    """Rows of `observations`."""
    for o in observations:
        yield (
            o.indicator, o.ref_area, o.time_period, o.value, o.low, o.high, o.unit_measure, o.qualifier,
            o.obs_status, o.sources[0], o.document_id, " ".join(o.own), o.note or None, None, None,
        )  # fmt: skip


def indicator_rows(indicators: Iterable[Indicator], datasets: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Rows of `indicators`. datasets: the indicators of each dataset."""
    for i in indicators:
        members = " ".join(name for name, inside in datasets.items() if i.id in inside)
        yield (
            i.id, i.title.get("zh", i.id), i.title.get("en", i.id), i.definition.get("zh"),
            i.definition.get("en"), i.unit, wording.unit(i.unit, "zh") or i.counted or None, members or None,
        )  # fmt: skip


def area_rows(areas: Areas) -> Iterator[Row]:
    """Rows of `areas`: every code of the gazetteer."""
    for area in areas.listed():
        above = areas.parents(area.code)
        named = [areas.name(code) for code in reversed(above) if code != COUNTRY]
        yield (
            area.code, area.name, area.name_en or None, "".join((*named, area.name)), area.also or None,
            _level(area.code), above[0] if above else None, area.since or None, area.until or None,
            area.successor or None,
        )  # fmt: skip


def _level(code: str) -> str:
    if not code.isdigit():
        return "country"
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def dataset_rows_of(table: Table, rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Rows of a dataset's table, from `observations.dataset_rows`: lists become cells, the rest stays.

    A list of nothing is null, like every cell without a value.
    """
    for row in rows:
        yield tuple(
            " ".join(cell) or None if isinstance(cell := row.get(name), tuple | list) else cell
            for name in table.names
        )


def to_table(table: Table, rows: Iterable[Sequence[Any]]) -> Fitted:
    """The rows as an Arrow table of the declared schema, in the order they come in."""
    return fitted(table, list(zip(*rows, strict=True)) or [()] * len(table.columns))


def fitted(table: Table, columns: Sequence[Sequence[Any]]) -> Fitted:
    """The columns, in their declared order, as an Arrow table."""
    import pyarrow as pa

    arrays, misfits, schema = [], [], table.schema()
    for column, cells, field in zip(table.columns, columns, schema, strict=True):
        if column.type == "decimal":
            array, unfit = _decimals(cells, field.type)
            misfits += [Misfit(table.name, row, column.name, cells[row], kept) for row, kept in unfit]
            arrays.append(array)
            continue
        try:
            arrays.append(pa.array(cells, field.type))
        except UnicodeEncodeError:
            arrays.append(pa.array([cell and utf8(cell).decode() for cell in cells], field.type))
    return Fitted(pa.Table.from_arrays(arrays, schema=schema), tuple(misfits))


def _decimals(
    cells: Sequence[Decimal | None], kind: pa.DataType
) -> tuple[pa.Array, list[tuple[int, Decimal | None]]]:
    """A column of decimals, and of those that it cannot hold the row and what it has instead.

    Arrow reads a hundred numerals in the time in which it takes one of Python's decimals.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    said = [None if cell is None else str(cell) for cell in cells]
    sure, misfits = pc.match_substring_regex(pa.array(said, pa.string()), _HELD), []
    for row in pc.indices_nonzero(pc.invert(sure)).to_pylist():
        kept = fit(cells[row])
        said[row] = None if kept is None else f"{kept:f}"
        if kept != cells[row]:
            misfits.append((row, kept))
    return pa.array(said, pa.string()).cast(kind), misfits


def fit(value: Decimal) -> Decimal | None:
    """The value as a released decimal holds it: the nearest one, or None where it is too large."""
    if not value.is_finite() or value.copy_abs() >= _LIMIT:
        return None
    return rounded(value)


def rounded(value: Decimal) -> Decimal:
    """A quotient that does not end, to the last place that a released decimal has."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -SCALE and value.copy_abs() < _LIMIT:
        return value.quantize(_LAST_PLACE, context=_WIDE)
    return value
