"""`make pictures`: what the README shows of raw/examples: report, site, `wenshu extract` in a terminal.

Needs chromium and a Chinese font (`make browser`). Nothing is asked of the network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.night.run_night import run_night
from pipeline.project import load_project
from pipeline.site.build import build
from pipeline.site.command import site_application
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.web.local_server import LocalServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path(__file__).resolve().parent
NOW = datetime.fromisoformat("2025-02-06T02:00+08:00")
ARTICLE = "raw/examples/2024-05-31_jinshui_gaizao.txt"
WRONG = ("36个", "37个")
"""What is altered in it to show what happens to a sum that does not hold."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fbfaf7; }}
pre {{ margin: 0; padding: 22px 26px; white-space: pre-wrap; color: #1d1f23;
  font: 15px/1.55 "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; }}
b {{ color: #b3261e; font-weight: 600; }}
</style><pre>$ <b>wenshu extract</b> {0}
{1}</pre>"""


class Picture(NamedTuple):
    """A picture: its name, the address or page, how large it is, and what is done before it is taken."""

    name: str
    address: str
    width: int
    height: int
    before: Callable[[Page], object] = lambda page: None


def compared(page: Page) -> None:
    """Show the comparison, with a point told."""
    page.locator(".compare h2").evaluate("e => scrollTo(0, e.getBoundingClientRect().top - 70)")
    page.locator("a.pt").nth(1).hover()


def terminal() -> str:
    """A page that looks as the terminal does."""
    command = [Path(sys.executable).with_name("wenshu"), "extract", ARTICLE]
    given = {**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8", "COLUMNS": "100"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env=given)
    text = done.stdout.decode().split("\n", 1)[1].strip("\n")
    return TERMINAL.format(escape(ARTICLE), escape(text))


def draw(folder: Path) -> None:
    """Release raw/examples into the folder, and take the pictures."""
    from playwright.sync_api import sync_playwright

    project = load_project(ROOT, raw=ROOT / "raw/examples", output=folder / "output")
    if run_night(project, now=NOW).outcome != "released":
        raise SystemExit("raw/examples was not released; `make run ARGS='--raw raw/examples'` says why")
    site = build(project.output, load_catalog(project.catalog)).path
    (folder / "wrong").mkdir()
    text = (ROOT / ARTICLE).read_text(encoding="utf-8").replace(*WRONG)
    (folder / "wrong" / Path(ARTICLE).name).write_text(text, encoding="utf-8")
    withheld = run_night(load_project(ROOT, raw=folder / "wrong", output=folder / "withheld"), now=NOW)
    if withheld.outcome != "withheld":
        raise SystemExit(f"a wrong sum was not withheld: {withheld.outcome}")
    (folder / "terminal.html").write_text(terminal(), encoding="utf-8")
    with closing(LocalServer()) as server, sync_playwright() as playwright:
        thread = threading.Thread(target=server.serve, args=(site_application(site),))
        thread.start()
        home = f"http://127.0.0.1:{server.port}"
        taken = (
            Picture("site", f"{home}/index.html", 1100, 700),
            Picture("compare", f"{home}/indicators/tourist_visits.html", 1100, 560, compared),
            Picture("report", (withheld.folder / "report.html").as_uri(), 1100, 760),
            Picture("extract", (folder / "terminal.html").as_uri(), 900, 310),
        )
        found = next(filter(None, map(shutil.which, CHROMIUM)), None)
        if found is None:
            raise SystemExit(
                "no chromium here: `make browser` installs it, with a Chinese font, where it can"
            )
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for one in taken:
            page = browser.new_page(viewport={"width": one.width, "height": one.height}, locale="zh-CN")
            page.goto(one.address)
            one.before(page)
            page.wait_for_timeout(300)
            page.screenshot(path=PLACE / f"{one.name}.png")
            print(PLACE / f"{one.name}.png")
        browser.close()
        server.stop()
        thread.join()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder))
