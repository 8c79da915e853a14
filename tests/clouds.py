"""An S3 server on loopback, and a gate before it that answers 503 when it is told to."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

_BUSY = b'<?xml version="1.0"?><Error><Code>%s</Code><Message>Please try again</Message></Error>'
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Gate:
    """A proxy before the server; `closed(n)` says whether the n-th request is answered 503."""

    def __init__(self, host: str, port: int) -> None:
        self.closed: Callable[[int], bool] = lambda number: False
        self.status, self.code = 503, b"ServiceUnavailable"
        self.asked = self.refused = 0
        self._lock = threading.Lock()
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if gate._turned_away():
                    self._answer(gate.status, [("Content-Type", "application/xml")], _BUSY % gate.code)
                    return
                behind = HTTPConnection(host, port, timeout=30)
                behind.request(self.command, self.path, body, dict(self.headers))
                answer = behind.getresponse()
                self._answer(answer.status, answer.getheaders(), answer.read())
                behind.close()

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815

            def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
                length = str(len(content))
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() == "content-length" and self.command == "HEAD":
                        length = value
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", length)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def log_message(self, *said: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _turned_away(self) -> bool:
        with self._lock:
            self.asked += 1
            away = self.closed(self.asked)
            self.refused += away
            return away


@contextmanager
def clouded(bucket: str = "bucket") -> Iterator[Gate]:
    """A bucket on an S3 server behind an open gate, which the environment names."""
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not here: it comes with wenshu[s3]")
    server = pytest.importorskip("moto.server", reason="moto's server is not here")
    pytest.importorskip("s3fs", reason="s3fs is not here: it comes with wenshu[s3]")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    gate = Gate(host, port)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", gate.url)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        fs = fsspec.filesystem("s3", skip_instance_cache=True)
        fs.mkdir(bucket)
        type(fs).clear_instance_cache()  # another test's endpoint may be remembered
        try:
            yield gate
        finally:
            gate.closed = lambda number: False
            type(fs).clear_instance_cache()
            reset = urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")
            urllib.request.urlopen(reset).close()
            gate.stop()
            running.stop()
