"""Squeeze: spaced-out number words close up, so that 三百 五 十 and 十 余 万 are one number each."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.numbers.numerals import PLAIN

_BANK = "壹贰叁肆伍陆柒捌玖拾佰仟"
_WORDS = f"{PLAIN}{_BANK}萬億"
_INSIDE = "余多几点又分之负"

_SPACE = re.compile(
    rf"(?<! ) {{1,2}}(?! )(?:"
    rf"(?:(?<=[{_WORDS}] )|(?<=[{_WORDS}]  ))(?=[{_WORDS}{_INSIDE}\d成折]|[个個] ?百)"
    rf"|(?:(?<=[{_INSIDE}百个個] )|(?<=[{_INSIDE}]  ))(?=[{_WORDS}{_INSIDE}\d])"
    rf"|(?:(?<=\d )|(?<=\d  ))(?=[百千万亿萬億余]|点 ?[零一二三四五六七八九]|分 ?之))",
    re.ASCII,
)


class Squeezed(NamedTuple):
    """A text without the spaces inside its number words."""

    text: str
    origin: list[int]
    """The offset in the full text of each of its characters."""


def squeeze(text: str) -> Squeezed | None:
    """The text squeezed, or None where there is nothing to squeeze."""
    if " " not in text or not _SPACE.search(text):
        return None
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for m in _SPACE.finditer(text):
        parts.append(text[at : m.start()])
        origin.extend(range(at, m.start()))
        at = m.end()
    parts.append(text[at:])
    origin.extend(range(at, len(text)))
    return Squeezed("".join(parts), origin)
