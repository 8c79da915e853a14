"""Decisions: files read strictly, and which of them can apply."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from officer import GOOD, TODAY, decisions_file

from pipeline.decisions.active import active_decisions
from pipeline.decisions.decision import Decision, why_stale
from pipeline.decisions.loading import load_decisions
from pipeline.errors import WenshuError, one_line
from pipeline.tables.model import cell_text


def test_a_decision_is_read_with_exact_values(tmp_path: Path) -> None:
    decisions_file(tmp_path, GOOD.replace("value: 203\n", "value: 0.10\n"))
    (decision,) = load_decisions(tmp_path / "decisions")
    assert decision.value == Decimal("0.10")
    assert decision.expect == {"text": "204个", "value": "204"}
    assert (decision.date, decision.expires) == (dt.date(2026, 11, 9), dt.date(2027, 11, 9))
    assert decision.place == "decisions/2026-11.yaml:2"


def test_the_example_in_the_folder_is_read(root: Path) -> None:
    assert load_decisions(root / "decisions") == ()
    commented = (root / "decisions" / "example.yaml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# | ") for line in commented.splitlines() if line.startswith("# | ")]
    assert len([line for line in lines if line.startswith("  - action:")]) == 5


def test_the_example_holds_what_the_schema_asks(root: Path, tmp_path: Path) -> None:
    commented = (root / "decisions" / "example.yaml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# | ") for line in commented.splitlines() if line.startswith("# | ")]
    decisions_file(tmp_path, "\n".join(["decisions:", *lines]))
    assert {d.action for d in load_decisions(tmp_path / "decisions")} == {"correct", "drop", "accept", "flag"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("action: correct", "action: mend", "action: 'mend' is not one of"),
        ("    value: 203\n", "", "'value' is a required property"),
        ("value: 203\n", "value: viele\n", "value: 'viele' is not of type 'number'"),
        ("officer: 张三", "officer: 张三\n    oficer: x", "did you mean officer?"),
        ("    reason: 报社来函更正\n", "", "'reason' is a required property"),
        ("date: 2026-11-09", "date: gestern", "date: 'gestern' is not a 'date'"),
        ('{quantity: "qabc"}', '{quantity: "q", document: "d"}', "target:"),
        ('{quantity: "qabc"}', "{figure: qabc}", "target.figure"),
        (
            '{quantity: "qabc"}',
            '{document: "d"}',
            "correct: not for a document; say what is known of a document",
        ),
        ('{quantity: "qabc"}', '{expectation: "a.b"}', "not for a expectation; accept it"),
        ("expect: {text: 204个, value: 204}", "expect: {}", "expect:"),
        ("expect: {text: 204个, value: 204}", "expect: {text: [1]}", "expect.text"),
        ("decisions:", "decision:", "did you mean decisions?"),
        ("action: correct", "action: &a correct", "anchors and aliases are not read"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = decisions_file(tmp_path, GOOD.replace(old, new))
    with pytest.raises(WenshuError) as caught:
        load_decisions(tmp_path / "decisions")
    assert says in str(caught.value)
    assert path.name in str(caught.value)
    assert one_line(str(caught.value)) == str(caught.value)


def test_a_file_that_would_grow_into_gigabytes_is_refused(tmp_path: Path) -> None:
    bombs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    bombs += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    decisions_file(tmp_path, "\n".join([*bombs, GOOD]))
    with pytest.raises(WenshuError, match="anchors and aliases are not read"):
        load_decisions(tmp_path / "decisions")


def test_one_decision_written_twice_is_refused(tmp_path: Path) -> None:
    decisions_file(tmp_path, GOOD)
    decisions_file(tmp_path, GOOD, "again.yaml")
    with pytest.raises(
        WenshuError, match=r"again\.yaml:2: the same decision as in decisions/2026-11\.yaml:2"
    ) as e:
        load_decisions(tmp_path / "decisions")
    assert "delete one" in str(e.value)


@pytest.mark.parametrize(
    ("today", "check"),
    [(dt.date(2027, 11, 9), None), (dt.date(2027, 11, 10), "decision_expired")],
)
def test_a_decision_holds_to_the_end_of_its_last_day(
    tmp_path: Path, today: dt.date, check: str | None
) -> None:
    decisions_file(tmp_path, GOOD)
    active = active_decisions(load_decisions(tmp_path / "decisions"), today)
    assert [lapsed.check for lapsed in active.lapsed] == ([check] if check else [])
    assert bool(active.by_target) is (check is None)


def test_of_two_decisions_on_one_target_the_first_counts(tmp_path: Path) -> None:
    decisions_file(tmp_path, GOOD + GOOD.removeprefix("decisions:\n").replace("2026-11-09", "2026-11-08"))
    active = active_decisions(load_decisions(tmp_path / "decisions"), TODAY)
    assert [lapsed.check for lapsed in active.lapsed] == ["decision_conflict"]
    assert [d.date.day for d in active.by_target.values()] == [9]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (Decimal("487.000"), "487"),
        (Decimal("1E+3"), "1000"),
        (True, "true"),
        (TODAY, "2026-11-10"),
    ],
)
def test_cells_are_compared_as_the_csv_has_them(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_line_breaks_within_a_figure_make_no_decision_stale() -> None:
    decision = Decision(
        kind="quantity",
        target="q",
        action="drop",
        expect={"text": "36万余元"},
        reason="x",
        officer="x",
        date=TODAY,
    )
    assert why_stale(decision, {"text": "36万余\n元"}) is None
