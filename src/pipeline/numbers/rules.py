"""Rules: what a number is by what stands to its left and right.

A rule of data/rules.tsv is asked of a number once it has been read as something (a date, a
word, a quantity of some unit) and says what it is instead. Its cells:

reading    what the number was read as: count, measure, money, percent, duration, date or word; bare,
           a count without unit, multiplier and qualifier; unitless, whatever its multiplier and
           qualifier; qualified; =UNIT, one unit; @MARK, the units that units.tsv marks so; several
           with spaces between, any of which will do
number     a regular expression of the printed number, all of it; empty: any
left       what ends where the number begins, alternatives between |; empty: anything
right      what begins where the reading ends, alternatives between |; empty: anything
becomes    the kind, and how far it reaches: +unit takes the unit, +right what `right` matched,
           +left what `left` matched; `quantity`: it states what it counts, so a date or word is turned
           down and a quantity stays as it is; a statistical kind leaves all but the kind as it is

Rules are in order, the first that fits wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.numbers.context import Context
from pipeline.numbers.tokens import ONE, Token, token
from pipeline.numbers.units import Units

_DIGITS = frozenset("0123456789")
_FIGURES = re.compile(r"\\|\.|\^|[0-9](?![^{]*\})")
"""What a cell has that may match figures; a {1,3} of it does not."""
_QUANTITIES = frozenset(("count", "measure", "money", "percent", "duration"))


class Rule:
    """A line of the table, compiled."""

    __slots__ = ("becomes", "in_words", "left", "name", "number", "reach", "readings", "right", "units")

    def __init__(self, entry: Mapping[str, str], units: Units) -> None:
        self.name = entry["rule"]
        words = entry["reading"].split()
        marked = [unit for word in words if word[0] == "@" for unit in units.marked(word[1:])]
        self.units = frozenset([*(word[1:] for word in words if word[0] == "="), *marked])
        self.readings = frozenset(word for word in words if word[0] not in "=@")
        self.number = re.compile(entry["number"], re.ASCII) if entry["number"] else None
        self.in_words = self.number is not None and not _FIGURES.search(entry["number"])
        self.left, self.right = Context(entry["left"], left=True), Context(entry["right"], left=False)
        self.becomes, *reach = entry["becomes"].split("+")
        self.reach = frozenset(reach)

    def applies(self, text: str, taken: Token, readings: tuple[str, ...]) -> Token | str:
        """What the number becomes, or which cell of the rule does not fit."""
        if taken.unit not in self.units and self.readings.isdisjoint(readings):
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
        if self.becomes in _QUANTITIES or (self.becomes == "quantity" and taken.statistical):
            kind = taken.kind if self.becomes == "quantity" else self.becomes
            return taken._replace(
                kind=kind, stop=right if "right" in self.reach else taken.stop, rule=self.name
            )
        if self.becomes == "quantity":
            return token(begin, taken.stop, "quantity", rule=self.name)
        stop = right if "right" in self.reach else taken.stop if "unit" in self.reach else end
        unit = taken.unit if "unit" in self.reach and self.becomes == "ordinal" else None
        begin = left if "left" in self.reach else begin
        made = token(begin, max(stop, end), self.becomes, taken.value, unit=unit, rule=self.name)
        if self.becomes == "date":
            return made._replace(value=None, low=None, high=None)
        if self.becomes == "ordinal" and taken.value is None:
            return made._replace(low=taken.low, high=taken.high)
        return made


class _Index:
    """The rules that a number may be asked, found by its unit or a character beside it."""

    __slots__ = ("_by_left", "_by_reading", "_by_right", "_by_unit")

    def __init__(self, rules: Iterable[tuple[int, Rule]]) -> None:
        self._by_unit: dict[str, list[int]] = {}
        self._by_right: dict[str, list[int]] = {}
        self._by_left: dict[str, list[int]] = {}
        self._by_reading: dict[str, list[int]] = {}
        for number, rule in rules:
            beside = rule.right.ends or rule.left.ends
            if rule.readings and beside:
                keyed = [(self._by_right if rule.right.ends else self._by_left, beside)]
            else:
                keyed = [(self._by_unit, rule.units), (self._by_reading, rule.readings)]
            for table, keys in keyed:
                for key in keys:
                    table.setdefault(key, []).append(number)

    def candidates(self, text: str, taken: Token, readings: tuple[str, ...]) -> list[int]:
        """The numbers of the rules to ask, in order."""
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
        ]
        for reading in readings:
            found += self._by_reading.get(reading, ())
        if len(found) > 1:
            found.sort()
        return found


class Rules:
    """The rules of a grammar, in order; immutable."""

    __slots__ = ("_of_figures", "_of_words", "all")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all = tuple(rules)
        self._of_words = _Index(enumerate(self.all))
        self._of_figures = _Index((n, rule) for n, rule in enumerate(self.all) if not rule.in_words)

    def revise(self, text: str, taken: Token) -> Token:
        """What the first rule that fits makes of a reading; itself where none does."""
        readings = _readings(taken)
        for number in self._candidates(text, taken, readings):
            made = self.all[number].applies(text, taken, readings)
            if isinstance(made, Token):
                return made
        return taken

    def explain(self, text: str, taken: Token) -> Iterator[tuple[str, str]]:
        """Every rule that was asked, with the cell that did not fit; empty where it won."""
        readings = _readings(taken)
        for number in self._candidates(text, taken, readings):
            made = self.all[number].applies(text, taken, readings)
            yield self.all[number].name, "" if isinstance(made, Token) else made
            if isinstance(made, Token):
                return

    def _candidates(self, text: str, taken: Token, readings: tuple[str, ...]) -> list[int]:
        index = self._of_figures if text[taken.begin] in _DIGITS else self._of_words
        return index.candidates(text, taken, readings)


def _readings(taken: Token) -> tuple[str, ...]:
    """What the rules call a token."""
    kind = taken.kind
    if kind not in _QUANTITIES:
        return ("date",) if kind == "date" else ("word",)
    if taken.qualifier != "exact":
        return (kind, "qualified") if taken.unit or kind != "count" else (kind, "qualified", "unitless")
    if taken.unit or kind != "count":
        return (kind,)
    return ("bare", "unitless") if taken.scale == ONE else (kind, "unitless")
