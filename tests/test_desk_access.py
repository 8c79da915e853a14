"""Who may use the desk: nobody without its link, no page of elsewhere, no other name of this machine."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from desking import Visitor, opened

from pipeline.desk.server import DeskServer
from pipeline.errors import WenshuError
from pipeline.project import load_project

CHANGE = {"name": "李四"}
"""A change that every desk takes."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    root = tmp_path_factory.mktemp("access")
    (root / "raw").mkdir()
    with opened(root) as visitor:
        yield visitor


def test_whoever_has_the_link_comes_in_and_no_page_may_frame_or_script_what_is_shown(desk: Visitor) -> None:
    answer = desk.get("/")
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?! src)|\son\w+=|style=", answer.text)


@pytest.mark.parametrize(
    "path", ["/", "/queue", "/assets/desk.js", "/api/run/events", "/report/x", "/?token=x"]
)
def test_without_the_cookie_nothing_is_shown(desk: Visitor, path: str) -> None:
    for cookie in ("", "wenshu-desk-1=x", f"wenshu-desk-{desk.port}=x", "a;;=\x01"):
        answer = desk.get(path, Cookie=cookie or "none=1")
        assert answer.status == 403
        assert "data-officer" not in answer.text


def test_a_link_opens_once_and_its_cookie_stays_with_the_desk(desk: Visitor) -> None:
    link = desk.served.link().rpartition("/")[2]
    first = desk.get(f"/{link}", Cookie="none=1")
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "domain" not in cookie
    assert desk.get(f"/{link}", Cookie="none=1").status == 403
    assert desk.get(f"/{link}").status == 200  # who is in already is not put out by pressing it again


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "169.254.1.1",
        "[::2]",
        "",
        "a b",
    ],
)
def test_another_name_of_this_machine_is_refused(desk: Visitor, host: str) -> None:
    assert desk.get("/", Host=host or " ").status in (400, 421)
    assert desk.post("/api/officer", CHANGE, Host=host or " ").status in (400, 421)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:1", "[::1]"])
def test_the_names_of_loopback_are_known(desk: Visitor, host: str) -> None:
    assert desk.get("/", Host=host).status == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": "", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "", "Origin": "http://localhost:1"},
        {"Sec_Fetch_Site": "", "Origin": "null"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": ""},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": ""},
    ],
)
def test_a_change_from_elsewhere_or_by_a_form_is_refused(desk: Visitor, forged: dict[str, str]) -> None:
    assert desk.post("/api/officer", CHANGE, **forged).status in (403, 415)


def test_browsers_find_an_icon_by_its_usual_name(desk: Visitor) -> None:
    icon = desk.get("/favicon.ico")
    assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")


def test_a_change_of_the_desks_own_page_is_taken(desk: Visitor) -> None:
    origin = f"http://127.0.0.1:{desk.port}"
    assert desk.post("/api/officer", CHANGE).json == {"officer": "李四"}
    assert desk.post("/api/officer", CHANGE, Sec_Fetch_Site="", Origin=origin).status == 200
    assert desk.post("/api/officer", {"name": " \n"}).status == 422
    assert desk.post("/api/officer", ["x"]).status == 400
    assert desk.post("/api/officer", {"name": "x" * 300_000}).status == 413
    assert desk.get("/api/officer").status == 405


@pytest.mark.parametrize(
    "path", ["/report/../releases/index.json", "/report/%2e%2e/index.json", "/assets/base.html"]
)
def test_nothing_but_what_pages_need_can_be_read(desk: Visitor, path: str) -> None:
    assert desk.get(path).status == 404


def test_beyond_this_machine_a_password_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(WenshuError, match="needs a password"):
        DeskServer(load_project(cwd=tmp_path), host="0.0.0.0")
    with opened(tmp_path, host="0.0.0.0", password="大门") as visitor:
        assert visitor.get("/").status == 401
        right = "Basic " + base64.b64encode("任何人:大门".encode()).decode()
        assert visitor.get("/", Authorization="Basic " + base64.b64encode(b"a:b").decode()).status == 401
        assert visitor.get("/", Authorization=right).status == 403  # the link is needed all the same
        assert visitor.get("/", Authorization=right, Host="evil.example").status == 421


def test_the_command_prints_its_link_in_a_moment_and_loads_nothing_slow(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    slow = ("prefect", "great_expectations", "pandas", "pyarrow", "duckdb")
    code = (
        "import sys, time; from pipeline.commands import desk; from pipeline.desk.server import DeskServer\n"
        "from pathlib import Path; from pipeline.project import load_project\n"
        f"served = DeskServer(load_project(cwd=Path({str(tmp_path)!r}))); print(served.link())\n"
        f"print([name for name in {slow!r} if name in sys.modules], time.process_time())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    link, loaded = done.stdout.splitlines()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", link)
    assert loaded.startswith("[] ")
    assert float(loaded.rpartition(" ")[2]) < 1  # of a processor, for the machine may be busy


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    deaf = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]  # as a script's background job is
    command = [*deaf, sys.executable, "-c", "from pipeline.cli import main; raise SystemExit(main())", "desk"]
    process = subprocess.Popen(
        [*command, "--no-browser", "--config", str(tmp_path)], stdout=subprocess.PIPE, text=True,
        stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(tmp_path)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        link = process.stdout.readline().strip()
        assert link.startswith("http://127.0.0.1:")
    finally:
        process.send_signal(2)
        began = time.monotonic()
        process.wait(20)
    assert time.monotonic() - began < 15
    assert json.dumps(process.stderr.read() if process.stderr else "").count("Traceback") == 0
