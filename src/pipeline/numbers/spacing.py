"""Squeeze: spaced-out numbers close up (三百 五 十, 816 000个, 1 2 . 5 %), and what scanners take for
digits becomes digits (二O二O年, 1·2亿元)."""

from __future__ import annotations

import re

from pipeline.numbers.numerals import PLAIN
from pipeline.texts.fold import without

_FINANCIAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
_WORDS = f"{PLAIN}{_FINANCIAL}"
_INSIDE = "余多几点又分之负"
_COUNTED = r" ?(?:[百千万亿]|[%‰℃]|[a-zA-Z\u4e00-\u9fff](?<![年月日时]))"
"""What follows digits that state a quantity: a power of ten, a sign, a unit."""

_WORD_SPACE = re.compile(
    rf"(?<! ) {{1,2}}(?! )(?:"
    rf"(?:(?<=[{_WORDS}] )|(?<=[{_WORDS}]  ))(?=[{_WORDS}{_INSIDE}\d成折]|个 ?百)"
    rf"|(?:(?<=[{_INSIDE}百个] )|(?<=[{_INSIDE}]  ))(?=[{_WORDS}{_INSIDE}\d])"
    rf"|(?:(?<=\d )|(?<=\d  ))(?=[百千万亿余]|点 ?[零一二三四五六七八九]|分 ?之))",
    re.ASCII,
)
_DIGIT_SPACE = re.compile(r"[\d.] [\d.]", re.ASCII)
# 816 000个, 1 234.56万元: groups of three; 1 2 . 5 %, 2 3 4 户: every digit by itself; 3 . 6 亿元.
_SPACED = re.compile(
    rf"(?<![\d.,] )(?<![\d.,])(?:[1-9]\d{{0,2}}(?: \d{{3}}){{1,5}}(?:\.\d+)?(?={_COUNTED})"
    rf"|\d(?: \d){{0,9}} ?\. ?\d(?: \d){{0,5}}(?={_COUNTED})"
    rf"|\d{{1,9}} ?\. ?\d{{1,6}}(?=\s?[百千万亿%‰元])"
    rf"|\d(?: \d){{1,9}}(?={_COUNTED}))",
    re.ASCII,
)
_CJK_BEFORE = re.compile(r"(?:^|[\n\u4e00-\u9fff：:（(，、]) ?$")

_MISREAD = re.compile(
    r"(?<=[〇零一二三四五六七八九0-9])[OoО](?=[〇零一二三四五六七八九0-9OoО年月])"
    r"|(?<=\d)[·•](?=\d+ ?[百千万亿%元])",
    re.ASCII,
)
_MISREAD_CHARACTERS = frozenset("OoО·•")
_HAN_DIGITS = frozenset("〇零一二三四五六七八九")


def squeeze(text: str) -> tuple[str, list[int] | None]:
    """The text without the spaces inside its numbers, and the offset in the full text of each of its
    characters; None where all are where they were."""
    clean = text if _MISREAD_CHARACTERS.isdisjoint(text) else _MISREAD.sub(lambda m: _digit(text, m), text)
    gaps = _gaps(clean)
    return without(clean, gaps) if gaps else (clean, None)


def _digit(text: str, m: re.Match[str]) -> str:
    """The digit or point that a scanner read as another character, in the script of its neighbour."""
    if m.group() in "·•":
        return "."
    return "〇" if text[m.start() - 1] in _HAN_DIGITS else "0"


def _gaps(text: str) -> list[tuple[int, int]]:
    """The spaces to close, in order and disjoint."""
    if " " not in text:
        return []
    gaps = [m.span() for m in _WORD_SPACE.finditer(text)]
    if _DIGIT_SPACE.search(text):
        for number in _SPACED.finditer(text):
            if " " in number.group() and _CJK_BEFORE.search(text, max(0, number.start() - 2), number.start()):
                gaps.extend((i, i + 1) for i in range(number.start(), number.end()) if text[i] == " ")
        gaps = sorted(set(gaps))
    return gaps
