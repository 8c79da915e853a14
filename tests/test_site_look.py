"""What a publisher sets of its site, and what machines ask of it: name, logo, feeds, site map, 404."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import handmade
import pytest
from serving import serving
from townsite import CATALOG, HOSTILE, Page, figure, site_pages, tables

from pipeline.errors import WenshuError
from pipeline.project import load_project
from pipeline.site.build import build, look_of

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://data.example.org/town"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


def corrected(*values: int) -> dict[str, Any]:
    """A release in which an officer corrected the last figure from 205, with a reason that is markup."""
    made = tables(*values)
    last = f"q{len(values):04}"
    decision = {
        "decision_id": "a1b2c3d4e5f6", "action": "correct", "kind": "quantity", "target": last,
        "expect": "text = 205个; value = 205", "value": str(values[-1]), "reason": HOSTILE,
        "officer": "张三", "date": date(2024, 4, 29),
    }  # fmt: skip
    seen = [
        figure(n, v, f"2024-{n:02}-28", f"d{n}", decision_id="a1b2c3d4e5f6" if n == len(values) else None,
               obs_status="I" if n == len(values) else "A")
        for n, v in enumerate(values, 1)
    ]  # fmt: skip
    said = {"decisions": [decision], "observations": seen}
    return made | {name: handmade.rows(handmade.DECLARED[name], *rows) for name, rows in said.items()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    (folder / "logo.svg").write_text(LOGO, encoding="utf-8")
    (folder / "wenshu.toml").write_text(
        f'[release]\nbase_url = "{BASE}/"\n[site]\ntitle = "某区 <数据>"\nlogo = "logo.svg"\n',
        encoding="utf-8",
    )
    project = load_project(cwd=folder)
    handmade.released(project.output, tables(156, 160), date=date(2024, 2, 29))
    handmade.released(project.output, corrected(156, 160, 206), date=date(2024, 4, 30))
    return build(project.output, CATALOG, look_of(project)).path


def test_every_page_has_the_publishers_name_and_logo(site: Path) -> None:
    for path, page in site_pages(site.parent):
        assert "某区 &lt;数据&gt;</a>" in page.text, path
        logo = next(attrs["src"] for tag, attrs in page.tags if tag == "img")
        home = site if path.name == "404.html" else path.parent
        assert (home / logo.removeprefix("/town/")).read_text(encoding="utf-8") == LOGO


def test_a_logo_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "wenshu.toml").write_text('[site]\nlogo = "no.svg"\n', encoding="utf-8")
    project = load_project(cwd=tmp_path)
    handmade.released(project.output, tables(156))
    with pytest.raises(WenshuError, match=r"no\.svg is not there"):
        build(project.output, CATALOG, look_of(project))


@pytest.mark.parametrize("address", ["data.example.org", "ftp://a/b", "https://a/?q", 'https://a/"', "/site"])
def test_an_address_that_is_none_is_answered_when_it_is_read(tmp_path: Path, address: str) -> None:
    (tmp_path / "wenshu.toml").write_text(f"[release]\nbase_url = {json.dumps(address)}\n", encoding="utf-8")
    with pytest.raises(WenshuError, match="where the site is read"):
        load_project(cwd=tmp_path)


def test_the_site_map_has_every_page_once_and_robots_find_it(site: Path) -> None:
    places = [one.text for one in ElementTree.parse(site / "sitemap.xml").iter(f"{MAP}loc")]
    there = {path.relative_to(site).as_posix() for path, _ in site_pages(site.parent)}
    shown = {name for name in there if not name.startswith("validation/") and "404" not in name}
    assert places == sorted(f"{BASE}/{name}" for name in shown)
    assert f"Sitemap: {BASE}/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_without_an_address_there_is_no_site_map(tmp_path: Path) -> None:
    handmade.released(tmp_path, tables(156))
    assert not (build(tmp_path, CATALOG).path / "sitemap.xml").exists()


@pytest.mark.parametrize("inside", ["", "en/"])
def test_the_feeds_tell_of_releases_and_corrections(site: Path, inside: str) -> None:
    ids: list[str | None] = []
    for name, count in (("releases.atom", 2), ("corrections.atom", 1)):
        feed = ElementTree.parse(site / inside / name).getroot()
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == count
        for one in (feed, *entries):
            ids.append(one.findtext(f"{ATOM}id"))
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", one.findtext(f"{ATOM}updated") or "")
            assert one.findtext(f"{ATOM}title")
        for link in feed.iter(f"{ATOM}link"):
            place = link.get("href", "").removeprefix(f"{BASE}/").partition("#")[0]
            assert (site / place).is_file(), place
    assert len(set(ids)) == len(ids)
    said = ElementTree.parse(site / inside / "corrections.atom").getroot()
    assert "205 → 206" in (said.findtext(f"{ATOM}entry/{ATOM}title") or "")
    assert "张三" in (said.findtext(f"{ATOM}entry/{ATOM}summary") or "")


@pytest.mark.parametrize(
    "path",
    ["indicators/renovation_planned.html", "regions/410105.html", "documents/d3.html", "index.html",
     "corrections.html", "datasets/renovation.html"],
)  # fmt: skip
def test_a_correction_is_said_wherever_the_figure_stands(site: Path, path: str) -> None:
    page = (site / path).read_text(encoding="utf-8")
    words = "<del>205</del> → <ins>206</ins>" if path == "corrections.html" else "更正：205 → 206"
    assert words in page
    assert "<script>alert" not in page
    assert "corrected: 205 → 206" in (site / "en" / path).read_text(encoding="utf-8") or "<del>" in words


def test_pages_tell_search_engines_what_they_are(site: Path) -> None:
    wanted = {"index.html": "DataCatalog", "datasets/renovation.html": "Dataset"}
    for path, kind in (wanted | {"en/indicators/renovation_planned.html": "Dataset"}).items():
        page = Page(site / path)
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text)
        assert found
        said = json.loads(found[1])
        assert (said["@type"], said["url"]) == (kind, f"{BASE}/{path}")
        assert said["license"].startswith("https://")
        for file in said.get("distribution", ()):
            assert (site / file["contentUrl"].removeprefix(f"{BASE}/")).is_file()


def test_citations_name_publisher_version_date_and_address(site: Path) -> None:
    page = re.sub(r"<[^>]+>", "", (site / "datasets/renovation.html").read_text(encoding="utf-8"))
    assert re.search(
        r"老旧小区改造\[DS/OL\]\. 版本 2024\.4\.30\. \(2024-04-30\)\[引用日期\]\. https://", page
    )
    assert "@misc{wenshu-renovation-2024.4.30," in page
    assert "url = {https://data.example.org/town/datasets/renovation.html}" in page


@pytest.fixture(scope="module")
def port(site: Path) -> Iterator[int]:
    with serving(site) as port:
        yield port


def test_a_page_that_is_gone_is_answered_with_ways_to_go_on(port: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/documents/gone/for/ever.html")
    assert caught.value.code == 404
    text = caught.value.read().decode()
    assert "没有这一页" in text
    assert 'href="/town/index.html"' in text


def test_a_search_finds_by_the_words_of_the_catalog(site: Path) -> None:
    text = (site / "search.js").read_text(encoding="utf-8")
    data = json.loads(text.removeprefix("window.wenshuSearch=").removesuffix(";\n"))
    assert [region[0] for region in data["regions"]] == ["410105"]
    entry = next(one for one in data["entries"] if one[0] == "indicators/renovation_planned.html")
    assert "老旧小区改造" in entry[2]
    assert entry[3] == [["410105", "206 个", "2024-03-28", "documents/d3.html#q0003"]]
    assert Decimal(entry[3][0][1].split()[0]) == 206


def test_the_names_of_a_region_have_one_order(tmp_path: Path) -> None:
    made = tables(156)
    whole = figure(1, 156, "2024-01-28", "d1", ref_area="CN")
    made["observations"] = handmade.rows(handmade.DECLARED["observations"], whole)
    handmade.released(tmp_path, made, date=date(2024, 2, 29))
    text = (build(tmp_path, CATALOG).path / "search.js").read_text(encoding="utf-8")
    assert '[["CN","全国",["中国","全国"],1]]' in text
