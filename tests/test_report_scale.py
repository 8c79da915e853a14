"""The report of very many documents: it tells of those that matter, and costs what it shows."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nights import night
from officer import LARGEST, SENTENCE, TODAY, Elements, derived, gathered, issue, project, render

from pipeline.night.run import Run
from pipeline.night.stage_results import DeriveResult
from pipeline.report.collect import ReportInput, collect
from pipeline.report.output import files
from pipeline.report.page import ReportPage
from pipeline.tables.links import LONGEST, PAGES, with_links

MANY = PAGES + 20


def write(folder: Path, said: dict[int, str]) -> None:
    """raw/ with MANY articles in one file, some of which say something else."""
    articles = [
        {
            "id": f"{n:04}",
            "date": "2026-11-02",
            "title": f"第{n}篇",
            "text": said.get(n, f"全区新添长椅{n + 1}处。\n"),
        }
        for n in range(MANY)
    ]
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    (folder / "raw" / "articles.jsonl").write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """Two nights of many articles: one is in doubt all the time, on the second night another has changed."""
    folder = tmp_path_factory.mktemp("many")
    write(folder, {7: SENTENCE})
    first = night(project(folder))
    write(folder, {7: SENTENCE, 9: "全区新添长椅4321处。\n"})
    return first, night(project(folder))


def pages(run: Run) -> dict[str, Path]:
    """The pages of a run's report, by the title of the document."""
    found = {}
    for path in (run.folder / "sources").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        found[text.partition("<title>")[2].partition(" ·")[0]] = path
    return found


def test_of_many_documents_the_doubted_and_the_changed_have_a_page(nights: tuple[Run, Run]) -> None:
    first, second = nights
    assert len(pages(first)) == PAGES
    assert "第7篇" in pages(first)
    assert set(pages(second)) == {"第7篇", "第9篇"}


def test_a_page_stays_the_same_bytes_until_its_document_changes(nights: tuple[Run, Run]) -> None:
    doubted, changed = ([pages(run)[title] for run in nights] for title in ("第7篇", "第9篇"))
    assert doubted[0].read_bytes() == doubted[1].read_bytes()
    assert changed[0].read_bytes() != changed[1].read_bytes()


def test_the_list_names_what_is_to_be_looked_at_and_counts_the_rest(nights: tuple[Run, Run]) -> None:
    html = (nights[1].folder / "report.html").read_text(encoding="utf-8")
    listed = html.partition('<section id="documents"')[2].partition("</section>")[0]
    assert listed.count('<th scope="row">') == 2
    assert listed.count("新改") == 1
    assert f"{MANY - 2}" in Elements(listed).text
    assert json.loads((nights[1].folder / "report.json").read_text(encoding="utf-8"))["documents"] == {
        "read": MANY
    }


@pytest.mark.parametrize("which", [0, 1])
def test_no_link_of_a_report_of_many_documents_dangles(nights: tuple[Run, Run], which: int) -> None:
    folder = nights[which].folder
    ids = {}
    for path in [folder / "report.html", *(folder / "sources").glob("*.html")]:
        page = Elements(path.read_text(encoding="utf-8"))
        ids[path] = set(page.ids()), [a["href"] for tag, a in page.tags if tag == "a" and a.get("href")]
    for path, (_, hrefs) in ids.items():
        for href in hrefs:
            name, _, anchor = str(href).partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target in ids
            assert not anchor or anchor in ids[target][0]


def test_quantities_of_many_documents_have_no_link_that_could_dangle(nights: tuple[Run, Run]) -> None:
    for run in nights:
        quantities = pd.read_csv(run.output / "releases" / str(run.version) / "data" / "quantities.csv")
        assert len(quantities) >= MANY
        assert quantities["link"].isna().all()
    changed = pd.read_csv(nights[1].output / "latest" / "data" / "changes.csv")
    assert "link" not in set(changed["column"].dropna())


@pytest.mark.parametrize(("many", "linked"), [(PAGES, True), (PAGES + 1, False)])
def test_links_are_made_up_to_as_many_documents_as_have_pages(many: int, linked: bool) -> None:
    documents = pa.table({"status": ["read"] * many + ["quarantined"] * 9})
    quantities = pa.table({"end": [3, LONGEST, LONGEST + 1], "link": ["a", "b", "c"]})
    links = with_links(quantities, documents)["link"].to_pylist()
    assert links == (["a", "b", None] if linked else [None] * 3)


def grown(made: DeriveResult, times: int, before: Path) -> ReportInput:
    """A night of so many thousand more documents, all of them as the release before had them."""
    tables = dict(made.tables)
    row = tables["documents"].slice(0, 1).to_pylist()[0]
    more = [row | {"document_id": f"d{n:07}", "path": f"{n}.txt"} for n in range(1000 * times)]
    tables["documents"] = pa.concat_tables(
        [tables["documents"], pa.Table.from_pylist(more, tables["documents"].schema)]
    )
    (before / "data").mkdir(parents=True)
    pq.write_table(tables["documents"], before / "data" / "documents.parquet")
    texts = made.extracted.ingested.articles.texts
    return ReportInput(
        date=TODAY, outcome="released", tables=tables, texts=texts, issues=(issue(made),), version="2",
        previous="1", before=before,
    )  # fmt: skip


def test_what_is_held_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    made = derived(tmp_path, {"a.txt": SENTENCE})
    peaks = []
    for times in (1, 1, 10):  # the first goes for what is made once
        record = grown(made, times, tmp_path / f"before{len(peaks)}")
        tracemalloc.start()
        told = collect(record)
        render(told)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(told.documents) == 1
    assert peaks[2] < 1.2 * peaks[1]


def test_what_is_held_of_documents_with_a_page_is_little_more_than_the_pages(tmp_path: Path) -> None:
    told, times = gathered(derived(tmp_path, {"a.txt": SENTENCE})), 250
    one = told.documents[0]
    marks = [
        replace(
            mark, id=f"{mark.id}-{n}", start=mark.start + n * len(SENTENCE), end=mark.end + n * len(SENTENCE)
        )
        for n in range(times)
        for mark in one.marks
    ]
    many = [replace(one, id=f"d{n}", text=SENTENCE * times, marks=tuple(marks)) for n in range(5)]
    report = replace(told, documents=tuple(many))
    files(report)  # goes for what is made once
    tracemalloc.start()
    page = ReportPage(report)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    written = {name: len(content) for name, content in files(report, page).items()}
    assert len(written) == 2 + len(many)
    assert held < 1.2 * sum(written.values())


def test_a_night_of_thousands_of_issues_is_cut_visibly_and_fits_into_a_mail(tmp_path: Path) -> None:
    made = derived(tmp_path, {"a.txt": SENTENCE})
    one = issue(made, quantities=())
    issues = [
        replace(one, fingerprint=f"f{n}", state=state, check="quantities.quoted", message="原" * 900)
        for n in range(3000)
        for state in ("new", "resolved")[n % 2 :][:1]
    ]
    told = gathered(made, issues)
    html = render(told)
    assert len(html.encode()) < LARGEST
    assert Elements(html).text.count("1,500") >= 2
    assert "1,000" in html
    assert len(json.loads(files(told)["report.json"])["issues"]) == 3000
