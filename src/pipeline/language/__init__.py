"""The language of the terminal: Chinese or English.

It is set by `--lang`, or else by the usual environment variables LC_ALL, LC_MESSAGES and LANG.
Of a text in both languages (中文 / English) one is shown. Messages are written in English in the
code and translated when they are shown, by `messages.zh.toml`, sentence by sentence; one without
a translation is shown in English.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_HAN = "[\u4e00-\u9fff]"
_BOTH = re.compile(rf"(?<![^/])(?=[^/]*{_HAN})(?P<zh>[^/]*) / (?P<en>[^\n:：]*)")
"""A term or sentence in both languages; text after a colon belongs to both."""
_LOCATION_DASH = " — "
"""Comes before the file that an issue is about."""
_SLOT = re.compile(r"\{(\w+)\}")
_INNER = frozenset({"why", "one", "other"})
"""Slots whose value is another message of the program, which is translated too."""

_selected: list[Language] = []


def environment_language() -> Language:
    """The language of the environment; English by default."""
    locale = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def set_language(language: Language | None) -> None:
    """Set the language of the terminal; None for that of the environment."""
    _selected[:] = [language or environment_language()]


def language() -> Language:
    """The language of the terminal."""
    return _selected[0] if _selected else environment_language()


def localized(zh: str, en: str) -> str:
    """The one of two texts that is in the language of the terminal."""
    return zh if language() == "zh" else en


def in_terminal_language(text: str) -> str:
    """One language of a text that begins in both, its details translated, its location unchanged."""
    chosen = language()
    message, dash, location = text.partition(_LOCATION_DASH)
    message = _BOTH.sub(lambda match: match[chosen], message, count=1)
    if chosen == "zh":
        head, colon, detail = message.partition(": ")
        chinese_head = colon and re.search(_HAN, head)
        message = f"{head}：{translate(detail)}" if chinese_head else translate(message)
    return f"{message}{dash}{location}"


def translate(message: str) -> str:
    """A message of `WenshuError` in the language of the terminal; unchanged where no translation exists.

    One that has none as a whole is translated part by part, between its semicolons.
    """
    if language() == "en":
        return message
    whole = _in_chinese(message)
    return whole if whole != message else "；".join(map(_in_chinese, message.split("; ")))


def _in_chinese(message: str) -> str:
    exact, patterns = _messages()
    if message in exact:
        return exact[message]
    for pattern, chinese in patterns:
        if match := pattern.fullmatch(message):
            values = match.groupdict()
            inner = {name: _in_chinese(values[name]) for name in _INNER & values.keys()}
            return chinese.format_map(values | inner)
    return message


@cache
def _messages() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """All translations by message, and those of messages with {slots} as patterns."""
    import tomllib

    path = Path(__file__).with_name("messages.zh.toml")
    table: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["messages"]
    slotted = sorted((english for english in table if "{" in english), key=_generality)
    return table, [(_pattern(english), table[english]) for english in slotted]


def _generality(english: str) -> tuple[bool, int]:
    """Sort key: patterns that begin with text, and those with more text, are tried first."""
    return english.startswith("{"), -len(_SLOT.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    pieces = [f"(?P<{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(pieces), re.S)
