"""wenshu.toml: every key that it may have, how its value is read, and what is said of a wrong one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import WenshuError, one_line
from pipeline.remote import is_url, without_secret
from pipeline.tsv import read_entries

FOLDERS = ("raw", "output", "catalog", "expectations", "decisions")
"""A project's folders by their usual names, which are also fields of `Project`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one article may take; one that wants more is quarantined. The defaults fit a machine of 2 GB."""

    bytes: int = 8_000_000
    """Of its text; a PDF's file may have eight times as many."""
    articles: int = 200_000
    """Of one file."""
    numerals: int = 100_000
    seconds: int = 30
    """Of a processor."""
    memory: int = 640
    """MiB of the process that reads it."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What the descriptions of a release say of it beside its data; None where nothing is known."""

    base_url: str | None = None
    """Where the site is read, without a slash at its end; releases/VERSION/ is below it."""
    contact: str | None = None
    """An e-mail address or a URL."""
    spatial: str | None = None
    """The region that the data is about: a GB/T 2260 code, a name or a URI."""
    temporal: str | None = None
    """The time that it is about, as ISO 8601 has intervals: 2015/2026."""
    theme: tuple[str, ...] = ()
    """Codes of the EU's data-theme vocabulary (GOVE, ECON), or URIs."""
    doi: str | None = None
    """The DOI of all versions together."""
    language: Literal["zh", "en"] = "zh"
    """Of the workbook."""

    @property
    def said(self) -> dict[str, Any]:
        """What is said of it, as JSON has it; nothing of what is as usual."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) != each.default
        }


PUBLICATION = Publication()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How the files of raw/ become texts."""

    largest: int = 64 * 1024 * 1024
    """Bytes of the largest text that is held in memory."""
    articles: int = LIMITS.articles
    """Of one file; the rest of it is left out."""
    ocr: tuple[str, ...] = ()
    """A command that recognises a scan, word by word: a PDF on its stdin, the text on its stdout."""
    personal: str = "mask"
    """Numbers of persons: mask or keep."""


READ_OPTIONS = ReadOptions()


def _text(value: Any, pattern: str) -> str:
    """A text that the pattern describes; of a pattern with a group, what stands there."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise TypeError
    if not pattern:
        return value
    if not (found := re.fullmatch(pattern, value)):
        raise ValueError
    return found[found.re.groups]


def _path(value: Any, pattern: str) -> str:
    if is_url(_text(value, pattern)):
        raise ValueError
    return _text(value, pattern)


def _place(value: Any, pattern: str) -> str:
    """A path, a word or a URL; of a URL the part that may be seen."""
    return without_secret(_text(value, pattern))


def _words(value: Any, pattern: str) -> tuple[str, ...]:
    """A list that is not empty."""
    if not isinstance(value, list) or not value:
        raise TypeError
    return tuple(_place(word, pattern) for word in value)


def _number(value: Any, most: str) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if not 1 <= value <= int(most):
        raise ValueError
    return value


def _web_address(value: Any, pattern: str) -> str:
    return _place(value, pattern).rstrip("/")


def _cron(value: Any, pattern: str) -> str:
    from cronsim import CronSim, CronSimError

    words = _text(value, pattern).split()
    if len(words) != 5:  # cronsim takes a sixth one, for seconds; Prefect does not
        raise ValueError
    try:
        next(CronSim(" ".join(words), datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        raise ValueError from error
    return " ".join(words)


def _timezone(value: Any, pattern: str) -> str:
    try:
        return ZoneInfo(_text(value, pattern)).key
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError from error


READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "text": _text, "path": _path, "place": _place, "web address": _web_address, "words": _words,
    "number": _number, "cron": _cron, "timezone": _timezone,
}  # fmt: skip
"""From a TOML value, and the pattern of settings.tsv, to the field's: ValueError or TypeError where it is
wrong."""

_GROUPS: Mapping[str, type[Limits] | type[Publication]] = {"limits": Limits, "publication": Publication}
"""Fields of `Project` that several keys fill together."""

_SETTINGS = {entry["key"]: entry for entry in read_entries(files("pipeline") / "settings.tsv")}


def read_settings(path: Path) -> dict[str, Any]:
    """The fields of `Project` that the file sets, each checked."""
    where = one_line(str(path))
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WenshuError(f"{where}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise WenshuError(f"{where}: is not TOML in UTF-8: {one_line(str(error))}") from error
    values = {}
    for key, value in _flat(document):
        if key not in _SETTINGS:
            close = get_close_matches(key, _SETTINGS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_SETTINGS)}"
            raise WenshuError(f"{where}: no setting is called {one_line(key)}; {hint}")
        setting = _SETTINGS[key]
        try:
            values[setting["field"]] = READERS[setting["reads"]](value, setting["pattern"])
        except WenshuError as error:
            raise WenshuError(f"{where}: {key}: {error}") from None
        except (TypeError, ValueError) as error:
            raise WenshuError(
                f"{where}: {key} is {one_line(repr(value))}; give {setting['example']}"
            ) from error
    for group, kind in _GROUPS.items():
        names = [each.name for each in fields(kind) if f"{group}.{each.name}" in values]
        if names:
            values[group] = kind(**{name: values.pop(f"{group}.{name}") for name in names})
    return values


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The tables' entries as dotted keys; what stands outside a table as it is."""
    for name, value in document.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, value
