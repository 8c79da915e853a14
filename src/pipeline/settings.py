"""wenshu.toml: its keys, how their values are parsed, and messages for wrong ones."""

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

from pipeline.errors import LimitError, WenshuError, one_line
from pipeline.remote import is_url, require_no_credentials
from pipeline.tsv import read_entries

FOLDERS = ("raw", "output", "catalog", "expectations", "decisions")
"""The usual names of a project's folders, which are also fields of `Project`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one article; an article above them is quarantined. The defaults suit a machine with 2 GB."""

    bytes: int = 8_000_000
    """Size of its text; a PDF file may be eight times as large."""
    articles: int = 200_000
    """Articles of one file."""
    numerals: int = 100_000
    seconds: int = 30
    """Seconds of CPU time."""
    memory: int = 640
    """MiB of the process that reads it."""

    def check_numerals(self, count: int) -> None:
        """Raise `LimitError` where an article states more numerals than may be."""
        if count > self.numerals:
            raise LimitError("numerals", f"states {count} numerals", self.numerals)


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Fields for the descriptions of a release that its data does not give; None where not set."""

    base_url: str | None = None
    """The URL of the site, without a slash at its end; releases/VERSION/ is below it."""
    contact: str | None = None
    """An e-mail address or a URL."""
    spatial: str | None = None
    """The region covered by the data: a GB/T 2260 code, a name or a URI."""
    temporal: str | None = None
    """The time covered by the data, as an ISO 8601 interval: 2015/2026."""
    theme: tuple[str, ...] = ()
    """Codes of the EU's data-theme vocabulary (GOVE, ECON), or URIs."""
    doi: str | None = None
    """The concept DOI of all versions."""
    language: Literal["zh", "en"] = "zh"
    """The language of the workbook."""

    @property
    def non_default(self) -> dict[str, Any]:
        """The fields that differ from their defaults, as JSON values."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) != each.default
        }


PUBLICATION = Publication()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How the files of raw/ are converted to text."""

    largest: int = 64 * 1024 * 1024
    """Bytes of the largest text that is held in memory."""
    articles: int = LIMITS.articles
    """Articles of one file; further ones are left out."""
    ocr: tuple[str, ...] = ()
    """The words of an OCR command that reads a PDF from stdin and writes its text to stdout."""
    personal: str = "mask"
    """Personal identifiers such as ID card numbers: mask or keep."""


READ_OPTIONS = ReadOptions()


def _text(value: Any, pattern: str) -> str:
    """A text that matches the pattern; of a pattern with a group, the text of the group."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise TypeError
    if not pattern:
        return value
    if not (found := re.fullmatch(pattern, value)):
        raise ValueError
    return found[found.re.groups]


def _path(value: Any, pattern: str) -> str:
    path = _text(value, pattern)
    if is_url(path):
        raise ValueError
    return path


def _place(value: Any, pattern: str) -> str:
    """A path, a word, or a URL without credentials."""
    return require_no_credentials(_text(value, pattern))


def _words(value: Any, pattern: str) -> tuple[str, ...]:
    """A list of at least one word."""
    if not isinstance(value, list) or not value:
        raise TypeError
    return tuple(_place(word, pattern) for word in value)


def _number(value: Any, maximum: str) -> int:
    """An integer from 1 to the maximum."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if not 1 <= value <= int(maximum):
        raise ValueError
    return value


def _web_address(value: Any, pattern: str) -> str:
    return _place(value, pattern).rstrip("/")


def _cron(value: Any, pattern: str) -> str:
    from cronsim import CronSim, CronSimError

    words = _text(value, pattern).split()
    if len(words) != 5:  # cronsim allows a sixth field, for seconds; Prefect does not
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
"""Parsers of a TOML value and the pattern of its entry, by the column `reads` of settings.tsv. They raise
ValueError or TypeError for a wrong value."""

_GROUPS: Mapping[str, type[Limits] | type[Publication]] = {"limits": Limits, "publication": Publication}
"""Fields of `Project` that are made of several keys."""

_SETTINGS = {entry["key"]: entry for entry in read_entries(files("pipeline") / "settings.tsv")}


def read_settings(path: Path) -> dict[str, Any]:
    """The fields of `Project` that the file sets, validated."""
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
    """The entries of tables with dotted keys, and top-level values with their own."""
    for name, value in document.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, value
