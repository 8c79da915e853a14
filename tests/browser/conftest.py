"""A withheld night's report, open in the system's chromium; no browser is downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from officer import STATED, run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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
