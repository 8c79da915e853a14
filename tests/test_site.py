"""The download site: what it tells, and that it stands alone."""

from __future__ import annotations

import csv
import hashlib
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import handmade
import pandas as pd
import pytest
from townsite import CATALOG, Page, grown, site_pages, tables

from pipeline.errors import WenshuError
from pipeline.site.build import build
from pipeline.site.published_release import page_name
from pipeline.web.environment import asset

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown(tmp_path_factory.mktemp("output"))


def test_every_link_leads_to_a_file_and_a_place_in_it(output: Path) -> None:
    made = {path.resolve(): page for path, page in site_pages(output)}
    assert len(made) > 30
    for path, page in made.items():
        home = (output / "site").resolve() if path.name == "404.html" else path.parent
        for link in page.values("href") + page.values("src"):
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme == "https", link
                continue
            target = (home / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment:
                assert parts.fragment in made[target].values("id"), f"{path.name}: {link}"


def test_pages_are_whole_and_have_each_id_once(output: Path) -> None:
    for path, page in site_pages(output):
        ids = page.values("id")
        assert (page.open, page.broken) == ([], []), path
        assert sorted(set(ids)) == sorted(ids), path


def test_a_less_than_sign_that_begins_no_tag_is_escaped(output: Path) -> None:
    for path, _ in site_pages(output):
        bare = re.sub(r"<(script|style)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r"<(?![A-Za-z/!]).{,20}", bare) == [], path


def test_the_page_of_a_document_is_called_as_it_is(output: Path) -> None:
    text = (output / "site/documents/d1.html").read_text(encoding="utf-8")
    heads = re.findall(r"<h1[^>]*>(.*?)</h1>|<title>(.*?)</title>", text)
    assert len(heads) == 2
    assert all("alert(1)" in "".join(head) for head in heads)


def test_no_page_asks_for_anything_from_elsewhere_or_runs_what_it_holds(output: Path) -> None:
    for path, page in site_pages(output):
        loaded = page.values("src") + [
            attrs["href"] for tag, attrs in page.tags if tag == "link" and attrs["rel"] != "alternate"
        ]
        assert loaded, path
        assert not any(urlsplit(link).scheme or link.startswith("//") for link in loaded), path
        policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not page.values("style"), path
        scripts = [attrs for tag, attrs in page.tags if tag == "script"]
        assert all(attrs.get("type") == "application/ld+json" or attrs.get("src") for attrs in scripts), path
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")], path


def test_hostile_text_is_text(output: Path) -> None:
    holding = 0
    for path, page in site_pages(output):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text, path
        assert not any(link.lower().startswith("javascript:") for link in page.values("href"))
        holding += "&lt;script&gt;alert(1)" in page.text
    assert holding > 4


def test_both_languages_have_the_same_pages_and_lead_to_each_other(output: Path) -> None:
    site = output / "site"
    made = {path.relative_to(site).as_posix(): page for path, page in site_pages(output)}
    chinese = {name for name in made if not name.startswith("en/")}
    assert {f"en/{name}" for name in chinese} == made.keys() - chinese
    for name, page in made.items():
        switch = next(attrs for tag, attrs in page.tags if attrs.get("class") == "switch")
        other = (site if "404" in name else (site / name).parent) / switch["href"].lstrip("/")
        assert other.resolve() == (site / (name[3:] if name.startswith("en/") else f"en/{name}")).resolve()
        assert next(a["lang"] for t, a in page.tags if t == "html") == (
            "en" if name.startswith("en/") else "zh-CN"
        )


def test_new_points_are_marked_and_the_first_release_marks_none(output: Path, tmp_path: Path) -> None:
    page = (output / "site/indicators/renovation_planned.html").read_text(encoding="utf-8")
    assert page.count('class="dot new" cx=') - page.count('<circle class="dot new" cx="7"') == 2
    assert "金水区" in page
    handmade.released(tmp_path, tables(156, 160))
    first = (build(tmp_path, CATALOG).path / "indicators/renovation_planned.html").read_text(encoding="utf-8")
    assert "dot new" not in first


def test_a_plot_is_named_and_each_of_its_points_says_its_figure_and_leads_to_its_sentence(
    output: Path,
) -> None:
    page = Page(output / "site/indicators/renovation_planned.html")
    drawing = next(attrs for tag, attrs in page.tags if tag == "svg" and attrs.get("class") == "plot")
    assert drawing["role"] == "group"
    assert "Planned" in drawing["aria-label"] or "纳入" in drawing["aria-label"]
    points = [attrs for tag, attrs in page.tags if tag == "a" and attrs.get("class") == "pt"]
    for number, value in enumerate(("156", "160", "171", "168"), 1):
        assert f"{value} 个" in points[number - 1]["aria-label"]
        assert points[number - 1]["href"] == f"../documents/d{number}.html#q{number:04}"
        assert re.search(rf'<a href="[^"]+#q{number:04}">{value}</a>', page.text)


def test_a_figure_leads_to_its_own_mark_in_its_sentence(output: Path) -> None:
    """其中156栋 comes first in the sentence and is another numeral of the same digits."""
    page = (output / "site/documents/d1.html").read_text(encoding="utf-8")
    assert '其中156栋，纳入改造老旧小区<mark class="count" id="q0001">156个</mark>。' in page
    preview = (output / "site/datasets/renovation.html").read_text(encoding="utf-8")
    assert '<a href="../documents/d1.html#q0001">156</a>' in preview


def test_an_indicators_csv_has_its_rows_as_the_release_has_them(output: Path) -> None:
    def read(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    own = read(output / "site/series/renovation_planned.csv")
    released = read(output / "latest/data/observations.csv")
    assert own == [released[0], *(row for row in released[1:] if row[0] == "renovation_planned")]
    assert len(own) == 5


def test_files_are_offered_with_their_sizes_and_digests(output: Path) -> None:
    page = (output / "site/datasets/renovation.html").read_text(encoding="utf-8")
    for path in (output / "latest/data").glob("renovation.*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in page
    version = (output / "site/versions/2024-4-30.html").read_text(encoding="utf-8")
    for path in (output / "latest").rglob("*"):
        if path.is_file() and path.name != "SHA256SUMS":
            assert hashlib.sha256(path.read_bytes()).hexdigest() in version


def test_what_changed_and_whether_to_download_again_is_said(output: Path) -> None:
    page = (output / "site/en/versions/2024-4-30.html").read_text(encoding="utf-8")
    assert "Only for the new figures" in page
    assert "renovation_planned · 410105 · 2024-03-28 · d3" in page


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a" * 81, "a\0b", "x.html", "表"])
def test_no_name_leads_out_of_the_site(name: str) -> None:
    with pytest.raises(WenshuError, match="cannot name a page"):
        page_name(name)


def test_the_lines_for_pandas_and_duckdb_run(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(output / "latest/data")

    for name, table in handmade.DECLARED.items():
        page = (output / f"site/datasets/{name}.html").read_text(encoding="utf-8")
        shown = re.findall(r'<pre [^>]*aria-label="(\w+)"><code>(.*?)</code>', page, re.DOTALL)
        made = {tool: unescape(code) for tool, code in shown}
        seen: dict[str, Any] = {}
        parquet, csv_lines = made["pandas"].split("\n\n", 2)[1:]
        exec(f"import pandas as pd\n{parquet}", seen)
        from_parquet: pd.DataFrame = seen["df"]
        exec(csv_lines, seen)
        from_csv: pd.DataFrame = seen["df"]
        assert list(from_parquet.columns) == list(from_csv.columns) == list(table.names)
        assert len(from_parquet) == len(from_csv)
        for column in table.columns:
            if column.type == "string":
                theirs = [None if pd.isna(v) else v for v in from_csv[column.name]]
                ours = [None if pd.isna(v) else v for v in from_parquet[column.name]]
                assert theirs == ours, (name, column.name)
        with duckdb.connect() as database:
            sql = made["DuckDB"].replace("2024.4.30.duckdb", str(output / "releases/2024.4.30.duckdb"))
            found = [
                database.execute(line).fetchall()
                for part in sql.split(";")
                if (line := "\n".join(s for s in part.splitlines() if not s.startswith("--")).strip())
            ]
        assert len(found[0]) == len(found[-1]) == len(from_csv)


def test_the_site_and_the_report_share_their_colours() -> None:
    styles = [
        asset(face, name) for face, name in (("pipeline.report", "report.css"), ("pipeline.site", "site.css"))
    ]
    shared = [re.findall(r"^:root \{.*?^\}", style, re.DOTALL | re.MULTILINE)[0] for style in styles]
    assert shared[0] == shared[1]
    assert "--paper" in shared[0]
