"""A night without Prefect: what is released, what is withheld, and what bad input comes to."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hostile import BESIDE, UNREADABLE
from nights import night

from pipeline.errors import WenshuError
from pipeline.gate.issues import Issue
from pipeline.night import run_night
from pipeline.night.inputs import seems_unchanged
from pipeline.night.run import STAGES, Run
from pipeline.night.run_night import last_issues
from pipeline.project import Project, load_project
from pipeline.report.past_runs import last_report

FIRST = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""Two in the morning of the 23rd, in Shanghai."""


@pytest.fixture
def project(tmp_path: Path, page: Path) -> Project:
    """A project that holds the page and nothing else."""
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw" / "page.txt")
    return load_project(tmp_path)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Run:
    """The first night over the page and nothing else."""
    home = tmp_path_factory.mktemp("first") / "home"
    (home / "raw").mkdir(parents=True)
    shutil.copy(page, home / "raw" / "page.txt")
    return run_night.run_night(load_project(home), now=FIRST)


@pytest.fixture
def released(first_night: Run, tmp_path: Path) -> Project:
    """The project as that night left it."""
    shutil.copytree(first_night.output.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return load_project(tmp_path)


@pytest.fixture(scope="module")
def of_odd_ones(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Run:
    """A night over the page and what may lie beside it: each of these has an end of its own."""
    home = tmp_path_factory.mktemp("odd")
    raw = home / "raw"
    raw.mkdir()
    for name in ("page.txt", "page_again.txt"):
        shutil.copy(page, raw / name)
    (home / "secret.txt").write_text("机密数据8888条。", encoding="utf-8")
    (raw / "leak.txt").symlink_to(home / "secret.txt")
    for name, content in UNREADABLE.items():
        (raw / f"{name}.txt").write_bytes(content)
    for name, text in BESIDE.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
    return night(load_project(home), now=FIRST)


def raised(run: Run, check: str, name: str = "") -> list[Issue]:
    """The issues of a check that speak of a file."""
    return [issue for issue in run.issues if issue.check == check and name in issue.message]


def misprint(project: Project) -> None:
    """The page as a careless hand would have it: 204 compounds where there are 203."""
    path = project.raw / "page.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("203个进入", "204个进入"), encoding="utf-8")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def csv_rows(run: Run, table: str) -> list[list[str]]:
    text = (run.output / "latest" / "data" / f"{table}.csv").read_text(encoding="utf-8-sig")
    return [line.split(",") for line in text.splitlines()]


def test_the_page_is_released_with_its_programme_and_all_its_quantities(first_night: Run) -> None:
    run = first_night
    assert (run.outcome, run.version, run.date) == ("released", "2026.11.23", date(2026, 11, 23))
    assert run.rows["quantities"] == 48
    head, *rows = csv_rows(run, "renovation")
    (programme,) = (dict(zip(head, row, strict=True)) for row in rows)
    assert [name.partition("=")[0] for name in programme.pop("quantity_ids").split()] == [
        "planned", "completed", "finishing", "starting",
    ]  # fmt: skip
    assert programme.pop("document_id")
    assert programme == {
        "ref_area": "410102", "time_period": "2020-07-08", "planned": "487", "completed": "89",
        "finishing": "203", "starting": "195", "residual": "0", "qualifiers": "", "bounds": "",
        "statuses": "starting=F", "decision_id": "", "correction": "",
    }  # fmt: skip
    assert tuple(stage.name for stage in run.stages) == STAGES


def test_a_second_night_with_nothing_new_releases_nothing_and_costs_little(
    first_night: Run, released: Project
) -> None:
    before = snapshot(released.output / "releases" / "2026.11.23")
    second = night(released, now=FIRST.replace(day=23))
    assert (second.outcome, second.version) == ("unchanged", "2026.11.23")
    assert sum(s.seconds for s in second.stages) < sum(s.seconds for s in first_night.stages) / 5
    assert snapshot(released.output / "releases" / "2026.11.23") == before
    assert [path.name for path in (released.output / "releases").glob("2*/")] == ["2026.11.23"]


def test_a_night_with_nothing_new_still_says_what_is_open(project: Project) -> None:
    (project.raw / "copy.txt").write_bytes((project.raw / "page.txt").read_bytes())
    (project.raw / "slides.pptx").write_bytes(b"x")
    first = night(project, now=FIRST)
    second = night(project, now=FIRST.replace(day=24))
    assert (second.outcome, first.issues[0].check) == ("unchanged", "source_quarantined")
    assert {i.fingerprint for i in second.issues} == {i.fingerprint for i in first.issues}
    assert {issue.state for issue in second.issues} == {"persisting"}
    assert "slides" in (second.folder / "report.md").read_text(encoding="utf-8")
    third = night(project, now=FIRST.replace(day=25))
    assert {i.since for i in third.issues} == {first.date}


def test_parts_that_do_not_add_up_withhold_the_release(released: Project) -> None:
    before = snapshot(released.output / "latest")
    misprint(released)
    run = night(released, now=FIRST.replace(day=23))
    assert (run.outcome, run.version) == ("withheld", "2026.11.23")
    assert snapshot(released.output / "latest") == before
    issue = next(issue for issue in run.issues if issue.check == "renovation.sum")
    assert issue.severity == "critical"
    for said in ("89 + 204 + 195 = 487", "488", "residual -1", "page.txt", "204个进入收尾阶段"):
        assert said in issue.message
    assert "89 \\+ 204 \\+ 195 \\= 487" in (run.folder / "report.md").read_text(encoding="utf-8")
    assert json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["outcome"] == "withheld"


@pytest.mark.soak
def test_a_source_put_back_as_it_was_needs_no_new_release(project: Project, page: Path) -> None:
    night(project, now=FIRST)
    misprint(project)
    assert night(project, now=FIRST.replace(hour=19)).outcome == "withheld"
    shutil.copy(page, project.raw / "page.txt")
    again = night(project, now=FIRST.replace(hour=20))
    assert again.outcome == "unchanged"
    assert "renovation.sum" not in {issue.check for issue in again.issues}
    assert list(again.issues) == [replace(issue, state="persisting") for issue in last_issues(project.output)]
    found = last_report(project.output)
    assert found and found[1]["outcome"] == "released"


def test_issues_are_new_then_persisting_then_resolved(project: Project, page: Path) -> None:
    misprint(project)
    first = night(project, now=FIRST)
    assert {issue.state for issue in first.issues} == {"new"}
    path = project.raw / "page.txt"
    path.write_text("读者来信一封。\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    second = night(project, now=FIRST.replace(day=23))
    assert {(issue.state, issue.since) for issue in second.issues} == {("persisting", date(2026, 11, 23))}
    assert {i.fingerprint for i in first.issues} == {i.fingerprint for i in second.issues}
    shutil.copy(page, path)
    third = night(project, now=FIRST.replace(day=24))
    assert third.outcome == "released"
    assert {issue.state for issue in third.issues} == {"resolved"}
    assert last_issues(project.output) == list(third.issues)


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_an_issue_and_the_rest_is_released(of_odd_ones: Run, name: str) -> None:
    assert of_odd_ones.outcome == "released"
    assert of_odd_ones.rows["quantities"] == 51
    assert of_odd_ones.rows["documents"] == 3 + len(UNREADABLE) + len(BESIDE)
    (issue,) = raised(of_odd_ones, "source_quarantined", f"{name}.txt")
    assert issue.message.startswith("来源无法读取，未计入 / The source could not be read and is left out: ")


def test_a_text_without_numerals_is_released_as_a_document(of_odd_ones: Run) -> None:
    documents = {row[1]: row for row in csv_rows(of_odd_ones, "documents")}
    assert "read" in documents["letter.txt"]


def test_a_symlink_out_of_raw_is_not_followed(of_odd_ones: Run) -> None:
    assert "8888" not in "".join(map(str, csv_rows(of_odd_ones, "numerals")))
    assert raised(of_odd_ones, "source_quarantined", "leak.txt")


def test_the_same_text_twice_is_one_document_and_a_note(of_odd_ones: Run) -> None:
    (issue,) = raised(of_odd_ones, "source_duplicate")
    assert issue.severity == "info"
    assert issue.message.startswith("来源与他篇相同，只计一次 / The source repeats another and counts once: ")


def write(project: Project, name: str, text: str) -> None:
    (project.raw / name).write_text(text, encoding="utf-8")


@pytest.mark.soak
def test_a_fraction_that_does_not_end_is_released_rounded_and_is_no_issue(project: Project) -> None:
    write(project, "share.txt", "全区三分之二的社区建成了食堂。\n")
    run = night(project, now=FIRST)
    assert (run.outcome, run.rows["quantities"], run.held) == ("released", 49, {})
    assert not [issue for issue in run.issues if "precision" in issue.check]


@pytest.mark.soak
def test_a_number_that_no_column_holds_takes_its_row_along(project: Project) -> None:
    write(project, "vast.txt", f"全区新增{'9' * 36}名职工。\n")
    run = night(project, now=FIRST)
    assert (run.outcome, run.rows["quantities"], run.held["quantities"]) == ("released", 48, 1)
    (said,) = (issue for issue in run.issues if issue.check == "quantities.precision-value")
    assert said.severity == "warning"


def test_a_region_that_cannot_be_told_makes_no_observation_and_is_noted(of_odd_ones: Run) -> None:
    (said,) = raised(of_odd_ones, "area_ambiguous")
    assert said.severity == "info"
    head, *rows = csv_rows(of_odd_ones, "observations")
    mine = [row for row in rows if said.quantities[0] in row]
    assert not mine
    assert all(row[head.index("ref_area")] for row in rows)


def test_contradicting_figures_are_both_mentions_and_no_observation(of_odd_ones: Run) -> None:
    (said,) = raised(of_odd_ones, "observation_contradiction")
    assert "held back until one of the two" in said.message
    assert of_odd_ones.held["observations"] == 1
    assert "isolation_points" not in {row[0] for row in csv_rows(of_odd_ones, "observations")}


@pytest.mark.soak
def test_issues_that_only_grow_older_make_no_version(project: Project) -> None:
    shutil.copy(project.raw / "page.txt", project.raw / "copy.txt")
    first = night(project, now=FIRST)
    assert [issue.state for issue in first.issues] == ["new"]
    second = night(replace(project, full=True), now=FIRST.replace(day=23))
    assert [issue.state for issue in second.issues] == ["persisting"]
    assert (second.outcome, second.version) == ("unchanged", first.version)


@pytest.mark.soak
@pytest.mark.parametrize("before", [True, False], ids=["after a release", "the first night"])
def test_where_nothing_could_be_read_nothing_is_released(project: Project, before: bool) -> None:
    latest = project.output / "latest"
    if before:
        night(project, now=FIRST)
    kept = snapshot(latest)
    for path in project.raw.iterdir():
        path.write_bytes(b"\xff\xfe\x00\xd8" * 9)
    run = night(project, now=FIRST.replace(day=23))
    assert run.outcome == "withheld"
    assert snapshot(latest) == kept
    said = {issue.check: issue for issue in run.issues}
    assert said["documents.readable"].severity == "critical"
    assert "no document could be read" in said["documents.readable"].message


@pytest.mark.parametrize("there", [True, False])
def test_nothing_to_read_is_said_and_releases_nothing(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "raw").mkdir()
    with pytest.raises(WenshuError, match="--raw"):
        night(load_project(tmp_path), now=FIRST)
    assert not (tmp_path / "output" / "latest").exists()


def test_a_night_that_cannot_run_leaves_its_reason_on_record(released: Project) -> None:
    (released.raw / "page.txt").unlink()
    with pytest.raises(WenshuError):
        night(released, now=FIRST.replace(day=23))
    record = json.loads(
        (released.output / "runs" / "20261123T180000Z" / "run.json").read_text(encoding="utf-8")
    )
    assert record["outcome"] == "failed"
    assert "holds no text" in record["note"]
    assert (released.output / "latest" / "data").is_dir()


def test_that_nothing_is_new_is_known_before_a_run_starts(project: Project) -> None:
    assert not seems_unchanged(project)
    night(project, now=FIRST)
    assert seems_unchanged(project)
    assert not seems_unchanged(replace(project, full=True))
    (project.raw / "more.txt").write_text("共12个。", encoding="utf-8")
    assert not seems_unchanged(project)
