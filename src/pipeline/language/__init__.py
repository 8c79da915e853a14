"""The language of the terminal: Chinese or English, one at a time.

`--lang` says which, or else the environment does, as for every program: LC_ALL, LC_MESSAGES,
LANG. What is written in both at once (中文 / English) is shown in the one. Messages are written
in English where they arise, and translated where they are shown: `messages.zh.toml` has them
sentence by sentence, so that a fault never depends on its translation.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_HAN = "[\u4e00-\u9fff]"
_BOTH = re.compile(rf"(?P<zh>[^/]*?{_HAN}[^/]*?) / (?P<en>[^\n:：]*)")
"""A term or sentence in both languages; what follows a colon belongs to both."""
_PLACE = " — "
"""Before the file that an issue is about."""
_SLOT = re.compile(r"\{(\w+)\}")
_INNER = frozenset({"why", "one", "other"})
"""Slots that hold a message or a word of the program's own, which is translated too."""

_chosen: list[Language] = []


def of_environment() -> Language:
    """The language that the environment asks for; English where it says nothing."""
    said = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if said.lower().startswith("zh") else "en"


def choose(language: Language | None) -> None:
    """Have the terminal speak a language from now on; None for that of the environment."""
    _chosen[:] = [language or of_environment()]


def language() -> Language:
    """The language that the terminal speaks."""
    return _chosen[0] if _chosen else of_environment()


def pick(zh: str, en: str) -> str:
    """Whichever of two wordings is in the language of the terminal."""
    return zh if language() == "zh" else en


def one_language(text: str) -> str:
    """A text that begins in both languages, in one of them; details translated, quotations left alone."""
    spoken = language()
    said, dash, where = text.partition(_PLACE)
    said = _BOTH.sub(lambda match: match[spoken], said, count=1)
    if spoken == "en":
        return f"{said}{dash}{where}"
    head, colon, detail = said.partition(": ")
    known = f"{head}：{translated(detail)}" if colon and re.search(_HAN, head) else translated(said)
    return f"{known}{dash}{where}"


def translated(message: str) -> str:
    """A message of `WenshuError` in the language of the terminal; as it is where none is known."""
    if language() == "en":
        return message
    return "；".join(map(_in_chinese, _parts(message)))


def _parts(message: str) -> Iterator[str]:
    """The whole message where it is known, or else what stands between semicolons and is."""
    if _in_chinese(message) != message or "; " not in message:
        yield message
    else:
        yield from message.split("; ")


def _in_chinese(message: str) -> str:
    exact, patterns = _messages()
    if message in exact:
        return exact[message]
    for pattern, chinese in patterns:
        if match := pattern.fullmatch(message):
            said = match.groupdict()
            return chinese.format_map(said | {name: _in_chinese(said[name]) for name in _INNER & said.keys()})
    return message


@cache
def _messages() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """The messages that are known as they are, and those with {slots}, as patterns."""
    import tomllib

    path = Path(__file__).with_name("messages.zh.toml")
    table: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["messages"]
    slotted = sorted((english for english in table if "{" in english), key=_generality)
    return table, [(_pattern(english), table[english]) for english in slotted]


def _generality(english: str) -> tuple[bool, int]:
    """What begins with a word, and has more of them, is looked for first."""
    return english.startswith("{"), -len(_SLOT.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    pieces = [f"(?P<{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(pieces), re.S)
