"""The desk's port, its link, and the process that serves it.

The link is there in a moment; the screens, and all that reads articles, are loaded behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from pipeline.desk.access import LOOPBACK, Access, Tokens
from pipeline.desk.pages import page
from pipeline.errors import WenshuError, one_line
from pipeline.language import localized
from pipeline.project import Project
from pipeline.web.local_server import LocalServer


class Served:
    """A desk that listens."""

    def __init__(
        self, project: Project, *, host: str = "127.0.0.1", port: int = 0, password: str | None = None,
        config: Path | None = None, home: Path | None = None,
    ) -> None:  # fmt: skip
        """config, home: as those of `Desk.of`. Raises `WenshuError` where there is no such port."""
        if host not in LOOPBACK and not password:
            raise WenshuError(
                f"--host {one_line(host)} opens the desk to other machines, which needs a password; put one "
                "into WENSHU_DESK_PASSWORD"
            )
        self._listening = LocalServer(host, port)
        self.port = self._listening.port
        self._host, self._password = host, password
        self.tokens = Tokens()
        self._of = project, config, home

    def link(self) -> str:
        """A new address that opens the desk once."""
        name = "127.0.0.1" if self._host in ("127.0.0.1", "0.0.0.0", "localhost") else self._host
        name = f"[{name}]" if ":" in name else name
        return f"http://{name}:{self.port}/?token={self.tokens.link()}"

    def serve(self, ready: Callable[[str], None]) -> None:
        """Serve until it is stopped. ready: told the link once the port answers.

        Whoever comes at once waits until what the screens need is loaded.
        """
        ready(self.link())
        from pipeline.desk.app import application
        from pipeline.desk.desk import Desk

        self.desk = Desk.of(*self._of)
        Thread(target=self.desk.warm, daemon=True).start()
        door = Access(
            application(self.desk), self.tokens, port=self.port, host=self._host, password=self._password,
            page=lambda why: page("refused.html", self.desk.lang, why=why), spent=self._another,
        )  # fmt: skip
        self._listening.serve(door)

    def stop(self) -> None:
        """Have `serve` return."""
        self._listening.stop()

    def _another(self) -> None:
        said = localized("那个链接已经用过；新的链接", "that link was used; here is another")
        print(f"{said}  {self.link()}", file=sys.stderr, flush=True)
