"""A Prefect server of the project's own, for as long as a run or a schedule lasts.

Prefect can start such a server itself. It then does so late, after its own import; it
gives up after 20 seconds, which a busy machine exceeds; and it lets in whoever knocks.
Here it starts before anything else is imported, on a socket that is already listening
(a request waits until it answers), and it ends with the process that started it,
however that one ends. It answers only who sends its secret, which is a new one for
each server. Everything it keeps is in one folder that its user alone can read; nothing
is read from or written to the user's own Prefect home, and nothing is sent to anyone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import WenshuError
from pipeline.locks import is_held

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

_SERVER: Mapping[str, str] = {
    # By default the recorder writes some twenty rows a second and drops the rest as it stops.
    # Whole seconds: it cuts the interval to one, and with none keeps a core busy doing nothing.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    # A home remembers that its blocks were registered, and not in which database: a new one would have none.
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}
_FOR_A_RUN: Mapping[str, str] = {  # without the UI, and services that schedule and clean up
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
}

_MADE: Mapping[str, str] = {
    # A quarter of a server's start, and a third of what it computes, is to find that this is done.
    "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
}
"""For a server whose database is as this version of Prefect makes it."""

OWN = "WENSHU_OWN_SERVER"
"""In the environment of who speaks to a server that no other project uses."""

ACCESS = "server.access"
"""In a lasting server's home, for its user alone: its URL, and below that the secret to sign in with."""

_DATABASE, _MAKER = "prefect.db", "prefect.version"
"""In a home: what Prefect keeps, and the version of it that made that."""

_AUTH = "PREFECT_SERVER_API_AUTH_STRING"
_HOST, _UI_PORT = "127.0.0.1", 4200
_PATIENCE, _STOPPING = 120.0, 10.0
"""Seconds that a server may take to answer first (four on an idle machine), and to stop."""


class NoServerError(WenshuError):
    """The server did not start; its text says why and where its log is."""


def client_environment(home: Path, url: str, auth: str) -> Mapping[str, str]:
    """What an environment must hold before prefect is imported, to speak to the server of that URL."""
    around = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    direct = f"{around},{_HOST}" if around else _HOST
    own = {"PREFECT_HOME": str(home), "PREFECT_API_URL": f"{url}/api", "PREFECT_API_AUTH_STRING": auth}
    return {**SETTINGS, **own, "NO_PROXY": direct, "no_proxy": direct, OWN: "1"}


def standing(home: Path) -> Mapping[str, str] | None:
    """The environment to reach the lasting server that keeps its data in `home`; None where none answers.

    The secret is sent to that server alone: while the lock on its file is held, its port is too.
    """
    if not is_held(home / ACCESS):
        return None
    with suppress(OSError, ValueError, HTTPException):
        url, auth = (home / ACCESS).read_text(encoding="utf-8").splitlines()
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=5)) as connection:
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return client_environment(home, url, auth)
    return None


class Server:
    """A server that starts in the background; `ready` waits for it, `stop` ends it."""

    def __init__(self, home: Path, *, lasting: bool = False) -> None:
        """Start a server that keeps its data in `home`; returns at once.

        lasting: with the UI and the scheduler, and found by other runs (`standing`).
        Raises `NoServerError` where the folder cannot be written or no process started.
        """
        self._home = home
        self._auth = os.environ.get(_AUTH) or f"wenshu:{secrets.token_urlsafe(32)}"
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            home.chmod(0o700)
            self._access = _held(home / ACCESS) if lasting else None
            self._seeded = _seed(home)
            self._made = self._seeded and _is_made(home)
            self._socket = _listen(_UI_PORT if lasting else 0)
            self.url = f"http://{_HOST}:{self._socket.getsockname()[1]}"
            self.environment = client_environment(home, self.url, self._auth)
            self._process = self._start(lasting)
            # The first question takes the server half a second more than any other: ask it
            # now, so that it is over with while this process is busy elsewhere.
            self._question = HTTPConnection(urlsplit(self.url).netloc)
            self._question.request("GET", "/api/health")
        except (OSError, ValueError) as error:
            raise NoServerError(f"{home}: {error}") from error

    def ready(self, patience: float = _PATIENCE) -> None:
        """Wait until the server answers.

        patience: seconds to wait at most. Raises `NoServerError` where it does not.
        """
        assert self._process.stdin is not None
        event = select.poll()
        event.register(self._question.sock, select.POLLIN)
        event.register(self._process.stdin, 0)  # says when its other end is gone, and nothing else
        answering = self._question.sock.fileno() in dict(event.poll(patience * 1000))
        status = self._question.getresponse().status if answering else 0
        self._question.close()
        if status != 200:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            code = self._process.poll()
            why = f"it ended with code {code}" if code is not None else f"no answer in {patience:.0f} s"
            raise NoServerError(f"{f'it answered {status}' if status else why}; see {self._home}/server.log")
        if not self._made:
            _note_made(self._home, empty=not self._seeded)
        if self._access:
            self._access.write(f"{self.url}\n{self._auth}\n")
            self._access.flush()

    def stop(self) -> None:
        """End the server once it has written what it was sent."""
        self._process.terminate()
        try:
            self._process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._socket.close()
        if self._access:
            self._access.truncate(0)
            self._access.close()

    def _start(self, lasting: bool) -> subprocess.Popen[bytes]:
        port = self._socket.getsockname()[1]
        said = {**os.environ, **SETTINGS, **_SERVER, "PREFECT_HOME": str(self._home), _AUTH: self._auth}
        said["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] = f"{self.url},http://localhost:{port}"
        if lasting:  # with the UI, whose files go beside the database and not into the installed package
            ui = {"PREFECT_UI_STATIC_DIRECTORY": f"{self._home}/ui", "PREFECT_UI_API_URL": f"{self.url}/api"}
        said |= ui if lasting else _FOR_A_RUN
        said |= _MADE if self._made else {}
        said.pop("PREFECT_API_URL", None)
        handed = [each.fileno() for each in (self._socket, self._access) if each]
        with (self._home / "server.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-u", __file__, str(self._socket.fileno())],
                env=said, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self._home, pass_fds=handed,
                start_new_session=True,  # Ctrl-C is the run's; the server ends when the run has ended
            )  # fmt: skip


def _held(path: Path) -> TextIOWrapper:
    """The file that tells how to reach the server, locked for as long as this process or the server lives."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w", encoding="utf-8")
    try:
        os.fchmod(file.fileno(), 0o600)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(0)  # where a killed one was is for others to listen by now
    except BlockingIOError as error:
        raise NoServerError(f"a schedule is at work on {path.parents[1]} already; end it first") from error
    return file


def _listen(port: int) -> socket.socket:
    """A listening socket, on any free port where that one is taken."""
    try:
        return socket.create_server((_HOST, port))
    except OSError:
        return socket.create_server((_HOST, 0))


def _empty() -> Path:
    """An empty database, kept so that the next new home need not make one, which takes 8 seconds."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "wenshu" / f"prefect-{version('prefect')}.db"


def _seed(home: Path) -> bool:
    """Whether there is a database by now: the home's own, or a copy of the empty one."""
    database = home / _DATABASE
    if not database.exists():
        with suppress(OSError):
            Path(shutil.copyfile(_empty(), database.with_suffix(".part"))).replace(database)
            (home / _MAKER).write_text(version("prefect"), encoding="utf-8")
    return database.exists()


def _is_made(home: Path) -> bool:
    """Whether the database is the home's own, and as this version of Prefect makes it."""
    if os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL"):
        return False
    with suppress(OSError, ValueError, sqlite3.Error), closing(sqlite3.connect(home / _DATABASE)) as database:
        there = database.execute("select count(*) from alembic_version join block_type").fetchone()[0]
        return bool(there) and (home / _MAKER).read_text(encoding="utf-8") == version("prefect")
    return False


def _note_made(home: Path, *, empty: bool) -> None:
    """Note that this version of Prefect made the home's database; keep an empty one for other homes."""
    with suppress(OSError, sqlite3.Error):
        if not (home / _DATABASE).is_file():  # it is another one, somewhere else
            return
        (home / _MAKER).write_text(version("prefect"), encoding="utf-8")
        if empty:
            part = _empty().with_suffix(f".{os.getpid()}")
            part.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(home / _DATABASE)) as source:
                source.execute("vacuum into ?", (str(part),))
            part.replace(_empty())


def _serve(descriptor: int) -> None:
    """Serve Prefect's API on a socket that is listening already, until stdin ends: with the parent."""

    def end() -> None:
        os.read(sys.stdin.fileno(), 1)  # unbuffered: no lock is held where Python ends first
        os._exit(0)

    threading.Thread(target=end, daemon=True).start()
    import uvicorn
    from fastapi.middleware.trustedhost import TrustedHostMiddleware
    from prefect.server.api.server import create_app

    app = TrustedHostMiddleware(create_app(), [_HOST, "localhost"])  # no name that a web page gave this host
    uvicorn.run(app, fd=descriptor, log_level="error", lifespan="on")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
