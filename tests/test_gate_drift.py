"""Drift: what has changed so much since the last release that somebody should look."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nights import night

from pipeline.cli import main
from pipeline.gate.drift import DRIFT_COLUMNS, compare_with_release
from pipeline.gate.findings import Finding
from pipeline.gate.issues import new_issues
from pipeline.gate.locations import Locator
from pipeline.gate.suites import load_expectations
from pipeline.gate.validation import validate
from pipeline.project import load_project, packaged_path
from pipeline.tables import TABLES

FILES = load_expectations(packaged_path("expectations"))
FIRST = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A table of rows of which only what matters is given."""
    declared = TABLES[name]
    blank = {"string": "x", "integer": 1, "decimal": Decimal(1), "date": None, "boolean": True}
    said = [
        {c.name: (c.vocabulary[0] if c.vocabulary else blank[c.type]) if c.required else None
         for c in declared.columns} | dict(row)
        for row in rows
    ]  # fmt: skip
    schema = pa.schema([field.with_nullable(True) for field in declared.schema()])
    return pa.Table.from_pylist(said, schema)


def figure(value: Any, period: str | None = "2020", indicator: str = "posts", **said: Any) -> dict[str, Any]:
    exact = None if value is None else Decimal(str(value))
    return {
        "indicator": indicator, "ref_area": "410102", "time_period": period, "obs_value": exact,
        "unit_measure": "1", "document_id": "d1", **said,
    }  # fmt: skip


def tables(
    figures: Sequence[Mapping[str, Any]], documents: Mapping[str, str] | None = None
) -> dict[str, Any]:
    there = documents if documents is not None else {"d1": "read"}
    named = sorted({row["indicator"] for row in figures} | {"posts"})
    return {
        "documents": table("documents", [{"document_id": d, "status": s} for d, s in there.items()]),
        "indicators": table("indicators", [{"indicator": name} for name in named]),
        "observations": table("observations", figures),
    }


def released(folder: Path, made: Mapping[str, pa.Table]) -> Path:
    (folder / "data").mkdir(parents=True)
    for name, rows in made.items():
        pq.write_table(rows, folder / "data" / f"{name}.parquet")
    return folder


def drifted(now: Mapping[str, pa.Table], release: Path | None) -> list[Finding]:
    """Only what is about drift."""
    asked = {
        name: [e for e in FILES[name] if e["meta"]["check"] in ("kept", "leap", "vanished")] for name in now
    }
    return list(validate(now, asked, release=release).findings)


def test_a_first_night_has_drifted_nowhere() -> None:
    assert drifted(tables([figure(1, "2019"), figure(1000, "2020")]), None) == []


def test_a_night_like_the_last_has_drifted_nowhere(tmp_path: Path) -> None:
    made = tables([figure(1, "2019"), figure(1000, "2020")])
    assert drifted(made, released(tmp_path, made)) == []


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [(1, 0, False), (2, 1, True), (3, 2, True), (3, 1, False), (10, 5, True), (10, 4, False), (4, 40, True)],
)
def test_a_release_that_would_lose_more_than_half_is_withheld(
    tmp_path: Path, before: int, now: int, kept: bool
) -> None:
    made = [tables([figure(5, str(2000 + n)) for n in range(count)]) for count in (before, now)]
    found = [f for f in drifted(made[1], released(tmp_path, made[0])) if f.check == "kept"]
    assert [(f.name, f.severity) for f in found] == ([] if kept else [("observations.kept", "critical")])
    if found:
        assert found[0].observed == f"{now} (rows_before {before})"


def test_documents_count_too(tmp_path: Path) -> None:
    many, few = ({f"d{n}": "read" for n in range(count)} for count in (5, 2))
    found = drifted(tables([], few), released(tmp_path, tables([], many)))
    assert [(f.name, f.severity, f.rows) for f in found] == [("documents.kept", "critical", ())]


@pytest.mark.parametrize(
    ("status", "withheld"),
    [(None, False), ("dropped", False), ("duplicate", False), ("quarantined", True), ("read", True)],
)
def test_what_an_article_that_was_taken_out_had_said_is_not_missed(
    tmp_path: Path, status: str | None, withheld: bool
) -> None:
    large = [figure(5, str(2000 + n), document_id="large") for n in range(9)]
    before = released(tmp_path, tables([*large, figure(5)], {"d1": "read", "large": "read"}))
    there = {"d1": "read"} | ({"large": status} if status else {})
    found = {f.name: f for f in drifted(tables([figure(5)], there), before)}
    assert set(found) == ({"observations.kept"} if withheld else set())


def test_an_indicator_without_observations_is_named(tmp_path: Path) -> None:
    before = released(tmp_path, tables([figure(5), figure(6, "2021"), figure(7, indicator="trains")]))
    now = tables([figure(7, indicator="trains")])
    verdict = validate(now, {"indicators": FILES["indicators"]}, release=before)
    (found,) = verdict.findings
    assert (found.name, found.severity, found.rows) == ("indicators.vanished", "info", (0,))
    (said,) = new_issues([found], [], Locator(verdict.tables, TABLES, ()), FIRST.date())
    assert "indicator posts, observations_lost 2" in said.message


@pytest.mark.parametrize(
    ("before", "now", "leaps"),
    [
        pytest.param([figure(487, "2019")], [figure(4870)], {0: ("487", "2019")}, id="ten times greater"),
        pytest.param([figure(487, "2019")], [figure("48.7")], {0: ("487", "2019")}, id="ten times smaller"),
        pytest.param([figure("0.487", "2019")], [figure("4.87")], {0: ("0.487", "2019")}, id="decimals"),
        pytest.param([figure(487, "2019")], [figure(4869)], {}, id="less than ten times"),
        pytest.param([figure(487)], [figure(4870)], {0: ("487", "2020")}, id="what was released is revised"),
        pytest.param([figure(1, "2018")], [figure(90, "2019"), figure(100)], {0: ("1", "2018")},
                     id="each against the one before it"),
        pytest.param([figure(1, "2018"), figure(90, "2019")], [figure(90, "2019"), figure(100)], {},
                     id="what was released is not looked at again"),
        pytest.param([figure(1, "2019", ref_area="410103")], [figure(100)], {}, id="another region"),
        pytest.param([figure(1, "2020-05")], [figure(100)], {}, id="a month and a year"),
        pytest.param([figure(1, "2020-05")], [figure(100, "2020-06")], {0: ("1", "2020-05")}, id="months"),
        pytest.param([figure(1, "2020-01/2020-02")], [figure(12, "2020-01/2020-11")], {},
                     id="intervals of other lengths"),
        pytest.param([figure(1, "2019-01/2019-09")], [figure(12, "2020-01/2020-09")],
                     {0: ("1", "2019-01/2019-09")}, id="the interval of the year before"),
        pytest.param([figure(1, "2019", unit_measure="%")], [figure(12, unit_measure="%")], {}, id="rates"),
        pytest.param([figure(0, "2019")], [figure(12)], {}, id="after zero"),
        pytest.param([figure(12, "2019")], [figure(None)], {}, id="no value"),
        pytest.param([figure(12, "2019")], [figure(400, None)], {}, id="no period"),
        pytest.param([figure(12, "2019")], [figure(400), figure(400)], {0: ("12", "2019")},
                     id="a figure that is there twice"),
        pytest.param([figure(12, "2019")] * 2, [figure(13)], {}, id="a release that had one twice"),
    ],
)  # fmt: skip
def test_a_figure_that_leaps_is_noted_with_the_one_before(
    tmp_path: Path,
    before: list[Mapping[str, Any]],
    now: list[Mapping[str, Any]],
    leaps: Mapping[int, tuple[str, str]],
) -> None:
    verdict = validate(tables(now), {"observations": FILES["observations"]},
                       release=released(tmp_path, tables(before)))  # fmt: skip
    found = [f for f in verdict.findings if f.check == "leap"]
    assert [(f.severity, f.rows) for f in found] == ([("info", tuple(leaps))] if leaps else [])
    said = [
        issue.message for issue in new_issues(found, [], Locator(verdict.tables, TABLES, ()), FIRST.date())
    ]
    for message, (value, period) in zip(said, leaps.values(), strict=True):
        assert f"figure_before {value}, period_before {period}" in message


def test_a_release_of_another_shape_is_no_obstacle(tmp_path: Path) -> None:
    made = tables([figure(5)])
    before = {name: rows.select(rows.column_names[:1]) for name, rows in made.items()}
    assert drifted(made, released(tmp_path, before)) == []
    assert drifted(made, tmp_path / "nowhere") == []


FIGURES = st.lists(st.builds(
    figure, st.none() | st.integers(-30, 30), st.sampled_from(["2019", "2020", "2021"]),
    st.sampled_from(["posts", "trains"]), ref_area=st.none() | st.just("410102"),
), max_size=8)  # fmt: skip


@pytest.mark.soak
@settings(deadline=None)
@given(FIGURES, FIGURES)
def test_the_tables_themselves_stay_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], now: list[Any]
) -> None:
    made = tables(now)
    marked = compare_with_release(made, released(tmp_path_factory.mktemp("release"), tables(before))).tables
    for name, rows in made.items():
        assert marked[name].select(rows.column_names).equals(rows)
        assert marked[name].column_names == [*rows.column_names, *DRIFT_COLUMNS.get(name, ())]


# ------------------------------------------------------------------ whole nights


def test_an_article_taken_out_is_a_release_and_most_of_them_gone_are_none(tmp_path: Path, page: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copy(page, raw / "page.txt")
    for number in range(4):
        text = f"2020年7月{number + 1}日，郑州市中原区设置{number + 3}个集中隔离点。"
        (raw / f"{number}.txt").write_text(text, encoding="utf-8")
    project = load_project(tmp_path)
    assert night(project, now=FIRST).outcome == "released"
    (raw / "page.txt").unlink()
    second = night(project, now=FIRST.replace(day=23))
    assert (second.outcome, second.rows["documents"]) == ("released", 4)
    vanished = [issue for issue in second.issues if issue.check == "indicators.vanished"]
    assert vanished
    assert {issue.severity for issue in vanished} == {"info"}
    for number in range(3):
        (raw / f"{number}.txt").unlink()
    third = night(project, now=FIRST.replace(day=24))
    assert (third.outcome, third.version) == ("withheld", second.version)
    (said,) = (issue for issue in third.issues if issue.check == "documents.kept")
    assert said.severity == "critical"
    assert "1 (rows_before 4)" in said.message


@pytest.mark.soak
def test_a_loss_that_an_officer_accepts_is_released(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(3):
        (raw / f"{number}.txt").write_text(f"安排{number + 5}名职工。", encoding="utf-8")
    project = load_project(tmp_path)
    night(project, now=FIRST)
    for number in range(2):
        (raw / f"{number}.txt").unlink()
    withheld = night(project, now=FIRST.replace(day=23))
    (said,) = (issue for issue in withheld.issues if issue.check == "documents.kept")
    at = ["--config", str(tmp_path / "wenshu.toml")]
    (tmp_path / "wenshu.toml").touch()
    assert main(["decide", said.fingerprint, "accept", "--reason", "两篇已撤稿", "--officer", "李", *at]) == 0
    accepted = night(load_project(tmp_path), now=FIRST.replace(day=24))
    assert (accepted.outcome, accepted.rows["documents"]) == ("released", 1)


@pytest.mark.soak
def test_a_page_that_has_lost_its_figures_withholds_the_release(tmp_path: Path, page: Path) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw" / "page.txt")
    project = load_project(tmp_path)
    night(project, now=FIRST)
    text = page.read_text(encoding="utf-8")
    (tmp_path / "raw" / "page.txt").write_text(text[: len(text) // 5], encoding="utf-8")
    run = night(project, now=FIRST.replace(day=23))
    assert run.outcome == "withheld"
    assert "quantities.kept" in {issue.check for issue in run.issues if issue.severity == "critical"}
