"""Fold: one character to one character, so that every offset survives.

The number grammar should see one way of writing a digit, a sign or a space. What
has no reading (zero-width, bidi and control characters) leaves the text through a
map of offsets; it stays in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from unicodedata import normalize

SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
DROPPED = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
"""Characters without a reading, as the inside of a character class."""

_KEPT_WIDE = "，：；！？（）"
"""Fullwidth forms that are Chinese punctuation in their own right."""

_SIGNS = {
    "−": "-", "‐": "-", "‑": "-", "﹣": "-", "﹢": "+", "﹪": "%", "﹒": ".", "〜": "~", "∼": "~", "∶": ":",
    "￥": "¥", "￡": "£", "￠": "¢", "｢": "「", "｣": "」", "｡": "。", "､": "、", "･": "·",
}  # fmt: skip

TRADITIONAL = (
    "萬億兩點個們這來說時為發後經學動過還進種間問員關業現產實體機電開無從歲報總門車長東書見親馬號數與將區國會對應"
    "層戶億環護衛診斷確歷據資訊設選舉錢貨銀額處較佔圍約積費項際達運適遷鄉連邊議論證認識語請調課談讓變質買賣賽贊"
    "離難雲靈須領頭題顯風飛飯館騎驗魚鳥麥黃齊龍剛創劃勝勞勢勵區協單參雙圖團園場塊壓壞壯聲備夠獎婦媽孫寧審寫導屬島"
)
"""Common characters of traditional script alone: one of them calls for OpenCC."""


def _compatible(code: int) -> str | None:
    """The compatibility equivalent of a character where that is one other character."""
    char = chr(code)
    simplified = normalize("NFKC", char)
    return simplified if len(simplified) == 1 and simplified != char else None


def _table() -> dict[str, str]:
    wide = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT_WIDE}
    codes = (*range(0x2E80, 0x2FD6), *range(0xF900, 0xFB00))  # radicals and compatibility Han, as in PDFs
    han = {chr(code): simplified for code in codes if (simplified := _compatible(code))}
    return wide | han | _SIGNS | dict.fromkeys(SPACES, " ") | dict.fromkeys(BREAKS, "\n")


FOLDED = _table()
"""Source character to flow character, script apart."""

_FOLDABLE = re.compile(f"[{re.escape(''.join(FOLDED))}\r]")
_DROPPABLE = re.compile(f"[{DROPPED}]+")
_TRADITIONAL = re.compile(f"[{TRADITIONAL}]")
_SPECIAL = re.compile(f"[{DROPPED}{re.escape(''.join(FOLDED))}\r{TRADITIONAL}○]")
_ZERO = re.compile("(?<=[〇一二三四五六七八九十])○|○(?=[〇一二三四五六七八九十])")


def fold(text: str) -> tuple[str, Sequence[int]]:
    """The text as the grammar reads it and, for each of its characters, the source offset.

    The map has one entry more than the folded text has characters, the last being
    len(text); it is a `range` where nothing was dropped. CR LF becomes space LF, a
    lone CR becomes LF. Never raises.
    """
    origin: Sequence[int] = range(len(text) + 1)
    if not _SPECIAL.search(text):
        return text, origin
    if _DROPPABLE.search(text):
        text, origin = without(text, (match.span() for match in _DROPPABLE.finditer(text)))
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    text = _FOLDABLE.sub(lambda match: FOLDED[match[0]], text)
    if "○" in text:
        text = _ZERO.sub("〇", text)
    if _TRADITIONAL.search(text):
        text = "\n".join(map(simplify, text.split("\n")))
    return text, origin


def without(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text without these spans, which are in order and disjoint, and the offset of each character
    and of the end in the full text."""
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for begin, stop in spans:
        parts.append(text[at:begin])
        origin.extend(range(at, begin))
        at = stop
    parts.append(text[at:])
    origin.extend(range(at, len(text) + 1))
    return "".join(parts), origin


def simplify(line: str) -> str:
    """Traditional to simplified script, character for character; same length always."""
    try:
        simplified: str = _converter().convert(line)
    except UnicodeEncodeError:  # a lone surrogate
        simplified = ""
    return simplified if len(simplified) == len(line) else "".join(map(_simplify_character, line))


def _simplify_character(char: str) -> str:
    simplified: str = char if "\ud800" <= char <= "\udfff" else _converter().convert(char)
    return simplified if len(simplified) == 1 else char


@cache
def _converter() -> Any:
    from opencc import OpenCC  # only where traditional script turns up: it costs a start-up

    return OpenCC("t2s")
