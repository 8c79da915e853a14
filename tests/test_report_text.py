"""Text in the report, hostile, odd or too long: it is shown as text and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from officer import LARGEST, Elements, derived, gathered, issue, render

from pipeline.frames.reading import read as extract
from pipeline.report.output import files
from pipeline.report.records import SourceDocument
from pipeline.web.escaping import visible
from pipeline.web.marked_text import MarkedNumeral, MarkedText

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


def assert_harmless(html: str) -> Elements:
    page = Elements(html)
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == names.count("style") == 1
    assert not {"iframe", "object", "embed", "base", "form", "img"} & set(names)
    assert [attrs for tag, attrs in page.tags if tag == "link"] == [{"rel": "icon", "href": "data:,"}]
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "srcdoc")
        ]
        assert re.match(r"#|sources/\w+\.html|\.\./report\.html|data:,$", attributes.get("href") or "#")
    assert len(page.ids()) == len(set(page.ids()))
    return page


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
        tmp_path, {"page.txt": f"完成89个小区。{'很' * 3_000}\n", "page.yaml": f"title: {'长' * 9000}\n"}
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


@pytest.mark.soak
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
        MarkedNumeral(
            id=f"d-{m.start}", document_id="d", start=m.start, end=m.end, text=m.text, kind=m.kind,
            value=m.value, low=m.low,
            high=m.high, qualifier=m.qualifier, unit=m.unit, subject=m.subject, rule=m.rule,
            quantity=m.statistical,
        )
        for m in reading.mentions
    )  # fmt: skip
    document = SourceDocument(
        id="d", path="d.txt", title=None, publisher=None, page=None, issued=None, status="read", reason=None,
        numerals=len(marks), quantities=0, text=text, marks=marks,
    )  # fmt: skip
    pages = MarkedText(document.text or "", document.marks)
    whole = [run for paragraph in pages.paragraphs() for run in paragraph.runs]
    assert [run.figure for run in whole if run.figure] == list(marks)
    around = [run for paragraph in pages.excerpts(marks) for run in paragraph.runs]
    assert [run.figure for run in around if run.cited] == list(marks)
    shown = [run.text.replace("\u202e", "") for run in whole if run.figure]
    read = ["".join(m.text.split()).replace("\u202e", "") for m in marks]
    assert ["".join(text.split()) for text in shown] == read


def test_a_paragraph_of_thousands_of_figures_is_shown_at_once(tmp_path: Path) -> None:
    made = derived(tmp_path, {"page.txt": "完成89个，" * 2_000 + "\n"})
    every = tuple(row["quantity_id"] for row in made.tables["quantities"].to_pylist())
    began = perf_counter()
    html = render(gathered(made, [issue(made, quantities=every)]))
    assert perf_counter() - began < 4
    assert len(html) < LARGEST
