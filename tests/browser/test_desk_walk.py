"""An officer's whole walk through the desk, each night a process of its own that the desk started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desking import opened
from officer import STATED
from playwright.sync_api import expect
from test_desk import go, says, undone

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.soak
def test_a_misprint_is_corrected_and_released_and_undone_and_corrected_as_before(
    tmp_path: Path, page: Path, browser: Browser
) -> None:
    """The whole walk, each night a process of its own that the desk started."""
    (tmp_path / "raw").mkdir()
    wrong = page.read_text(encoding="utf-8").replace(STATED, "204个进入")
    (tmp_path / "raw" / "page.txt").write_text(wrong, encoding="utf-8")
    with opened(tmp_path) as visitor:
        tab = browser.new_page()
        tab.goto(visitor.served.link())
        tab.wait_for_url(f"http://127.0.0.1:{visitor.port}/")

        def run(kind: str, then: str) -> None:
            go(tab, "/")
            tab.locator(f"[data-run={kind}]").first.click()
            heading = tab.locator("#would" if kind == "dry" else "h1")
            expect(heading).to_contain_text(then, timeout=300_000)

        def correct() -> None:
            go(tab, "/queue?severity=critical")
            for key in ("3", "c"):
                tab.keyboard.press(key)
            tab.keyboard.type("203")
            tab.keyboard.press("Enter")
            says(tab, "corrected 204个")

        latest = tmp_path / "output" / "latest"
        run("run", "Withheld")
        correct()
        run("dry", "Would release")
        assert not latest.exists()
        run("run", "Released")
        first = latest.readlink()
        go(tab, "/queue")
        undone(tab)
        run("dry", "Would be withheld")
        assert latest.readlink() == first
        run("run", "Withheld")
        correct()
        run("run", "Nothing new")  # all is as the release has it
        assert latest.readlink() == first
        tab.close()
