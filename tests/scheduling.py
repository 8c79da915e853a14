"""A Prefect server on a Postgres of the tests' own, with its workers: processes on loopback."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import Request, urlopen

import pytest

POOL = "wenshu"
AUTH = "officer:a word of the tests"

T = TypeVar("T")


@dataclass
class Plant:
    """A checkout's Prefect server, and what one does with it."""

    checkout: Path
    url: str
    environment: Mapping[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def prefect(self, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *args], cwd=self.checkout, env=self.environment,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker, as its unit does.

        Told to end, it interrupts itself, and would wait for ever where the tests run in the background of
        a shell, whose children ignore an interrupt.
        """
        with (self.checkout / "worker.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--limit", "1"],
                cwd=self.checkout, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )  # fmt: skip
        self.workers.append(started)
        return started

    def end_workers(self) -> None:
        """Kill the workers that were started, each with what it started."""
        while self.workers:
            _end(self.workers.pop())

    def trigger(self) -> str:
        """Have the deployment run now; the id of the flow run."""
        (deployment,) = self.ask("/deployments/filter", {})
        run: str = self.ask(f"/deployments/{deployment['id']}/create_flow_run", {})["id"]
        return run

    def state(self, run: str) -> str:
        """What the server says of a flow run: the type of its state and its name."""
        state = self.ask(f"/flow_runs/{run}")["state"]
        return f"{state['type']} {state['name']}"

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"Content-Type": "application/json", **signed_in(AUTH)})
        with urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def at_work(self, run: str) -> bool:
        """Whether a flow run is in the middle of its night."""
        return bool(self.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}}))


def _end(started: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait(30)


def until(said: Callable[[], T], patience: float = 240) -> T:
    """Wait for something to become true, and return it."""
    end = time.monotonic() + patience
    while not (answer := said()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
    return answer


def flow_process(run: str) -> list[int]:
    """The processes that were started for a flow run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"FLOW_RUN_ID={run}".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def binaries() -> Path:
    """Where postgres is; skips the test where it is nowhere."""
    on_path = shutil.which("initdb")
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = [Path(on_path).resolve().parent] if on_path else [initdb.parent for initdb in sorted(debian)]
    if not found:
        pytest.skip("no postgres here: `make postgres` installs it, where it can")
    return found[-1]


@contextmanager
def postgres() -> Iterator[str]:
    """A Postgres with nothing in it, on loopback; the URL of its database for Prefect."""
    programs = binaries()
    # It refuses to run as root, and whoever it runs as must get at its folder.
    owner: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="wenshu-postgres-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    port = free_port()
    try:
        data = folder / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "prefect", "--auth=trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, **owner,
        )  # fmt: skip
        serve = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder]
        with (folder / "log").open("wb") as log, subprocess.Popen(
            [*serve, "-c", "fsync=off"], stdout=log, stderr=log, cwd=folder, **owner
        ) as server:  # fmt: skip
            try:
                until(lambda: "ready to accept connections" in (folder / "log").read_text(), 60)
                yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(60)
    finally:
        shutil.rmtree(folder)


@contextmanager
def plant(checkout: Path, database: str) -> Iterator[Plant]:
    """The server, on that database; whatever was started ends with it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    home = checkout.parent / "home"
    home.mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    own |= {
        "HOME": str(home),
        "PYTHONPATH": str(checkout / "src"),
        "PREFECT_API_URL": url,
        "PREFECT_API_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_SERVER_API_AUTH_STRING": AUTH,
        "PREFECT_API_AUTH_STRING": AUTH,
    }
    command = ["server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with (home / "server.log").open("wb") as log, subprocess.Popen(
        [sys.executable, "-m", "prefect", *command],
        cwd=home, env=own, stdout=log, stderr=log, start_new_session=True,
    ) as server:  # fmt: skip
        made = Plant(checkout, url, own)
        try:

            def healthy() -> bool:
                with suppress(OSError):
                    return made.ask("/health") is True
                return False

            until(healthy, 180)
            yield made
        finally:
            made.end_workers()
            _end(server)


def signed_in(auth: str) -> dict[str, str]:
    """The header of who knows a server's secret."""
    return {"Authorization": f"Basic {b64encode(auth.encode()).decode()}"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def servers(folder: Path) -> list[int]:
    """Server processes of the project that are alive."""
    home = str(folder / "output" / ".prefect")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if home in str((process / "cwd").readlink()):
                found.append(int(process.name))
        except OSError:
            continue
    return found
