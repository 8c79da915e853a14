"""A release's CSVW as csvw (Python) validates it, strictly: over files, and over HTTP.

    pip install csvw && python tests/readers/csvw_check.py output/latest

Over HTTP csvw does not know the byte order mark with which the CSV files begin, as it does over
files: there it is given them from behind it.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from csvw import CSVW


class Behind(SimpleHTTPRequestHandler):
    """Files, CSV from behind its mark."""

    def do_GET(self) -> None:
        content = Path(self.translate_path(self.path)).read_bytes().removeprefix(b"\xef\xbb\xbf")
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def problems(address: str) -> list[str]:
    """What is wrong with the tables that a csv-metadata.json describes."""
    found = CSVW(address, validate=True)
    return [] if found.is_valid else [str(one.message) for one in found.warnings]


def both(release: Path) -> dict[str, list[str]]:
    """What is wrong with a release, over files and over HTTP."""
    handler = partial(Behind, directory=str(release))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served = f"http://127.0.0.1:{server.server_port}"
        places = {"files": str(release), "http": served}
        found = {name: problems(f"{place}/csv-metadata.json") for name, place in places.items()}
        server.shutdown()
    return found


if __name__ == "__main__":
    for place, said in both(Path(sys.argv[1]).resolve()).items():
        print(f"{place}: {'; '.join(said) or 'valid'}")
