"""A dry night: all that a night does, over an output folder of its own, which begins as the real one stands.

    output/.dry/    the latest release (its files linked, not copied), what the last run doubted, the index

What was read is kept in the real cache, so that the night after it need not read it again. Nothing is
published, signed or told to anybody, and nothing else below output/ changes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pipeline.errors import write_error
from pipeline.night.cache import FOLDER as CACHE
from pipeline.project import Project
from pipeline.releases import run_records
from pipeline.releases.index import write_index
from pipeline.releases.store import DRY, ReleaseStore


@contextmanager
def rehearsal(project: Project) -> Iterator[Project]:
    """The project with an output folder of its own, which stays until the next dry night.

    Raises `WenshuError` where there is no room for it.
    """
    output = project.output
    try:
        output.mkdir(parents=True, exist_ok=True)
        for old in output.glob(f"{DRY}*"):
            shutil.rmtree(old, ignore_errors=True)
        place = Path(tempfile.mkdtemp(prefix=f"{DRY}-", dir=output))
        _begin(output, place)
    except OSError as error:
        raise write_error(error, output) from error
    yield replace(
        project,
        dry=True,
        output=place,
        publish_to=None,
        notify=(),
        notify_block=None,
        signing_key=None,
        full=False,
    )
    place.rename(output / DRY)


def _begin(output: Path, place: Path) -> None:
    """Have the new folder stand as the old one does, as far as the next night looks."""
    store, aside = ReleaseStore(output), ReleaseStore(place)
    aside.releases.mkdir()
    (output / CACHE).mkdir(exist_ok=True)
    (place / CACHE).symlink_to(output / CACHE)
    index, latest = store.index(), store.latest()
    if latest:
        shutil.copytree(store.folder(latest), aside.folder(latest), copy_function=_link)
        if store.database(latest).is_file():
            _link(store.database(latest), aside.database(latest))
    ended = [run for run in index["runs"] if run.get("outcome") != "running"][-1:]
    issues = run_records.latest_issues(output)
    for run in ended:
        folder = place / "runs" / run["run"]
        folder.mkdir(parents=True)
        with suppress(OSError):
            shutil.copy2(output / "runs" / run["run"] / "run.json", folder)
        if issues is not None:
            (folder / run_records.ISSUES).write_text(issues, encoding="utf-8")
    write_index(place, {**index, "runs": [_unsummed(run) for run in ended]})
    if latest:
        aside.point_to(latest)


def _unsummed(run: dict[str, object]) -> dict[str, object]:
    """A run's line without the digest of its issues, which may be those of the run before it."""
    return {name: value for name, value in run.items() if name != run_records.ISSUES}


def _link(source: str | Path, target: str | Path) -> None:
    """The same file under another name, or a copy where the disk holds it under one alone."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
