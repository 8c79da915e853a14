"""The report: what it shows, where its links lead, and that it is the same wherever it is made."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from officer import STATED, TODAY, Elements, derived, gathered, issue, render, run

from pipeline.night.stage_results import DeriveResult
from pipeline.report.output import files, to_json
from pipeline.report.past_runs import read_history
from pipeline.tables.wording import format_number
from pipeline.web.marked_text import MarkedText


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory, page: Path) -> DeriveResult:
    """The page with 203 changed to 204."""
    text = page.read_text(encoding="utf-8").replace(STATED, "204个进入")
    return derived(tmp_path_factory.mktemp("wrong"), {"page.txt": text})


def test_an_issue_shows_its_equation_with_what_it_comes_to_and_the_residual(wrong: DeriveResult) -> None:
    night = gathered(wrong, [issue(wrong)], "withheld")
    (equation,) = night.issues[0].equations
    assert (equation.computed, equation.stated, equation.residual) == (488, 487, -1)
    text = re.sub(r"\s+", " ", Elements(render(night)).text)
    assert "89 + 204 + 195 = 488 文中作the text says 487 余差residual −1" in text
    assert "89 + 204 + 195 = 487" in text


def test_an_issue_marks_its_numbers_in_their_paragraph(wrong: DeriveResult) -> None:
    html = render(gathered(wrong, [issue(wrong)], "withheld"))
    told = re.search(r"<blockquote>.*?</blockquote>", html, re.DOTALL)
    assert told
    assert re.findall(r'cited"[^>]*>([^<]+)<', told.group()) == ["487个", "89个", "204个", "195个"]
    assert "推进以来" in told.group()
    assert "城乡接合部改造" in told.group()


def test_issues_about_one_equation_are_told_once_and_can_each_be_found(wrong: DeriveResult) -> None:
    several = [
        issue(wrong),
        issue(wrong, check="renovation.residual", fingerprint="second"),
        issue(wrong, severity="warning", check="quantities.equation", fingerprint="third"),
    ]
    html = render(gathered(wrong, several, "withheld"))
    assert html.count('class="equation"') == 1
    assert {"i-new-critical", "i-second", "i-third"} <= set(Elements(html).ids())


def test_an_issue_about_two_documents_shows_both_and_each_leads_back(tmp_path: Path) -> None:
    made = derived(tmp_path, {"a.txt": "全区新建公园12处。\n", "b.txt": "全区新建公园13处。\n"})
    quantities = tuple(row["quantity_id"] for row in made.tables["quantities"].to_pylist())
    night = gathered(made, [issue(made, check="observation_contradiction", quantities=quantities)])
    html = render(night)
    told = html.partition('<section id="issues"')[2].partition("</section>")[0]
    assert told.count("<blockquote>") == 2
    assert "--target" in told
    pages = [content.decode() for name, content in files(night).items() if name.startswith("sources/")]
    assert all("../report.html#i-new-critical" in page for page in pages)


def test_new_issues_come_before_persisting_before_resolved(wrong: DeriveResult) -> None:
    issues = [issue(wrong, state) for state in ("resolved", "persisting", "new")]
    html = render(gathered(wrong, issues))
    places = [html.index(f'id="i-{state}-critical"') for state in ("new", "persisting", "resolved")]
    assert places == sorted(places)


def test_every_quantity_is_an_anchor_in_its_page_with_its_row(wrong: DeriveResult) -> None:
    made = files(gathered(wrong, [issue(wrong)]))
    for row in wrong.tables["quantities"].to_pylist():
        ids = set(Elements(made[f"sources/{row['document_id']}.html"].decode()).ids())
        assert {row["quantity_id"], f"r-{row['quantity_id']}"} <= ids


def test_links_lead_somewhere(wrong: DeriveResult) -> None:
    made = {name: text.decode() for name, text in files(gathered(wrong, [issue(wrong)])).items()}
    ids = {name: set(Elements(text).ids()) for name, text in made.items() if name.endswith(".html")}
    for name in ids:
        for _, attributes in Elements(made[name]).tags:
            if href := attributes.get("href"):
                path, _, anchor = href.removeprefix("../").partition("#")
                assert not anchor or anchor in ids[path or name]


def test_every_numeral_of_the_page_is_marked_by_its_kind(wrong: DeriveResult) -> None:
    (document,) = gathered(wrong).documents
    shown = [
        run.figure
        for p in MarkedText(document.text or "", document.marks).paragraphs()
        for run in p.runs
        if run.figure
    ]
    assert shown == list(document.marks)
    assert len(shown) == wrong.tables["numerals"].num_rows
    assert {"count", "money", "date", "name"} <= {numeral.kind for numeral in shown}


def test_the_policy_admits_the_pages_own_script_and_style_alone(wrong: DeriveResult) -> None:
    html = render(gathered(wrong))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy.group(1).startswith("default-src 'none';")
    assert "unsafe" not in policy.group(1)
    for tag in ("script", "style"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert body
        digest = base64.b64encode(hashlib.sha256(body.group(1).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy.group(1)


def test_the_page_names_no_other_host(wrong: DeriveResult) -> None:
    assert not re.search(r"(?:https?:)?//[\w.-]+\.\w", render(gathered(wrong, [issue(wrong)])))


def test_years_are_plotted_with_years_and_months_with_months(wrong: DeriveResult) -> None:
    observations = wrong.tables["observations"]
    known = observations.slice(0, 1).to_pylist()[0]
    periods = ["2020", "2018", "2020-01", "2019", "2020-02", "2019-01/2019-09", "2020-01/2020-09", "2020-Q1"]
    rows = [known | {"time_period": period, "obs_value": Decimal(n)} for n, period in enumerate(periods)]
    table = pa.Table.from_pylist(rows, observations.schema)
    night = gathered(replace(wrong, tables={**wrong.tables, "observations": table}))
    assert [[point.period for point in series.points] for series in night.series] == [
        ["2018", "2019", "2020"],
        ["2020-01", "2020-02"],
        ["2019-01/2019-09", "2020-01/2020-09"],
        ["2020-Q1"],
    ]
    assert all(point.new for series in night.series for point in series.points)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("-1"), "−1"),
        (Decimal("487.0000000000"), "487"),
        (Decimal("4541800"), "4,541,800"),
        (Decimal("-1234.50"), "−1,234.5"),
        (Decimal("0.001"), "0.001"),
        (Decimal("1E+3"), "1,000"),
        (100_000, "100,000"),
    ],
)
def test_numbers_are_exact_and_grouped(value: Decimal | int, shown: str) -> None:
    assert format_number(value) == shown


def test_the_record_for_machines_tells_issues_and_what_can_be_decided(wrong: DeriveResult) -> None:
    said = json.loads(to_json(gathered(wrong, [issue(wrong)], "withheld")))
    assert said["outcome"] == "withheld"
    assert said["open"] == {"critical": 1, "warning": 0, "info": 0}
    assert sum(said["numerals"]["by_kind"].values()) == wrong.tables["numerals"].num_rows
    (told,) = said["issues"]
    assert told["equations"][0]["residual"] == "-1"
    assert [target["kind"] for target in told["targets"]][:2] == ["relation", "quantity"]


def test_history_passes_over_what_cannot_be_read(tmp_path: Path) -> None:
    good = json.dumps({"date": "2026-11-01", "outcome": "released", "open": {"warning": 2}})
    for name, text in {
        "a": good,
        "b": "{",
        "c": "[]",
        "d": good.replace("2026-11-01", "?"),
        "z": good,
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(text, encoding="utf-8")
    (before,) = read_history(tmp_path, "x")
    assert (before.date.day, before.issues) == (1, {"warning": 2})


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Path:
    """The folder of a release of the page."""
    place = tmp_path_factory.mktemp("one place")
    return run(place, page.read_text(encoding="utf-8"), TODAY.day).output / "latest"


def test_the_report_in_a_release_is_the_same_bytes_wherever_it_is_made(
    released: Path, tmp_path: Path, page: Path
) -> None:
    again = run(tmp_path / "another", page.read_text(encoding="utf-8"), TODAY.day).output / "latest"
    made = []
    for folder in (released / "validation", again / "validation"):
        paths = [path for path in folder.rglob("*") if path.is_file()]
        made.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})
    assert {"report.html", "report.json"} < made[0].keys()
    assert made[0] == made[1]


def test_the_links_of_a_release_lead_to_the_marks(released: Path) -> None:
    links = pd.read_csv(released / "data" / "quantities.csv")["link"]
    for link in links:
        path, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in (released / path).read_text(encoding="utf-8")
    assert links.is_unique


def test_a_series_is_told_by_its_regions_name_not_by_its_code(wrong: DeriveResult) -> None:
    night = gathered(wrong)
    assert {series.region.zh for series in night.series if series.region} == {"河南省郑州市中原区"}
    part = render(night).partition('<section id="plots"')[2].partition("</section>")[0]
    assert "河南省郑州市中原区" in part
    assert "410102" not in part
