"""Periods: how many days or years a numeral that states a span of time is of."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.relations.figures import Figure, Page

_BACK, _EARLIER = 12, 3
"""Numerals and sentences before a result in which its span of time may stand."""
_NUMBERS = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))

DAYS = re.compile(
    r"\d+月(?P<first>\d+)日?(?:至|到|[-—－~～])(?P<last>\d+)日|(?P<count>[二两三四五六七八九十])[天日]"
)
YEARS = re.compile(
    r"(?P<count>[二两三四五六七八九十]|\d{1,2})年[来间]?|十(?P<teens>[一二三四五六七八九])年[来间]?"
)


def spans(page: Page, result: Figure, span: re.Pattern[str]) -> list[Figure]:
    """The spans of time before a result (4月5日至7日, 五年来), each as the count of its days or years."""
    found = []
    for number in range(result.number - 1, max(-1, result.number - 1 - _BACK), -1):
        mention = page.reading.mentions[number]
        match = span.fullmatch(mention.text) if result.sentence - mention.sentence <= _EARLIER else None
        if match is None:
            continue
        said = {name: word for name, word in match.groupdict().items() if word}
        if "first" in said:
            count = int(said["last"]) - int(said["first"]) + 1
        elif "teens" in said:
            count = 10 + _NUMBERS[said["teens"]]
        else:
            count = _NUMBERS.get(said["count"]) or int(said["count"])
        if count > 1:
            found.append(page.unlisted(number, Decimal(count)))
    return found
