"""The download site: what it tells, that it stands alone, and that it is switched in whole."""

from __future__ import annotations

import csv
import hashlib
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from functools import partial
from html.parser import HTMLParser
from http.server import ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import handmade
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.site import build
from pipeline.site.assets import asset
from pipeline.site.command import _Handler, serve
from pipeline.site.passages import _sentence, around
from pipeline.site.plots import plot, spark
from pipeline.site.published import page_name
from pipeline.site.recipes import recipes
from pipeline.site.series import Point, Series
from pipeline.site.wording import compact, exact, interval, middle, period, span, unit

ROOT = Path(__file__).resolve().parents[1]
CATALOG = ROOT / "catalog"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \u202e'
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def figure(number: int, value: int, period: str, document: str, **more: Any) -> Mapping[str, Any]:
    """An observation of compounds in the programme, in 金水区."""
    return {
        "indicator": "renovation_planned", "ref_area": "410105", "time_period": period,
        "obs_value": Decimal(value), "obs_low": Decimal(value), "obs_high": Decimal(value),
        "unit_measure": "1", "qualifier": "exact", "obs_status": "A", "quantity_id": f"q{number:04}",
        "document_id": document, "quantity_ids": f"q{number:04}", **more,
    }  # fmt: skip


def tables(*values: int, title: str = "改造进度") -> dict[str, pa.Table]:
    """A release with a figure a month, each in a document of its own."""
    months = list(enumerate(values, 1))
    names = [f"d{n}" for n, _ in months]
    given = [
        handmade.quantity(n, v, document_id=name, sentence=1, quote=f"其中{v}栋，纳入改造老旧小区{v}个。")
        for (n, v), name in zip(months, names, strict=True)
    ]
    documents = [
        handmade.document(
            name, title=title, publisher=title, issue_date=date(2024, n, 28), url="javascript:alert(1)"
        )
        for n, name in enumerate(names, 1)
    ]
    made = handmade.small(*given, documents=documents)
    numerals = [
        row
        for q in given
        for row in ({**q, "quantity_id": None, "start": q["start"] - 5, "text": q["text"][:-1]}, q)
    ]
    seen = [figure(n, v, f"2024-{n:02}-28", name) for (n, v), name in zip(months, names, strict=True)]
    wide = [
        {"ref_area": "410105", "time_period": row["time_period"], "planned": row["obs_value"],
         "document_id": row["document_id"]} for row in seen
    ]  # fmt: skip
    said = {"numerals": numerals, "observations": seen, "renovation": wide}
    return made | {name: handmade.rows(handmade.DECLARED[name], *lines) for name, lines in said.items()}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases, the second with two new figures, and the site of both."""
    place = tmp_path_factory.mktemp("output")
    handmade.released(place, tables(156, 160, title=HOSTILE), date=date(2024, 2, 29))
    handmade.released(place, tables(156, 160, 171, 168, title=HOSTILE), date=date(2024, 4, 30))
    build(place, CATALOG)
    return place


class Page(HTMLParser):
    """What matters of a page: its elements, ids, links, and whether its tags are closed in order."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.broken: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.broken.append(tag)

    def values(self, name: str, *tags: str) -> list[str]:
        return [attrs[name] for tag, attrs in self.tags if name in attrs and (not tags or tag in tags)]


def site_pages(output: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted((output / "site").rglob("*.html")):
        if "releases" not in path.relative_to(output / "site").parts:
            yield path, Page(path)


def test_every_link_leads_to_a_file_and_a_place_in_it(output: Path) -> None:
    made = {path.resolve(): page for path, page in site_pages(output)}
    assert len(made) > 30
    for path, page in made.items():
        links = page.values("href") + page.values("src") + page.values("data-href")
        for link in links:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme == "https", link
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment:
                assert parts.fragment in made[target].values("id"), f"{path.name}: {link}"


def test_pages_are_whole_and_have_each_id_once(output: Path) -> None:
    for path, page in site_pages(output):
        ids = page.values("id")
        assert (page.open, page.broken) == ([], []), path
        assert sorted(set(ids)) == sorted(ids), path


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
        assert all(attrs.get("type") == "application/json" or attrs.get("src") for attrs in scripts), path
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
        other = (site / name).parent / switch["href"]
        assert other.resolve() == (site / (name[3:] if name.startswith("en/") else f"en/{name}")).resolve()
        assert next(a["lang"] for t, a in page.tags if t == "html") == (
            "en" if name.startswith("en/") else "zh-CN"
        )


def test_new_points_are_marked_and_the_first_release_marks_none(output: Path, tmp_path: Path) -> None:
    page = (output / "site/indicators/renovation_planned.html").read_text(encoding="utf-8")
    assert page.count('class="dot new" cx=') - page.count('<circle class="dot new" cx="7"') == 2
    assert "金水区" in page
    handmade.released(tmp_path, tables(156, 160))
    first = (build(tmp_path, CATALOG) / "indicators/renovation_planned.html").read_text(encoding="utf-8")
    assert "dot new" not in first


def test_a_plot_is_named_and_described_and_has_a_table_behind_it(output: Path) -> None:
    page = Page(output / "site/indicators/renovation_planned.html")
    drawing = next(attrs for tag, attrs in page.tags if tag == "svg" and attrs.get("class") == "plot")
    assert drawing["role"] == "img"
    assert set(drawing["aria-labelledby"].split()) <= set(page.values("id"))
    described = re.search(r'<desc id="p1-d">(.*?)</desc>', page.text)
    assert described
    for value in ("156", "160", "171", "168"):
        assert value in described[1]
        assert re.search(rf'<td class="num"><a href="[^"]+#q\d+">{value}</a>', page.text)


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


def test_the_site_holds_the_releases_themselves(output: Path) -> None:
    for release in ("2024.2.29", "2024.4.30"):
        inside, outside = output / "site/releases" / release, output / "releases" / release
        sums = (inside / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        for line in sums:
            digest, _, path = line.partition("  ")
            assert hashlib.sha256((inside / path).read_bytes()).hexdigest() == digest
        assert (inside / "wenshu.xlsx").stat().st_ino == (outside / "wenshu.xlsx").stat().st_ino


def test_two_places_build_the_same_bytes(output: Path, tmp_path: Path) -> None:
    handmade.released(tmp_path, tables(156, 160, title=HOSTILE), date=date(2024, 2, 29))
    handmade.released(tmp_path, tables(156, 160, 171, 168, title=HOSTILE), date=date(2024, 4, 30))
    site = build(tmp_path, CATALOG)
    assert site.readlink() == (output / "site").readlink()

    def held(place: Path) -> dict[str, str]:
        return {
            path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in place.rglob("*")
            if path.is_file() and path.suffix != ".duckdb" and path.name != "index.json"
        }  # fmt: skip

    assert held(site.resolve()) == held((output / "site").resolve())


def test_a_site_built_again_of_the_same_releases_is_the_same_one(tmp_path: Path) -> None:
    handmade.released(tmp_path, tables(156))
    first = build(tmp_path, CATALOG).resolve()
    mark = (first / "index.html").stat().st_mtime_ns
    assert build(tmp_path, CATALOG).resolve() == first
    assert (first / "index.html").stat().st_mtime_ns == mark


def test_a_reader_never_sees_half_a_site(tmp_path: Path) -> None:
    handmade.released(tmp_path, tables(156), date=date(2024, 1, 31))
    build(tmp_path, CATALOG)
    stop, seen, wrong = threading.Event(), set[str](), list[str]()

    def read() -> None:
        while not stop.is_set():
            site = (tmp_path / "site").resolve()  # as a server does for a request, or a copy for all of them
            page = (site / "index.html").read_text(encoding="utf-8")
            seen.add(site.name)
            wrong.extend(
                link
                for link in re.findall(r'(?:href|src)="([^"#]+)', page)
                if not link.startswith("https:") and not (site / link).exists()
            )

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for month in (2, 3):
            handmade.released(tmp_path, tables(*range(150, 150 + month)), date=date(2024, month, 28))
            build(tmp_path, CATALOG)
    finally:
        stop.set()
        reader.join()
    assert wrong == []
    assert len(seen) >= 2
    assert len(list((tmp_path / ".sites").iterdir())) == 2


def test_a_failed_build_leaves_the_site_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handmade.released(tmp_path, tables(156))
    before = build(tmp_path, CATALOG).readlink()
    handmade.released(tmp_path, tables(156, 160), date=date(2026, 12, 1))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.site.building._put", full)
    with pytest.raises(WenshuError, match="is full"):
        build(tmp_path, CATALOG)
    assert (tmp_path / "site").readlink() == before
    assert not list(tmp_path.glob(".draft-*"))


def test_without_a_release_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match="nothing was released"):
        build(tmp_path, CATALOG)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a" * 81, "a\0b", "x.html", "表"])
def test_no_name_leads_out_of_the_site(name: str) -> None:
    with pytest.raises(WenshuError, match="cannot name a page"):
        page_name(name)


def test_the_lines_for_pandas_and_duckdb_run(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(output / "latest/data")
    (output / "releases/2024.4.30.duckdb").exists()
    for name, table in handmade.DECLARED.items():
        made = {recipe.name: recipe.code for recipe in recipes(table, "2024.4.30", "zh")}
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


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("0", "0", "0"),
        ("487.0000000000", "487", "487"),
        ("0E-10", "0", "0"),
        ("-3.20", "−3.2", "−3.2"),
        ("9999", "9,999", "9,999"),
        ("16000", "1.6 万", "16,000"),
        ("12333.333333", "12,333.333333", "12,333.333333"),
        ("10865000", "1,086.5 万", "10.865 m"),
        ("342190000000", "3,421.9 亿", "342.19 bn"),
        ("1234567", "1,234,567", "1,234,567"),
        ("100000000", "1 亿", "100 m"),
    ],
)
def test_numbers_are_short_only_where_that_is_as_exact(value: str, zh: str, en: str) -> None:
    assert (compact(Decimal(value), "zh"), compact(Decimal(value), "en")) == (zh, en)


@given(st.decimals(min_value=-(10**27), max_value=10**27, places=10))
def test_no_number_loses_a_digit(value: Decimal) -> None:
    large = {"": 0, "万": 4, "亿": 8, "k": 3, "m": 6, "bn": 9}
    for said in (exact(value), compact(value, "zh"), compact(value, "en")):
        digits, _, name = said.partition(" ")
        with localcontext() as context:
            context.prec = 60
            assert Decimal(digits.replace(",", "").replace("−", "-")).scaleb(large[name]) == value


@pytest.mark.parametrize(
    ("code", "kind", "zh", "en", "days"),
    [
        ("2020", "year", "2020 年", "2020", 366),
        ("2024-S1", "half", "2024 年上半年", "H1 2024", 182),
        ("2024-S2", "half", "2024 年下半年", "H2 2024", 184),
        ("2024-Q3", "quarter", "2024 年第 3 季度", "Q3 2024", 92),
        ("2024-02", "month", "2024-02", "2024-02", 29),
        ("2020-07-08", "day", "2020-07-08", "2020-07-08", 1),
        ("2023-08-02T08:00", "day", "2023-08-02 08:00", "2023-08-02 08:00", 1),
        ("2024-05-01/2024-05-05", "days", "2024-05-01 – 05-05", "2024-05-01 – 05-05", 5),
        ("2024-12-30/2025-01-02", "days", "2024-12-30 – 2025-01-02", "2024-12-30 – 2025-01-02", 4),
        ("2024-01/2024-09", "months", "2024-01 – 2024-09", "2024-01 – 2024-09", 274),
        ("2016/2020", "years", "2016 – 2020", "2016 – 2020", 1827),
    ],
)
def test_periods_are_said_and_stand_in_time(code: str, kind: str, zh: str, en: str, days: int) -> None:
    assert (span(code), period(code, "zh"), period(code, "en")) == (kind, zh, en)
    first = date(int(code[:4]), 1, 1).toordinal()
    at = middle(code)
    assert at is not None
    starts = {"2024-S2": 182, "2024-Q3": 182, "2024-02": 31, "2020-07-08": 189, "2023-08-02T08:00": 213,
              "2024-05-01/2024-05-05": 121, "2024-12-30/2025-01-02": 364}  # fmt: skip
    assert at == first + starts.get(code, 0) + (days - 1) / 2


@pytest.mark.parametrize("code", ["", "soon", "2024-13", "2024-02-30", "2024-W07", "x/y"])
def test_a_period_of_no_known_form_stands_nowhere_and_as_it_is(code: str) -> None:
    assert middle(code) is None
    assert period(code, "en").replace(" – ", "/") == code


def test_units_and_intervals_are_said() -> None:
    assert (unit("CNY", "zh"), unit("har", "en"), unit("1", "zh"), unit("[odd]", "en")) == (
        "元",
        "ha",
        "",
        "[odd]",
    )
    assert interval(None, Decimal(300), None, exact) == "300 – …"
    assert interval(None, None, None, exact) == "—"


def point(at: str, value: str | None, low: str | None = None, high: str | None = None, **more: Any) -> Point:
    low, high = low or (value if more.pop("stated", True) else None), high or value
    said = {
        "period": at, "at": middle(at) or 0.0, "value": value and Decimal(value), "low": low and Decimal(low),
        "high": high and Decimal(high), "qualifier": "exact", "status": "A", "quantity": "q1",
        "document": "d1", "text": "487个", "quote": "", "publisher": None, "issued": None, "new": False,
    }  # fmt: skip
    return Point(**said | more)


def series(*points: Point) -> Series:
    return Series(indicator="x", area=None, span="day", points=points)


def test_one_moment_is_no_plot() -> None:
    assert plot(series(point("2024-01-01", "5")), "zh") is None
    assert plot(series(point("2024-01-01", "5"), point("2024-01-01", "6", document="d2")), "zh") is None
    assert spark(series(point("2024-01-01", "5"))) == ""


def test_what_is_planned_is_drawn_but_not_joined() -> None:
    drawn = plot(series(*(point(f"2024-0{n}-01", str(n), status=s) for n, s in enumerate("AFAA", 1))), "zh")
    assert drawn
    assert len(drawn.dots) == 4
    assert drawn.path.count("L") == 2
    assert f"{drawn.dots[1].x} {drawn.dots[1].y}" not in drawn.path


def test_of_two_documents_on_one_period_the_line_takes_the_later() -> None:
    points = (point("2024-01-01", "1"), point("2024-02-01", "8"), point("2024-02-01", "2", document="d2"))
    drawn = plot(series(*points), "zh")
    assert drawn
    assert len(drawn.dots) == 3
    assert drawn.path.endswith(f"{drawn.dots[2].x} {drawn.dots[2].y}")


def test_an_interval_reaches_from_end_to_end_and_an_open_one_points_out() -> None:
    between = point("2024-01-01", None, "300", "400")
    above = replace(between, high=None, period="2024-01-10", at=between.at + 9)
    drawn = plot(series(between, above), "zh")
    assert drawn
    closed, open_above = drawn.dots
    assert closed.low is not None
    assert closed.high is not None
    assert closed.low > closed.y > closed.high
    assert (closed.open, open_above.open) == (0, 1)


@given(
    st.lists(st.decimals(-(10**15), 10**15, places=3), min_size=2, max_size=40),
    st.sampled_from(["zh", "en"]),
)
def test_every_dot_stands_inside_its_plot(values: list[Decimal], lang: Any) -> None:
    points = [point(f"{2000 + n}", str(value)) for n, value in enumerate(values)]
    drawn = plot(series(*points), lang)
    assert drawn
    assert 2 <= len(drawn.rows) <= 7
    assert len({row.label for row in drawn.rows}) == len(drawn.rows)
    rows = [row.at for row in drawn.rows]
    for dot in drawn.dots:
        assert drawn.left <= dot.x <= 346.1
        assert min(rows) - 0.2 <= dot.y <= max(rows) + 0.2
    order = sorted(zip(values, (dot.y for dot in drawn.dots), strict=True))
    assert all(low[1] >= high[1] - 0.1 for low, high in pairwise(order))


def stated(text: str, start: int, quote: str | None, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "start": start,
        "quote": quote,
        "quantity_id": f"q{start}" if quote else None,
        **more,
    }


@pytest.mark.parametrize(
    ("quote", "numerals", "marked"),
    [
        (
            "完成89个，新开工89个。",
            [(2, "89个"), (9, "89个")],
            ["完成", "[89个]", "，新开工", "[89个]", "。"],
        ),
        ("3月3日，设卡点3个。", [(0, "3月3日", False), (8, "3个")], ["3月3日，设卡点", "[3个]", "。"]),
        ("投入36万余元。", [(2, "３６万\n余元")], ["投入", "[36万余元]", "。"]),
        ("车位 1.6 万个。", [(3, "1.6万个")], ["车位 ", "[1.6 万个]", "。"]),
        ("全区487个。", [(2, "48\n—7—\n7个")], ["全区487个。"]),
    ],
)
def test_figures_are_marked_in_their_sentences(quote: str, numerals: list[Any], marked: list[str]) -> None:
    rows = [stated(text, at, quote if not own or own[0] else None) for at, text, *own in numerals]
    sentence = _sentence(quote, rows, whole=True)
    assert [f"[{run.text}]" if run.figure else run.text for run in sentence.runs] == marked
    assert "".join(run.text for run in sentence.runs) == quote
    assert len(sentence.unmarked) == len(sentence.figures) - sum("[" in piece for piece in marked)


def test_of_a_piece_of_a_long_sentence_the_figure_in_its_middle_is_marked() -> None:
    quote = "…" + "5个，" + "甲" * 196 + "5个" + "乙" * 190 + "，5个…"
    sentence = _sentence(quote, [stated("5个", 900, quote)], whole=False)
    assert len(sentence.runs[0].text) == 200
    assert sentence.runs[1].text == "5个"


def test_a_glance_keeps_the_figure() -> None:
    assert around("甲" * 50 + "487个" + "乙" * 50, "487个", 3) == ("…甲甲甲", "487个", "乙乙乙…")
    assert around("没有数字", "", 3) == ("", "", "没有数…")


def test_the_site_and_the_report_share_their_colours() -> None:
    report = (ROOT / "src/pipeline/report/templates/report.css").read_text(encoding="utf-8")
    colours = re.compile(r"--(paper|sheet|ink|soft|rule|link|bad|count|money): (#\w+)")
    theirs, ours = (colours.findall(text)[:18] for text in (report, asset("site.css").decode()))
    assert len(theirs) == 18
    assert ours == theirs


def test_the_command_builds_the_site_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handmade.released(tmp_path, tables(156))
    assert main(["site", "build", "--config", str(ROOT), "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'site' / 'index.html'}\n"
    assert main(["site", "build", "--config", str(ROOT), "--output", str(tmp_path / "empty")]) == 2
    assert "wenshu run" in capsys.readouterr().err


def test_a_site_that_is_not_there_and_a_port_that_is_taken_are_said(output: Path, tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match="site build"):
        serve(tmp_path / "site", 0)
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as taken,
        pytest.raises(WenshuError, match="another --port"),
    ):
        serve(output / "site", taken.server_port)


def test_files_are_served_as_what_they_are_and_nothing_beside_them(output: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(output / "site"))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            kinds = {
                "": "text/html; charset=utf-8",
                "series/renovation_planned.csv": "text/csv; charset=utf-8",
                "releases/2024.4.30/data/renovation.parquet": "application/vnd.apache.parquet",
                "releases/2024.4.30/dcat.jsonld": "application/ld+json",
            }
            for path, kind in kinds.items():
                with urllib.request.urlopen(f"{address}/{path}") as answer:
                    assert answer.headers["Content-Type"] == kind
            for outside in ("/../.lock", "/%2e%2e/.lock", "/nothing"):
                with pytest.raises(urllib.error.HTTPError):
                    urllib.request.urlopen(address + outside)
        finally:
            server.shutdown()
            thread.join()
