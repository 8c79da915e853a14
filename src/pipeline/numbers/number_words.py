"""Number words: which of them are dates, ordinals, names and idioms, and which state a quantity."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import dates, numerals, quantities, words
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.proportions import proportion_in_words
from pipeline.numbers.ranges import measured
from pipeline.numbers.tokens import ONE, Token, make_token

_JOINTS = frozenset("点點又")

_DIGITS_ALONE = re.compile(r"[零〇一二三四五六七八九]+")


def read_words(g: Grammar, text: str, at: int) -> Token | None:
    """The token that begins with the number word at `at`; None where 半, 数, 几 or 陆 is no numeral there."""
    first = text[at]
    if first in g.determiners:
        return _determiner(g, text, at)
    if first == "零" and text[at + 1 : at + 2] in ("下", "上"):
        return _below_zero(g, text, at)
    run = numerals.HAN.match(text, at)
    if run is None:
        return None
    stop = run.end()
    token = proportion_in_words(g, text, at, stop) or _date_or_weekday(g, text, at, stop)
    if token:
        return token
    if not (text[stop : stop + 1] in _JOINTS and (text[stop] == "又" or numerals.POINT.match(text, stop))):
        token = _name_or_word(g, text, at, stop)
        if token:
            return token
    number = numerals.read_chinese(text, at, stop)
    if number is None:
        return make_token(at, stop, "other", rule="number word")
    if number.value == 1 and text.startswith("半", number.stop):
        return quantities.half(g, text, at, number.stop + 1)
    token = measured(g, text, at, number, "number words")
    return g.rules.revise(text, token)


def _determiner(g: Grammar, text: str, at: int) -> Token | None:
    """半天, 半数, 数天, 几名 (two to nine), 首批."""
    found = g.determiners.at(text, at)
    match found and found.does:
        case "half of a year":
            return make_token(at - 1, at + 2, "date", rule="half of a year")
        case "half of all":
            return quantities.half(g, text, at, at + 2)
        case "fifty":
            return quantities.quantity(g, text, at, numerals.simple(at + 2, Decimal(50)), "half")
        case "half":
            return quantities.quantity(g, text, at, numerals.simple(at + 1, Decimal("0.5")), "half")
        case "several":
            token = quantities.quantity(g, text, at, numerals.simple(at + 1, ONE), "vague number")
            return token._replace(value=None, low=Decimal(2), high=Decimal(9), qualifier="about")
        case "first":
            assert found
            return make_token(at, found.stop, "ordinal", ONE, rule="首")
    return None


def _below_zero(g: Grammar, text: str, at: int) -> Token:
    """零下5℃, 零上三度."""
    number = numerals.number_at(text, at + 2)
    if number is None:
        return make_token(at, at + 1, "other", Decimal(0), rule="number word")
    token = measured(g, text, at + 2, number, "degrees from zero")
    return token._replace(begin=at)


def _date_or_weekday(g: Grammar, text: str, at: int, stop: int) -> Token | None:
    date_stop = dates.date_stop(text, at)
    if date_stop:
        return _unless_quantity(g, text, make_token(at, date_stop, "date", rule="date"))
    if at and dates.is_weekday(text, at):
        return make_token(at, at + 1, "date", rule="weekday")
    spell = dates.first_of_period(text, at, stop)
    return make_token(at, spell, "date", rule="first of a period") if spell else None


def _name_or_word(g: Grammar, text: str, at: int, stop: int) -> Token | None:
    """六厂前街, 六稳六保, 四川, 进一步, 党的二十大."""
    name_stop = g.names.stop(text, at, stop, g.units)
    if name_stop:
        named = make_token(at, max(name_stop, stop), "name", rule="name with a numeral")
        return _unless_quantity(g, text, named)
    if stop - at > 2 and _DIGITS_ALONE.fullmatch(text, at, stop):
        return make_token(at, stop, "name", rule="digits in words")
    word_match = g.words.around(text, at, stop)
    if word_match and (word_match.word.fixed or not _ends_within_quantity(g, text, at, stop, word_match)):
        named = make_token(at, max(stop, word_match.stop), word_match.word.kind, rule="word")
        return _unless_quantity(g, text, named)
    return None


def _unless_quantity(g: Grammar, text: str, token: Token) -> Token | None:
    """The date or word, or what a rule makes of it; None where the rule says that it counts."""
    revised = g.rules.revise(text, token)
    return None if revised.kind == "quantity" else revised


def _ends_within_quantity(g: Grammar, text: str, at: int, stop: int, word_match: words.WordMatch) -> bool:
    """Whether a word of the dictionary ends within a quantity: the 三公 of 三公里, the 四小 of 四小时,
    the 加一倍 of 增加一倍."""
    if stop - at > 1 and _DIGITS_ALONE.fullmatch(text, at, stop):
        return word_match.stop == stop and _is_neighbours(g, text, at, stop)
    unit = g.units.match(text, stop)
    if unit is None:
        return False
    end = stop + len(unit)
    if word_match.begin == at:
        return end > word_match.stop
    return end >= word_match.stop and unit in ("倍", "番")


def _is_neighbours(g: Grammar, text: str, at: int, stop: int) -> bool:
    """三五年, 七八个: neighbouring digits and a unit."""
    unit = g.units.match(text, stop)
    return unit is not None and numerals.parse_adjacent(text[at:stop]) is not None
