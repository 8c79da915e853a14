"""A project: its folders and the settings of its wenshu.toml.

A project is a folder with any of raw/, catalog/, expectations/, decisions/ and
wenshu.toml: the one given by `--config`, or else the current one. A catalog or expectations
that it lacks are those of the package, so that `wenshu run` works in an empty folder
with some text in raw/.
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
from pipeline.remote import is_url, path_or_url, require_no_credentials
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
"""Below output/: the local copy of a raw/ that is a URL."""
_PACKAGED = ("catalog", "expectations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project's folders, all absolute, and its settings."""

    root: Path
    """The folder that relative paths in wenshu.toml are relative to."""
    raw: Path
    """Articles as received; for a URL its mirror below `output`."""
    output: Path
    """The results: releases/, latest/, runs/."""
    catalog: Path
    """Indicators, datasets and lexicon, in YAML."""
    expectations: Path
    """Great Expectations suites, in JSON."""
    decisions: Path
    """The officers' corrections and waivers, in YAML; need not exist."""
    raw_url: str | None = None
    """The URL that raw/ mirrors; None for a local folder."""
    cron: str = "0 2 * * *"
    """The times of `wenshu schedule`, as five cron fields."""
    timezone: str = "Asia/Shanghai"
    """The IANA time zone of `cron` and of the dates of releases."""
    notify: tuple[str, ...] = ()
    """A command that is executed after each run, word by word, with the summary on its stdin."""
    notify_to: tuple[str, ...] = ()
    """Recipients; with any, a mail is on the stdin of `notify` in place of the summary."""
    notify_block: str | None = None
    """A Prefect notification block, as TYPE/NAME."""
    licence: str = "CC-BY-4.0"
    """SPDX identifier of the released data's licence."""
    publisher: str | None = None
    """The publisher of the releases; None where nobody is named."""
    publication: Publication = PUBLICATION
    """Further fields for the descriptions of a release."""
    site_title: str | None = None
    """The name of the site in the header of its pages; None for 文数."""
    site_logo: Path | None = None
    """An image before the title; None for none."""
    signing_key: Path | None = None
    """A minisign secret key without a password that signs each release; None for unsigned releases."""
    public_key: str | None = None
    """Its public key, or the path of that, for `wenshu releases verify`."""
    publish_to: str | None = None
    """A URL to which each release is also published; None for the output folder only."""
    processes: int | None = None
    """The number of processes that read articles; None for one a core."""
    dask: str | None = None
    """The scheduler address of a Dask cluster that reads them in place of local processes."""
    limits: Limits = LIMITS
    """Limits of one article."""
    full: bool = False
    """Read every article again, without the cache."""
    allow_schema_change: bool = False
    """Publish even where a column of the last release has been removed."""
    dry: bool = False
    """Release nothing, only show what would be released: `pipeline.night.dry_run`."""
    log_format: str = "text"
    """The format of the log on stderr: text or json."""
    ocr: tuple[str, ...] = READ_OPTIONS.ocr
    personal: str = READ_OPTIONS.personal
    """How files are converted to text; see `read_options`."""

    @property
    def raw_place(self) -> str:
        """The folder or URL of raw/, as `load_project` takes it."""
        return self.raw_url or str(self.raw)

    @property
    def read_options(self) -> ReadOptions:
        """How the files of raw/ are converted to text."""
        return ReadOptions(
            largest=self.limits.bytes, articles=self.limits.articles, ocr=self.ocr, personal=self.personal
        )  # fmt: skip

    def today(self) -> date:
        """The date in the project's time zone."""
        return datetime.now(ZoneInfo(self.timezone)).date()

    def next_night(self, after: datetime) -> datetime:
        """The first time of the schedule after another time, in the project's time zone."""
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
    given = {"raw": raw and path_or_url(require_no_credentials(str(raw))), "output": output}
    values |= {
        name: cwd / place if isinstance(place, Path) else place for name, place in given.items() if place
    }
    places = {name: root / values[name] for name in FOLDERS}
    if is_url(str(values["raw"])):
        values["raw_url"], places["raw"] = str(values["raw"]), places["output"] / _MIRROR
    return Project(root=root, **values | places | _files(root, values))


def _files(root: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """The files named by settings, relative to the project's folder: the logo and the signing keys."""
    secret, public = values.get("signing_key"), values.get("public_key")
    logo = values.get("site_logo")
    return {
        "site_logo": root / logo if logo else None,
        "signing_key": root / secret if secret else None,
        "public_key": str(root / public) if public and (root / public).is_file() else public,
    }


def project_from_args(args: Namespace) -> Project:
    """The project of a command line, with the options that override its settings."""
    project = load_project(args.config, raw=args.raw, output=args.output)
    names = ("processes", "dask", "full", "allow_schema_change", "dry", "log_format")
    options = {name: value for name in names if (value := getattr(args, name, None))}
    if "dask" in options:
        require_no_credentials(options["dask"])
    return replace(project, **options)


def flow_module(name: str) -> ModuleType:
    """Import flows/NAME.py of this installation: the only way from the library to Prefect."""
    home = str(packaged_path("flows").parent)
    if home not in sys.path:
        sys.path.insert(0, home)
    return import_module(f"flows.{name}")


def packaged_path(name: str) -> Path:
    """The folder or file `name` (catalog, expectations, flows, requirements.lock) that came with this code:
    in a checkout the checkout's, in an installed package the copy in it.
    """
    package = Path(__file__).parent
    inside = package / "_project" / name
    return inside if inside.exists() else package.parents[1] / name


def _root(place: Path) -> tuple[Path, Path | None]:
    """The project's folder, and its wenshu.toml if there is one."""
    if place.is_dir():
        settings_file = place / SETTINGS_FILE
        return place, settings_file if settings_file.is_file() else None
    if not place.is_file():
        raise WenshuError(
            f"--config {one_line(str(place))}: no such file; name a {SETTINGS_FILE} or its folder"
        )
    return place.parent, place


def _default(root: Path, name: str) -> Path:
    """The project's own folder, or the packaged one if it has none."""
    return packaged_path(name) if name in _PACKAGED and not (root / name).is_dir() else root / name
