"""Periods: how many days or years a numeral that states a span of time is of."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers.numerals import parse_chinese
from pipeline.relations.figure_index import Figure, Index

_BACK, _EARLIER = 12, 3
"""Numerals and sentences before a result in which its span of time may stand."""


def spans(index: Index, result: Figure, span: re.Pattern[str]) -> list[Figure]:
    """The spans of time before a result (4月5日至7日, 五年来), each as the count of its days or years."""
    found = []
    for number in range(result.number - 1, max(-1, result.number - 1 - _BACK), -1):
        mention = index.reading.mentions[number]
        match = span.fullmatch(mention.text) if result.sentence - mention.sentence <= _EARLIER else None
        if match is None:
            continue
        if word := match["count"]:
            count = int(word) if word.isdecimal() else _in_words(word)
        else:
            count = int(match["last"]) - int(match["first"]) + 1
        if count > 1:
            found.append(index.unindexed(number, Decimal(count)))
    return found


def _in_words(word: str) -> int:
    number = parse_chinese(word)
    assert number, "one of the patterns' number words"
    return int(number[0])
