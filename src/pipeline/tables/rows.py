"""Rows of the released tables, and their conversion to Arrow.

Row functions return tuples in the order of a table's columns; `table_of_rows` makes an Arrow table
of them. A value that the released decimals cannot represent exactly is reported as an `InexactValue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.numbers.units import Unit, code_of
from pipeline.relations.ids import relation_ids
from pipeline.statistics.regions.areas import COUNTRY
from pipeline.tables import PRECISION, SCALE, Table, wording
from pipeline.texts.decode import utf8

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.numbers.extract import Reading
    from pipeline.numbers.mention import Mention
    from pipeline.relations import Relation
    from pipeline.statistics.catalog.entries import Indicator
    from pipeline.statistics.observations import Observation
    from pipeline.statistics.regions.areas import Areas
    from pipeline.statistics.statistic import Statistic
    from pipeline.texts.source import Source

    Row = tuple[Any, ...]

QUOTE = 400
"""The maximum length of a quoted sentence; of a longer one the text around the figure is quoted."""

_WIDE = Context(prec=2 * PRECISION, rounding=ROUND_HALF_EVEN)
_LAST_PLACE = Decimal(1).scaleb(-SCALE)
_LIMIT = Decimal(10) ** (PRECISION - SCALE)
_EXACT = rf"^-?(?:\d{{1,{PRECISION - SCALE}}}(?:\.\d{{1,{SCALE}}})?|\d{{1,8}}(?:\.\d{{1,{SCALE}}})?E\+1?\d)$"
"""A pattern of numerals that a released decimal certainly represents exactly."""


class InexactValue(NamedTuple):
    """A value that a decimal column cannot represent exactly.

    row: the row number. kept: the rounded value in the table, or None where the value is too large.
    """

    table: str
    row: int
    column: str
    value: Decimal
    kept: Decimal | None


class ConvertedTable(NamedTuple):
    """An Arrow table, and the values that it does not represent exactly."""

    table: pa.Table
    inexact: tuple[InexactValue, ...]


def document_row(source: Source, reading: Reading | None, ref_area: str | None = None) -> Row:
    """The row of `documents` for a source; reading: None where it was not read."""
    mentions = reading.mentions if reading else ()
    return (
        source.document_id, source.path, source.sha256, source.encoding, source.title, source.publisher,
        source.page, source.issued, ref_area, _derived(source, ref_area), source.url, source.licence,
        len(source.text),
        len(reading.flow.sentences) if reading else 0, len(mentions),
        sum(mention.statistical for mention in mentions), source.status, source.reason,
        source.duplicate_of, None,
    )  # fmt: skip


_COLUMN_OF_FIELD = {"issued": "issue_date", "region": "ref_area"}
"""Columns whose name differs from the field of the source."""


def _derived(source: Source, ref_area: str | None) -> str | None:
    names = {_COLUMN_OF_FIELD.get(name, name) for name in source.derived}
    if ref_area and source.region is None:
        names.add("ref_area")
    return " ".join(sorted(names)) or None


def relation_rows(document_id: str, relations: Sequence[Relation], keys: Sequence[str]) -> Iterator[Row]:
    """Rows of `relations`. keys: the ids of the document's mentions."""
    for relation, name in zip(relations, relation_ids(document_id, relations, keys), strict=True):
        yield (
            name, document_id, relation.start, relation.end, relation.relation,
            " ".join(f"{part:f}" for part in relation.parts), relation.total, relation.unit or None,
            relation.verdict, relation.expression, round_to_scale(relation.residual), relation.quote,
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
            o.obs_status, o.sources[0], o.document_id, " ".join(o.document_sources), o.note or None,
            None, None,
        )  # fmt: skip


def indicator_rows(indicators: Iterable[Indicator], datasets: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Rows of `indicators`. datasets: the indicators of each dataset."""
    for i in indicators:
        members = " ".join(name for name, inside in datasets.items() if i.id in inside)
        yield (
            i.id, i.title.get("zh", i.id), i.title.get("en", i.id), i.definition.get("zh"),
            i.definition.get("en"), i.unit, wording.unit_name(i.unit, "zh") or i.counted or None,
            members or None,
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


def dataset_table_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Rows of a dataset's table, from `observations.dataset_rows`: lists are joined, an empty one is null."""
    for row in rows:
        yield tuple(
            " ".join(cell) or None if isinstance(cell := row.get(name), tuple | list) else cell
            for name in table.names
        )


def table_of_rows(table: Table, rows: Iterable[Sequence[Any]]) -> ConvertedTable:
    """Convert rows to an Arrow table of the declared schema."""
    return table_of_columns(table, list(zip(*rows, strict=True)) or [()] * len(table.columns))


def table_of_columns(table: Table, columns: Sequence[Sequence[Any]]) -> ConvertedTable:
    """Convert columns, in the declared order, to an Arrow table."""
    import pyarrow as pa

    arrays, inexact, schema = [], [], table.schema()
    for column, cells, field in zip(table.columns, columns, schema, strict=True):
        if column.type == "decimal":
            array, changed = _decimals(cells, field.type)
            inexact += [InexactValue(table.name, row, column.name, cells[row], kept) for row, kept in changed]
            arrays.append(array)
            continue
        try:
            arrays.append(pa.array(cells, field.type))
        except UnicodeEncodeError:
            arrays.append(pa.array([cell and utf8(cell).decode() for cell in cells], field.type))
    return ConvertedTable(pa.Table.from_arrays(arrays, schema=schema), tuple(inexact))


def _decimals(
    cells: Sequence[Decimal | None], kind: pa.DataType
) -> tuple[pa.Array, list[tuple[int, Decimal | None]]]:
    """A column of decimals, and the row and rounded value of each cell that is not represented exactly.

    Arrow parses text a hundred times faster than it converts Python's decimals.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    numerals = [None if cell is None else str(cell) for cell in cells]
    exact, changed = pc.match_substring_regex(pa.array(numerals, pa.string()), _EXACT), []
    for row in pc.indices_nonzero(pc.invert(exact)).to_pylist():
        kept = nearest_decimal(cells[row])
        numerals[row] = None if kept is None else f"{kept:f}"
        if kept != cells[row]:
            changed.append((row, kept))
    return pa.array(numerals, pa.string()).cast(kind), changed


def nearest_decimal(value: Decimal) -> Decimal | None:
    """The released decimal that is nearest to a value, or None where the value is too large."""
    if not value.is_finite() or value.copy_abs() >= _LIMIT:
        return None
    return round_to_scale(value)


def round_to_scale(value: Decimal) -> Decimal:
    """A value with more decimal places than a released decimal, rounded to the last of these."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -SCALE and value.copy_abs() < _LIMIT:
        return value.quantize(_LAST_PLACE, context=_WIDE)
    return value
