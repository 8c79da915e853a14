"""A withheld night's report and a town's site, open in the system's chromium; no browser is downloaded."""

from __future__ import annotations

import csv
import fcntl
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from officer import STATED, run
from serving import serving

from pipeline.night.run_night import run_night
from pipeline.project import load_project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Open = Callable[..., "Page"]


@pytest.fixture(scope="session")
def withheld(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Path:
    """The folder of a run on the page with 203 changed to 204."""
    text = page.read_text(encoding="utf-8")
    return run(tmp_path_factory.mktemp("withheld"), text.replace(STATED, "204个进入"), 10).folder


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a file, in a window of one's own; anything that the page complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def visit(path: Path, anchor: str = "", **window: Any) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **window)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(path.as_uri() + anchor)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not complaints


WRONG = "实现旅游收入58.9亿元"
"""What an officer corrects below, to 59.8."""


@pytest.fixture(scope="session")
def town(common: Path, root: Path) -> Path:
    """Two nights over articles of several regions and dates, a correction between them, and their site."""
    folder, part = common / "town", common / "town.part"
    with (common / "town.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)
            two_nights(root, part)
            part.rename(folder)
    return folder / "output"


def two_nights(root: Path, folder: Path) -> None:
    """Make that town in a folder."""
    raw, output, decisions = (folder / name for name in ("raw", "output", "decisions"))
    project = replace(load_project(root, raw=raw, output=output), decisions=decisions)
    raw.mkdir(parents=True)
    decisions.mkdir()
    shutil.copy(root / "raw/2020-07-08_zhongyuan_M03.txt", raw)
    for wanted, now in (("2024-0*", "2024-06-01T02:00+08:00"), ("2024-10*", "2024-10-08T02:00+08:00")):
        for path in (root / "raw/examples").glob(wanted):
            shutil.copy(path, raw)
        assert run_night(project, now=datetime.fromisoformat(now)).outcome == "released"
        correct(project.decisions, output)


def correct(decisions: Path, output: Path) -> None:
    """Write the officer's decision."""
    with (output / "latest/data/quantities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if WRONG in row["quote"] and row["text"] == "58.9亿元"]
    said = f"""decisions:
  - action: correct
    target: {{quantity: "{rows[0]["quantity_id"]}"}}
    expect: {{text: 58.9亿元, value: 5890000000}}
    value: 5980000000
    reason: 市文化广电和旅游局来函：应为 59.8 亿元
    officer: 张三
    date: 2024-06-02
"""
    (decisions / "2024-06.yaml").write_text(said, encoding="utf-8")


@pytest.fixture(scope="session")
def address(town: Path) -> Iterator[str]:
    with serving(town / "site") as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Any]:
    """Opens windows; a complaint of a page, or a request to elsewhere, fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def window(**settings: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}} | settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(address) else complaints.append(r.url))
        return page

    yield window
    for context in contexts:
        context.close()
    assert not complaints
