"""Columns: figures under one name in row after row, and their total before or after them.

事故37起，死亡33人。其中，交通运输业30起，死亡26人。商贸业5起，死亡5人。建筑业2起，死亡2人. One column that
comes to its total is evidence for the others of the same rows; one that does not, beside it, is a misprint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, added
from pipeline.relations.figures import ZERO, Figure, Page, adds
from pipeline.relations.lists import parts_of
from pipeline.relations.wholes import PLACE

_NEEDED = {"rows, cue": 8, "rows": 20, "two rows, cue": 20, "two rows": 60}
"""Values that a total could have had in print, at least, by how its rows are told."""
_TOGETHER = 3
"""The same for a total whose rows bear another column that comes to its own."""
_TOTALS, _ROWS, _SENTENCES = 6, 32, 2
"""Figures before a column among which its total stands, rows, and sentences between the two."""
_NEAR, _MANY = 10, 3
"""A column is accused within a tenth of its total, beside one of three rows at least that holds."""

_AFTER_NAME = cues.cue(r"(?:分别|同比|[为是有达约共了到])+$", "死亡人数为", "死亡")
_NONE = ("无", "未")


class _Column(NamedTuple):
    total: Figure
    parts: tuple[Figure, ...]
    rows: tuple[int, ...]
    """Where each part's row ends."""
    rule: str


def columns(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every column that comes to its total, and those beside one that do not. known: the sums so far."""
    totals = {found.total.at for found in known}
    found = [column for column in _fitting(page) if column.total.at not in totals]
    in_row: dict[int, list[int]] = {}
    for number, column in enumerate(found):
        for row in column.rows:
            in_row.setdefault(row, []).append(number)
    for column in found:
        together = Counter(number for row in column.rows for number in in_row[row])
        beside = any(
            rows > 1
            and found[number].total.at != column.total.at
            and found[number].total.sentence == column.total.sentence
            for number, rows in together.items()
        )
        needed = _TOGETHER if beside else _NEEDED[column.rule]
        if column.total.at not in totals and column.total.value >= needed * column.total.place:
            totals.add(column.total.at)
            yield _finding(column.total, column.parts, column.rule)
    rows = {
        (finding.total.at, tuple(map(page.break_after, finding.stated)))
        for finding in known
        if finding.verdict == "holds" and finding.total.at < finding.stated[0].at
    }
    rows |= {(column.total.at, column.rows) for column in found if column.total.at < column.parts[0].at}
    for at, ends in sorted(rows):
        if len(set(ends)) == len(ends) >= _MANY:
            yield from _accused(page, page.figures[at], ends, totals)


def _finding(total: Figure, parts: Sequence[Figure], rule: str) -> Finding:
    return added(total, parts_of(total, parts), rule, False)


def _names(page: Page, figure: Figure) -> set[str]:
    """What a figure's column may be called: the end of its label or subject, the beginning of its tail."""
    if page.changes(figure):
        return {f"{page.direction(figure) or page.direction(page.figures[figure.at - 1])} "}
    label = _AFTER_NAME.sub("", page.label(figure))
    names = {label[-2:], page.tail(figure)[:2], (figure.mention.subject or "")[-2:]}
    return {name for name in names if len(name) == 2}


def _fitting(page: Page) -> Iterator[_Column]:
    """The columns whose parts, one a row, come to a figure before or after them that bears their name."""
    tracks: dict[tuple[str, str], list[Figure]] = {}
    for figure in page.figures:
        if adds(figure.family) and figure.value > 0:
            for name in sorted(_names(page, figure)):
                tracks.setdefault((figure.mention.unit or "", name), []).append(figure)
    for (unit, name), track in tracks.items():
        for begin in range(len(track)):
            if unit:
                yield from _from(page, name, track, begin)


def _from(page: Page, name: str, track: Sequence[Figure], begin: int) -> Iterator[_Column]:
    """The column that begins with a figure, where a total of its name stands right before or after it."""
    first = track[begin]
    family = page.families[first.family]
    before = [
        f
        for f in family[max(0, first.rank - _TOTALS) : first.rank]
        if f.value > first.value
        and f.mention.unit == first.mention.unit
        and first.sentence - f.sentence <= _SENTENCES
        and (name in page.words(f) or name in _names(page, f))
        and page.break_after(f) != page.break_after(first)
    ]
    after = [f for f in track[begin + 2 : begin + _ROWS] if cues.TOTAL.search(page.label(f))][:1]
    parts: list[Figure] = []
    rows: list[int] = []
    come_to = ZERO
    for figure in track[begin : begin + _ROWS]:
        row = page.break_after(figure)
        if after and figure.at == after[0].at:
            if come_to == figure.value and len(parts) > 1:
                yield _Column(figure, tuple(parts), tuple(rows), _rule(page, parts, True))
            break
        if row in rows or figure.sentence - (parts or [first])[-1].sentence > 1:
            break
        parts.append(figure)
        rows.append(row)
        come_to += figure.value
        for total in reversed(before):
            if come_to == total.value and len(parts) > 1:
                cue = cues.PARTS.search(page.gap(total, first)) is not None
                yield _Column(total, tuple(parts), tuple(rows), _rule(page, parts, cue))


def _rule(page: Page, parts: Sequence[Figure], cue: bool) -> str:
    cue = cue or all(PLACE.search(page.label(part)[:-2]) for part in parts)
    return ("rows" if len(parts) > 2 else "two rows") + (", cue" if cue else "")


def _accused(page: Page, total: Figure, ends: Sequence[int], totals: set[int]) -> Iterator[Finding]:
    """The totals beside one that holds that their own columns in the same rows do not come to."""
    begins = [page.row(end) for end in ends]
    for other in page.figures[max(0, total.at - _TOTALS) : total.at + _TOTALS]:
        beside = other.sentence == total.sentence and other.begin < begins[0] and other.at not in totals
        if not beside or not adds(other.family) or page.aside(other):
            continue
        for name in sorted(_names(page, other)):
            parts = [_cell(page, other, name, begin, end) for begin, end in zip(begins, ends, strict=True)]
            if any(part is None for part in parts):
                continue
            figures = [part for part in parts if isinstance(part, Figure)]
            found = _finding(other, figures, "whole: rows") if len(figures) > 1 else None
            off = abs(found.total.value - found.computed) if found else ZERO
            if found and off and off * _NEAR <= other.value:
                verdict = accusation(other, figures, off)
                if verdict:
                    yield found._replace(verdict=verdict, whole=verdict == "fails")
                    totals.add(other.at)
                    break


def _cell(page: Page, total: Figure, name: str, begin: int, end: int) -> Figure | str | None:
    """The figure of a column in a row; "" where the row says that there is none of it."""
    row = [f for f in page.between(begin, end) if f.mention.unit == total.mention.unit]
    cells = [f for f in row if name in _names(page, f) and not page.aside(f)]
    if len(cells) == 1:
        return cells[0]
    return "" if not cells and any(word + name in page.text[begin:end] for word in _NONE) else None
