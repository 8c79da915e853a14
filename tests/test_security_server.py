"""Prefect's servers let nobody in but their operator: real requests, as another user or a page makes them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from scheduling import signed_in, until

from pipeline.project import flow_module

COMMAND = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())"]
JSON = {"Content-Type": "application/json"}
FOREIGN = "http://town.example"

# What the API can do: read, change and start; the last ones are sockets.
ASKED = [
    *(("POST", f"/api/{kind}/filter") for kind in ("flow_runs", "deployments", "logs", "artifacts")),
    ("POST", "/api/block_documents/filter"),
    ("GET", "/api/admin/settings"),
    ("GET", "/api/admin/version"),
    ("POST", "/api/flows/"),
    ("POST", "/api/deployments/"),
    ("POST", "/api/automations/"),
    ("POST", "/api/admin/database/clear"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/health/../admin/settings"),
    ("GET", "//api/admin/settings"),
]
SOCKETS = ["/api/events/in", "/api/events/out", "/api/logs/out", "/api/task_runs/subscriptions/scheduled"]
GUESSES = ["wenshu:", ":", "wenshu:wenshu", "admin:pass"]


@pytest.fixture(scope="module")
def cache(prefect_cache: Path) -> Path:
    return prefect_cache


def environment(cache: Path, **more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return own | {"XDG_CACHE_HOME": str(cache), "HOME": str(cache)} | more


@pytest.fixture(scope="module")
def scheduled(tmp_path_factory: pytest.TempPathFactory, page: Path, cache: Path) -> Iterator[Path]:
    """The home of the server of a `wenshu schedule` that is waiting for its night."""
    folder = tmp_path_factory.mktemp("scheduled")
    (folder / "raw").mkdir()
    shutil.copy(page, folder / "raw" / "page.txt")
    (folder / "wenshu.toml").write_text('[schedule]\ncron = "0 0 1 1 *"\n', encoding="utf-8")
    home = folder / "output" / ".prefect"
    with (folder / "said").open("wb") as said, subprocess.Popen(
        [*COMMAND, "schedule"], cwd=folder, env=environment(cache), stderr=said
    ) as process:  # fmt: skip
        try:
            until(lambda: "next night" in (folder / "said").read_text(encoding="utf-8"))
            yield home
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture(scope="module")
def of_a_run(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[tuple[str, str]]:
    """The server that `wenshu run` starts, its URL and its secret."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        patch.setenv("XDG_CACHE_HOME", str(cache))
        server = flow_module("prefect_server").Server(tmp_path_factory.mktemp("run") / ".prefect")
    try:
        server.wait_until_ready()
        yield server.url, server.environment["PREFECT_API_AUTH_STRING"]
    finally:
        server.stop()


@pytest.fixture(scope="module", params=["schedule", "run"])
def door(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A server's URL and its secret."""
    if request.param == "run":
        found: tuple[str, str] = request.getfixturevalue("of_a_run")
        return found
    url, secret = access(request.getfixturevalue("scheduled"))
    return url, secret


def access(home: Path) -> tuple[str, str]:
    url, secret = (home / "server.access").read_text(encoding="utf-8").splitlines()
    return url, secret


def ask(
    url: str, method: str, path: str, headers: dict[str, str] | None = None, body: object = None
) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers (lower case) and the body of an answer."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    data = None if method == "GET" else json.dumps({} if body is None else body)
    connection.request(method, path, data, {**(JSON if data else {}), **(headers or {})})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def test_without_the_secret_nothing_is_read_changed_or_started(door: tuple[str, str]) -> None:
    url, secret = door
    assert len(secret) > 32
    for method, path in ASKED:
        for headers in ({}, *map(signed_in, GUESSES), {"Authorization": f"Bearer {secret}"}):
            status, _, content = ask(url, method, path, headers)
            # What is no path of the API is the UI's own page, which everyone has who has Prefect.
            assert status in (401, 404) or b"<!doctype html" in content.lower(), (method, path, headers)
    assert ask(url, "POST", "/api/flow_runs/filter", signed_in(secret))[0] == 200


def test_no_page_of_another_site_reads_an_answer_or_is_let_send_a_secret(door: tuple[str, str]) -> None:
    url, secret = door
    for origin in (FOREIGN, "null", "http://127.0.0.1:1", url + ".town.example"):
        wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        status, said, _ = ask(url, "OPTIONS", "/api/flow_runs/filter", {"Origin": origin, **wanted})
        assert status == 400, origin
        assert "access-control-allow-origin" not in said
        for path in ("/api/flow_runs/filter", "/api/health"):
            _, said, _ = ask(url, "POST", path, {"Origin": origin, **signed_in(secret)})
            assert "access-control-allow-origin" not in said
    _, said, _ = ask(url, "POST", "/api/flow_runs/filter", {"Origin": url, **signed_in(secret)})
    assert said["access-control-allow-origin"] == url


def test_a_name_that_another_site_gives_this_machine_is_not_answered(door: tuple[str, str]) -> None:
    url, secret = door
    for host in ("town.example", f"town.example:{urlsplit(url).port}", "127.0.0.1.town.example", ""):
        for path in ("/", "/api/health", "/ui-settings"):
            assert ask(url, "GET", path, {"Host": host, **signed_in(secret)})[0] == 400, (host, path)


@pytest.mark.parametrize("path", SOCKETS)
def test_a_socket_says_nothing_to_who_has_no_secret(door: tuple[str, str], path: str) -> None:
    from websockets.exceptions import ConnectionClosed, InvalidStatus
    from websockets.sync.client import connect
    from websockets.typing import Subprotocol

    url, _ = door
    at = url.replace("http", "ws", 1) + path
    with pytest.raises((ConnectionClosed, InvalidStatus)), connect(at) as legacy:
        legacy.recv(timeout=20)
    for token in (None, "", "wenshu:guess"):
        with connect(at, subprotocols=[Subprotocol("prefect")]) as socket:
            socket.send(json.dumps({"type": "auth", "token": token}))
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=20)


def test_what_prefect_keeps_is_for_its_user_alone(scheduled: Path) -> None:
    assert stat.S_IMODE(scheduled.stat().st_mode) == 0o700
    assert stat.S_IMODE((scheduled / "server.access").stat().st_mode) == 0o600
    (scheduled.parent / "again").mkdir(mode=0o755)
    server = flow_module("prefect_server").Server(scheduled.parent / "again")
    server.stop()
    assert stat.S_IMODE((scheduled.parent / "again").stat().st_mode) == 0o700


def test_the_secret_is_in_no_command_line_and_no_other_file(scheduled: Path) -> None:
    _, secret = access(scheduled)
    word = secret.partition(":")[2].encode()
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert word not in process.read_bytes()
        except OSError:
            continue
    holders = [
        path for path in scheduled.parents[1].rglob("*") if path.is_file() and word in path.read_bytes()
    ]
    assert holders == [scheduled / "server.access"]


def test_a_run_that_is_started_through_the_api_brings_no_places_of_its_own(
    scheduled: Path, tmp_path: Path
) -> None:
    """Not even one who has the secret makes the schedule read another wenshu.toml, and run its command."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("新建学校12所。", encoding="utf-8")
    mine = f'[notify]\ncommand = ["touch", "{tmp_path}/run"]\n'
    (tmp_path / "wenshu.toml").write_text(mine, encoding="utf-8")
    url, secret = access(scheduled)
    _, _, content = ask(url, "POST", "/api/deployments/filter", signed_in(secret))
    (deployment,) = json.loads(content)
    assert deployment["parameters"] == {}
    brought = {"config": str(tmp_path), "output": str(tmp_path / "output")}
    create = f"/api/deployments/{deployment['id']}/create_flow_run"
    _, _, content = ask(url, "POST", create, signed_in(secret), {"parameters": brought})
    run = json.loads(content)["id"]

    def ended() -> bool:
        state = json.loads(ask(url, "GET", f"/api/flow_runs/{run}", signed_in(secret))[2])["state"]
        return state["type"] in ("FAILED", "CRASHED")

    until(ended)
    assert {path.name for path in tmp_path.iterdir()} == {"raw", "wenshu.toml"}


def test_a_second_schedule_on_the_same_output_is_refused_in_a_line(scheduled: Path, cache: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "schedule"], cwd=scheduled.parents[1], env=environment(cache), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("wenshu: a schedule is at work on ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.soak
def test_a_run_beside_the_schedule_is_observed_by_its_server_and_bears_its_id(
    scheduled: Path, cache: Path
) -> None:
    done = subprocess.run(
        [*COMMAND, "run"], cwd=scheduled.parents[1], env=environment(cache), capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    url, secret = access(scheduled)
    _, _, content = ask(
        url, "POST", "/api/flow_runs/filter", signed_in(secret),
        {"flow_runs": {"state": {"name": {"any_": ["Released"]}}}},
    )  # fmt: skip
    (run,) = json.loads(content)
    assert (scheduled.parent / "runs" / run["name"] / "run.json").is_file()


def test_who_has_taken_the_port_of_a_schedule_that_is_gone_is_not_sent_its_secret(tmp_path: Path) -> None:
    server = flow_module("prefect_server")
    asked = []

    class Squatter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(dict(self.headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            return None

    with HTTPServer(("127.0.0.1", 0), Squatter) as squatter:
        Thread(target=squatter.serve_forever, daemon=True).start()
        said = f"http://127.0.0.1:{squatter.server_port}\nwenshu:word\n"
        (tmp_path / "server.access").write_text(said, encoding="utf-8")  # as a killed schedule leaves it
        assert server.find_server(tmp_path) is None
        squatter.shutdown()
    assert asked == []
    assert server.find_server(tmp_path / "nowhere") is None


def test_a_schedule_that_starts_is_not_looked_for_where_a_killed_one_was(tmp_path: Path) -> None:
    server = flow_module("prefect_server")
    (tmp_path / "server.access").write_text("http://127.0.0.1:9\nwenshu:word\n", encoding="utf-8")
    starting = server.Server(tmp_path, shared=True)
    try:
        assert (tmp_path / "server.access").read_text() == ""
        assert server.find_server(tmp_path) is None
    finally:
        starting.stop()


@pytest.mark.soak
def test_an_own_word_is_what_both_ask_for_and_send(tmp_path: Path, page: Path, cache: Path) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw" / "page.txt")
    word = {"PREFECT_SERVER_API_AUTH_STRING": "officer:own word"}
    done = subprocess.run(
        [*COMMAND, "run"], cwd=tmp_path, env=environment(cache, **word), capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), "observed"
    with (tmp_path / "said").open("wb") as said, subprocess.Popen(
        [*COMMAND, "schedule"], cwd=tmp_path, env=environment(cache, **word), stderr=said
    ) as process:  # fmt: skip
        try:
            until(lambda: "next night" in (tmp_path / "said").read_text(encoding="utf-8"))
            url, secret = access(tmp_path / "output" / ".prefect")
            assert secret == "officer:own word"
            assert ask(url, "POST", "/api/deployments/filter", signed_in(secret))[0] == 200
            assert ask(url, "POST", "/api/deployments/filter")[0] == 401
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
    assert (tmp_path / "output" / ".prefect" / "server.access").read_text() == ""
