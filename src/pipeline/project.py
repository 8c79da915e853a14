"""Where a project's folders are, and what its wenshu.toml says.

A project is a folder that holds any of raw/, catalog/, expectations/, decisions/ and
wenshu.toml: the one that `--config` names, or else the current one. The catalog and
the expectations that it does not hold are those that came with the package, so that
`wenshu run` works in an empty folder with some text in raw/.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.errors import WenshuError, one_line
from pipeline.remote import is_url, place_named, without_secret
from pipeline.settings import (
    FOLDERS,
    LIMITS,
    PUBLICATION,
    READ_OPTIONS,
    Limits,
    Publication,
    ReadOptions,
    read_settings,
)

SETTINGS_FILE = "wenshu.toml"
_MIRROR = Path(".cache", "raw")
"""Below output/: what is brought of a raw/ that is behind a URL."""
_PACKAGED = ("catalog", "expectations")


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
    notify_to: tuple[str, ...] = ()
    """Addresses of a mail that is on its stdin instead."""
    notify_block: str | None = None
    """A Prefect notification block, as TYPE/NAME."""
    licence: str = "CC-BY-4.0"
    """SPDX identifier of the released data's licence."""
    publisher: str | None = None
    """Who publishes the releases; None where nobody is named."""
    publication: Publication = PUBLICATION
    """What the descriptions of a release say of it beside."""
    site_title: str | None = None
    """The site's name at the head of its pages; None for 文数."""
    site_logo: Path | None = None
    """A picture before it; None for none."""
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
    dry: bool = False
    """Release nothing, and say what would be: `pipeline.night.dry_run`."""
    log_format: str = "text"
    """How a run tells of itself on stderr: text or json."""
    ocr: tuple[str, ...] = READ_OPTIONS.ocr
    personal: str = READ_OPTIONS.personal
    """How files become texts; see `read_options`."""

    @property
    def base_url(self) -> str | None:
        """Where the site is read, without a slash at its end; None where nobody says it."""
        return self.publication.base_url

    @property
    def raw_place(self) -> str:
        """Folder or URL of raw/, as `load_project` takes it."""
        return self.raw_url or str(self.raw)

    @property
    def read_options(self) -> ReadOptions:
        """How the files of raw/ become texts."""
        return ReadOptions(
            largest=self.limits.bytes, articles=self.limits.articles, ocr=self.ocr, personal=self.personal
        )  # fmt: skip

    def today(self) -> date:
        """The day, where the project is."""
        return datetime.now(ZoneInfo(self.timezone)).date()

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
    values |= read_settings(settings_file) if settings_file else {}
    given = {"raw": raw and place_named(without_secret(str(raw))), "output": output}
    values |= {
        name: cwd / place if isinstance(place, Path) else place for name, place in given.items() if place
    }
    places = {name: root / values[name] for name in FOLDERS}
    if is_url(str(values["raw"])):
        values["raw_url"], places["raw"] = str(values["raw"]), places["output"] / _MIRROR
    return Project(root=root, **values | places | _files(root, values))


def _files(root: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """The files that settings name, all below the project's folder: a logo, keys to sign releases with."""
    secret, public = values.get("signing_key"), values.get("public_key")
    logo = values.get("site_logo")
    return {
        "site_logo": root / logo if logo else None,
        "signing_key": root / secret if secret else None,
        "public_key": str(root / public) if public and (root / public).is_file() else public,
    }


def project_of(args: Namespace) -> Project:
    """The project that a command line means by its --config, --raw, --output, and how it is to be read."""
    project = load_project(args.config, raw=args.raw, output=args.output)
    named = ("processes", "dask", "full", "allow_schema_change", "dry", "log_format")
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
