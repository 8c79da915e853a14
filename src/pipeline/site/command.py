"""`wenshu site build|serve`."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from pipeline.errors import WenshuError, one_line
from pipeline.project import project_of

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d+)?", re.IGNORECASE)
"""What this machine may be called in a request. By any other name it is a web page of elsewhere that asks."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def run(args: Namespace) -> int:
    """Run `wenshu site` with its parsed arguments; the exit code."""
    project = project_of(args)
    if args.action == "build":
        from pipeline.site import build, look_of

        built = build(project.output, project.catalog, look_of(project), anew=True)
        print(one_line(str(built / "index.html")))
        return 0
    with server(project.output / "site", args.port) as listening:
        print(f"http://127.0.0.1:{listening.server_port}/", flush=True)
        listening.serve_forever()
    return 0


def server(site: Path, port: int, patience: float = 30.0) -> ThreadingHTTPServer:
    """A server of the site for this machine alone; a site built meanwhile is served at once.

    port: 0 for any that is free. patience: seconds without a byte, after which a connection ends.
    It shows what a reader of the published site is shown: no lists of folders, no hidden files.
    Raises `WenshuError` where there is no site or no such port.
    """
    if not (site / "index.html").is_file():
        raise WenshuError(f"{one_line(str(site))} is not there yet; `wenshu site build` makes it")
    try:
        return _Server(("127.0.0.1", port), partial(_Handler, patience, directory=str(site)))
    except OSError as error:
        raise WenshuError(f"port {port} cannot be had: {error.strerror}; give another --port") from error


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who leaves in the middle."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Files below the site, whole or a range of them, with the types that the site's files have."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".csv": "text/csv; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".jsonld": "application/ld+json",
        ".md": "text/markdown; charset=utf-8",
        ".cff": "text/yaml; charset=utf-8",
        ".parquet": "application/vnd.apache.parquet",
    }

    _length = sys.maxsize
    """Bytes of the file that are to be sent."""

    def __init__(self, patience: float, *connection: Any, directory: str) -> None:
        self._patience = patience
        super().__init__(*connection, directory=directory)

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self._patience)

    def send_head(self) -> Any:
        """The answer's head; the file whose bytes follow, or None."""
        if not _HOST.fullmatch(self.headers.get("Host", "").strip()):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        parts = unquote(re.split(r"[?#]", self.path, maxsplit=1)[0]).split("/")
        if any(part.startswith(".") or "\0" in part for part in parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        wanted = _RANGE.fullmatch(self.headers.get("Range", "").strip())
        path = Path(self.translate_path(self.path))
        if wanted and any(wanted.groups()) and path.is_file() and not self.path.endswith("/"):
            return self._send_range(path, *wanted.groups())
        return super().send_head()

    def _send_range(self, path: Path, first: str, last: str) -> IO[bytes] | None:
        """The head of a part of a file: from its n-th byte to its m-th or its end, or the last m."""
        file = path.open("rb")
        told = os.fstat(file.fileno())
        size, written = told.st_size, self.date_time_string(int(told.st_mtime))
        if self.headers.get("If-Range", written) != written:
            file.close()
            return super().send_head()  # the file has changed: all of it
        begin = int(first) if first else max(size - int(last), 0)
        end = min(int(last), size - 1) if first and last else size - 1
        if begin > end:
            file.close()
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        file.seek(begin)
        self._length = end - begin + 1
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {begin}-{end}/{size}")
        self.send_header("Content-Length", str(self._length))
        self.send_header("Last-Modified", written)
        self.end_headers()
        return file

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send as much of the file as the head has announced."""
        left = self._length
        while left and (chunk := source.read(min(left, 1 << 16))):
            outputfile.write(chunk)
            left -= len(chunk)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Of a page that is gone, the site's own page for that; else the server's words."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.log_error("code %d, message %s", code, message or "")
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def list_directory(self, path: Any) -> None:
        """Nothing: a folder without a page is none of the site's."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        if args and str(args[1] if len(args) > 1 else "").startswith(("4", "5")):
            print(one_line(format % args), file=sys.stderr)
