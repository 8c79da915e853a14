"""`wenshu doctor`: what is missing or odd in a project and in the installation."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec

from packaging.requirements import Requirement

from pipeline.errors import WenshuError, one_line
from pipeline.language import translate
from pipeline.project import Project, project_from_args

Check = Callable[[Project], Iterator[str]]

_MIN_FREE = 1_000_000_000
"""Bytes that an output folder's disk should have free."""
_MAX_SHOWN = 5
"""Files of one kind that are printed."""

_BAD_OUTCOMES = ("withheld", "failed", "killed")


def run(args: Namespace) -> int:
    """Run `wenshu doctor` with its parsed arguments; the exit code: 1 where something is found."""
    found = list(_installation())
    try:
        project = project_from_args(args)
    except WenshuError as error:
        found.append(str(error))
    else:
        for check in _CHECKS:
            try:
                found += check(project)
            except WenshuError as error:
                found.append(str(error))
            except OSError as error:
                found.append(f"{error.filename or ''}: {error.strerror}")
    for line in found or ["nothing is missing or odd"]:
        print(one_line(translate(line)))
    return 1 if found else 0


def _installation() -> Iterator[str]:
    """Packages that are missing, or of an untested version."""
    try:
        required = [line for line in requires("wenshu") or () if "extra ==" not in line]
    except PackageNotFoundError:
        required = []
    for wanted in map(Requirement, required):
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            installed = version(wanted.name)
        except PackageNotFoundError:
            yield f"{wanted.name} is missing: pip install '{wanted}'"
            continue
        if not wanted.specifier.contains(installed, prereleases=True):
            yield f"{wanted.name} is {installed} where {wanted.specifier} is wanted: pip install '{wanted}'"
    if "utf" not in (sys.stdout.encoding or "").lower():
        yield f"the terminal's encoding is {sys.stdout.encoding}, which may lack Chinese; set PYTHONUTF8=1"


def _raw(project: Project) -> Iterator[str]:
    """Articles that are missing, or will not be read."""
    from pipeline.texts.formats import refusal
    from pipeline.texts.sidecar import SIDECAR, read_sidecar
    from pipeline.texts.source import find_sources

    if project.raw_url:
        if find_spec("fsspec") is None:
            yield "raw is a URL: pip install 'wenshu[s3]'"
        return
    paths = find_sources(project.raw)
    if not paths:
        yield f"{project.raw}: holds no article; put some there"
    notes = [
        f"{path.relative_to(project.raw)}: {translate(why)}"
        for path in paths
        if path.suffix != SIDECAR
        for why in (refusal(path.name), *read_sidecar(path).faults)
        if why
    ]
    yield from notes[:_MAX_SHOWN]
    if len(notes) > _MAX_SHOWN:
        yield f"{len(notes) - _MAX_SHOWN} more of the kind in raw/"


def _catalog(project: Project) -> Iterator[str]:
    from pipeline.frames.weights import load_weights
    from pipeline.numbers.lexicon import load_grammar
    from pipeline.statistics.catalog.loading import load_catalog

    load_catalog(project.catalog)
    load_weights(load_grammar(project.catalog).weights)
    yield from ()


def _decisions(project: Project) -> Iterator[str]:
    from pipeline.decisions.loading import load_decisions

    today = project.today()
    for decision in load_decisions(project.decisions):
        if decision.expires and decision.expires < today:
            yield f"{decision.place}: expired on {decision.expires}; move its date or delete it"


def _output(project: Project) -> Iterator[str]:
    """Whether output/ can be written, its disk has room, and the last run came to an end."""
    from pipeline.releases.store import ReleaseStore

    there = next(folder for folder in (project.output, *project.output.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        yield f"{there}: cannot be written; give another --output"
    free = shutil.disk_usage(there).free
    if free < _MIN_FREE:
        yield f"{there}: its disk has {free // 1_000_000} MB left; free some, or wenshu releases prune"
    runs = ReleaseStore(project.output).index()["runs"] if project.output.is_dir() else ()
    if runs and runs[-1].get("outcome") in _BAD_OUTCOMES:
        run, outcome = runs[-1]["run"], runs[-1]["outcome"]
        yield f"the last run ({run}) was {outcome}; see wenshu issues and output/runs/"


def _settings(project: Project) -> Iterator[str]:
    """Commands and packages that the settings need and that are not installed."""
    for setting, command in (("[notify] command", project.notify), ("[read] ocr", project.ocr)):
        if command and shutil.which(command[0]) is None:
            yield f"{setting}: there is no command {command[0]}; install it, or change the setting"
    wanted = (("dask", project.dask, "distributed"), ("s3", project.publish_to, "fsspec"))
    for extra, used, module in wanted:
        if used and find_spec(module) is None:
            yield f"the settings use {extra}: pip install 'wenshu[{extra}]'"


def _folder(project: Project) -> Iterator[str]:
    """A folder that is no project."""
    if not any((project.root / name).exists() for name in ("wenshu.toml", "raw", "catalog", "decisions")):
        yield f"{project.root}: is no project; make one with wenshu init FOLDER"


_CHECKS: tuple[Check, ...] = (_folder, _raw, _catalog, _decisions, _output, _settings)
