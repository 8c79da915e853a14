"""`wenshu run`, `wenshu schedule` and `wenshu expectations`: a run now, every night, and its expectations."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.commands import CANNOT_RUN, STOPPED
from pipeline.language import translate
from pipeline.project import Project, flow_module, packaged_path, project_from_args

if TYPE_CHECKING:
    from pipeline.night.run import Run

EXIT_CODES = {"released": 0, "unchanged": 0, "withheld": 1}
"""Of `wenshu run`, by outcome; a night that cannot run raises `WenshuError`."""


def run(args: Namespace) -> int:
    """Run `wenshu run` with its parsed arguments; the exit code."""
    if args.log_format == "json":
        return _in_json(lambda: _run(project_from_args(args)))
    project = project_from_args(args)
    return _in_json(lambda: _run(project)) if project.log_format == "json" else _run(project)


def _run(project: Project) -> int:
    from pipeline.night.run_record import output_lock

    with output_lock(project):
        result = _dry_run(project) if project.dry else flow_module("observed_run").run(project)
    from pipeline.commands.run_result import print_result

    if project.dry:
        print(translate("a dry night, nothing was released; but for that:"))
    print_result(result, with_issues=project.log_format == "text")
    return EXIT_CODES[result.outcome]


def _dry_run(project: Project) -> Run:
    """A run over a copy of the output folder, without Prefect."""
    from pipeline.night.dry_run import dry_project
    from pipeline.night.messages.progress import watching
    from pipeline.night.run_night import run_night
    from pipeline.releases.store import DRY

    with dry_project(project) as copy, watching(project.log_format) as watch:
        run = run_night(copy, watch=watch)
    return replace(run, output=project.output / DRY)


def _in_json(work: Callable[[], int]) -> int:
    from pipeline.logs import run_with_json_log

    return run_with_json_log(work, stopped=STOPPED, failed=CANNOT_RUN)


def schedule(args: Namespace) -> int:
    """Run `wenshu schedule`: serve the flow on its cron schedule until it is stopped."""
    flow_module("schedule").serve(project_from_args(args), args.config, args.raw, args.output)
    return 0


def expectations(args: Namespace) -> int:
    """Run `wenshu expectations sync`: write the expectations that follow from the declarations."""
    from pipeline.gate.suites import sync
    from pipeline.statistics.catalog.loading import load_catalog

    project = project_from_args(args)
    if project.expectations == packaged_path("expectations") != project.root / "expectations":
        project = replace(project, expectations=project.root / "expectations")  # never into the package
    changed = sync(project.expectations, load_catalog(project.catalog))
    for path in changed:
        print(path)
    if not changed:
        print(f"{project.expectations}: {translate('nothing to change')}")
    return 0
