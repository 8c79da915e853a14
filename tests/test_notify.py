"""Word of a run: command and block are told every outcome, and one that fails undoes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from nights import night
from reading import SENTENCES, write

from pipeline.errors import WenshuError
from pipeline.language import Language, set_language
from pipeline.project import Project, load_project

TELLER = """
import os, pathlib, sys
said = os.environ["WENSHU_OUTCOME"] + "\\n" + sys.stdin.read()
pathlib.Path(sys.argv[1]).write_text(said, encoding="utf-8")
"""


def project(tmp_path: Path, *notify: str) -> Project:
    raw = tmp_path / "raw"
    raw.mkdir(exist_ok=True)
    return replace(load_project(raw=raw, output=tmp_path / "output"), notify=notify)


def test_the_command_has_the_summary_on_its_stdin_and_the_outcome_in_its_environment(
    tmp_path: Path, page: Path
) -> None:
    said = tmp_path / "said"
    told = project(tmp_path, sys.executable, "-c", TELLER, str(said))
    (told.raw / page.name).write_bytes(page.read_bytes())
    assert night(told).note == ""
    outcome, title, *_ = said.read_text(encoding="utf-8").splitlines()
    assert outcome == "released"
    assert title.startswith("Released ")
    assert night(told).outcome == "unchanged"
    assert said.read_text(encoding="utf-8").startswith("unchanged")


WRITER = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"


@pytest.mark.parametrize(("lang", "word", "absent"), [("zh", "警示", "warning"), ("en", "warning", "警示")])
def test_a_mail_has_a_part_as_text_and_one_as_html_in_one_language(
    tmp_path: Path, lang: Language, word: str, absent: str
) -> None:
    told = replace(
        project(tmp_path, sys.executable, "-c", WRITER, str(tmp_path / "mail")), notify_to=("a@b.c", "d@b.c")
    )
    write(told.raw, a="全区487个老旧小区，89个基本改造完成，204个进入收尾阶段，195个近期全部开工<b>。")
    set_language(lang)
    try:
        run = night(told)
    finally:
        set_language(None)
    assert (run.outcome, run.note) == ("released", "")
    mail = message_from_bytes((tmp_path / "mail").read_bytes(), policy=policy.default)
    assert mail["To"] == "a@b.c, d@b.c"
    assert mail["Subject"].startswith("wenshu: ")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert "89 + 204 + 195 = 487" in body
        assert word in body
        assert absent not in body
        assert str(run.folder / "report.html") in body
    assert "<b>。" not in body


def test_a_night_with_nothing_new_lists_what_is_still_open(tmp_path: Path) -> None:
    told = project(tmp_path)
    write(told.raw, a=SENTENCES[0], b="")
    assert night(told).outcome == "released"
    run = night(told)
    assert run.outcome == "unchanged"
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "b.txt" in page
    assert "is empty" in page
    (link,) = re.findall('href="(.*?)"', page)
    assert (run.folder / link).is_file()


def test_a_night_that_cannot_run_is_told_too(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with pytest.raises(WenshuError, match="no text"):
        night(project(tmp_path, sys.executable, "-c", TELLER, str(said)))
    assert said.read_text(encoding="utf-8").startswith("failed")


@pytest.mark.soak
@pytest.mark.parametrize(
    "command",
    [(sys.executable, "-c", "raise SystemExit('no such address')"), ("/nonexistent/teller",)],
)
def test_a_command_that_fails_is_said_and_the_release_stands(
    tmp_path: Path, page: Path, command: tuple[str, ...]
) -> None:
    told = project(tmp_path, *command)
    (told.raw / page.name).write_bytes(page.read_bytes())
    run = night(told)
    assert run.outcome == "released"
    assert run.note.startswith("the notification was not sent: ")
    assert (told.output / "latest" / "data" / "renovation.csv").exists()


REGISTER = """
import os, sys
from pathlib import Path
from pipeline.project import flow_module
server = flow_module("prefect_server").Server(Path(sys.argv[1]))
try:
    os.environ.update(server.environment)
    server.wait_until_ready()
    from prefect.blocks.notifications import CustomWebhookNotificationBlock
    said = {"subject": "{{subject}}", "body": "{{body}}"}
    CustomWebhookNotificationBlock(name="officers", url=sys.argv[2], json_data=said).save("officers")
finally:
    server.stop()
"""
"""Registers a block as an officer would in Prefect's UI, with the server that keeps the project's runs."""

RUN = "import sys; from pipeline.cli import main; sys.exit(main(['run']))"


def started(folder: Path, *code: str) -> subprocess.CompletedProcess[str]:
    """Python, in the folder, without the Prefect of whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    cache = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", *code], cwd=folder, env=own | cache, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


@contextmanager
def service(status: int = 200) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A service on loopback that notifications are posted to: its URL, and what it was told."""
    told: list[dict[str, str]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            return None

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", told
        server.shutdown()


def with_block(folder: Path, page: Path, url: str) -> None:
    """A project of the page whose wenshu.toml names a block that posts to the URL."""
    (folder / "raw").mkdir(parents=True)
    shutil.copy(page, folder / "raw" / "page.txt")
    (folder / "wenshu.toml").write_text('[notify]\nblock = "custom-webhook/officers"\n', encoding="utf-8")
    done = started(folder, REGISTER, str(folder / "output" / ".prefect"), url)
    assert done.returncode == 0, done.stderr


@pytest.mark.soak
def test_a_prefect_block_is_told_what_each_night_came_to(tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "project"
    with service() as (url, told):
        with_block(folder, page, url)
        done = started(folder, RUN)
        assert (done.returncode, done.stderr) == (0, "")
        (released,) = told
        assert "Released" in released["subject"]
        (run,) = (entry for entry in (folder / "output" / "runs").iterdir() if entry.is_dir())
        assert released["body"].startswith("Released ")
        assert str(run / "report.html") in released["body"]
        text = page.read_text(encoding="utf-8").replace("203个进入", "204个进入")
        (folder / "raw" / "page.txt").write_text(text, encoding="utf-8")
        assert started(folder, RUN).returncode == 1
        assert "Withheld" in told[1]["subject"]
        assert "89 + 204 + 195 = 487" in told[1]["body"]
        (folder / "catalog").mkdir()
        (folder / "catalog" / "indicators").write_text("no folder", encoding="utf-8")
        assert started(folder, RUN).returncode == 2
        assert "Could not run" in told[2]["subject"]
        assert told[2]["body"]


@pytest.mark.soak
def test_a_prefect_block_whose_service_fails_is_said_and_the_release_stands(
    tmp_path: Path, page: Path
) -> None:
    folder = tmp_path / "project"
    with service(500) as (url, told):
        with_block(folder, page, url)
        done = started(folder, RUN)
    assert len(told) == 1
    assert done.returncode == 0
    assert "the notification block custom-webhook/officers was not told: " in done.stderr
    assert "500" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "output" / "latest" / "data" / "renovation.csv").exists()
