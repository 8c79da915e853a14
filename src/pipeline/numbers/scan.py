"""The scan: from a flow's text to every numeral in it, with value, unit and kind.

It finds where a numeral may begin; one reader for Arabic digits and one for number words then
reads the number, and what stands around it (a unit, a date's 年, 第, a quotation mark) decides
what it is. Every numeral character ends up in exactly one token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import localcontext
from string import digits

from pipeline.numbers import numerals, quantities
from pipeline.numbers.decimals import EXACT
from pipeline.numbers.digits import read_digits
from pipeline.numbers.grammar import Grammar, default_grammar
from pipeline.numbers.lists import join_lists
from pipeline.numbers.number_words import read_words
from pipeline.numbers.spacing import squeeze
from pipeline.numbers.table_units import apply_units
from pipeline.numbers.text_tables import find_tables
from pipeline.numbers.tokens import Token, make_token

_DIGITS = frozenset(digits)
_NAME = re.compile(
    r"(?P<address>(?:https?://|www\.)[^\s\u3000-\u9fff（）()<>\"]+)"
    r"|《[^《》\n]{1,60}》|[“「『‘][^“”「」『』‘’，。；\n]{1,24}[”」』’]"
)
_RANKED_KINDS = frozenset(("count", "measure", "duration"))
_NEVER_NAMES = frozenset(("percent", "money"))


def tokens(text: str, grammar: Grammar | None = None) -> list[Token]:
    """Every numeral of a flow's text, in order and disjoint. grammar: the default one if None."""
    g = grammar or default_grammar()
    squeezed, origin = squeeze(text)
    with localcontext(EXACT):
        found = _tokens(g, squeezed)
        if origin is not None:
            found = [_moved(token, origin) for token in found]
        return apply_units(g, text, found, find_tables(text))


def _moved(found: Token, origin: list[int]) -> Token:
    """A token of a squeezed text, in offsets of the text itself."""
    unit_at = found.unit_at and (origin[found.unit_at[0]], origin[found.unit_at[1] - 1] + 1)
    return found._replace(begin=origin[found.begin], stop=origin[found.stop - 1] + 1, unit_at=unit_at)


def _tokens(g: Grammar, text: str) -> list[Token]:
    found: list[Token] = []
    names = _names(text)
    name = next(names, None)
    begin = g.determiners.start.search
    m = begin(text)
    while m:
        at = m.start()
        token = _read(g, text, at, found[-1].stop if found else 0)
        if token is None:
            m = begin(text, at + 1)
            continue
        if found and token.begin < found[-1].stop:
            token = token._replace(begin=at)
        while name and name[1] <= token.begin:
            name = next(names, None)
        if name and name[0] <= token.begin:
            token = _in_name(text, token, name)
        found.append(token)
        m = begin(text, max(token.stop, at + 1))
    join_lists(g.units, text, found)
    return found


def _read(g: Grammar, text: str, at: int, floor: int) -> Token | None:
    """The token of the numeral that begins at `at`; nothing of it lies before `floor`."""
    first = text[at]
    if at > floor and (text[at - 1] == "第" or text[at - 2 : at] == "第 "):
        ordinal = _ordinal(g, text, at)
        if ordinal:
            return ordinal
    if first in numerals.ROMAN:
        return _roman(g, text, at)
    token = read_digits(g, text, at) if first in _DIGITS else read_words(g, text, at)
    if token and token.unit is None and text[token.stop : token.stop + 1] == "又":
        return _mixed_fraction(g, text, token)
    return token


def _roman(g: Grammar, text: str, at: int) -> Token:
    """Ⅷ度 of an intensity is measured; Ⅳ级响应 and Ⅱ型 are not."""
    number = numerals.number_at(text, at)
    assert number, "called where a Roman numeral stands"
    token = quantities.quantity(g, text, at, number, "roman")
    if token.kind == "measure" and token.unit != "级":
        return token
    return make_token(at, token.stop, "ordinal", number.value, unit=token.unit, rule="roman")


# ---------------------------------------------------------------- 第


def _ordinal(g: Grammar, text: str, at: int) -> Token | None:
    """第三批, 第 159 页: with 第, and with the unit where that is one word or two."""
    number = numerals.number_at(text, at)
    if number is None or number.stop - at > numerals.LONGEST:
        return None
    token = quantities.quantity(g, text, at, number, "第")
    stop, unit = number.stop, None
    if token.unit_at and token.unit and len(token.unit) <= 2 and token.kind in _RANKED_KINDS:
        stop, unit = token.unit_at[1], token.unit
    return make_token(text.rindex("第", 0, at), stop, "ordinal", number.value, unit=unit, rule="第")


# ---------------------------------------------------------------- fractions of two parts


def _mixed_fraction(g: Grammar, text: str, whole: Token) -> Token:
    """三又四分之一: a whole number and a fraction."""
    at = whole.stop + 1
    if whole.value is None or not g.determiners.start.match(text, at):
        return whole
    rest = read_digits(g, text, at) if text[at] in _DIGITS else read_words(g, text, at)
    if rest is None or rest.value is None or not rest.rule.startswith("fraction"):
        return whole
    value = whole.value - rest.value if whole.value < 0 else whole.value + rest.value
    return rest._replace(begin=whole.begin, value=value, low=value, high=value, rule="whole and fraction")


# ---------------------------------------------------------------- names


def _names(text: str) -> Iterator[tuple[int, int, bool]]:
    """The quotations, titles and addresses of a text: begin, stop, whether it is an address."""
    return ((*m.span(), m.lastgroup == "address") for m in _NAME.finditer(text))


def _in_name(text: str, token: Token, name: tuple[int, int, bool]) -> Token:
    """A number in a title or a short quotation is part of a name: “三项工程、一项管理”.

    Speech is quoted too: what has a multiplier, or digits in a longer quotation, is stated.
    """
    begin, stop, address = name
    if address:
        return make_token(token.begin, max(token.stop, stop), "name", rule="address")
    if not token.statistical and token.rule != "indefinite 一":
        return token
    in_speech = text[begin] != "《" and token.unit is not None
    if token.kind in _NEVER_NAMES or (
        in_speech and (token.multiplied or (text[token.begin] in _DIGITS and stop - begin > 10))
    ):
        return token
    return make_token(token.begin, token.stop, "name", token.value, rule="quoted name")
