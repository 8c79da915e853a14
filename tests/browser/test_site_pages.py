"""The download site as the public meets it, in the system's chromium, served as it would be."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "indicators/tourist_visits.html",
    "regions/410100.html",
    "datasets/renovation.html",
    "corrections.html",
    "search.html?q=旅游",
    "versions/2024-10-8.html",
    "en/index.html",
    "en/indicators/renovation_completed.html",
    "en/method.html",
)
MORE = (
    "404.html", "indicators.html", "statistics.html", "regions.html", "versions.html",
    "datasets/quantities.html",
    "en/regions/410105.html", "en/datasets/tourism.html", "en/corrections.html", "en/search.html?q=tax",
)  # fmt: skip
"""Pages that are looked at where there is time."""
SMALL = 320
"""Of the narrowest phone."""
WIDTH = "document.documentElement.scrollWidth"


def test_it_reads_and_works_without_its_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "Numbers out of prose, each with its sentence"
    page.get_by_role("navigation").get_by_role("link", name="Indicators").click()
    page.get_by_role("link", name="Tourism revenue", exact=True).click()
    assert page.locator("svg.plot").first.is_visible()
    page.get_by_role("row", name="9,140,000,000").get_by_role("link").first.click()
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
    page.goto(f"{address}indicators.html?q=金水")
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


@pytest.mark.parametrize(
    ("readme", "file"), [("README.md", "figures.en.csv"), ("README.zh.md", "figures.csv")]
)
def test_the_figures_and_the_lines_of_the_readme_hold(root: Path, town: Path, readme: str, file: str) -> None:
    text = (root / readme).read_text(encoding="utf-8")
    with (town / "latest/data" / file).open(encoding="utf-8-sig", newline="") as source:
        released = [list(row.values()) for row in csv.DictReader(source)]
    shown = re.findall(r"^\| (河南省\S+) \| (.+?) \| (.+?) \| (\d+) \| (.+?) \|$", text, re.MULTILINE)
    assert len(shown) == 4
    for *cells, sentence in shown:
        found = [row for row in released if row[:4] == cells]
        assert any(sentence.strip("…") in cell for row in found for cell in row), cells
    lines = re.search(r"(?:^    .*figures.*\n|^    import pandas.*\n)+", text, re.MULTILINE)
    assert lines
    *first, last = (line.strip() for line in lines[0].replace("output/", f"{town}/").splitlines())
    names: dict[str, Any] = {}
    exec("\n".join(first), names)
    assert eval(last, names).shape == (2, 2)


@pytest.mark.parametrize("width", [320, pytest.param(1440, marks=pytest.mark.soak)])
def test_no_page_is_wider_than_its_window(window: Any, address: str, width: int) -> None:
    """Nor are those at which axe looks, below."""
    page = window(viewport={"width": width, "height": 800})
    for path in MORE if width == SMALL else (*PAGES, *MORE):
        page.goto(address + path, wait_until="domcontentloaded")
        assert page.evaluate(WIDTH) <= width, path


def packed(package: str, folder: Path) -> tarfile.TarFile:
    """A package from the npm registry, by its ordinary client."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm here, which brings {package}: install Debian's npm")
    command = [npm, "pack", package, "--silent"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm brought no {package} within a minute and a half")
    if done.returncode:
        pytest.skip(f"npm brought no {package}: is there a registry to be reached?")
    return tarfile.open(next(folder.glob("*.tgz")))


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    with packed("axe-core@4.14.1", tmp_path_factory.mktemp("axe")) as package:
        script = package.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


@pytest.mark.soak
def test_the_nu_html_checker_finds_nothing(town: Path, tmp_path: Path) -> None:
    """It takes 'self' of the security policy, which a file cannot answer, for a breach: that is left out."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no java here, which runs the Nu Html Checker")
    with packed("vnu-jar@26.9.27", tmp_path) as package:
        package.extract("package/build/dist/vnu.jar", tmp_path, filter="data")
    pages = [path for path in (town / "site").resolve().rglob("*.html") if "releases" not in path.parts]
    command = [
        java,
        "-jar",
        str(tmp_path / "package/build/dist/vnu.jar"),
        "--format",
        "json",
        *map(str, pages),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    said = [one["message"] for one in json.loads(done.stderr)["messages"]]
    assert [text for text in said if "Content Security Policy" not in text] == []
    assert len(pages) > 100


FEW = ((SMALL, "light"), (1200, "dark"))
"""Windows and schemes in which few pages are looked at, of which the others are much the same."""


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        FEW[0],
        pytest.param(*FEW[1], marks=pytest.mark.soak),
        pytest.param(SMALL, "dark", marks=pytest.mark.soak),
        pytest.param(1200, "light", marks=pytest.mark.soak),
    ],
)
def test_axe_finds_nothing_serious_and_no_page_is_wider_than_its_window(
    browser: Browser, address: str, town: Path, axe: str, scheme: Any, width: int
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    context.add_init_script(axe)
    page = context.new_page()
    document = next((town / "site/documents").iterdir()).name
    more = () if (width, scheme) in FEW else MORE
    for path in (*PAGES, *more, f"documents/{document}"):
        page.goto(address + path)
        assert page.evaluate(WIDTH) <= width, path
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert found["passes"], path
        grave = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert not grave, (path, [(v["id"], v["nodes"][0]["html"]) for v in grave])
    context.close()
