"""Decisions applied while they are right, and reported once they are not."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from officer import SENTENCE, STATED, TODAY, decisions_file, derived, project, quiet, row

from pipeline.night import stages
from pipeline.night.stage_results import DeriveResult


def decided(root: Path, *entries: dict[str, object], text: str = SENTENCE) -> DeriveResult:
    """The tables of one sentence, these decisions in force."""
    whole = {"reason": "来函更正", "officer": "张三", "date": "2026-11-09"}
    decisions_file(root, json.dumps({"decisions": [whole | entry for entry in entries]}, ensure_ascii=False))
    return derived(root, {"page.txt": text})


@pytest.fixture
def before(tmp_path: Path) -> DeriveResult:
    return derived(tmp_path, {"page.txt": SENTENCE})


def test_a_correction_reaches_the_quantity_its_equation_and_what_is_made_of_it(
    tmp_path: Path, before: DeriveResult
) -> None:
    wrong = row(before, "quantities", text="21个")
    assert [r["verdict"] for r in before.tables["relations"].to_pylist()] == ["fails"]
    made = decided(
        tmp_path,
        {
            "action": "correct",
            "target": {"quantity": wrong["quantity_id"]},
            "expect": {"value": 21},
            "value": 20,
        },
    )
    after = row(made, "quantities", quantity_id=wrong["quantity_id"])
    (decision,) = made.decisions.in_force
    assert (after["value"], after["value_low"], after["text"]) == (20, 20, "21个")
    assert (after["obs_status"], after["decision_id"]) == ("I", decision.id)
    equation = row(made, "relations", expression="30 + 20 + 50 = 100")
    assert (equation["verdict"], equation["decision_id"]) == ("holds", decision.id)


def test_a_dropped_quantity_stays_in_the_account_but_states_nothing(
    tmp_path: Path, before: DeriveResult
) -> None:
    wrong = row(before, "quantities", text="21个")
    drop = {"action": "drop", "target": {"quantity": wrong["quantity_id"]}, "expect": {"text": "21个"}}
    made = decided(tmp_path, drop)
    assert made.tables["quantities"].num_rows == before.tables["quantities"].num_rows - 1
    kept = row(made, "numerals", text="21个")
    assert (kept["kind"], kept["quantity_id"], kept["rule"]) == ("other", None, "decision")
    assert made.tables["relations"].num_rows == 0


def test_an_accepted_equation_marks_its_figures_as_doubtful(tmp_path: Path, before: DeriveResult) -> None:
    (equation,) = before.tables["relations"].to_pylist()
    expect = {"expression": equation["expression"]}
    made = decided(
        tmp_path, {"action": "accept", "target": {"relation": equation["relation_id"]}, "expect": expect}
    )
    (decision,) = made.decisions.in_force
    named = set(equation["quantity_ids"].split())
    marked = {r["quantity_id"]: r for r in made.tables["quantities"].to_pylist() if r["decision_id"]}
    assert marked.keys() == named
    assert {r["obs_status"] for r in marked.values()} == {"U"}
    assert made.decisions.accepting("renovation.sum", "", sorted(named)) == decision.id
    assert made.decisions.accepting("quantities.jump", "", sorted(named)[:1]) is None


def test_a_flag_marks_its_row(tmp_path: Path, before: DeriveResult) -> None:
    money = row(before, "quantities", kind="money")
    flag = {"action": "flag", "target": {"quantity": money["quantity_id"]}, "expect": {"unit": "元"}}
    made = decided(tmp_path, flag)
    assert row(made, "quantities", kind="money")["obs_status"] == "U"


def test_a_dropped_document_is_read_no_further(tmp_path: Path, before: DeriveResult) -> None:
    (document,) = before.tables["documents"].to_pylist()
    entry = {
        "action": "drop",
        "target": {"document": document["document_id"]},
        "expect": {"sha256": document["sha256"]},
    }
    made = decided(tmp_path, entry)
    (after,) = made.tables["documents"].to_pylist()
    assert (after["status"], made.tables["quantities"].num_rows) == ("dropped", 0)
    assert after["decision_id"] == made.decisions.in_force[0].id
    changed = decided(tmp_path, entry, text=SENTENCE.replace("今年", "去年"))
    assert changed.tables["documents"].to_pylist()[0]["status"] == "read"
    assert [s.check for s in changed.decisions.stale] == ["decision_stale"]


def test_a_corrected_observation_reaches_its_dataset(tmp_path: Path, page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace(STATED, "204个进入")
    target = "renovation_finishing 410102 2020-07-08"
    document = row(derived(tmp_path, {"page.txt": text}), "documents", path="page.txt")["document_id"]
    made = decided(
        tmp_path,
        {"action": "correct", "target": {"observation": f"{target} {document}"}, "expect": {"obs_value": 204},
         "value": 203},
        text=text,
    )  # fmt: skip
    assert row(made, "renovation")["residual"] == 0
    assert row(made, "observations", indicator="renovation_finishing")["obs_status"] == "I"


@pytest.mark.parametrize(
    ("target", "expect", "check"),
    [
        ({"quantity": "qgone"}, {"value": 50}, "decision_gone"),
        ({"relation": "rgone"}, {"verdict": "fails"}, "decision_gone"),
        ({"document": "dgone"}, {"path": "page.txt"}, "decision_gone"),
        ({"observation": "renovation_planned - - dgone"}, {"obs_value": 1}, "decision_gone"),
    ],
)
@pytest.mark.parametrize("action", ["accept", "drop", "flag"])
def test_a_decision_whose_target_is_gone_is_told(
    tmp_path: Path, action: str, target: dict[str, str], expect: dict[str, object], check: str
) -> None:
    made = decided(tmp_path, {"action": action, "target": target, "expect": expect})
    assert [s.check for s in made.decisions.stale] == [check]
    assert not made.decisions.in_force


@pytest.mark.parametrize("action", ["correct", "drop", "accept", "flag"])
def test_a_decision_whose_expect_no_longer_holds_is_told_and_not_applied(
    tmp_path: Path, before: DeriveResult, action: str
) -> None:
    quantity = row(before, "quantities", text="21个")
    entry: dict[str, object] = {
        "action": action, "target": {"quantity": quantity["quantity_id"]}, "expect": {"value": 22},
    }  # fmt: skip
    made = decided(tmp_path, entry | ({"value": 20} if action == "correct" else {}))
    (told,) = made.decisions.stale
    assert told.check == "decision_stale"
    assert "value was 22 when it was decided, is 21 now" in told.message.en
    assert row(made, "quantities", text="21个") == quantity


def test_an_accepted_expectation_holds_for_what_it_found(before: DeriveResult, tmp_path: Path) -> None:
    entry = {
        "action": "accept",
        "target": {"expectation": "quantities.rows"},
        "expect": {"observed": "47 rows"},
    }
    applied = decided(tmp_path, entry).decisions
    assert applied.accepting("quantities.rows", "47 rows", ()) == applied.in_force[0].id
    assert applied.accepting("quantities.rows", "12 rows", ()) is None
    assert not applied.after_gate({"quantities.rows": "47 rows"}).stale
    assert [s.check for s in applied.after_gate({"quantities.rows": "12 rows"}).stale] == ["decision_stale"]
    assert [s.check for s in applied.after_gate({}).stale] == ["decision_gone"]


def test_a_night_on_which_a_decision_expires_looks_again(tmp_path: Path, before: DeriveResult) -> None:
    money = row(before, "quantities", kind="money")
    flag = {"action": "flag", "target": {"quantity": money["quantity_id"]}, "expect": {"unit": "元"}}
    decided(tmp_path, flag | {"expires": "2026-11-10"})
    today, tomorrow = (
        stages.ingest(project(tmp_path), day, quiet).inputs for day in (TODAY, TODAY + dt.timedelta(1))
    )
    assert today != tomorrow
