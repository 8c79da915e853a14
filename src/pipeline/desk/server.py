"""The desk's port, and the process that serves it.

The link is printed in a moment; the screens, and all that reads articles, are loaded after it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

from pipeline.desk.access import LOOPBACK, Access
from pipeline.errors import WenshuError, one_line
from pipeline.project import Project
from pipeline.web.local_server import LocalServer


class DeskServer:
    """A desk that listens."""

    def __init__(
        self, project: Project, *, host: str = "127.0.0.1", port: int = 0, password: str | None = None,
        config: Path | None = None, home: Path | None = None,
    ) -> None:  # fmt: skip
        """config, home: as those of `Desk`. Raises `WenshuError` where there is no such port."""
        if host not in LOOPBACK and not password:
            raise WenshuError(
                f"--host {one_line(host)} opens the desk to other machines, which needs a password; put one "
                "into WENSHU_DESK_PASSWORD"
            )
        self._listening = LocalServer(host, port)
        self.port = self._listening.port
        self._access = Access(self.port, host, password)
        self.link = self._access.link
        self._desk_arguments = project, config, home

    def serve(self, ready: Callable[[str], None]) -> None:
        """Serve until it is stopped. ready: called with a link once the port accepts connections.

        A request that comes at once waits until what the screens need is loaded.
        """
        ready(self.link())
        from pipeline.desk.app import application
        from pipeline.desk.desk import Desk

        self.desk = Desk(*self._desk_arguments)
        Thread(target=self.desk.warm_up, daemon=True).start()
        self._access.app = application(self.desk)
        self._listening.serve(self._access)

    def stop(self) -> None:
        """Have `serve` return."""
        self._listening.stop()
