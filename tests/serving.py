"""A site as it is served on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.site.command import site_application
from pipeline.web.local_server import LocalServer


@contextmanager
def serving(site: Path) -> Iterator[int]:
    """Serve it for as long as the context lasts; the port."""
    with closing(LocalServer()) as server:
        thread = threading.Thread(target=server.serve, args=(site_application(site),))
        thread.start()
        try:
            yield server.port
        finally:
            server.stop()
            thread.join()
