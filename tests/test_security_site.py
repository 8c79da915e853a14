"""`wenshu site serve` shows the published site and nothing else, to whoever asks in whatever way."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from serving import serving

DATA = bytes(range(256)) * 40


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site as it lies on the disk, with what it must not show in it and beside it."""
    built = tmp_path / "output" / ".sites" / "1"
    for path in ("index.html", "data/all.bin", "empty/.hidden/a.txt", ".secret", "a..b.txt"):
        (built / path).parent.mkdir(parents=True, exist_ok=True)
        (built / path).write_bytes(DATA)
    (built.parents[1] / ".prefect").mkdir()
    (built.parents[1] / ".prefect" / "server.access").write_text("secret")
    (built.parents[1] / "site").symlink_to(built)
    return built.parents[1] / "site"


@pytest.fixture
def port(site: Path) -> Iterator[int]:
    with serving(site) as port:
        yield port


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def raw(port: int, request: bytes) -> bytes:
    """What comes back for some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "host", ["town.example", "127.0.0.1.town.example", "", "[", "localhost@town.example"]
)
def test_another_name_than_this_machines_is_refused(port: int, host: str) -> None:
    status, _, content = ask(port, "/data/all.bin", Host=host)
    assert status == 400
    assert DATA not in content


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000"])
def test_this_machines_own_names_are_answered(port: int, host: str) -> None:
    assert ask(port, "/data/all.bin", Host=host)[2] == DATA


@pytest.mark.parametrize(
    "path",
    [
        *("/data/", "/empty/", "/data", "/empty/.hidden/", "/empty/.hidden/a.txt", "/.secret", "/%2esecret"),
        *("/../.prefect/server.access", "/%2e%2e/.prefect/server.access", "/..%2f.prefect%2fserver.access"),
        *("/%00", "/index.html%00", "/data%5c..%5c..%5c.prefect"),
        *("/%ff%fe", "/" + "a" * 5000, "/~root", "//etc/passwd", "/data//../../.secret"),
    ],
)
def test_folders_hidden_files_and_ways_out_are_not_there(
    port: int, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, content = ask(port, path)
    assert status == 404
    assert DATA not in content
    assert b"secret" not in content
    assert "Traceback" not in capsys.readouterr().err


def test_a_name_with_dots_inside_is_a_name(port: int) -> None:
    assert ask(port, "/a..b.txt")[0] == 200
    assert ask(port, "/?next=/.secret")[2] == DATA


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        ("bytes=0-0", 206, 0, 0),
        ("bytes=100-199", 206, 100, 199),
        ("bytes=10000-", 206, 10000, len(DATA) - 1),
        ("bytes=-5", 206, len(DATA) - 5, len(DATA) - 1),
        ("bytes=-99999999", 206, 0, len(DATA) - 1),
        ("bytes=5-99999999", 206, 5, len(DATA) - 1),
        ("bytes=20000-", 416, 0, -1),
    ],
)
def test_a_range_of_a_file_is_answered_with_just_that(
    port: int, wanted: str, status: int, first: int, last: int
) -> None:
    said = ask(port, "/data/all.bin", Range=wanted)
    assert said[0] == status
    assert said[2] == DATA[first : last + 1]
    span = f"{first}-{last}" if status == 206 else "*"
    assert said[1]["content-range"] == f"bytes {span}/{len(DATA)}"
    assert int(said[1]["content-length"]) == len(said[2])
    head = ask(port, "/data/all.bin", "HEAD", Range=wanted)
    assert (head[0], head[2]) == (status, b"")


def test_a_range_of_another_version_is_answered_with_the_whole_file(port: int) -> None:
    written = ask(port, "/data/all.bin")[1]["last-modified"]
    assert ask(port, "/data/all.bin", Range="bytes=1-2", If_Range=written)[0] == 206
    other = "Thu, 01 Jan 2015 00:00:00 GMT"
    assert ask(port, "/data/all.bin", Range="bytes=1-2", If_Range=other)[::2] == (200, DATA)


def test_a_page_of_another_site_cannot_take_a_file_in(port: int) -> None:
    _, said, _ = ask(port, "/data/all.bin", Origin="http://town.example")
    assert said["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in said


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_nothing_can_be_changed(port: int, method: str) -> None:
    assert ask(port, "/index.html", method)[0] == 405


NO_REQUESTS = [
    b"\r\n\r\n",
    b"\0\0\0",
    b"GET",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 500 + b"\r\n",
    b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("request_bytes", NO_REQUESTS)
def test_what_is_no_request_ends_without_a_fault(
    port: int, request_bytes: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert DATA not in raw(port, request_bytes)
    assert ask(port, "/data/all.bin")[2] == DATA
    assert "Traceback" not in capsys.readouterr().err
