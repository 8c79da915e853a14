"""Where a project's folders are, and what its wenshu.toml says.

A project is a folder that holds any of raw/, catalog/, expectations/, decisions/ and
wenshu.toml: the one that `--config` names, or else the current one. The catalog and
the expectations that it does not hold are those that came with the package, so that
`wenshu run` works in an empty folder with some text in raw/.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import WenshuError, one_line
from pipeline.remote import is_url, place_named, without_secret

SETTINGS_FILE = "wenshu.toml"
FOLDERS = ("raw", "output", "catalog", "expectations", "decisions")
"""A project's folders by their usual names, which are also fields of `Project`."""
LOG_FORMATS = ("text", "json")
OCR, PERSONAL = "WENSHU_OCR", "WENSHU_PERSONAL"
"""Environment variables by which whoever reads an article, in whatever process, knows [read] ocr
(a JSON list of words) and [read] personal."""
_MIRROR = Path(".cache", "raw")
"""Below output/: what is brought of a raw/ that is behind a URL."""
_PACKAGED = ("catalog", "expectations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one article may take; one that wants more is quarantined. The defaults fit a machine of 2 GB."""

    bytes: int = 8_000_000
    """Of its text; a PDF's file may have eight times as many."""
    numerals: int = 100_000
    seconds: int = 30
    """Of a processor."""
    memory: int = 640
    """MiB of the process that reads it."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project's folders, all absolute, and its settings."""

    root: Path
    """The folder that relative paths in wenshu.toml are relative to."""
    raw: Path
    """Article text as received; of a URL the mirror below `output`."""
    output: Path
    """What the pipeline writes: releases/, latest/, runs/."""
    catalog: Path
    """Indicators, datasets and lexicon, in YAML."""
    expectations: Path
    """Great Expectations suites, in JSON."""
    decisions: Path
    """The officers' corrections and waivers, in YAML; need not exist."""
    raw_url: str | None = None
    """Where raw/ is a mirror of; None where it is a folder of its own."""
    cron: str = "0 2 * * *"
    """When `wenshu schedule` runs, as five cron fields."""
    timezone: str = "Asia/Shanghai"
    """The IANA time zone of `cron` and of a release's date."""
    notify: tuple[str, ...] = ()
    """A command to run after each run, word by word; the summary is on its stdin."""
    notify_block: str | None = None
    """A Prefect notification block, as TYPE/NAME."""
    licence: str = "CC-BY-4.0"
    """SPDX identifier of the released data's licence."""
    publisher: str | None = None
    """Who publishes the releases; None where nobody is named."""
    signing_key: Path | None = None
    """A minisign secret key without a password that signs each release; None for none."""
    public_key: str | None = None
    """The public key of it, or the path of its file, by which `wenshu releases verify` checks signatures."""
    publish_to: str | None = None
    """A URL to which each release is published too; None for the output folder alone."""
    processes: int | None = None
    """How many processes read articles; None for one a core."""
    dask: str | None = None
    """Address of the scheduler of a Dask cluster that reads them instead."""
    limits: Limits = LIMITS
    """What one article may take."""
    full: bool = False
    """Read every article anew, whatever earlier nights kept."""
    allow_schema_change: bool = False
    """Publish even where a column that the last release has is gone."""
    log_format: str = "text"
    """How a run tells of itself on stderr: text or json."""
    ocr: tuple[str, ...] = ()
    """A command that recognises a scan, word by word: a PDF on its stdin, the text on its stdout."""
    personal: str = "mask"
    """Numbers of persons: mask or keep."""

    @property
    def raw_place(self) -> str:
        """Folder or URL of raw/, as `load_project` takes it."""
        return self.raw_url or str(self.raw)

    def next_night(self, after: datetime) -> datetime:
        """The first moment of the schedule after another one, in the project's time zone."""
        from cronsim import CronSim

        return next(CronSim(self.cron, after.astimezone(ZoneInfo(self.timezone))))


def load_project(
    config: Path | None = None,
    *,
    raw: Path | str | None = None,
    output: Path | None = None,
    cwd: Path | None = None,
) -> Project:
    """Find the project's folders and read its settings.

    config: a wenshu.toml, or the folder that holds one; the current folder by default.
    raw, output: override the project's own, relative to the current folder; raw may be a URL.
    Raises `WenshuError` where a file or a setting is wrong.
    """
    cwd = (cwd or Path.cwd()).absolute()
    root, settings_file = _root(cwd / config if config else cwd)
    values: dict[str, Any] = {name: _default(root, name) for name in FOLDERS}
    values |= _settings(settings_file) if settings_file else {}
    given = {"raw": raw and place_named(without_secret(str(raw))), "output": output}
    values |= {
        name: cwd / place if isinstance(place, Path) else place for name, place in given.items() if place
    }
    places = {name: root / values[name] for name in FOLDERS}
    if is_url(str(values["raw"])):
        values["raw_url"], places["raw"] = str(values["raw"]), places["output"] / _MIRROR
    project = Project(root=root, **values | places | _keys(root, values))
    os.environ |= {OCR: json.dumps(project.ocr), PERSONAL: project.personal}
    return project


def _keys(root: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that releases are signed with: paths are below the project's folder."""
    secret, public = values.get("signing_key"), values.get("public_key")
    return {
        "signing_key": root / secret if secret else None,
        "public_key": str(root / public) if public and (root / public).is_file() else public,
    }


def project_of(args: Namespace) -> Project:
    """The project that a command line means by its --config, --raw, --output, and how it is to be read."""
    project = load_project(args.config, raw=args.raw, output=args.output)
    named = ("processes", "dask", "full", "allow_schema_change", "log_format")
    asked = {name: getattr(args, name, None) for name in named}
    if asked["dask"]:
        without_secret(asked["dask"])
    return replace(project, **{name: value for name, value in asked.items() if value})


def flow_module(name: str) -> ModuleType:
    """Import flows/NAME.py of this code. It is the one way from the library to Prefect."""
    home = str(packaged("flows").parent)
    if home not in sys.path:
        sys.path.insert(0, home)
    return import_module(f"flows.{name}")


def packaged(name: str) -> Path:
    """The folder or file `name` (catalog, expectations, flows, requirements.lock) that came with this code.

    In a checkout that is the checkout's own, in an installed package the copy in it.
    """
    package = Path(__file__).parent
    inside = package / "_project" / name
    return inside if inside.exists() else package.parents[1] / name


def _root(place: Path) -> tuple[Path, Path | None]:
    """The project's folder, and its wenshu.toml where it has one."""
    if place.is_dir():
        settings_file = place / SETTINGS_FILE
        return place, settings_file if settings_file.is_file() else None
    if not place.is_file():
        raise WenshuError(
            f"--config {one_line(str(place))}: no such file; name a {SETTINGS_FILE} or its folder"
        )
    return place.parent, place


def _default(root: Path, name: str) -> Path:
    """The project's own folder, or the packaged one where it has none."""
    return packaged(name) if name in _PACKAGED and not (root / name).is_dir() else root / name


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


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError
    return tuple(map(_place, value))


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if not 1 <= value <= 1024:
        raise ValueError
    return value


def _large(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if not 1 <= value < 2**40:
        raise ValueError
    return value


def _personal(value: Any) -> str:
    if value not in ("mask", "keep"):
        raise ValueError
    return _text(value)


def _format(value: Any) -> str:
    if value not in LOG_FORMATS:
        raise ValueError
    return _text(value)


def _place(value: Any) -> str:
    """A path, a word or a URL; of a URL the part that may be seen."""
    return without_secret(_text(value))


def _address(value: Any) -> str:
    if not is_url(_place(value)):
        raise ValueError
    return _place(value)


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


_LIMITS = {each.name: each.default for each in fields(Limits)}

_SETTINGS: Mapping[str, _Setting] = {
    **{f"paths.{name}": _Setting(name, _path, f'a folder, as in {name} = "{name}"') for name in FOLDERS},
    "paths.raw": _Setting("raw", _place, 'a folder or a URL, as in raw = "raw" or raw = "s3://bucket/raw"'),
    "schedule.cron": _Setting("cron", _cron, 'five cron fields, as in cron = "0 2 * * *"'),
    "schedule.timezone": _Setting("timezone", _timezone, 'an IANA name, as in timezone = "Asia/Shanghai"'),
    "read.processes": _Setting("processes", _number, "a number from 1, as in processes = 4"),
    "read.dask": _Setting("dask", _address, 'a scheduler, as in dask = "tcp://10.0.0.1:8786"'),
    **{
        f"limits.{name}": _Setting(f"limits.{name}", _large, f"a number, as in {name} = {usual}")
        for name, usual in _LIMITS.items()
    },
    "read.ocr": _Setting("ocr", _words, 'a list of words, as in ocr = ["ocr-command", "-"]'),
    "read.personal": _Setting("personal", _personal, 'mask or keep, as in personal = "mask"'),
    "log.format": _Setting("log_format", _format, 'text or json, as in format = "json"'),
    "notify.command": _Setting("notify", _words, 'a list of words, as in command = ["mail", "-s", "wenshu"]'),
    "notify.block": _Setting("notify_block", _text, 'TYPE/NAME, as in block = "slack-webhook/officers"'),
    "release.licence": _Setting("licence", _text, 'an SPDX identifier, as in licence = "CC-BY-4.0"'),
    "publish.url": _Setting("publish_to", _address, 'a URL, as in url = "s3://bucket/wenshu"'),
    "release.signing_key": _Setting("signing_key", _path, 'a file, as in signing_key = "/etc/wenshu.key"'),
    "release.public_key": _Setting("public_key", _text, 'a key or a file, as in public_key = "wenshu.pub"'),
    "release.publisher": _Setting("publisher", _text, 'a name, as in publisher = "数据办公室"'),
}


def _settings(path: Path) -> dict[str, Any]:
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
    limits = {name: values.pop(f"limits.{name}") for name in _LIMITS if f"limits.{name}" in values}
    return values | ({"limits": Limits(**limits)} if limits else {})


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The tables' entries as dotted keys; what stands outside a table as it is."""
    for name, value in document.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, value
