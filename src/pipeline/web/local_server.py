"""A port of this machine, and the server that answers there."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.errors import WenshuError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

_GRACE = 2
"""Seconds that open requests may take after a stop."""


class LocalServer:
    """A port that accepts connections at once; they are answered as soon as an application is served."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """port: 0 for any that is free. Raises `WenshuError` where the port is not free."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
            self._socket = socket.create_server((host, port), family=found[0], backlog=64)
        except OSError as error:
            raise WenshuError(f"port {port} cannot be had: {error.strerror}; give another --port") from error
        self.port: int = self._socket.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._stopped = False

    def serve(self, application: ASGIApp) -> None:
        """Answer requests until `stop` is called."""
        import uvicorn

        config = uvicorn.Config(
            application, log_level="error", access_log=False, lifespan="off", server_header=False,
            date_header=False, timeout_graceful_shutdown=_GRACE, ws="none",
            h11_max_incomplete_event_size=65536,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._server.should_exit = self._stopped
        with closing(self._socket):
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Have `serve` return."""
        self._stopped = True
        if self._server:
            self._server.should_exit = True

    def close(self) -> None:
        """Give the port back, where nothing was served."""
        self._socket.close()
