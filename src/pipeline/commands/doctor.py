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
from pipeline.language import pick, translated
from pipeline.project import Project, load_project

Check = Callable[[Project], Iterator[str]]

_ROOM = 1_000_000_000
"""Bytes that an output folder's disk should have free."""
_SHOWN = 5
"""Files of one kind that are named."""


_ENDED = {"withheld": "未通过检查", "failed": "未能运行", "killed": "被中断"}


def run(args: Namespace) -> int:
    """Run `wenshu doctor` with its parsed arguments; the exit code: 1 where something is found."""
    found = list(_installation())
    try:
        project = load_project(args.config, raw=args.raw, output=args.output)
    except WenshuError as error:
        found.append(translated(str(error)))
    else:
        for check in _CHECKS:
            try:
                found += check(project)
            except WenshuError as error:
                found.append(translated(str(error)))
            except OSError as error:
                found.append(f"{error.filename or ''}: {error.strerror}")
    for line in found:
        print(one_line(line))
    if not found:
        print(pick("一切正常", "nothing is missing or odd"))
    return 1 if found else 0


def _installation() -> Iterator[str]:
    """Packages that are missing, or of a version that was not tested."""
    try:
        asked = [line for line in requires("wenshu") or () if "extra ==" not in line]
    except PackageNotFoundError:
        asked = []
    for wanted in map(Requirement, asked):
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            installed = version(wanted.name)
        except PackageNotFoundError:
            yield pick(
                f"缺少 {wanted.name}：pip install '{wanted}'",
                f"{wanted.name} is missing: pip install '{wanted}'",
            )
            continue
        if not wanted.specifier.contains(installed, prereleases=True):
            yield pick(
                f"{wanted.name} 是 {installed}，要 {wanted.specifier}：pip install '{wanted}'",
                f"{wanted.name} is {installed} where {wanted.specifier} is wanted: pip install '{wanted}'",
            )
    if "utf" not in (sys.stdout.encoding or "").lower():
        yield pick(
            f"终端的编码是 {sys.stdout.encoding}，中文可能显示不出；设 PYTHONUTF8=1",
            f"the terminal's encoding is {sys.stdout.encoding}, which may lack Chinese; set PYTHONUTF8=1",
        )


def _raw(project: Project) -> Iterator[str]:
    """Articles: none, or some that will not be read."""
    from pipeline.texts.formats import refusal
    from pipeline.texts.sidecar import SIDECAR, read_sidecar
    from pipeline.texts.source import find_sources

    if project.raw_url:
        if find_spec("fsspec") is None:
            yield pick(
                "raw 是网址，要 fsspec：pip install 'wenshu[s3]'", "raw is a URL: pip install 'wenshu[s3]'"
            )
        return
    paths = find_sources(project.raw)
    if not paths:
        yield pick(
            f"{project.raw}：没有文章；把文章放进去", f"{project.raw}: holds no article; put some there"
        )
    notes = [
        f"{path.relative_to(project.raw)}: {translated(why)}"
        for path in paths
        if path.suffix != SIDECAR
        for why in (refusal(path.name), *read_sidecar(path).faults)
        if why
    ]
    yield from notes[:_SHOWN]
    if len(notes) > _SHOWN:
        yield pick(f"raw/ 中另有 {len(notes) - _SHOWN} 处", f"{len(notes) - _SHOWN} more of the kind in raw/")


def _catalog(project: Project) -> Iterator[str]:
    from pipeline.frames.weights import weights
    from pipeline.numbers.lexicon import load_grammar
    from pipeline.statistics.catalog import load_catalog

    load_catalog(project.catalog)
    weights(load_grammar(project.catalog).weights)
    yield from ()


def _decisions(project: Project) -> Iterator[str]:
    from pipeline.decisions import load_decisions

    today = project.today()
    for decision in load_decisions(project.decisions):
        if decision.expires and decision.expires < today:
            yield pick(
                f"{decision.place}：这条决定已过期（{decision.expires}）；改日期或删去",
                f"{decision.place}: expired on {decision.expires}; move its date or delete it",
            )


def _output(project: Project) -> Iterator[str]:
    """Whether output/ can be written, its disk has room, and the last run came to an end."""
    from pipeline.releases.store import ReleaseStore

    there = next(folder for folder in (project.output, *project.output.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        yield pick(
            f"{there}：不能写；改权限或另给 --output", f"{there}: cannot be written; give another --output"
        )
    free = shutil.disk_usage(there).free
    if free < _ROOM:
        yield pick(
            f"{there}：磁盘只剩 {free // 1_000_000} MB；腾出一些，或 wenshu releases prune",
            f"{there}: its disk has {free // 1_000_000} MB left; free some, or wenshu releases prune",
        )
    runs = ReleaseStore(project.output).index()["runs"] if project.output.is_dir() else ()
    if runs and runs[-1].get("outcome") in _ENDED:
        what = runs[-1]["outcome"]
        said = pick(_ENDED[what], what)
        yield pick(
            f"上一次运行（{runs[-1]['run']}）{said}；见 wenshu issues 与 output/runs/",
            f"the last run ({runs[-1]['run']}) was {said}; see wenshu issues and output/runs/",
        )


def _settings(project: Project) -> Iterator[str]:
    """Commands and packages that settings name and that are not there."""
    for setting, command in (("[notify] command", project.notify), ("[read] ocr", project.ocr)):
        if command and shutil.which(command[0]) is None:
            yield pick(
                f"{setting}：没有 {command[0]} 这条命令；装上它，或改设置",
                f"{setting}: there is no command {command[0]}; install it, or change the setting",
            )
    wanted = (("dask", project.dask, "distributed"), ("s3", project.publish_to, "fsspec"))
    for extra, used, module in wanted:
        if used and find_spec(module) is None:
            yield pick(
                f"设置用到 {extra}：pip install 'wenshu[{extra}]'",
                f"the settings use {extra}: pip install 'wenshu[{extra}]'",
            )


def _owner(project: Project) -> Iterator[str]:
    """Folders of a project that are missing where it has been begun elsewhere."""
    if not any((project.root / name).exists() for name in ("wenshu.toml", "raw", "catalog", "decisions")):
        yield pick(
            f"{project.root}：不是项目；用 wenshu init 文件夹 建一个",
            f"{project.root}: is no project; make one with wenshu init FOLDER",
        )


_CHECKS: tuple[Check, ...] = (_owner, _raw, _catalog, _decisions, _output, _settings)
