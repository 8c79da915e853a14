"""Arabic digits: which of them are dates, codes, scores and labels, and which state a quantity."""

from __future__ import annotations

import re
from decimal import Decimal
from string import ascii_letters

from pipeline.numbers import dates, numerals, quantities
from pipeline.numbers.decimals import quotient
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.proportions import read_parts
from pipeline.numbers.ranges import measured
from pipeline.numbers.tokens import Token, make_token
from pipeline.numbers.units import CURRENCY_SIGNS

LETTERS = frozenset(f"_{ascii_letters}")
_WORD = re.compile(r"[A-Za-z]+$")
_CODE_REST = re.compile(r"[\dA-Za-z]+(?:[-.][\dA-Za-z]+)*", re.ASCII)
_RUN = re.compile(r"\d+", re.ASCII)
_PERIOD = re.compile(r"[QH][1-4](?![\dA-Za-z])")

_CODE = re.compile(r"\d+(?:[-—·./*×xX]\d+){2,6}|\d+[-·*×]\d+|\d+(?:[A-Za-z]+\d*)+|\d+[+]", re.ASCII)
_SIZES = re.compile(r"\d+(?:\.\d+)?(?:[*×xX]\d+(?:\.\d+)?){1,2}", re.ASCII)
_RATIO = re.compile(r"\d+(?:\.\d+)?(?: ?[:：] ?\d+(?:\.\d+)?){2,7}", re.ASCII)
_PART = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_IN_RATIO = re.compile(r"(?<![\d.])\d[\d.:： ]*$", re.ASCII)
_SCORE = re.compile(
    r"(1(?= ?[:：] ?\d{4})|\d{1,3}(?:\.\d+)?) ?(?:[:：比]|-) ?"
    r"((?<=1[:：])\d{4,7}|\d{1,3}(?:\.\d+)?)(?![\d.%])",
    re.ASCII,
)
_SCORE_BEFORE = re.compile(r"[以胜负平分为]$|\d-\d+[、，]$")
_FRACTION = re.compile(r"(?:(\d{1,4}) )?(\d{1,4})/([1-9]\d{0,3})(?![\d/.A-Za-z])", re.ASCII)
_BULLETED = re.compile(r"(\d{1,2})\.(?=(?:19|20)\d\d ?年|\d+(?![\d.]))", re.ASCII)
_LINE_START = re.compile(r"(?:^|[\n。；])[ ]*$")


def read_digits(g: Grammar, text: str, at: int) -> Token:
    """The token that begins with the Arabic digit at `at`."""
    run = _RUN.match(text, at)
    assert run, "called where no digit stands"
    if run.end() - at > numerals.LONGEST:
        return make_token(at, run.end(), "other", rule="code of digits")
    word_match = g.words.around(text, at, run.end()) if g.words.has_figures else None
    if word_match:
        return make_token(at, word_match.stop, word_match.word.kind, rule="word")
    before = text[at - 1 : at] if at else ""
    if before == "-" and text[at - 2 : at - 1] in LETTERS and at > 1:
        return _code(text, at)
    if before in LETTERS and before:
        named = _after_letters(g, text, at)
        if named:
            return named
    number = numerals.read_arabic(text, at)
    if before == "." and not text[at - 2 : at - 1].isalnum() and text[at - 2 : at - 1] != ".":
        return quantities.quantity(g, text, at - 1, _decimals(text, at, run.end()), "number")
    if before in (":", "：") and _continues_ratio(text, at):
        return _share(at, number)
    following = text[number.stop : number.stop + 1]
    if (following in dates.CUES and following) or (run.end() == at + 4 and number.stop == at + 7):
        token = _with_a_cue(g, text, at, number, before)
        if token:
            return token
    if before == "前":
        stop = dates.first_of_period(text, at, number.stop)
        if stop:
            return make_token(at, stop, "date", number.value, rule="first of a period")
    if text[run.end() : run.end() + 1] == "." and _is_bulleted(g, text, at, number):
        return make_token(at, run.end(), "ordinal", Decimal(run.group()), rule="number of a list")
    code = (
        _CODE.match(text, at) if following and (following in "-—·./*×xX+" or following in LETTERS) else None
    )
    if code and not _is_measured(g, text, at, code.end(), number):
        return _sizes(g, text, at) or g.rules.revise(text, make_token(
            at, code.end(), "name", number.value, rule="code"))  # fmt: skip
    return g.rules.revise(text, measured(g, text, at, number, "number"))


def _is_bulleted(g: Grammar, text: str, at: int, number: Number) -> bool:
    """1.2020年完成, 3.3家企业: a list's number, glued to the figure that follows."""
    m = _BULLETED.match(text, at)
    if not m or number.multiplied or not _LINE_START.search(text, max(0, at - 4), at):
        return False
    unit = g.units.match(text, number.stop)
    return text[number.stop : number.stop + 1] == "年" or (unit is not None and g.units.kind(unit) == "count")


def _sizes(g: Grammar, text: str, at: int) -> Token | None:
    """10×20毫米: the sides of a thing, each in the unit that stands after the last."""
    m = _SIZES.match(text, at)
    unit = g.units.match(text, m.end() + (text[m.end() : m.end() + 1] == " ")) if m else None
    if m is None or unit is None or g.units.kind(unit) != "measure":
        return None
    number = numerals.read_arabic(text, at)
    stop = m.end() + len(unit)
    result = make_token(at, stop, "measure", number.value, unit=unit, place=number.place, rule="sizes")
    return result._replace(unit_at=(m.end(), stop))


def _decimals(text: str, at: int, stop: int) -> Number:
    """The number of .5, whose point stands before `at`."""
    value = Decimal(f"0.{text[at:stop]}")
    return numerals.simple(stop, value)._replace(place=Decimal(1).scaleb(at - stop))


def _after_letters(g: Grammar, text: str, at: int) -> Token | None:
    """C919, K1178次, PM2.5 are names; GDP5000亿元, PMI50.2%, HK$3亿 and UPS7日 are not."""
    if CURRENCY_SIGNS.search(text, max(0, at - 5), at):
        return None
    word = _WORD.search(text, max(0, at - 12), at)
    if word and len(word.group()) == 1 and _PERIOD.match(text, at - 1):
        return make_token(at - 1, at + 1, "date", rule="quarter or half")
    number = numerals.read_arabic(text, at)
    if word and len(word.group()) > 1:
        if dates.date_stop(text, at):
            return None
        token = quantities.quantity(g, text, at, number, "number")
        if len(word.group()) > 2 and token.unit and (token.kind != "count" or number.multiplied):
            return None
    return _code(text, at)


def _code(text: str, at: int) -> Token:
    m = _CODE_REST.match(text, at)
    assert m, "called where no digit stands"
    return make_token(at, m.end(), "name", rule="letter and number")


def _with_a_cue(g: Grammar, text: str, at: int, number: Number, before: str) -> Token | None:
    """What a colon, a slash, 年, 个 or another cue after the number makes of it."""
    shares = _RATIO.match(text, at)
    if shares and _make_a_whole(shares.group()):
        return _share(at, number)
    stop = dates.date_stop(text, at)
    if stop:
        dated = make_token(at, stop, "date", rule="date")
        revised = g.rules.revise(text, dated)
        if revised.kind != "quantity":
            return revised
    if text[number.stop : number.stop + 1] in ("分", " ") and (
        parts := read_parts(g, text, at, number.stop, number.value)
    ):
        return parts
    fraction = _FRACTION.match(text, at)
    if fraction and before not in ("/", ".") and int(fraction[3]) > 1:
        value = quotient(Decimal(fraction[2]), int(fraction[3])) + int(fraction[1] or 0)
        stated = quantities.proportion(
            g, text, at, numerals.simple(fraction.end(), value), "fraction", percent=False
        )
        return g.rules.revise(text, stated)
    if shares:
        return _share(at, number)
    score = _SCORE.match(text, at)
    if score is None or before in (".", ":") or (before == "：" and _continues_ratio(text, at)):
        return None
    if "-" in score.group() and (
        not _SCORE_BEFORE.search(text, max(0, at - 6), at) or g.units.match(text, score.end())
    ):
        return None
    return make_token(at, score.end(), "other", Decimal(score[1]), rule="score or ratio of two")


def _make_a_whole(ratio: str) -> bool:
    """Whether the parts of a ratio are shares of a hundred: 6:42:52, which might be a time."""
    return abs(sum((Decimal(part) for part in _PART.findall(ratio)), Decimal(-100))) <= 1


def _share(at: int, number: Number) -> Token:
    """A part of a ratio, read by itself: 25.72:26.84:47.44 are three shares."""
    return make_token(at, number.stop, "percent", number.value, place=number.place, rule="part of a ratio")


def _continues_ratio(text: str, at: int) -> bool:
    begin = _IN_RATIO.search(text, max(0, at - 60), at)
    ratio = _RATIO.match(text, begin.start()) if begin else None
    return bool(ratio and ratio.end() > at)


def _is_measured(g: Grammar, text: str, at: int, stop: int, number: Number) -> bool:
    """Whether what looks like a code is a range or has a Latin unit: 3-5个, 20km, 1.2MW."""
    token = measured(g, text, at, number, "number")
    return (
        token.unit is not None or token.rule == "range" or token.value != number.value
    ) and token.stop >= stop
