"""The figures of tables: each takes kind, multiplier and unit from its column, its row or the caption."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.numbers import numerals
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.text_tables import Cell, Span, TextTable
from pipeline.numbers.tokens import ONE, Token, make_token

_IN_BRACKETS = re.compile(r"[（(]([^（）()]{1,14})[）)]")
_AT_END = re.compile(r"[%‰]$")
_UNIT = re.compile(r"(?:单位[:：]? ?)?([百千万亿]{0,2})([^\d\s]{1,10})")
_CAPTION = re.compile(r"单位[:：] ?([^\s）)|│]+)")
_LIST_ITEM = re.compile(r"[^、，,;；]+")
_RATES = re.compile(r"增长|增速|增幅|涨幅|跌幅|降幅|比重|占比|比上年|比去年|同比|环比|±|[升降率]$")


class _CellUnit(NamedTuple):
    """A unit as a header or caption says it."""

    kind: str
    word: str
    at: Span
    power: int


def apply_units(g: Grammar, text: str, found: list[Token], tables: Sequence[TextTable]) -> list[Token]:
    """The tokens of a text with those of its tables' cells as the tables say."""
    if not tables:
        return found
    cell_tokens: list[Token] = []
    for table in tables:
        cell_tokens += _cell_tokens(g, text, table)
    kept = _tokens_outside(found, cell_tokens)
    headers = sorted(span for table in tables for span in _unit_cells(table))
    labels = [row.label for table in tables for row in table.rows]
    headers_and_labels = sorted([*headers, *labels])
    kept = [
        _without_quantity(token, headers_and_labels if text[token.begin] in numerals.POWERS else headers)
        for token in kept
    ]
    return sorted([*kept, *cell_tokens])


def _tokens_outside(found: Sequence[Token], cell_tokens: Sequence[Token]) -> list[Token]:
    """The tokens that do not reach into a cell, or what of them stands before it."""
    kept: list[Token] = []
    at = 0
    for token in found:
        while at < len(cell_tokens) and cell_tokens[at].stop <= token.begin:
            at += 1
        if at == len(cell_tokens) or cell_tokens[at].begin >= token.stop:
            kept.append(token)
        elif token.begin < cell_tokens[at].begin:
            kept.append(make_token(token.begin, cell_tokens[at].begin, "other", rule="label of a table"))
    return kept


def _unit_cells(table: TextTable) -> list[Span]:
    heads = [span for column in table.columns for span in column]
    units = [span for row in table.rows for span in (row.unit, row.number) if span]
    return [*heads, *units, *([table.caption] if table.caption else [])]


def _without_quantity(token: Token, headers: Sequence[Span]) -> Token:
    """万吨 of a header or of a label counts nothing, nor does a year in a header."""
    at = bisect_left(headers, (token.begin + 1,)) - 1 if token.statistical else -1
    if at >= 0 and token.begin < headers[at][1]:
        return make_token(token.begin, token.stop, "other", rule="unit of a table")
    return token


def _cell_tokens(g: Grammar, text: str, table: TextTable) -> list[Token]:
    columns = [_column(g, text, spans) for spans in table.columns]
    rates = [any(_RATES.search(text[slice(*span)]) for span in spans) for spans in table.columns]
    caption = _caption_units(g, text, table.caption)
    percent = next((unit for unit in caption if unit.kind == "percent"), None)
    other = next((unit for unit in caption if unit.kind != "percent" or len(caption) == 1), None)
    tokens = []
    for cell in table.cells:
        row = table.rows[cell.row]
        unit = columns[cell.column]
        if unit is None and rates[cell.column]:
            unit = percent or _percent(table, cell)
        if unit is None and row.unit and (cell.column == 0 or table.columns[cell.column]):
            unit = _unit(g, text, row.unit)
        token = _cell_token(text, cell, unit or _bracket(g, text, row.label) or other)
        if token:
            tokens.append(token)
    return tokens


def _cell_token(text: str, cell: Cell, unit: _CellUnit | None) -> Token | None:
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
        return make_token(
            cell.begin, cell.stop, "percent", value, unit=printed, place=number.place, rule="cell of a table"
        )._replace(unit_at=span)
    if unit is None:
        return make_token(cell.begin, cell.stop, "count", value, place=number.place, rule="cell of a table")
    scale = ONE.scaleb(unit.power)
    value = None if value is None else value * scale
    return make_token(
        cell.begin, cell.stop, unit.kind, value, unit=unit.word, place=number.place * scale,
        rule="cell of a table",
    )._replace(unit_at=unit.at, scale=scale)  # fmt: skip


def _percent(table: TextTable, cell: Cell) -> _CellUnit:
    """Growth and shares are per cent where nothing else is unit."""
    spans = table.columns[cell.column]
    return _CellUnit("percent", "%", spans[-1], 0)


def _column(g: Grammar, text: str, spans: Sequence[Span]) -> _CellUnit | None:
    """The unit of a column: of the lowest line of its header that has unit."""
    for span in reversed(spans):
        unit = _bracket(g, text, span) or _unit(g, text, span)
        if unit:
            return unit
    return None


def _bracket(g: Grammar, text: str, span: Span) -> _CellUnit | None:
    """绝对数（亿元）, 增长(%), 增长%."""
    for m in _IN_BRACKETS.finditer(text, *span):
        unit = _unit(g, text, m.span(1))
        if unit:
            return unit
    sign = _AT_END.search(text, *span)
    return _CellUnit("percent", sign.group(), sign.span(), 0) if sign else None


def _unit(g: Grammar, text: str, span: Span) -> _CellUnit | None:
    """A span that is a unit, all of it: 亿元, 万人, %, 元/人."""
    m = _UNIT.fullmatch(text, *span)
    if m is None:
        return None
    begin, stop = m.start(1), m.end()
    for at in range(begin, m.start(2) + 1):  # 亿 and 千瓦时, not 亿千 and 瓦时
        kind = _kind(g, text, at, stop)
        if kind:
            power = sum(numerals.POWERS[c] for c in text[begin:at])
            return _CellUnit(kind, text[at:stop], (at, stop), power)
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


def _caption_units(g: Grammar, text: str, caption: Span | None) -> list[_CellUnit]:
    """The units of 单位：亿元、%."""
    m = _CAPTION.search(text, *caption) if caption else None
    parts = _LIST_ITEM.finditer(text, *m.span(1)) if m else ()
    return [unit for part in parts if (unit := _unit(g, text, part.span()))]
