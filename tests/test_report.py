"""The report: what it shows, and that hostile text in it is text and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from officer import STATED, TODAY, derived, gathered, issue, run

from pipeline.extract import extract
from pipeline.handovers import Derived
from pipeline.report import files, render, to_json
from pipeline.report.history import read_history
from pipeline.report.night import Document, Numeral
from pipeline.report.passages import Pages, visible
from pipeline.report.templating import number

LARGEST = 2_000_000
"""Bytes of a report that a mail still takes."""

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>点</a>",
    "</style><style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "{{ 7 * 7 }} {% raw %}",
    "<!-- --><base href=//example.org>",
]


class Elements(HTMLParser):
    """Every element with its attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]


def assert_harmless(html: str) -> Elements:
    page = Elements(html)
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == names.count("style") == 1
    assert not {"iframe", "object", "embed", "base", "form", "img", "link"} & set(names)
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "srcdoc")
        ]
        assert re.match(r"#|sources/\w+\.html|\.\./report\.html", attributes.get("href") or "#")
    assert len(page.ids()) == len(set(page.ids()))
    return page


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Derived:
    """The page with 203 changed to 204."""
    text = page.read_text(encoding="utf-8").replace(STATED, "204个进入")
    return derived(tmp_path_factory.mktemp("wrong"), {"page.txt": text})


def test_an_issue_shows_its_equation_with_what_it_comes_to_and_the_residual(wrong: Derived) -> None:
    night = gathered(wrong, [issue(wrong)], "withheld")
    (equation,) = night.issues[0].equations
    assert (equation.computed, equation.stated, equation.residual) == (488, 487, -1)
    text = re.sub(r"\s+", " ", Elements(render(night)).text)
    assert "89 + 204 + 195 = 488 文中作the text says 487 余差residual −1" in text
    assert "89 + 204 + 195 = 487" in text


def test_an_issue_marks_its_numbers_in_their_paragraph(wrong: Derived) -> None:
    html = render(gathered(wrong, [issue(wrong)], "withheld"))
    told = re.search(r"<blockquote>.*?</blockquote>", html, re.DOTALL)
    assert told
    assert re.findall(r'cited"[^>]*>([^<]+)<', told.group()) == ["487个", "89个", "204个", "195个"]
    assert "推进以来" in told.group()
    assert "城乡接合部改造" in told.group()


def test_issues_about_one_equation_are_told_once_and_can_each_be_found(wrong: Derived) -> None:
    several = [
        issue(wrong),
        issue(wrong, check="renovation.residual", fingerprint="second"),
        issue(wrong, severity="warning", check="quantities.equation", fingerprint="third"),
    ]
    html = render(gathered(wrong, several, "withheld"))
    assert html.count('class="equation"') == 1
    assert {"i-new-critical", "i-second", "i-third"} <= set(Elements(html).ids())


def test_new_issues_come_before_persisting_before_resolved(wrong: Derived) -> None:
    issues = [issue(wrong, state) for state in ("resolved", "persisting", "new")]
    html = render(gathered(wrong, issues))
    places = [html.index(f'id="i-{state}-critical"') for state in ("new", "persisting", "resolved")]
    assert places == sorted(places)


def test_every_quantity_is_an_anchor_in_its_page_with_its_row(wrong: Derived) -> None:
    made = files(gathered(wrong, [issue(wrong)]))
    for row in wrong.tables["quantities"].to_pylist():
        ids = set(Elements(made[f"sources/{row['document_id']}.html"].decode()).ids())
        assert {row["quantity_id"], f"r-{row['quantity_id']}"} <= ids


def test_links_lead_somewhere(wrong: Derived) -> None:
    made = {name: text.decode() for name, text in files(gathered(wrong, [issue(wrong)])).items()}
    ids = {name: set(Elements(text).ids()) for name, text in made.items() if name.endswith(".html")}
    for name in ids:
        for _, attributes in Elements(made[name]).tags:
            if href := attributes.get("href"):
                path, _, anchor = href.removeprefix("../").partition("#")
                assert not anchor or anchor in ids[path or name]


def test_every_numeral_of_the_page_is_marked_by_its_kind(wrong: Derived) -> None:
    (document,) = gathered(wrong).documents
    shown = [run.numeral for p in Pages(document).whole() for run in p.runs if run.numeral]
    assert shown == list(document.marks)
    assert len(shown) == wrong.tables["numerals"].num_rows
    assert {"count", "money", "date", "name"} <= {numeral.kind for numeral in shown}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_text(tmp_path: Path, hostile: str) -> None:
    text = f"{hostile}全市改造老旧小区100个，其中{hostile}60个完成，50个在建。{hostile}\n"
    title = json.dumps(f"{hostile} 标题", ensure_ascii=False)
    made = derived(tmp_path, {"page.txt": text, "page.yaml": f"title: {title}\npublisher: {title}\n"})
    night = gathered(made, [issue(made, message=hostile, check=hostile)], "withheld")
    for name, content in files(night).items():
        if name.endswith(".html"):
            # The parser joins what marks have parted: 7 and 1 are numerals here.
            assert hostile in assert_harmless(content.decode()).text


def test_characters_that_turn_the_text_around_are_spelt_out(tmp_path: Path) -> None:
    text = "完成\u202e89\u202c个\u2066小区\u2069，\u200b共1\x1b[31m00户。\n"
    made = derived(tmp_path, {"page.txt": text})
    html = render(gathered(made, [issue(made)]))
    assert not set("\u202e\u202c\u2066\u2069\u200b\x1b") & set(html)
    assert all(f"U+{code}" in html for code in ("202E", "2066", "200B", "001B"))


def test_a_title_of_100_000_characters_is_cut_visibly(tmp_path: Path) -> None:
    made = derived(
        tmp_path, {"page.txt": f"完成89个小区。{'很' * 100_000}\n", "page.yaml": f"title: {'长' * 9000}\n"}
    )
    night = gathered(made, [issue(made)])
    document = night.documents[0]
    long = replace(document, title="长" * 100_000)
    html = render(replace(night, documents=(long,)))
    assert "100,000" in html
    assert html.count("长") < 1_000


@given(st.text(max_size=300), st.none() | st.integers(0, 50))
def test_visible_text_loses_nothing_and_opens_no_tag(text: str, longest: int | None) -> None:
    page = Elements(f"<p>{visible(text, longest)}</p>")
    assert {tag for tag, _ in page.tags} <= {"p", "span"}
    if longest is None and text.isprintable():
        assert page.text == text


def test_the_policy_admits_the_pages_own_script_and_style_alone(wrong: Derived) -> None:
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


def test_the_page_names_no_other_host(wrong: Derived) -> None:
    assert not re.search(r"(?:https?:)?//[\w.-]+\.\w", render(gathered(wrong, [issue(wrong)])))


def test_a_night_of_500_articles_fits_into_a_mail(tmp_path: Path) -> None:
    article = (
        "{place}区政府今年安排专项资金{n}万元，改造老旧小区{n}个，其中一季度完成12个，二季度完成15个，"
        "惠及居民{n}户、{n}余人。全区举办培训班30期，培训干部近{n}人次，满意率达到98.5%，比上年提高1.2个百分点。\n"
    )
    places = "甲乙丙丁戊己庚辛壬癸"
    texts = {
        f"{n:03}.txt": "".join(article.format(place=places[(n + i) % 10], n=1000 * i + n) for i in range(6))
        for n in range(500)
    }
    made = derived(tmp_path, texts)
    one = issue(made)
    issues = [
        replace(one, fingerprint=f"f{n}", document_id=row["document_id"], quantities=(row["quantity_id"],))
        for n, row in enumerate(made.tables["quantities"].to_pylist()[::30])
    ]
    html = render(gathered(made, issues)).encode()
    assert len(issues) > 800
    assert len(html) < LARGEST
    assert html.count(b"<tr>") > 400


@given(st.text(alphabet="全市完成9１万余个，。；：“”\n 　三百%\u202e", max_size=200))
def test_the_source_view_shows_every_numeral_of_any_text_once(text: str) -> None:
    reading = extract(text)
    marks = tuple(
        Numeral(
            id=f"d-{m.start}", document_id="d", start=m.start, end=m.end, text=m.text, kind=m.kind,
            value=m.value, low=m.low,
            high=m.high, qualifier=m.qualifier, unit=m.unit, subject=m.subject, rule=m.rule,
            quantity=m.statistical,
        )
        for m in reading.mentions
    )  # fmt: skip
    document = Document(
        id="d", path="d.txt", title=None, publisher=None, page=None, issued=None, status="read", reason=None,
        numerals=len(marks), quantities=0, text=text, marks=marks,
    )  # fmt: skip
    pages = Pages(document)
    whole = [run for paragraph in pages.whole() for run in paragraph.runs]
    assert [run.numeral for run in whole if run.numeral] == list(marks)
    around = [run for paragraph in pages.around(marks) for run in paragraph.runs]
    assert [run.numeral for run in around if run.cited] == list(marks)
    shown = [run.text.replace("\u202e", "") for run in whole if run.numeral]
    read = ["".join(m.text.split()).replace("\u202e", "") for m in marks]
    assert ["".join(text.split()) for text in shown] == read


def test_a_paragraph_of_a_hundred_thousand_figures_is_shown_at_once(tmp_path: Path) -> None:
    made = derived(tmp_path, {"page.txt": "完成89个，" * 20_000 + "\n"})
    every = tuple(row["quantity_id"] for row in made.tables["quantities"].to_pylist())
    began = perf_counter()
    html = render(gathered(made, [issue(made, quantities=every)]))
    assert perf_counter() - began < 30
    assert len(html) < LARGEST


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
    assert number(value) == shown


def test_the_record_for_machines_tells_issues_and_what_can_be_decided(wrong: Derived) -> None:
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
    assert (before.run, before.issues) == ("a", {"warning": 2})


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
