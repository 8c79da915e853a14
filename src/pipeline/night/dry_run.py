"""A dry run: all that a run does, over a copy of the output folder.

    output/.dry/    the latest release (its files linked, not copied), the last run's issues, the index

Articles that it reads stay in the real cache, so that the next run need not read them again. Nothing
is published, signed or sent, and nothing else below output/ changes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pipeline.errors import write_error
from pipeline.night.cache.database import FOLDER as CACHE
from pipeline.project import Project
from pipeline.releases import run_records
from pipeline.releases.index import RECORD, write_index
from pipeline.releases.store import DRY, ReleaseStore
from pipeline.safe_files import link_or_copy


@contextmanager
def dry_project(project: Project) -> Iterator[Project]:
    """The project with a copy of its output folder, which stays until the next dry run.

    Raises `WenshuError` where the copy cannot be written.
    """
    output = project.output
    try:
        output.mkdir(parents=True, exist_ok=True)
        for old in output.glob(f"{DRY}*"):
            shutil.rmtree(old, ignore_errors=True)
        copy = Path(tempfile.mkdtemp(prefix=f"{DRY}-", dir=output))
        _copy_output(output, copy)
    except OSError as error:
        raise write_error(error, output) from error
    yield replace(
        project,
        dry=True,
        output=copy,
        publish_to=None,
        notify=(),
        notify_block=None,
        signing_key=None,
        full=False,
    )
    copy.rename(output / DRY)


def _copy_output(output: Path, copy: Path) -> None:
    """Copy what a run looks at."""
    source, target = ReleaseStore(output), ReleaseStore(copy)
    target.releases.mkdir()
    (output / CACHE).mkdir(exist_ok=True)
    (copy / CACHE).symlink_to(output / CACHE)
    index, latest = source.index(), source.latest()
    if latest:
        shutil.copytree(source.folder(latest), target.folder(latest), copy_function=link_or_copy)
        if source.database(latest).is_file():
            link_or_copy(source.database(latest), target.database(latest))
    ended = [run for run in index["runs"] if run.get("outcome") != "running"][-1:]
    issues = run_records.latest_issues(output)
    for run in ended:
        folder = copy / "runs" / run["run"]
        folder.mkdir(parents=True)
        with suppress(OSError):
            shutil.copy2(output / "runs" / run["run"] / RECORD, folder)
        if issues is not None:
            (folder / run_records.ISSUES).write_text(issues, encoding="utf-8")
        run.pop(run_records.ISSUES, None)  # a digest of the issues, which may be of an earlier run
    write_index(copy, {**index, "runs": ended})
    if latest:
        target.point_to(latest)
