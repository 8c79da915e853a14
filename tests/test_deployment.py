"""The deployment of prefect.yaml on a real Prefect server on a real Postgres, and how it is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from scheduling import POOL, Plant, flow_process, plant, postgres, signed_in, until

pytestmark = pytest.mark.soak

CODE = (
    *("catalog", "expectations", "flows", "src", "docs"),
    *("prefect.yaml", "pyproject.toml", "requirements.lock"),
)
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, root: Path, page: Path) -> Iterator[Plant]:
    """A checkout with the page, deployed to a server of its own; no worker yet."""
    checkout = tmp_path_factory.mktemp("plant") / "checkout"
    checkout.mkdir()
    for name in CODE:
        copied = shutil.copytree if (root / name).is_dir() else shutil.copy
        copied(root / name, checkout / name)
    (checkout / "raw").mkdir()
    shutil.copy(page, checkout / "raw" / "page.txt")
    with postgres() as database, plant(checkout, database) as made:
        made.prefect("work-pool", "create", POOL, "--type", "process")
        made.prefect("--no-prompt", "deploy", "--all")
        made.prefect("automation", "create", "--from-file", "docs/deploy/automations.yaml")
        yield made


@pytest.fixture(autouse=True)
def _no_worker_is_left(place: Plant) -> Iterator[None]:
    """A test that fails leaves its worker to no other one."""
    yield
    place.end_workers()


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    """Processes that stand still meanwhile, however fast they are else."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def something_new(place: Plant) -> None:
    """Another page in raw/, so that the night has something to do."""
    raw = place.checkout / "raw"
    shutil.copy(raw / "page.txt", raw / f"page{len(list(raw.iterdir()))}.txt")


def ended(place: Plant, run: str, patience: float = 240) -> str:
    return until(lambda: state if (state := place.state(run)).split()[0] in ENDED else "", patience)


def begun(place: Plant, run: str) -> datetime:
    return datetime.fromisoformat(place.ask(f"/flow_runs/{run}")["start_time"])


def at_work(place: Plant) -> tuple[subprocess.Popen[bytes], str]:
    """A worker, and a flow run of it in the middle of its night."""
    worker = place.worker()
    something_new(place)
    run = place.trigger()
    until(lambda: place.at_work(run))
    assert place.state(run) == "RUNNING Running"
    return worker, run


def gone(worker: subprocess.Popen[bytes], run: str) -> bool:
    return worker.poll() is not None and not flow_process(run)


def whole(place: Plant) -> int:
    """See that the latest release is whole and of all of raw/; how many documents it has."""
    latest = place.checkout / "output" / "latest"
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=latest, check=False)
    assert done.returncode == 0
    documents = (latest / "data" / "documents.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert len(documents) == len(list((place.checkout / "raw").iterdir()))
    return len(documents)


def _both_killed(worker: subprocess.Popen[bytes], run: str) -> None:
    """As when the memory or the power is gone."""
    worker.kill()
    for process in flow_process(run):
        os.kill(process, signal.SIGKILL)


def _worker_killed(worker: subprocess.Popen[bytes], _run: str) -> None:
    worker.kill()


def _worker_terminated(worker: subprocess.Popen[bytes], _run: str) -> None:
    worker.terminate()


def _unit_stopped(worker: subprocess.Popen[bytes], run: str) -> None:
    """As systemd does: everything of the unit is told to end."""
    for process in flow_process(run):
        os.kill(process, signal.SIGTERM)
    worker.terminate()


KILLS = [_both_killed, _worker_killed, _worker_terminated, _unit_stopped]


@pytest.mark.parametrize("kill", KILLS)
def test_a_killed_run_is_seen_to_be_over_and_the_next_one_starts_at_once_and_is_right(
    place: Plant, kill: Callable[[subprocess.Popen[bytes], str], None]
) -> None:
    worker, killed = at_work(place)
    kill(worker, killed)
    until(lambda: gone(worker, killed))
    place.worker()
    run = place.trigger()
    triggered = datetime.now().astimezone()
    assert ended(place, run) == "COMPLETED Released"
    # A worker that is told to end lets its run end, where that has nothing more to wait for.
    over = {"CRASHED Crashed"} | ({"COMPLETED Released"} if kill is _worker_terminated else set())
    assert ended(place, killed) in over
    assert (begun(place, run) - triggered).total_seconds() < 60
    whole(place)


def test_a_run_at_work_is_left_alone_and_another_one_waits_for_it(place: Plant) -> None:
    _, first = at_work(place)
    second = place.trigger()
    by_hand = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())", "run"]
    with stopped(flow_process(first)):
        done = subprocess.run(
            by_hand, cwd=place.checkout, env=place.environment, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "another run is working on" in done.stderr
    assert ended(place, first) == "COMPLETED Released"
    assert ended(place, second) == "COMPLETED Unchanged"
    assert begun(place, second) > datetime.fromisoformat(place.ask(f"/flow_runs/{first}")["end_time"])


def test_a_run_that_was_killed_as_it_started_shows_as_crashed(place: Plant) -> None:
    worker = place.worker()
    run = place.trigger()
    until(lambda: flow_process(run))
    _both_killed(worker, run)
    until(lambda: gone(worker, run))
    assert place.state(run).startswith("PENDING")
    assert ended(place, run, 420) == "CRASHED Crashed"


def test_a_run_brings_no_places_of_its_own(place: Plant, tmp_path: Path) -> None:
    (deployment,) = place.ask("/deployments/filter", {})
    brought = {"parameters": {"config": str(tmp_path), "output": str(tmp_path)}}
    run = place.ask(f"/deployments/{deployment['id']}/create_flow_run", brought)["id"]
    place.worker()
    assert ended(place, run).split()[0] in {"FAILED", "CRASHED"}
    assert not [*tmp_path.iterdir()]


def test_the_server_answers_nobody_without_its_secret(place: Plant) -> None:
    for headers in ({}, signed_in("officer:a guess")):
        with pytest.raises(HTTPError, match="401"):
            urlopen(Request(place.url + "/deployments/filter", b"{}", headers))
