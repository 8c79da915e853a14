"""wenshu.toml: every key that it may have, how its value is read, and what is said of a wrong one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import WenshuError, one_line
from pipeline.remote import is_url, without_secret

FOLDERS = ("raw", "output", "catalog", "expectations", "decisions")
"""A project's folders by their usual names, which are also fields of `Project`."""
LOG_FORMATS = ("text", "json")


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


@dataclass(frozen=True, slots=True)
class _Setting:
    """One key of wenshu.toml: the field it fills and what a value must be."""

    field: str
    reads: Callable[[Any], Any]
    """From the TOML value to the field's; raises ValueError or TypeError where it is wrong."""
    example: str


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise TypeError
    return value


def _path(value: Any) -> str:
    if is_url(_text(value)):
        raise ValueError
    return _text(value)


def _list(each: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """Reads a list that is not empty."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise TypeError
        return tuple(map(each, value))

    return read


def _number(most: int) -> Callable[[Any], int]:
    """Reads a whole number from 1."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError
        if not 1 <= value <= most:
            raise ValueError
        return value

    return read


def _one_of(*words: str) -> Callable[[Any], str]:
    return _like("|".join(words))


def _like(pattern: str) -> Callable[[Any], str]:
    """Reads a text that the pattern describes; of one with a group, what stands there."""

    def read(value: Any) -> str:
        found = re.fullmatch(pattern, _text(value))
        if not found:
            raise ValueError
        return found[found.re.groups]

    return read


def _place(value: Any) -> str:
    """A path, a word or a URL; of a URL the part that may be seen."""
    return without_secret(_text(value))


def _address(value: Any) -> str:
    if not is_url(_place(value)):
        raise ValueError
    return _place(value)


def _web_address(value: Any) -> str:
    return _place(_like(r"https?://[^\s\"'<>\\?#]+")(value)).rstrip("/")


def _picture(value: Any) -> str:
    if not _path(value).lower().endswith((".svg", ".png", ".jpg", ".jpeg", ".webp")):
        raise ValueError
    return _path(value)


def _cron(value: Any) -> str:
    from cronsim import CronSim, CronSimError

    words = _text(value).split()
    if len(words) != 5:  # cronsim takes a sixth one, for seconds; Prefect does not
        raise ValueError
    try:
        next(CronSim(" ".join(words), datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        raise ValueError from error
    return " ".join(words)


def _timezone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError from error


_INTERVAL = r"\d{4}(?:-\d\d){0,2}/(?:\d{4}(?:-\d\d){0,2}|\.\.)"

_PUBLICATION: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "base_url": (_web_address, 'where the site is read, as in base_url = "https://data.example.org"'),
    "contact": (
        _like(r"[^\s@<>]+@[^\s@<>]+|https?://\S+"),
        'an e-mail address or a URL, as in contact = "data@example.org"',
    ),
    "spatial": (_text, 'a code, a name or a URI, as in spatial = "410100"'),
    "temporal": (_like(_INTERVAL), 'an interval, as in temporal = "2015/2026", or "2015/.." without an end'),
    "theme": (_list(_place), 'a list of themes, as in theme = ["GOVE", "ECON"]'),
    "doi": (
        _like(r"(?:https?://doi\.org/|doi:)?(10\.\d{4,9}/\S+)"),
        'a DOI, as in doi = "10.5281/zenodo.1234567"',
    ),
    "language": (_one_of("zh", "en"), 'zh or en, as in language = "zh"'),
}
_GROUPS: Mapping[str, type[Limits] | type[Publication]] = {"limits": Limits, "publication": Publication}
"""Fields of `Project` that several keys fill together."""

_SETTINGS: Mapping[str, _Setting] = {
    **{f"paths.{name}": _Setting(name, _path, f'a folder, as in {name} = "{name}"') for name in FOLDERS},
    "paths.raw": _Setting("raw", _place, 'a folder or a URL, as in raw = "raw" or raw = "s3://bucket/raw"'),
    "schedule.cron": _Setting("cron", _cron, 'five cron fields, as in cron = "0 2 * * *"'),
    "schedule.timezone": _Setting("timezone", _timezone, 'an IANA name, as in timezone = "Asia/Shanghai"'),
    "read.processes": _Setting("processes", _number(1024), "a number from 1, as in processes = 4"),
    "read.dask": _Setting("dask", _address, 'a scheduler, as in dask = "tcp://10.0.0.1:8786"'),
    **{
        f"limits.{each.name}": _Setting(
            f"limits.{each.name}", _number(2**40 - 1), f"a number, as in {each.name} = {each.default}"
        )
        for each in fields(Limits)
    },
    "read.ocr": _Setting("ocr", _list(_place), 'a list of words, as in ocr = ["ocr-command", "-"]'),
    "read.personal": _Setting("personal", _one_of("mask", "keep"), 'mask or keep, as in personal = "mask"'),
    "log.format": _Setting("log_format", _one_of(*LOG_FORMATS), 'text or json, as in format = "json"'),
    "notify.command": _Setting(
        "notify", _list(_place), 'a list of words, as in command = ["mail", "-s", "wenshu"]'
    ),
    "notify.to": _Setting(
        "notify_to",
        _list(_like(r"[^\s@,;<>]+@[^\s@,;<>]+")),
        'a list of addresses, as in to = ["officer@example.org"]',
    ),
    "notify.block": _Setting("notify_block", _text, 'TYPE/NAME, as in block = "slack-webhook/officers"'),
    "release.licence": _Setting("licence", _text, 'an SPDX identifier, as in licence = "CC-BY-4.0"'),
    "site.title": _Setting("site_title", _text, 'a name, as in title = "某市政务数据"'),
    "site.logo": _Setting("site_logo", _picture, 'an SVG, PNG, JPEG or WebP, as in logo = "logo.svg"'),
    "publish.url": _Setting("publish_to", _address, 'a URL, as in url = "s3://bucket/wenshu"'),
    "release.signing_key": _Setting("signing_key", _path, 'a file, as in signing_key = "/etc/wenshu.key"'),
    "release.public_key": _Setting("public_key", _text, 'a key or a file, as in public_key = "wenshu.pub"'),
    **{
        f"release.{name}": _Setting(f"publication.{name}", reads, example)
        for name, (reads, example) in _PUBLICATION.items()
    },
    "release.publisher": _Setting("publisher", _text, 'a name, as in publisher = "数据办公室"'),
}


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
            values[setting.field] = setting.reads(value)
        except WenshuError as error:
            raise WenshuError(f"{where}: {key}: {error}") from None
        except (TypeError, ValueError) as error:
            raise WenshuError(f"{where}: {key} is {one_line(repr(value))}; give {setting.example}") from error
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
