"""The desk's port, its link, and the process that serves it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from pipeline.desk.access import LOOPBACK, Access, Tokens
from pipeline.desk.app import Desk, application
from pipeline.desk.pages import refusal
from pipeline.errors import WenshuError, one_line
from pipeline.language import pick
from pipeline.project import Project

_LEAVING = 2
"""Seconds that open answers may take at the end."""


class Served:
    """A desk that listens."""

    def __init__(
        self, project: Project, *, host: str = "127.0.0.1", port: int = 0, password: str | None = None,
        config: Path | None = None, home: Path | None = None,
    ) -> None:  # fmt: skip
        """config, home: as those of `Desk.of`. Raises `WenshuError` where there is no such port."""
        import uvicorn

        if host not in LOOPBACK and not password:
            raise WenshuError(
                f"--host {one_line(host)} opens the desk to other machines, which needs a password; put one "
                "into WENSHU_DESK_PASSWORD"
            )
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._host = host
        self.tokens = Tokens()
        self.desk = Desk.of(project, config, home)
        door = Access(
            application(self.desk), self.tokens, port=self.port, host=host, password=password,
            page=refusal(self.desk.lang), spent=self._another,
        )  # fmt: skip
        config = uvicorn.Config(
            door, log_level="error", access_log=False, lifespan="off", server_header=False, date_header=False,
            timeout_graceful_shutdown=_LEAVING, ws="none", h11_max_incomplete_event_size=65536,
        )  # fmt: skip
        self._server = uvicorn.Server(config)

    def link(self) -> str:
        """A new address that opens the desk once."""
        name = "127.0.0.1" if self._host in ("127.0.0.1", "0.0.0.0", "localhost") else self._host
        name = f"[{name}]" if ":" in name else name
        return f"http://{name}:{self.port}/?token={self.tokens.link()}"

    def serve(self, ready: Callable[[str], None]) -> None:
        """Serve until it is stopped. ready: told the link once the port answers."""
        Thread(target=self.desk.warm, daemon=True).start()
        ready(self.link())
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Have `serve` return."""
        self._server.should_exit = True

    def _another(self) -> None:
        said = pick("那个链接已经用过；新的链接", "that link was used; here is another")
        print(f"{said}  {self.link()}", file=sys.stderr, flush=True)


def _bound(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(found[0], socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(found[4])
        listening.listen(64)
    except OSError as error:
        raise WenshuError(f"port {port} cannot be had: {error.strerror}; give another --port") from error
    return listening
