"""A Prefect server for one project, for as long as a run or a schedule lasts.

Prefect can start a temporary server itself, but late, after its own import; it gives up after 20
seconds, which a busy machine exceeds; and it answers anyone. This one starts before anything
else is imported, on a socket that already listens (a request waits until it is answered), and ends
with the process that started it, however that ends. It answers only requests with its secret,
which is a new one for each server. All its files are in one folder that only its user can read;
the user's own Prefect home is not touched, and nothing is sent to anyone.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import WenshuError
from pipeline.safe_files import exclusive_lock, is_locked

_FOLDER = Path(__file__).parent
_CONFIG: Mapping[str, Mapping[str, str]] = tomllib.loads((_FOLDER / "prefect.toml").read_text("utf-8"))
SETTINGS = {**_CONFIG["client"], "PREFECT_LOGGING_SETTINGS_PATH": str(_FOLDER / "logging.yml")}
"""Prefect's settings for a run, with this server or another."""

HOME = ".prefect"
"""The folder of the server's files, below output/."""

OWN = "WENSHU_OWN_SERVER"
"""Environment variable that is set where no other project uses the server."""

ACCESS = "server.access"
"""In the home of a shared server, readable by its user alone: its URL, and on the next line its secret."""

_AUTH = "PREFECT_SERVER_API_AUTH_STRING"
_HOST, _UI_PORT = "127.0.0.1", 4200
_START_SECONDS, _STOP_SECONDS = 120.0, 10.0
"""Seconds that a server may take to answer first (four on an idle machine), and to stop."""


class NoServerError(WenshuError):
    """The server did not start; the message says why and where its log is."""


@contextmanager
def prefect_api(home: Path, meanwhile: Callable[[], None], *, shared: bool = False) -> Iterator[None]:
    """Within it, this process's Prefect has a server: the user's, a running schedule's, or a new one.

    meanwhile: called while a new server starts. shared: as for `Server`.
    """
    if os.environ.get("PREFECT_API_URL"):
        os.environ.update({"PREFECT_HOME": str(home), **SETTINGS, **os.environ})
        yield
        return
    if not shared and (environment := find_server(home)):
        os.environ.update(environment)
        yield
        return
    server = Server(home, shared=shared)
    try:
        os.environ.update(server.environment)
        meanwhile()
        server.wait_until_ready()
        yield
    finally:
        server.stop()


def find_server(home: Path) -> Mapping[str, str] | None:
    """The environment to reach the shared server of a home; None where none is running.

    The secret is sent to no other process: while the lock on its file is held, the port is in use.
    """
    if is_locked(home / ACCESS):
        with suppress(OSError, ValueError):  # it is starting, or stopping
            url, auth = (home / ACCESS).read_text(encoding="utf-8").splitlines()
            return _client_environment(home, url, auth)
    return None


def _client_environment(home: Path, url: str, auth: str) -> Mapping[str, str]:
    """The environment that Prefect needs before its import, to reach the server of that URL."""
    proxies = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    no_proxy = f"{proxies},{_HOST}" if proxies else _HOST
    server = {"PREFECT_HOME": str(home), "PREFECT_API_URL": f"{url}/api", "PREFECT_API_AUTH_STRING": auth}
    return {**SETTINGS, **server, "NO_PROXY": no_proxy, "no_proxy": no_proxy, OWN: "1"}


class Server:
    """A server that starts in the background."""

    def __init__(self, home: Path, *, shared: bool = False) -> None:
        """Start a server whose files are in `home`; returns at once.

        shared: with the UI and the scheduler, and for other runs too (`find_server`).
        Raises `NoServerError` where the folder cannot be written or no process started.
        """
        self._home, self._locks = home, ExitStack()
        busy = f"a schedule is at work on {home.parent} already; end it first"
        auth = os.environ.get(_AUTH) or f"wenshu:{secrets.token_urlsafe(32)}"
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            home.chmod(0o700)
            lock = exclusive_lock(home / ACCESS, busy, 0o600)
            self._access = self._locks.enter_context(lock) if shared else None
            if self._access:  # the port of a killed server may be another program's by now
                self._access.truncate(0)
            self._database_is_new = _copy_database(home)
            with _listen(_UI_PORT if shared else 0) as listening:  # later only the server has the socket
                self.url = f"http://{_HOST}:{listening.getsockname()[1]}"
                self._process = self._start(listening, auth, shared)
                # The first request takes half a second more than others: sent now, it is answered
                # while this process is busy.
                self._health = HTTPConnection(urlsplit(self.url).netloc)
                self._health.request("GET", "/api/health")
        except (OSError, ValueError) as error:
            raise NoServerError(f"{home}: {error}") from error
        self.environment = _client_environment(home, self.url, auth)

    def wait_until_ready(self, seconds: float = _START_SECONDS) -> None:
        """Wait until the server answers. Raises `NoServerError` where it does not."""
        self._health.sock.settimeout(seconds)
        try:
            status = self._health.getresponse().status
            fault = "" if status == 200 else f"it answered {status}"
        except TimeoutError:
            fault = f"no answer in {seconds:.0f} s"
        except (OSError, HTTPException):  # the process has ended
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
            fault = f"it ended with code {self._process.poll()}"
        self._health.close()
        if fault:
            raise NoServerError(f"{fault}; see {self._home}/server.log")
        _mark_database(self._home, self._database_is_new)
        if self._access:
            self._access.write(f"{self.url}\n{self.environment['PREFECT_API_AUTH_STRING']}\n")
            self._access.flush()

    def stop(self) -> None:
        """Stop the server once it has written what it was sent."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        if self._access:
            self._access.truncate(0)
        self._locks.close()

    def _start(self, listening: socket.socket, auth: str, shared: bool) -> subprocess.Popen[bytes]:
        port = listening.getsockname()[1]
        settings = {**SETTINGS, **_CONFIG["server"], "PREFECT_HOME": str(self._home), _AUTH: auth}
        settings["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] = f"{self.url},http://localhost:{port}"
        if shared:  # with the UI, whose files go beside the database and not into the installed package
            settings["PREFECT_UI_STATIC_DIRECTORY"] = f"{self._home}/ui"
            settings["PREFECT_UI_API_URL"] = f"{self.url}/api"
        else:
            settings |= _CONFIG["single_run"]
        if _is_current_database(self._home):
            settings |= _CONFIG["current_database"]
        environment = {**os.environ, **settings}
        environment.pop("PREFECT_API_URL", None)
        inherited = [each.fileno() for each in (listening, self._access) if each]
        with (self._home / "server.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-u", __file__, str(listening.fileno())],
                env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self._home,
                pass_fds=inherited,
                start_new_session=True,  # Ctrl-C is for the run; the server stops when the run has ended
            )  # fmt: skip


def _template_database() -> Path:
    """An empty database of this version of Prefect in the user's cache folder: making one takes 8 seconds."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache, "wenshu", f"prefect-{version('prefect')}.db")


def _copy_database(home: Path) -> bool:
    """Copy the template to a home without a database; returns whether Prefect has to make a new one."""
    database, template = home / "prefect.db", _template_database()
    if database.exists():
        return False
    with suppress(OSError):
        Path(shutil.copyfile(template, database.with_suffix(".part"))).replace(database)
        (home / "prefect.version").write_text(version("prefect"), encoding="utf-8")
        return False
    return True


def _is_current_database(home: Path) -> bool:
    """Whether the home's database is used and was made by this version of Prefect."""
    if os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL"):
        return False
    with suppress(OSError):
        made_by = (home / "prefect.version").read_text(encoding="utf-8", errors="replace")
        return (home / "prefect.db").stat().st_size > 0 and made_by == version("prefect")
    return False


def _mark_database(home: Path, is_new: bool) -> None:
    """Record the version of Prefect that the database is of; make a new one the template."""
    database, template = home / "prefect.db", _template_database()
    with suppress(OSError, sqlite3.Error):
        if _is_current_database(home) or not database.is_file():  # else another database is used
            return
        (home / "prefect.version").write_text(version("prefect"), encoding="utf-8")
        if is_new:
            part = template.with_suffix(f".{os.getpid()}")
            part.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(database)) as source:
                source.execute("vacuum into ?", (str(part),))
            part.replace(template)


def _listen(port: int) -> socket.socket:
    """A listening socket, on any free port where that one is taken."""
    try:
        return socket.create_server((_HOST, port))
    except OSError:
        return socket.create_server((_HOST, 0))


def _serve(descriptor: int) -> None:
    """Serve Prefect's API on a listening socket until stdin ends, which is when the parent ends."""

    def exit_with_parent() -> None:
        os.read(sys.stdin.fileno(), 1)  # unbuffered: no lock is held when Python exits first
        os._exit(0)

    threading.Thread(target=exit_with_parent, daemon=True).start()
    import uvicorn
    from fastapi.middleware.trustedhost import TrustedHostMiddleware
    from prefect.server.api.server import create_app

    app = TrustedHostMiddleware(create_app(), [_HOST, "localhost"])  # against DNS rebinding
    uvicorn.run(app, fd=descriptor, log_level="error", lifespan="on")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
