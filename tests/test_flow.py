"""`wenshu run` as users run it: a process of its own, with Prefect's server and all."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import pytest
from scheduling import flow_process, servers, until

from pipeline.night.run import STAGES
from pipeline.project import flow_module

COMMAND = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())"]


@pytest.fixture(scope="module")
def cache(prefect_cache: Path) -> Path:
    return prefect_cache


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, page: Path, cache: Path) -> Path:
    """A project with the page, after its first run."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "raw").mkdir()
    shutil.copy(page, folder / "raw" / "page.txt")
    done = wenshu(folder, cache, "run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Released" in done.stdout
    assert str(folder / "output" / "latest" / "data") in done.stdout
    return folder


def environment(cache: Path, **more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return own | {"XDG_CACHE_HOME": str(cache), "HOME": str(cache)} | more


def wenshu(folder: Path, cache: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *args], cwd=folder, env=environment(cache, **more), capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


@contextmanager
def schedule(folder: Path, cache: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`wenshu schedule` as a script's background job, deaf to Ctrl-C; it ends with the test."""
    deaf = ["sh", "-c", 'trap "" INT; exec nohup "$@"', "sh", *COMMAND, "schedule"]
    with subprocess.Popen(deaf, cwd=folder, env=environment(cache)) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(folder: Path, question: str) -> list[tuple[str, ...]]:
    """What Prefect keeps of the project's runs."""
    with closing(sqlite3.connect(folder / "output" / ".prefect" / "prefect.db")) as database:
        return database.execute(question).fetchall()


def at_work(folder: Path) -> set[str]:
    """The runs that are, or were when they were killed, in the middle of their night."""
    with suppress(sqlite3.Error):
        return {
            str(UUID(run)) for (run,) in asked(folder, "select id from flow_run where state_type = 'RUNNING'")
        }
    return set()


def test_a_run_ends_with_where_the_files_are_and_what_was_released(released: Path) -> None:
    data = released / "output" / "latest" / "data"
    assert (data / "renovation.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.soak
def test_a_run_with_nothing_new_says_so_and_where_the_files_are(released: Path, cache: Path) -> None:
    again = wenshu(released, cache, "run")
    assert (again.returncode, again.stderr) == (0, "")
    assert str(released / "output" / "latest" / "data") in again.stdout
    assert "Nothing new" in again.stdout


def test_every_stage_is_a_task_that_prefect_saw_complete(released: Path) -> None:
    states = asked(
        released,
        "select task_run.name, task_run.state_type from task_run join flow_run on flow_run.id = flow_run_id "
        "where flow_run.state_name = 'Released'",
    )
    assert sorted(states) == sorted((name, "COMPLETED") for name in STAGES)
    assert asked(released, "select state_type from flow_run where state_name = 'Released'") == [
        ("COMPLETED",)
    ]
    (summary,) = asked(released, "select data from artifact where key = 'summary' order by created limit 1")
    assert "renovation" in summary[0]
    logged = " ".join(message for (message,) in asked(released, "select message from log"))
    assert "48 quantities" in logged


def test_prefect_keeps_its_own_in_the_project_and_leaves_the_user_alone(released: Path, cache: Path) -> None:
    assert not (cache / ".prefect").exists()
    assert not (released / ".prefect").exists()
    assert servers(released) == []


def test_a_withheld_night_names_the_equation_and_leaves_latest_alone(
    tmp_path: Path, released: Path, cache: Path
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(released, folder, symlinks=True)
    path = folder / "raw" / "page.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("203个进入", "204个进入"), encoding="utf-8")
    before = (folder / "output" / "latest").readlink()
    done = wenshu(folder, cache, "run")
    assert done.returncode == 1
    for said in ("89 + 204 + 195 = 487", "residual -1", "page.txt", "204个进入收尾阶段"):
        assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "output" / "latest").readlink() == before
    assert asked(folder, "select state_type from flow_run where state_name = 'Withheld'") == [("FAILED",)]
    (table,) = asked(folder, "select data from artifact where key = 'failed-expectations'")
    assert "renovation.sum" in table[0]


def test_nothing_to_read_is_one_line_and_two(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "raw").mkdir()
    done = wenshu(tmp_path, cache, "run")
    assert done.returncode == 2
    assert re.fullmatch(r"wenshu: .*raw holds no text.*--raw\n", done.stderr)
    assert done.stdout == ""
    assert not (tmp_path / "output" / ".prefect").exists(), "what cannot run needs no server"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            {"PREFECT_API_DATABASE_CONNECTION_URL": "nonsense://"},
            id="its own does not start",
            marks=pytest.mark.soak,
        ),
        pytest.param(
            {"PREFECT_API_URL": "http://127.0.0.1:9/api"},
            id="the user's does not answer",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_without_a_server_the_night_runs_all_the_same(
    tmp_path: Path, page: Path, cache: Path, more: Mapping[str, str]
) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw")
    done = wenshu(tmp_path, cache, "run", **more)
    assert done.returncode == 0
    assert "Released" in done.stdout
    assert done.stderr.startswith("wenshu: this run is not observed")
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "output" / "latest" / "data" / "quantities.csv").is_file()


@pytest.mark.soak
@pytest.mark.parametrize("way", ["emptied", "another version's"])
def test_a_database_that_this_prefect_did_not_make_is_made_right(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    home = tmp_path / "home"
    for again in (False, True):
        if again and way == "emptied":
            (home / "prefect.db").write_bytes(b"")
        elif again:
            (home / "prefect.version").write_text("3.0.0", encoding="utf-8")
        starting = flow_module("prefect_server").Server(home)
        starting.wait_until_ready()
        starting.stop()
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        assert database.execute("select count(*) from block_type").fetchone()[0]
    assert (home / "prefect.version").read_text(encoding="utf-8") == version("prefect")


@pytest.mark.soak
def test_a_server_that_does_not_start_is_noticed_at_once_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = flow_module("prefect_server")
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "nonsense://")
    starting = server.Server(tmp_path / "home")
    try:
        with pytest.raises(server.NoServerError, match=r"ended with code [13]; see .*server\.log"):
            starting.wait_until_ready(60)
    finally:
        starting.stop()
    assert "nonsense" in (tmp_path / "home" / "server.log").read_text(encoding="utf-8")


@pytest.mark.soak
def test_a_killed_run_leaves_no_server_and_the_next_one_is_right(
    tmp_path: Path, page: Path, cache: Path
) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw")
    for delay in (0.5, 3, 6):
        with subprocess.Popen([*COMMAND, "run"], cwd=tmp_path, env=environment(cache)) as process:
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        time.sleep(1)
        assert servers(tmp_path) == []
    assert wenshu(tmp_path, cache, "run").returncode == 0


@pytest.mark.soak
def test_a_run_that_was_killed_at_work_shows_as_crashed_from_the_next_one_on(
    tmp_path: Path, page: Path, cache: Path
) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw")
    with subprocess.Popen([*COMMAND, "run"], cwd=tmp_path, env=environment(cache)) as process:
        until(lambda: at_work(tmp_path))
        process.send_signal(signal.SIGKILL)
    (killed,) = at_work(tmp_path)
    done = wenshu(tmp_path, cache, "run")
    assert (done.returncode, done.stderr) == (0, "")
    assert killed not in at_work(tmp_path)
    states = "select state_type from flow_run order by created"
    assert asked(tmp_path, states) == [("CRASHED",), ("COMPLETED",)]
    tasks = {state for (state,) in asked(tmp_path, "select distinct state_type from task_run")}
    assert tasks <= {"COMPLETED", "CRASHED"}


@pytest.mark.soak
def test_a_schedule_that_was_killed_with_its_run_starts_anew_without_it(
    tmp_path: Path, page: Path, cache: Path
) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw")
    (tmp_path / "wenshu.toml").write_text('[schedule]\ncron = "* * * * *"\n', encoding="utf-8")
    with schedule(tmp_path, cache) as process:
        until(lambda: at_work(tmp_path))
        (killed,) = at_work(tmp_path)
        for each in (process.pid, *flow_process(killed)):
            os.kill(each, signal.SIGKILL)
    assert asked(tmp_path, "select state_type from flow_run where state_type = 'RUNNING'")
    with schedule(tmp_path, cache) as process:
        crashed = "select state_type from flow_run where state_type = 'CRASHED'"
        until(lambda: asked(tmp_path, crashed))
        until(lambda: killed not in at_work(tmp_path))
        until(lambda: asked(tmp_path, "select id from flow_run where state_name = 'Released'"))
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert (tmp_path / "output" / "latest" / "data").is_dir()
    assert asked(tmp_path, crashed) == [("CRASHED",)]
    assert servers(tmp_path) == []


@pytest.mark.soak
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_schedule_that_is_stopped_lets_its_night_end(
    tmp_path: Path, page: Path, cache: Path, stop: signal.Signals
) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw")
    (tmp_path / "wenshu.toml").write_text('[schedule]\ncron = "* * * * *"\n', encoding="utf-8")
    with schedule(tmp_path, cache) as process:
        until(lambda: at_work(tmp_path))
        process.send_signal(stop)
        assert process.wait(180) == 0
    states = "select state_name from flow_run where state_type != 'SCHEDULED'"
    assert asked(tmp_path, states) == [("Released",)]
    assert servers(tmp_path) == []


@pytest.mark.soak
def test_the_schedule_runs_the_night(tmp_path: Path, page: Path, cache: Path) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw")
    (tmp_path / "wenshu.toml").write_text('[schedule]\ncron = "* * * * *"\n', encoding="utf-8")
    with schedule(tmp_path, cache) as process:
        until(lambda: (tmp_path / "output" / "latest").exists(), 180)
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert (tmp_path / "output" / "latest" / "data").is_dir()
    assert servers(tmp_path) == []
