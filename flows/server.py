"""A Prefect server of the project's own, for as long as a run or a schedule lasts.

Prefect can start such a server itself. It then does so late, after its own import; it
gives up after 20 seconds, which a busy machine exceeds; it takes its port by chance;
and it loses what is still queued when it stops. Here the server starts before anything
else is imported, on a socket that is already listening (a request waits until the
server answers, nothing polls), and it ends with the process that started it, however
that one ends.

Everything that it keeps is in one folder of the project's output: the runs' database,
its settings, its log. Nothing is read from or written to the user's own Prefect home,
and nothing is sent to anyone. A user who has a server names it in PREFECT_API_URL.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

SETTINGS: Mapping[str, str] = {
    # Nothing goes to anyone. DO_NOT_TRACK alone does not stop the server's look-up.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The terminal is the run's own; what Prefect logs is in the UI and in the server's log.
    "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).with_name("logging.yml")),
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # Tasks hand each other whole corpora: their results stay in memory.
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    # What a browser needs against forged requests costs a run two requests, both refused.
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
}
"""What a run says to Prefect, its own server or another."""

_RECORDER: Mapping[str, str] = {
    # By default the recorder writes some twenty rows a second and drops the rest as it stops.
    # Whole seconds: it cuts the interval to one, and with none keeps a core busy doing nothing.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
}

_FOR_A_RUN: Mapping[str, str] = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
}
"""Without what no run needs: the UI, and services that schedule and clean up."""

_UI_PORT = 4200
"""Where people look for Prefect's UI; any other port where this one is taken."""

_ADDRESS = "server.address"
"""Where a lasting server says in its home how to reach it."""

PATIENCE = 120.0
"""Seconds that a server may take: four while the machine is idle, more while it is not."""

_STOPPING = 10.0
"""Seconds that a server may take to stop before it is killed."""


class NoServerError(Exception):
    """The temporary server did not start; its text says why and where its log is."""


def client_environment(home: Path, url: str) -> Mapping[str, str]:
    """What an environment must hold before prefect is imported, to speak to the server of that URL."""
    around = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    direct = f"{around},127.0.0.1" if around else "127.0.0.1"
    own = {"PREFECT_HOME": str(home), "PREFECT_API_URL": url, "NO_PROXY": direct, "no_proxy": direct}
    return {**SETTINGS, **own}


def standing(home: Path) -> str | None:
    """The API's URL of the lasting server that keeps its data in `home`; None where none answers."""
    try:
        address = (home / _ADDRESS).read_text(encoding="ascii")
        with closing(HTTPConnection(address, timeout=5)) as connection:
            connection.request("GET", "/api/health")
            return f"http://{address}/api" if connection.getresponse().status == 200 else None
    except (OSError, ValueError, HTTPException):
        return None


class Server:
    """A server that starts in the background; `ready` waits for it, `stop` ends it."""

    def __init__(self, home: Path, *, lasting: bool = False) -> None:
        """Start a server that keeps its data in `home`; returns at once.

        lasting: with the UI and the scheduler, and found by other runs (`standing`).
        Raises `NoServerError` where the folder cannot be written or no process started.
        """
        self.home, self._lasting = home, lasting
        self._log = home / "server.log"
        self._template = _template()
        self._fresh = False
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._fresh = not self._seed()
            self._socket = _listen(_UI_PORT if lasting else 0)
            with self._log.open("wb") as log:
                self._process = self._start(log)
            # The first question takes the server half a second more than any other: ask it
            # now, so that it is over with while this process is busy elsewhere.
            self._question = HTTPConnection(self.address)
            self._question.request("GET", "/api/admin/version")
        except (OSError, ValueError) as error:
            raise NoServerError(f"{home}: {error}") from error

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What a client's environment must hold before it imports prefect."""
        return client_environment(self.home, f"http://{self.address}/api")

    def ready(self, patience: float = PATIENCE) -> None:
        """Wait until the server answers.

        patience: seconds to wait at most. Raises `NoServerError` where it does not.
        """
        over = threading.Event()

        def watch() -> None:
            """A server that dies answers nothing: free whoever waits for it at once."""
            self._process.wait()
            if not over.is_set():
                self._socket.close()

        threading.Thread(target=watch, daemon=True).start()
        try:
            assert self._question.sock is not None
            self._question.sock.settimeout(patience)
            answer = self._question.getresponse()
            if answer.status != 200:
                raise NoServerError(f"it answered {answer.status}; see {self._log}")
        except (OSError, HTTPException) as error:
            code = self._process.poll()
            why = f"it ended with code {code}" if code is not None else f"no answer in {patience:.0f} s"
            raise NoServerError(f"{why}; see {self._log}") from error
        finally:
            over.set()
            self._question.close()
        if self._fresh:
            self._keep_template()
        if self._lasting:
            (self.home / _ADDRESS).write_text(self.address, encoding="ascii")

    def stop(self) -> None:
        """End the server once it has written what it was sent."""
        if self._lasting:
            (self.home / _ADDRESS).unlink(missing_ok=True)
        self._process.terminate()
        try:
            self._process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._socket.close()

    def _start(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        said = {**os.environ, **SETTINGS, **_RECORDER, "PREFECT_HOME": str(self.home)}
        said |= self._for_a_schedule() if self._lasting else _FOR_A_RUN
        said.pop("PREFECT_API_URL", None)
        return subprocess.Popen(
            [sys.executable, "-u", __file__, str(self._socket.fileno())],
            env=said,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=self.home,
            pass_fds=(self._socket.fileno(),),
            start_new_session=True,  # Ctrl-C is the run's; the server ends when the run has ended
        )

    def _for_a_schedule(self) -> Mapping[str, str]:
        """With the UI, whose files go beside the database and not into the installed package."""
        return {
            "PREFECT_UI_STATIC_DIRECTORY": str(self.home / "ui"),
            "PREFECT_UI_API_URL": f"http://{self.address}/api",
        }

    def _seed(self) -> bool:
        """Whether the home has a database by now: its own, or a copy of the empty one kept before."""
        database = self.home / "prefect.db"
        if database.exists():
            return True
        with suppress(OSError):
            part = database.with_suffix(".part")
            shutil.copyfile(self._template, part)
            part.replace(database)
            return True
        return False

    def _keep_template(self) -> None:
        """Keep an empty database, so that the next new home need not migrate one for 8 seconds."""
        part = self._template.with_suffix(f".{os.getpid()}")
        with suppress(OSError, sqlite3.Error):
            part.parent.mkdir(parents=True, exist_ok=True)
            with (
                closing(sqlite3.connect(self.home / "prefect.db")) as source,
                closing(sqlite3.connect(part)) as copy,
            ):
                source.backup(copy)
            part.replace(self._template)
        part.unlink(missing_ok=True)


def _listen(port: int) -> socket.socket:
    """A listening socket, on any free port where that one is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def _template() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "wenshu" / f"prefect-{version('prefect')}.db"


@contextmanager
def _ends_with_parent() -> Iterator[None]:
    """Leave as soon as the process that started this one is gone: its end of stdin closes then."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    yield


def _serve(descriptor: int) -> None:
    """Serve Prefect's API on a socket that is listening already."""
    with _ends_with_parent():
        import uvicorn

        uvicorn.run(
            "prefect.server.api.server:create_app",
            factory=True,
            fd=descriptor,
            log_level="error",
            lifespan="on",
        )


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
