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

from pipeline.numbers.mention import STATISTICAL
from pipeline.numbers.side_pattern import SidePattern
from pipeline.numbers.tokens import ONE, Token, make_token
from pipeline.numbers.units import Units


class Rule:
    """A line of the table, compiled."""

    __slots__ = ("becomes", "left", "name", "number", "reach", "readings", "right", "units")

    def __init__(self, entry: Mapping[str, str], units: Units) -> None:
        self.name = entry["rule"]
        words = entry["reading"].split()
        marked = [unit for word in words if word[0] == "@" for unit in units.marked(word[1:])]
        self.units = frozenset([*(word[1:] for word in words if word[0] == "="), *marked])
        self.readings = frozenset(word for word in words if word[0] not in "=@")
        self.number = re.compile(entry["number"], re.ASCII) if entry["number"] else None
        self.left, self.right = SidePattern(entry["left"], left=True), SidePattern(entry["right"], left=False)
        self.becomes, *reach = entry["becomes"].split("+")
        self.reach = frozenset(reach)

    def applies(self, text: str, token: Token, readings: tuple[str, ...]) -> Token | str:
        """What the number becomes, or which cell of the rule does not fit."""
        if token.unit not in self.units and self.readings.isdisjoint(readings):
            return "reading"
        begin = token.begin
        end = token.unit_at[0] if token.unit_at and token.unit_at[0] > begin else token.stop
        if text[end - 1] == " ":
            end -= 1
        if self.number and not self.number.fullmatch(text, begin, end):
            return "number"
        left = self.left.before(text, begin)
        if left is None:
            return "left"
        right = self.right.after(text, token.stop)
        if right is None:
            return "right"
        if self.becomes in STATISTICAL or (self.becomes == "quantity" and token.statistical):
            kind = token.kind if self.becomes == "quantity" else self.becomes
            return token._replace(
                kind=kind, stop=right if "right" in self.reach else token.stop, rule=self.name
            )
        if self.becomes == "quantity":
            return make_token(begin, token.stop, "quantity", rule=self.name)
        stop = right if "right" in self.reach else token.stop if "unit" in self.reach else end
        unit = token.unit if "unit" in self.reach and self.becomes == "ordinal" else None
        begin = left if "left" in self.reach else begin
        result = make_token(begin, max(stop, end), self.becomes, token.value, unit=unit, rule=self.name)
        if self.becomes == "date":
            return result._replace(value=None, low=None, high=None)
        if self.becomes == "ordinal" and token.value is None:
            return result._replace(low=token.low, high=token.high)
        return result


class Rules:
    """The rules of a grammar, in order; immutable. Those that a number may be asked are found by its
    unit, what it was read as, or a character beside it."""

    __slots__ = ("_by_left", "_by_reading", "_by_right", "_by_unit", "all")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all = tuple(rules)
        self._by_unit: dict[str, list[int]] = {}
        self._by_right: dict[str, list[int]] = {}
        self._by_left: dict[str, list[int]] = {}
        self._by_reading: dict[str, list[int]] = {}
        for number, rule in enumerate(self.all):
            next_to = rule.right.ends or rule.left.ends
            if rule.readings and next_to:
                keyed = [(self._by_right if rule.right.ends else self._by_left, next_to)]
            else:
                keyed = [(self._by_unit, rule.units), (self._by_reading, rule.readings)]
            for table, keys in keyed:
                for key in keys:
                    table.setdefault(key, []).append(number)

    def revise(self, text: str, token: Token) -> Token:
        """What the first rule that fits makes of a reading; itself where none does."""
        for _, result in self.attempts(text, token):
            if isinstance(result, Token):
                return result
        return token

    def attempts(self, text: str, token: Token) -> Iterator[tuple[Rule, Token | str]]:
        """The rules that are asked, each with what it makes of a reading or the cell that does not fit."""
        readings = _readings(token)
        begin, stop = token.begin, token.stop
        right = text[stop : stop + 1]
        if right == " ":
            right = text[stop + 1 : stop + 2]
        left = text[begin - 1 : begin]
        if left == " ":
            left = text[begin - 2 : begin - 1]
        found = [
            *self._by_unit.get(token.unit or "", ()),
            *self._by_right.get(right, ()),
            *self._by_left.get(left, ()),
        ]
        for reading in readings:
            found += self._by_reading.get(reading, ())
        for number in sorted(found):
            yield self.all[number], self.all[number].applies(text, token, readings)


def _readings(token: Token) -> tuple[str, ...]:
    """What the rules call a token."""
    kind = token.kind
    if kind not in STATISTICAL:
        return ("date",) if kind == "date" else ("word",)
    if token.qualifier != "exact":
        return (kind, "qualified") if token.unit or kind != "count" else (kind, "qualified", "unitless")
    if token.unit or kind != "count":
        return (kind,)
    return ("bare", "unitless") if token.scale == ONE else (kind, "unitless")
