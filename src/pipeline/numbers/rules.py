"""Rules: what a number is by what stands to its left and right.

A rule of data/rules.tsv is asked of a number once it has been read as something (a date, a
word, a quantity of some unit) and says what it is instead. Its cells:

reading    what the number was read as: bare (no unit), count, measure, money, percent, duration,
           date, word, or =UNIT for one unit; several with spaces between, any of which will do
number     a regular expression of the printed number, all of it; empty: any
left       what ends where the number begins, alternatives between |; empty: anything
right      what begins where the reading ends, alternatives between |; empty: anything
becomes    the kind, and how far it reaches: +unit takes the unit, +right what `right` matched,
           +left what `left` matched; `quantity` turns a date or word down, so that the number is read as
           what it counts; a statistical kind leaves the quantity as it is

Rules are in order, the first that fits wins. A context of plain words is looked up; one that
begins with ~ is a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.numbers.tokens import ONE, Token, token

_REACH = 16
"""Characters to the left that a regular expression may look at."""
_QUANTITIES = frozenset(("count", "measure", "money", "percent", "duration"))


class Context:
    """What stands at one side of a number: words, or a regular expression."""

    __slots__ = ("ends", "pattern", "words")

    def __init__(self, cell: str, *, left: bool) -> None:
        self.words: tuple[str, ...] = ()
        self.pattern: re.Pattern[str] | None = None
        if cell.startswith("~"):
            self.pattern = re.compile(f"(?:{cell[1:]})$" if left else cell[1:])
        elif cell:
            self.words = tuple(sorted(cell.split("|"), key=len, reverse=True))
        self.ends = frozenset(word[-1] if left else word[0] for word in self.words)
        """The characters next to the number; empty where any may be."""

    def before(self, text: str, at: int) -> int | None:
        """Where it begins, if it ends at `at` or before a space there."""
        if self.pattern:
            m = self.pattern.search(text, max(0, at - _REACH), at)
            return m.start() if m else None
        for end in (at, at - 1) if text[at - 1 : at] == " " else (at,):
            for word in self.words:
                if text.startswith(word, end - len(word)) and end >= len(word):
                    return end - len(word)
        return None if self.words else at

    def after(self, text: str, at: int) -> int | None:
        """Where it stops, if it begins at `at` or after a space there."""
        if self.pattern:
            m = self.pattern.match(text, at)
            return m.end() if m else None
        for begin in (at, at + 1) if text[at : at + 1] == " " else (at,):
            for word in self.words:
                if text.startswith(word, begin):
                    return begin + len(word)
        return None if self.words else at


class Rule:
    """A line of the table, compiled."""

    __slots__ = ("becomes", "left", "name", "number", "reach", "readings", "right", "units")

    def __init__(self, entry: Mapping[str, str]) -> None:
        self.name = entry["rule"]
        words = entry["reading"].split()
        self.units = frozenset(word[1:] for word in words if word[0] == "=")
        self.readings = frozenset(word for word in words if word[0] != "=")
        self.number = re.compile(entry["number"], re.ASCII) if entry["number"] else None
        self.left, self.right = Context(entry["left"], left=True), Context(entry["right"], left=False)
        self.becomes, *reach = entry["becomes"].split("+")
        self.reach = frozenset(reach)

    def applies(self, text: str, taken: Token, reading: str) -> Token | str:
        """What the number becomes, or which cell of the rule does not fit."""
        if reading not in self.readings and taken.unit not in self.units:
            return "reading"
        begin = taken.begin
        end = taken.unit_at[0] if taken.unit_at and taken.unit_at[0] > begin else taken.stop
        if text[end - 1] == " ":
            end -= 1
        if self.number and not self.number.fullmatch(text, begin, end):
            return "number"
        left = self.left.before(text, begin)
        if left is None:
            return "left"
        right = self.right.after(text, taken.stop)
        if right is None:
            return "right"
        if self.becomes == "quantity":
            return token(begin, taken.stop, "quantity", rule=self.name)
        if self.becomes in _QUANTITIES:
            return taken._replace(kind=self.becomes, rule=self.name)
        stop = right if "right" in self.reach else taken.stop if "unit" in self.reach else end
        unit = taken.unit if "unit" in self.reach and self.becomes == "ordinal" else None
        begin = left if "left" in self.reach else begin
        made = token(begin, max(stop, end), self.becomes, taken.value, unit=unit, rule=self.name)
        if taken.value is None and self.becomes != "date":
            return made._replace(low=taken.low, high=taken.high)
        return made._replace(value=None, low=None, high=None) if self.becomes == "date" else made


class Rules:
    """The rules of a grammar, in order; immutable. Found by the unit or a character beside the number."""

    __slots__ = ("_by_left", "_by_reading", "_by_right", "_by_unit", "all")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all = tuple(rules)
        self._by_unit: dict[str, list[int]] = {}
        self._by_right: dict[str, list[int]] = {}
        self._by_left: dict[str, list[int]] = {}
        self._by_reading: dict[str, list[int]] = {}
        for index, rule in enumerate(self.all):
            if rule.units and not rule.readings:
                table, keys = self._by_unit, rule.units
            elif rule.right.ends:
                table, keys = self._by_right, rule.right.ends
            elif rule.left.ends:
                table, keys = self._by_left, rule.left.ends
            else:
                table, keys = self._by_reading, rule.readings
            for key in keys:
                table.setdefault(key, []).append(index)

    def revise(self, text: str, taken: Token, reading: str) -> Token | None:
        """What the first rule that fits makes of a reading, or None."""
        for index in self._candidates(text, taken, reading):
            made = self.all[index].applies(text, taken, reading)
            if isinstance(made, Token):
                return made
        return None

    def explain(self, text: str, taken: Token, reading: str) -> Iterator[tuple[str, str]]:
        """Every rule that was asked, with the cell that did not fit; empty where it won."""
        for index in self._candidates(text, taken, reading):
            made = self.all[index].applies(text, taken, reading)
            yield self.all[index].name, "" if isinstance(made, Token) else made
            if isinstance(made, Token):
                return

    def _candidates(self, text: str, taken: Token, reading: str) -> list[int]:
        begin, stop = taken.begin, taken.stop
        right = text[stop : stop + 1]
        if right == " ":
            right = text[stop + 1 : stop + 2]
        left = text[begin - 1 : begin]
        if left == " ":
            left = text[begin - 2 : begin - 1]
        found = [
            *self._by_unit.get(taken.unit or "", ()),
            *self._by_right.get(right, ()),
            *self._by_left.get(left, ()),
            *self._by_reading.get(reading, ()),
        ]
        if len(found) > 1:
            found.sort()
        return found


def reading_of(taken: Token) -> str:
    """What a rule calls a token: its kind, or bare where a count has no unit."""
    if taken.kind == "count" and taken.unit is None and taken.scale == ONE and taken.qualifier == "exact":
        return "bare"
    return taken.kind if taken.kind in _QUANTITIES else "word"
