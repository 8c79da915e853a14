"""Make the pictures of docs/officer.md: `make pictures`.

A project of invented articles is made in a temporary folder, two nights are run over it, and its desk is
opened in the system's chromium. Needs what the tests need.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from playwright.sync_api import Page, sync_playwright

from pipeline.desk.server import DeskServer
from pipeline.language import set_language
from pipeline.night.run_night import run_night
from pipeline.project import load_project

HERE = Path(__file__).resolve().parent
RIGHT = "柳塘镇今年纳入改造规划的487个老旧小区，89个基本改造完成，203个进入收尾阶段，195个近期全部开工。"
ARTICLES = {
    "gaizao.txt": ("柳塘老旧小区改造提速", f"{RIGHT}\n累计拨付改造资金3600万元，惠及居民4.2万户。\n"),
    "keting.txt": ("邻里客厅开到家门口", "截至6月底，全区建成邻里客厅31座，接待居民12.4万人次。\n"),
    "jingji.txt": (
        "上半年经济运行平稳",
        "上半年，全区地区生产总值412.6亿元，同比增长5.8%；接待游客86.5万人次。\n",
    ),
}
"""Invented, as every name and number in them."""
SIDECAR = "title: {}\nissued: '2026-07-08'\npublisher: 柳塘日报\nregion: 郑州市中原区\n"
SIZE = {"width": 1040, "height": 660}


def main() -> None:
    """Take the pictures, each a file beside this one."""
    set_language("zh")
    with TemporaryDirectory() as folder, desk(Path(folder)) as served, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(served.link())
        page.wait_for_url("**/")
        take(page, "morning")
        page.goto(f"http://127.0.0.1:{served.port}/queue")
        page.keyboard.press("3")
        page.keyboard.press("c")
        page.keyboard.type("203")
        page.locator(".equations.holds").wait_for()
        take(page, "queue")
        page.goto(f"http://127.0.0.1:{served.port}/indicators/new?subject=邻里客厅&kind=count&unit=座")
        page.fill("[name=id]", "neighbourhood_lounges")
        page.locator(".trial").first.wait_for()
        take(page, "indicator")
        browser.close()


def take(page: Page, name: str) -> None:
    """Take one, once the page is at rest."""
    path = HERE / f"desk-{name}.png"
    page.wait_for_timeout(400)
    page.screenshot(path=path)
    print(path)


@contextmanager
def desk(root: Path) -> Iterator[DeskServer]:
    """The desk of a project whose second night was withheld for a misprint."""
    (root / "raw").mkdir()
    for name, (title, text) in ARTICLES.items():
        (root / "raw" / name).write_text(text, encoding="utf-8")
        (root / "raw" / name).with_suffix(".yaml").write_text(SIDECAR.format(title), encoding="utf-8")
    project = load_project(cwd=root)
    run_night(project, now=dt.datetime(2026, 7, 8, 2, tzinfo=dt.UTC))
    text = ARTICLES["gaizao.txt"][1].replace("203个进入", "204个进入")
    (root / "raw" / "gaizao.txt").write_text(text, encoding="utf-8")
    run_night(project, now=dt.datetime(2026, 7, 9, 2, tzinfo=dt.UTC))
    home = root / ".home"
    home.mkdir()
    (home / "officer.txt").write_text("张三", encoding="utf-8")
    served, ready = DeskServer(project, home=home), Event()
    thread = Thread(target=served.serve, args=(lambda link: ready.set(),), daemon=True)
    thread.start()
    ready.wait()
    yield served
    served.stop()
    thread.join()


if __name__ == "__main__":
    main()
