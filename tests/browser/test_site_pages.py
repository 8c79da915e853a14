"""The download site as the public meets it, in the system's chromium, served as it would be."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.night import night
from pipeline.project import load_project
from pipeline.site import build
from pipeline.site.command import server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "indicators.html",
    "indicators/tourist_visits.html",
    "datasets/tourism.html",
    "datasets/quantities.html",
    "versions/2024-10-8.html",
    "en/index.html",
    "en/indicators/green_area_added.html",
    "en/datasets/renovation.html",
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Two nights over articles of several regions and dates, and the site of their releases."""
    from datetime import datetime

    raw, output = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("output")
    project = load_project(root, raw=raw, output=output)
    shutil.copy(root / "raw/2020-07-08_zhongyuan_M03.txt", raw)
    for wanted, now in (("2024-0*", "2024-06-01T02:00+08:00"), ("2024-10*", "2024-10-08T02:00+08:00")):
        for path in (root / "raw/examples").glob(wanted):
            shutil.copy(path, raw)
        assert night(project, now=datetime.fromisoformat(now)).outcome == "released"
    build(output, project.catalog)
    return output


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with server(output / "site", 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/"
        serving.shutdown()
        thread.join()


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


def test_from_a_search_to_a_plot_a_csv_and_the_sentence(window: Any, address: str, output: Path) -> None:
    page = window()
    page.goto(address)
    page.get_by_label("查找指标").fill("旅游 郑州")
    found = page.locator("#found a")
    assert "旅游收入" in found.first.inner_text()
    page.locator("#found a", has_text="tourism_revenue").first.click()

    assert page.locator("h1").inner_text() == "旅游收入"
    plot = page.locator("figure", has_text="郑州市").locator("svg.plot")
    assert plot.is_visible()
    assert plot.locator("circle.dot").count() == 2
    assert plot.locator("circle.dot.new").count() == 1
    assert plot.get_attribute("role") == "img"

    with page.expect_download() as download:
        page.get_by_role("link", name="下载这一指标").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["obs_value"] for r in rows if r["ref_area"] == "410100"] == ["6280000000", "9140000000"]

    page.get_by_role("row", name="9,140,000,000").get_by_role("link").click()
    marked = page.locator("mark:target")
    assert marked.inner_text() == "91.4亿元"
    assert "旅游收入91.4亿元" in page.locator("li:has(:target) .sentence").inner_text()
    assert marked.evaluate("e => e.getBoundingClientRect().top") > page.locator(".top").evaluate(
        "e => e.getBoundingClientRect().bottom"
    )


def test_a_point_of_the_plot_leads_to_its_sentence_too(window: Any, address: str) -> None:
    page = window()
    page.goto(f"{address}indicators/tourist_visits.html")
    page.locator("figure", has_text="郑州市").locator("[data-href]").first.click()
    page.wait_for_url("**/documents/*")
    assert page.locator("mark:target").inner_text() == "1086.5万人次"


def test_it_reads_and_works_without_its_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "Numbers out of prose, each with its sentence"
    page.get_by_role("navigation").get_by_role("link", name="Indicators").click()
    page.get_by_role("link", name="Tourism revenue", exact=True).click()
    assert page.locator("svg.plot").first.is_visible()
    page.get_by_role("row", name="9,140,000,000").get_by_role("link").click()
    assert page.locator("mark:target").inner_text() == "91.4亿元"
    context.close()


def test_the_language_chosen_holds_at_the_front_door(window: Any, address: str) -> None:
    page = window()
    page.goto(f"{address}datasets/tourism.html#load")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/datasets/tourism.html#load")
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_url("**/en/index.html")
    page.get_by_role("link", name="中文").click()
    page.wait_for_url(f"{address}index.html")


def test_the_list_of_indicators_is_narrowed_and_says_by_how_much(window: Any, address: str) -> None:
    page = window()
    page.goto(address)
    page.get_by_label("查找指标").fill("金水")
    page.keyboard.press("Enter")
    page.wait_for_url("**/indicators.html?q=*")
    shown = page.locator(".indicators li:visible")
    assert 0 < shown.count() < page.locator(".indicators li").count()
    assert page.get_by_role("status").inner_text().endswith("个指标")
    page.get_by_label("筛选指标").fill("没有这样的东西")
    assert shown.count() == 0


def test_lines_to_copy_have_addresses_that_answer(window: Any, address: str) -> None:
    page = window()
    page.goto(f"{address}en/datasets/tourism.html")
    code = page.locator(".code code").first.inner_text()
    wanted = f'"{address}releases/2024.10.8/data/tourism.parquet"'
    assert wanted in code
    assert page.request.get(wanted.strip('"')).ok


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_page_is_wider_than_its_window(window: Any, address: str, output: Path, width: int) -> None:
    page = window(viewport={"width": width, "height": 800})
    document = next((output / "site/documents").iterdir()).name
    for path in (*PAGES, f"documents/{document}"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core from the npm registry, by its ordinary client."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here, which brings axe-core: install Debian's npm")
    command = [npm, "pack", "axe-core@4.14.1", "--silent"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip("npm brought no axe-core within a minute")
    if done.returncode:
        pytest.skip("npm brought no axe-core: is there a registry to be reached?")
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        script = package.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "light"),
        (1200, "dark"),
        pytest.param(390, "dark", marks=pytest.mark.soak),
        pytest.param(1200, "light", marks=pytest.mark.soak),
    ],
)
def test_axe_finds_nothing_serious(
    browser: Browser, address: str, output: Path, axe: str, scheme: Any, width: int
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    document = next((output / "site/documents").iterdir()).name
    for path in (*PAGES, f"documents/{document}"):
        page.goto(address + path)
        page.add_script_tag(content=axe)
        found = page.evaluate("axe.run()")
        assert found["passes"], path
        grave = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert not grave, (path, [(v["id"], v["nodes"][0]["html"]) for v in grave])
    context.close()
