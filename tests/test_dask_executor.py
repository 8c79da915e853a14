"""Reading on a Dask cluster: its own scheduler, workers that die, workers with other code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from test_executor import batches

from pipeline.decisions.active import ActiveDecisions
from pipeline.errors import WenshuError
from pipeline.night.executors.dispatch import read_batches
from pipeline.night.reader import Reader
from pipeline.project import packaged_path


def test_an_address_where_nobody_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.night.executors.dask_cluster.CONNECT_SECONDS", 1)
    with pytest.raises(WenshuError, match=r"--dask tcp://127.0.0.1:9: no scheduler answers there; start one"):
        list(read_batches(Reader({}), [], dask="tcp://127.0.0.1:9"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process of its own on loopback."""
    place, started = tmp_path / "scheduler.json", []

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.{module}",
            "--scheduler-file",
            str(place),
            *arguments,
        ]
        with (tmp_path / f"{module}.log").open("ab") as log:
            started.append(
                subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path, start_new_session=True)
            )
        return started[-1]

    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    until(place.exists)
    workers = [start("dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]

    yield json.loads(place.read_text())["address"], workers
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(ready: object, seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert monotonic() < end
        sleep(0.1)


@pytest.mark.soak
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(tmp_path: Path, cluster) -> None:
    from distributed import Client

    address, workers = cluster
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    reader = Reader.of(packaged_path("catalog"), ActiveDecisions())
    text = "第{}批共改造小区{}个，其中89个基本改造完成。"
    wanted = batches(*(text.format(number, 487 + number) * 400 for number in range(32)))
    found = {}
    for done in read_batches(reader, wanted, dask=address):
        if len(found) == 3:
            os.kill(workers[0].pid, signal.SIGKILL)
        found[done.shard] = done.rows
    assert workers[0].wait(10) == -signal.SIGKILL
    assert found.keys() == {work.shard for work in wanted}
    assert all(found[work.shard].equals(reader(work).rows) for work in wanted)
