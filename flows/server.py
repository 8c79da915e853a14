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

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import tomllib
from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import WenshuError
from pipeline.safe_files import exclusive_lock, is_locked

_HERE = Path(__file__).parent
_TOLD: Mapping[str, Mapping[str, str]] = tomllib.loads((_HERE / "prefect.toml").read_text(encoding="utf-8"))
SETTINGS = {**_TOLD["client"], "PREFECT_LOGGING_SETTINGS_PATH": str(_HERE / "logging.yml")}
"""What a run says to Prefect, its own server or another."""

OWN = "WENSHU_OWN_SERVER"
"""In the environment of who speaks to a server that no other project uses."""

ACCESS = "server.access"
"""In a lasting server's home, for its user alone: its URL, and below that the secret to sign in with."""

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
    if is_locked(home / ACCESS):
        with suppress(OSError, ValueError):  # it is starting, or ending
            url, auth = (home / ACCESS).read_text(encoding="utf-8").splitlines()
            return client_environment(home, url, auth)
    return None


class Server:
    """A server that starts in the background; `ready` waits for it, `stop` ends it."""

    def __init__(self, home: Path, *, lasting: bool = False) -> None:
        """Start a server that keeps its data in `home`; returns at once.

        lasting: with the UI and the scheduler, and found by other runs (`standing`).
        Raises `NoServerError` where the folder cannot be written or no process started.
        """
        self._home, self._held = home, ExitStack()
        busy = f"a schedule is at work on {home.parent} already; end it first"
        auth = os.environ.get(_AUTH) or f"wenshu:{secrets.token_urlsafe(32)}"
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            home.chmod(0o700)
            self._access = (
                self._held.enter_context(exclusive_lock(home / ACCESS, busy, 0o600)) if lasting else None
            )
            if self._access:  # where a killed one was is for others to listen by now
                self._access.truncate(0)
            self._database = _Database(home)
            with _listen(_UI_PORT if lasting else 0) as listening:  # from here on the process alone has it
                self.url = f"http://{_HOST}:{listening.getsockname()[1]}"
                self._process = self._start(listening, auth, lasting)
                # The first question takes the server half a second more than any other: ask it
                # now, so that it is over with while this process is busy elsewhere.
                self._question = HTTPConnection(urlsplit(self.url).netloc)
                self._question.request("GET", "/api/health")
        except (OSError, ValueError) as error:
            raise NoServerError(f"{home}: {error}") from error
        self.environment = client_environment(home, self.url, auth)

    def ready(self, patience: float = _PATIENCE) -> None:
        """Wait until the server answers.

        patience: seconds to wait at most. Raises `NoServerError` where it does not.
        """
        self._question.sock.settimeout(patience)
        try:
            status = self._question.getresponse().status
            why = "" if status == 200 else f"it answered {status}"
        except TimeoutError:
            why = f"no answer in {patience:.0f} s"
        except (OSError, HTTPException):  # nobody listens any more
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOPPING)
            why = f"it ended with code {self._process.poll()}"
        self._question.close()
        if why:
            raise NoServerError(f"{why}; see {self._home}/server.log")
        self._database.note_made()
        if self._access:
            self._access.write(f"{self.url}\n{self.environment['PREFECT_API_AUTH_STRING']}\n")
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
        if self._access:
            self._access.truncate(0)
        self._held.close()

    def _start(self, listening: socket.socket, auth: str, lasting: bool) -> subprocess.Popen[bytes]:
        told = {**os.environ, **SETTINGS, **_TOLD["server"], "PREFECT_HOME": str(self._home), _AUTH: auth}
        port = listening.getsockname()[1]
        told["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] = f"{self.url},http://localhost:{port}"
        if lasting:  # with the UI, whose files go beside the database and not into the installed package
            told["PREFECT_UI_STATIC_DIRECTORY"] = f"{self._home}/ui"
            told["PREFECT_UI_API_URL"] = f"{self.url}/api"
        told |= {} if lasting else _TOLD["for_a_run"]
        told |= _TOLD["made"] if self._database.made else {}
        told.pop("PREFECT_API_URL", None)
        handed = [each.fileno() for each in (listening, self._access) if each]
        with (self._home / "server.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-u", __file__, str(listening.fileno())],
                env=told, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self._home, pass_fds=handed,
                start_new_session=True,  # Ctrl-C is the run's; the server ends when the run has ended
            )  # fmt: skip


class _Database:
    """What Prefect keeps in a home, and the version of it that made that.

    To make one takes 8 seconds: an empty one is kept in the user's cache folder, to be copied.
    """

    def __init__(self, home: Path) -> None:
        self._file, self._maker, self._version = (
            home / "prefect.db",
            home / "prefect.version",
            version("prefect"),
        )
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self._empty = Path(cache, "wenshu", f"prefect-{self._version}.db")
        self._new = not self._file.exists()
        if self._new and self._empty.exists():
            with suppress(OSError):
                Path(shutil.copyfile(self._empty, self._file.with_suffix(".part"))).replace(self._file)
                self._maker.write_text(self._version, encoding="utf-8")
                self._new = False

    @property
    def made(self) -> bool:
        """Whether it is the home's own, and as this version of Prefect makes it."""
        if os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL"):
            return False
        with suppress(OSError):
            made_by = self._maker.read_text(encoding="utf-8", errors="replace")
            return self._file.stat().st_size > 0 and made_by == self._version
        return False

    def note_made(self) -> None:
        """Note that this version of Prefect made it; keep it for other homes where nothing is in it yet."""
        with suppress(OSError, sqlite3.Error):
            if self.made or not self._file.is_file():  # else it is another one, somewhere else
                return
            self._maker.write_text(self._version, encoding="utf-8")
            if self._new:
                part = self._empty.with_suffix(f".{os.getpid()}")
                part.parent.mkdir(parents=True, exist_ok=True)
                with closing(sqlite3.connect(self._file)) as source:
                    source.execute("vacuum into ?", (str(part),))
                part.replace(self._empty)


def _listen(port: int) -> socket.socket:
    """A listening socket, on any free port where that one is taken."""
    try:
        return socket.create_server((_HOST, port))
    except OSError:
        return socket.create_server((_HOST, 0))


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
