"""The figures of tables: each takes kind, multiplier and unit from its column, its row or the caption."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.numbers import numerals
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.text_tables import Cell, Span, Table
from pipeline.numbers.tokens import ONE, Token, token

_IN_BRACKETS = re.compile(r"[（(]([^（）()]{1,14})[）)]")
_AT_END = re.compile(r"[%‰]$")
_UNIT = re.compile(r"(?:单位[:：]? ?)?([百千万亿]{0,2})([^\d\s]{1,10})")
_CAPTION = re.compile(r"单位[:：] ?([^\s）)|│]+)")
_LIST = re.compile(r"[、，,;；]")
_RATES = re.compile(r"增长|增速|增幅|涨幅|跌幅|降幅|比重|占比|比上年|比去年|同比|环比|±|[升降率]$")


class _Said(NamedTuple):
    """A unit as a header or caption says it."""

    kind: str
    unit: str
    at: Span
    power: int


def fill(g: Grammar, text: str, found: list[Token], tables: Sequence[Table]) -> list[Token]:
    """The tokens of a text with those of its tables' cells as the tables say."""
    if not tables:
        return found
    made: list[Token] = []
    for table in tables:
        made += _figures(g, text, table)
    kept = _outside(found, made)
    quiet = sorted(span for table in tables for span in _unit_cells(table))
    labels = [row.label for table in tables for row in table.rows]
    everywhere = sorted([*quiet, *labels])
    kept = [_quiet(taken, everywhere if text[taken.begin] in numerals.POWERS else quiet) for taken in kept]
    return sorted([*kept, *made])


def _outside(found: Sequence[Token], made: Sequence[Token]) -> list[Token]:
    """The tokens that do not reach into a cell, or what of them stands before it."""
    kept: list[Token] = []
    at = 0
    for taken in found:
        while at < len(made) and made[at].stop <= taken.begin:
            at += 1
        if at == len(made) or made[at].begin >= taken.stop:
            kept.append(taken)
        elif taken.begin < made[at].begin:
            kept.append(token(taken.begin, made[at].begin, "other", rule="label of a table"))
    return kept


def _unit_cells(table: Table) -> list[Span]:
    heads = [span for column in table.columns for span in column]
    units = [span for row in table.rows for span in (row.unit, row.number) if span]
    return [*heads, *units, *([table.caption] if table.caption else [])]


def _quiet(taken: Token, quiet: Sequence[Span]) -> Token:
    """万吨 of a header or of a label counts nothing, nor does a year in a header."""
    at = bisect_left(quiet, (taken.begin + 1,)) - 1 if taken.statistical else -1
    if at >= 0 and taken.begin < quiet[at][1]:
        return token(taken.begin, taken.stop, "other", rule="unit of a table")
    return taken


def _figures(g: Grammar, text: str, table: Table) -> list[Token]:
    columns = [_column(g, text, spans) for spans in table.columns]
    rates = [any(_RATES.search(text[slice(*span)]) for span in spans) for spans in table.columns]
    caption = _of_caption(g, text, table.caption)
    made = []
    for cell in table.cells:
        row = table.rows[cell.row]
        said = columns[cell.column]
        if said is None and rates[cell.column]:
            said = next((one for one in caption if one.kind == "percent"), None) or _percent(table, cell)
        if said is None and row.unit and (cell.column == 0 or table.columns[cell.column]):
            said = _unit(g, text, row.unit)
        if said is None:
            said = _bracket(g, text, row.label)
        if said is None:
            said = next((one for one in caption if one.kind != "percent" or len(caption) == 1), None)
        figure = _figure(text, cell, said)
        if figure:
            made.append(figure)
    return made


def _figure(text: str, cell: Cell, said: _Said | None) -> Token | None:
    at = cell.begin
    sign = text[at] in "-–—"
    at += text[at] in "-+±–—"
    if not text[at : at + 1].isdigit():
        return None  # a dash or a note
    number = numerals.read_arabic(text, at)
    value = -number.value if sign and number.value is not None else number.value
    printed = text[cell.stop - 1]
    if printed in "%‰":
        span = (cell.stop - 1, cell.stop)
        return token(
            cell.begin, cell.stop, "percent", value, unit=printed, place=number.place, rule="cell of a table"
        )._replace(unit_at=span)
    if said is None:
        return token(cell.begin, cell.stop, "count", value, place=number.place, rule="cell of a table")
    scale = ONE.scaleb(said.power)
    value = None if value is None else value * scale
    return token(
        cell.begin, cell.stop, said.kind, value, unit=said.unit, place=number.place * scale,
        rule="cell of a table",
    )._replace(unit_at=said.at, scale=scale)  # fmt: skip


def _percent(table: Table, cell: Cell) -> _Said:
    """Growth and shares are per cent where nothing else is said."""
    spans = table.columns[cell.column]
    return _Said("percent", "%", spans[-1], 0)


def _column(g: Grammar, text: str, spans: Sequence[Span]) -> _Said | None:
    """The unit of a column: of the lowest line of its header that has one."""
    for span in reversed(spans):
        said = _bracket(g, text, span) or _unit(g, text, span)
        if said:
            return said
    return None


def _bracket(g: Grammar, text: str, span: Span) -> _Said | None:
    """绝对数（亿元）, 增长(%), 增长%."""
    for m in _IN_BRACKETS.finditer(text, *span):
        said = _unit(g, text, m.span(1))
        if said:
            return said
    sign = _AT_END.search(text, *span)
    return _Said("percent", sign.group(), sign.span(), 0) if sign else None


def _unit(g: Grammar, text: str, span: Span) -> _Said | None:
    """A span that is a unit, all of it: 亿元, 万人, %, 元/人."""
    m = _UNIT.fullmatch(text, *span)
    if m is None:
        return None
    begin, stop = m.start(1), m.end()
    for at in range(begin, m.start(2) + 1):  # 亿 and 千瓦时, not 亿千 and 瓦时
        kind = _kind(g, text, at, stop)
        if kind:
            power = sum(numerals.POWERS[c] for c in text[begin:at])
            return _Said(kind, text[at:stop], (at, stop), power)
    return None


def _kind(g: Grammar, text: str, at: int, stop: int) -> str | None:
    """The kind of the unit text[at:stop], 元/人 among them; None where it is none."""
    unit = g.units.match(text, at)
    if unit is None:
        return None
    kind, end = g.units.kind(unit), at + len(unit)
    if end == stop:
        return kind
    under = g.units.match(text, end + 1) if text[end] in "/每·" else None
    if under is None or end + 1 + len(under) != stop:
        return None
    return "money" if kind == "money" else "measure"


def _of_caption(g: Grammar, text: str, caption: Span | None) -> list[_Said]:
    """The units of 单位：亿元、%."""
    m = _CAPTION.search(text, *caption) if caption else None
    if m is None:
        return []
    said = []
    at = m.start(1)
    for part in _LIST.split(m[1]):
        one = _unit(g, text, (at, at + len(part)))
        if one:
            said.append(one)
        at += len(part) + 1
    return said
