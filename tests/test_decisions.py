"""Decisions: read strictly, applied while they are right, reported once they are not."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from officer import STATED, TODAY, derived, issue, project, quiet, run

from pipeline import stages
from pipeline.cli import main
from pipeline.decide import write_decision
from pipeline.decision import Decision, plain, stale
from pipeline.decisions import load_decisions, open_docket
from pipeline.errors import WenshuError, one_line
from pipeline.handovers import Derived

SENTENCE = (
    "今年，全区纳入改造规划的100个老旧小区，30个基本改造完成，21个进入收尾阶段，50个近期全部开工。"
    "拨付资金36万余元。\n"
)

GOOD = """\
decisions:
  - action: correct
    target: {quantity: "qabc"}
    expect: {text: 204个, value: 204}
    value: 203
    reason: 报社来函更正
    officer: 张三
    date: 2026-11-09
    expires: 2027-11-09
"""


def write(folder: Path, text: str, name: str = "2026-11.yaml") -> Path:
    path = folder / "decisions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def decided(root: Path, *entries: dict[str, object], text: str = SENTENCE) -> Derived:
    """The tables of one sentence, these decisions in force."""
    whole = {"reason": "来函更正", "officer": "张三", "date": "2026-11-09"}
    write(root, json.dumps({"decisions": [whole | entry for entry in entries]}, ensure_ascii=False))
    return derived(root, {"page.txt": text})


def row(made: Derived, table: str, **cells: object) -> dict[str, object]:
    """The one row of a table with these cells."""
    (found,) = [r for r in made.tables[table].to_pylist() if cells.items() <= r.items()]
    return dict(found)


@pytest.fixture
def before(tmp_path: Path) -> Derived:
    return derived(tmp_path, {"page.txt": SENTENCE})


def test_a_decision_is_read_with_exact_values(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("value: 203\n", "value: 0.10\n"))
    (decision,) = load_decisions(tmp_path / "decisions")
    assert decision.value == Decimal("0.10")
    assert decision.expect == {"text": "204个", "value": "204"}
    assert (decision.date, decision.expires) == (dt.date(2026, 11, 9), dt.date(2027, 11, 9))
    assert decision.place == "decisions/2026-11.yaml:2"


def test_the_example_in_the_folder_is_read(root: Path) -> None:
    assert load_decisions(root / "decisions") == ()
    commented = (root / "decisions" / "example.yaml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# | ") for line in commented.splitlines() if line.startswith("# | ")]
    assert len([line for line in lines if line.startswith("  - action:")]) == 4


def test_the_example_holds_what_the_schema_asks(root: Path, tmp_path: Path) -> None:
    commented = (root / "decisions" / "example.yaml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# | ") for line in commented.splitlines() if line.startswith("# | ")]
    write(tmp_path, "\n".join(["decisions:", *lines]))
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
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(WenshuError) as caught:
        load_decisions(tmp_path / "decisions")
    assert says in str(caught.value)
    assert path.name in str(caught.value)
    assert one_line(str(caught.value)) == str(caught.value)


def test_a_file_that_would_grow_into_gigabytes_is_refused(tmp_path: Path) -> None:
    bombs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    bombs += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    write(tmp_path, "\n".join([*bombs, GOOD]))
    with pytest.raises(WenshuError, match="anchors and aliases are not read"):
        load_decisions(tmp_path / "decisions")


def test_one_decision_written_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "again.yaml")
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
    write(tmp_path, GOOD)
    docket = open_docket(load_decisions(tmp_path / "decisions"), today)
    assert [lapsed.check for lapsed in docket.lapsed] == ([check] if check else [])
    assert bool(docket.by_target) is (check is None)


def test_of_two_decisions_on_one_target_the_first_counts(tmp_path: Path) -> None:
    write(tmp_path, GOOD + GOOD.removeprefix("decisions:\n").replace("2026-11-09", "2026-11-08"))
    docket = open_docket(load_decisions(tmp_path / "decisions"), TODAY)
    assert [lapsed.check for lapsed in docket.lapsed] == ["decision_conflict"]
    assert [d.date.day for d in docket.by_target.values()] == [9]


def test_a_correction_reaches_the_quantity_its_equation_and_what_is_made_of_it(
    tmp_path: Path, before: Derived
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
    (decision,) = made.settled.in_force
    assert (after["value"], after["value_low"], after["text"]) == (20, 20, "21个")
    assert (after["obs_status"], after["decision_id"]) == ("I", decision.id)
    equation = row(made, "relations", expression="30 + 20 + 50 = 100")
    assert (equation["verdict"], equation["decision_id"]) == ("holds", decision.id)


def test_a_dropped_quantity_stays_in_the_account_but_states_nothing(tmp_path: Path, before: Derived) -> None:
    wrong = row(before, "quantities", text="21个")
    drop = {"action": "drop", "target": {"quantity": wrong["quantity_id"]}, "expect": {"text": "21个"}}
    made = decided(tmp_path, drop)
    assert made.tables["quantities"].num_rows == before.tables["quantities"].num_rows - 1
    kept = row(made, "numerals", text="21个")
    assert (kept["kind"], kept["quantity_id"], kept["rule"]) == ("other", None, "decision")
    assert made.tables["relations"].num_rows == 0


def test_an_accepted_equation_marks_its_figures_as_doubtful(tmp_path: Path, before: Derived) -> None:
    (equation,) = before.tables["relations"].to_pylist()
    expect = {"expression": equation["expression"]}
    made = decided(
        tmp_path, {"action": "accept", "target": {"relation": equation["relation_id"]}, "expect": expect}
    )
    (decision,) = made.settled.in_force
    named = set(equation["quantity_ids"].split())
    marked = {r["quantity_id"]: r for r in made.tables["quantities"].to_pylist() if r["decision_id"]}
    assert marked.keys() == named
    assert {r["obs_status"] for r in marked.values()} == {"U"}
    assert made.settled.waives("renovation.sum", "", sorted(named)) == decision.id
    assert made.settled.waives("quantities.jump", "", sorted(named)[:1]) is None


def test_a_flag_marks_its_row(tmp_path: Path, before: Derived) -> None:
    money = row(before, "quantities", kind="money")
    flag = {"action": "flag", "target": {"quantity": money["quantity_id"]}, "expect": {"unit": "元"}}
    made = decided(tmp_path, flag)
    assert row(made, "quantities", kind="money")["obs_status"] == "U"


def test_a_dropped_document_is_read_no_further(tmp_path: Path, before: Derived) -> None:
    (document,) = before.tables["documents"].to_pylist()
    entry = {
        "action": "drop",
        "target": {"document": document["document_id"]},
        "expect": {"sha256": document["sha256"]},
    }
    made = decided(tmp_path, entry)
    (after,) = made.tables["documents"].to_pylist()
    assert (after["status"], made.tables["quantities"].num_rows) == ("dropped", 0)
    assert after["decision_id"] == made.settled.in_force[0].id
    changed = decided(tmp_path, entry, text=SENTENCE.replace("今年", "去年"))
    assert changed.tables["documents"].to_pylist()[0]["status"] == "read"
    assert [s.check for s in changed.settled.stale] == ["decision_stale"]


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
    assert [s.check for s in made.settled.stale] == [check]
    assert not made.settled.in_force


@pytest.mark.parametrize("action", ["correct", "drop", "accept", "flag"])
def test_a_decision_whose_expect_no_longer_holds_is_told_and_not_applied(
    tmp_path: Path, before: Derived, action: str
) -> None:
    quantity = row(before, "quantities", text="21个")
    entry: dict[str, object] = {
        "action": action, "target": {"quantity": quantity["quantity_id"]}, "expect": {"value": 22},
    }  # fmt: skip
    made = decided(tmp_path, entry | ({"value": 20} if action == "correct" else {}))
    (told,) = made.settled.stale
    assert told.check == "decision_stale"
    assert "value was 22 when it was decided, is 21 now" in told.message.en
    assert row(made, "quantities", text="21个") == quantity


def test_an_accepted_expectation_holds_for_what_it_found(before: Derived, tmp_path: Path) -> None:
    entry = {
        "action": "accept",
        "target": {"expectation": "quantities.rows"},
        "expect": {"observed": "47 rows"},
    }
    settled = decided(tmp_path, entry).settled
    assert settled.waives("quantities.rows", "47 rows", ()) == settled.in_force[0].id
    assert settled.waives("quantities.rows", "12 rows", ()) is None
    assert not settled.heard({"quantities.rows": "47 rows"}).stale
    assert [s.check for s in settled.heard({"quantities.rows": "12 rows"}).stale] == ["decision_stale"]
    assert [s.check for s in settled.heard({}).stale] == ["decision_gone"]


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
    assert plain(cell) == text


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
    assert stale(decision, {"text": "36万余\n元"}) is None


def test_a_decision_is_added_and_everything_else_is_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path, f"# 本月的决定\n{GOOD.replace('    value: 203', '    value: 203  # 见来函')}# 完\n"
    )
    entry = {
        "action": "drop", "target": {"quantity": "0123"}, "expect": {"value": 7, "unit": None, "text": "7"},
        "reason": "并非统计数：页码 # 7", "officer": "李四", "date": "2026-11-10",
    }  # fmt: skip
    assert write_decision(tmp_path / "decisions", entry, about="renovation.sum:\n7个") == path
    text = path.read_text(encoding="utf-8")
    assert all(line in text for line in ("# 本月的决定", "value: 203  # 见来函", "# 完"))
    assert text.index("qabc") < text.index("0123")
    first, second = load_decisions(tmp_path / "decisions")
    assert first.value == 203
    assert (second.target, second.reason) == ("0123", "并非统计数：页码 # 7")
    assert second.expect == {"value": "7", "unit": "", "text": "7"}


@pytest.mark.parametrize("value", ["203", "4.50", "0.1", "123456789012345678901.123456789", "-3"])
def test_a_value_is_written_exactly(tmp_path: Path, value: str) -> None:
    entry = {
        "action": "correct", "target": {"quantity": "q"}, "expect": {"value": 1}, "value": Decimal(value),
        "reason": "更正", "officer": "李四", "date": "2026-11-10",
    }  # fmt: skip
    write_decision(tmp_path, entry)
    assert load_decisions(tmp_path)[0].value == Decimal(value)


def test_the_loop_of_a_wrong_number(tmp_path: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Withheld; accepted by one command; released with the decision; stale once the source is mended."""
    text = page.read_text(encoding="utf-8")
    wrong = text.replace(STATED, "204个进入")
    here = ["--config", str(tmp_path)]

    withheld = run(tmp_path, wrong, 10)
    assert withheld.outcome == "withheld"
    assert not (withheld.output / "latest").exists()
    assert "89 + 204 + 195 = 487" in (withheld.folder / "report.html").read_text(encoding="utf-8")

    assert main(["issues", "--format", "jsonl", *here]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    name = listed[0]["fingerprint"]
    assert listed[0]["severity"] == "critical"
    assert main(["decide", name, "accept", "--reason", "来稿单位确认照发", "--officer", "张三", *here]) == 0
    assert "89 + 204 + 195 = 487" in capsys.readouterr().out

    released = run(tmp_path, wrong, 11)
    assert (released.outcome, released.version) == ("released", "2026.11.11")
    data = released.output / "latest" / "data"
    (decision,) = pd.read_csv(data / "decisions.csv").to_dict("records")
    assert (decision["action"], decision["kind"], decision["officer"]) == ("accept", "relation", "张三")
    observations = pd.read_csv(data / "observations.csv", dtype=str)
    assert set(observations.loc[observations["obs_value"] == "204", "decision_id"]) == {
        decision["decision_id"]
    }
    assert {i.state for i in released.issues} == {"accepted"}
    assert pd.read_csv(data / "renovation.csv")["residual"].tolist() == [-1]

    mended = run(tmp_path, text, 12)
    assert mended.outcome == "released"
    open_now = [(i.check, i.state) for i in mended.issues if i.state != "resolved"]
    assert open_now == [("decision_gone", "new")]
    assert pd.read_csv(mended.output / "latest" / "data" / "decisions.csv").empty
    assert "decision_gone" in (mended.folder / "report.html").read_text(encoding="utf-8")
    assert main(["issues", *here]) == 0
    assert "decision_gone" in capsys.readouterr().out


def test_a_night_on_which_a_decision_expires_looks_again(tmp_path: Path, before: Derived) -> None:
    money = row(before, "quantities", kind="money")
    flag = {"action": "flag", "target": {"quantity": money["quantity_id"]}, "expect": {"unit": "元"}}
    decided(tmp_path, flag | {"expires": "2026-11-10"})
    today, tomorrow = (
        stages.ingest(project(tmp_path), day, quiet).inputs for day in (TODAY, TODAY + dt.timedelta(1))
    )
    assert today != tomorrow


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("decide zz accept --reason 照发", "no issue has the fingerprint 'zz'"),
        ("decide new accept --reason 照发 --value 3", "--value goes with correct, not with accept"),
        ("decide new correct --reason 更正 --target 21个", "correct needs --value"),
        ("decide new correct --reason 更正 --target 21个 --value x", "--value x: is no number"),
        ("decide new correct --reason 更正 --value 20", "is about several; say which: --target q"),
        (
            "decide new correct --reason 更正 --target 77个 --value 20",
            "names nothing called '77个' to correct",
        ),
        ("decide new accept --reason 照发 --expires 2020-01-01", "is past"),
        ("decide new accept --reason 照发 --expires soon", "is no day"),
        ("decide new accept --reason x", "--reason is empty"),
    ],
)
def test_a_decision_that_cannot_be_written_is_answered_in_one_line(
    tmp_path: Path, before: Derived, line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path, before)
    assert main([*line.split(), "--config", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert (out, err.count("\n")) == ("", 1)
    assert not list((tmp_path / "decisions").glob("*.yaml"))


def test_a_figure_is_named_by_its_text(tmp_path: Path, before: Derived) -> None:
    recorded(tmp_path, before)
    line = "decide new correct --target 21个 --value 20 --reason 来函更正 --officer 张三 --expires 2099-01-01"
    assert main([*line.split(), "--config", str(tmp_path)]) == 0
    (decision,) = load_decisions(tmp_path / "decisions")
    assert decision.target == row(before, "quantities", text="21个")["quantity_id"]
    assert (decision.value, decision.expires) == (20, dt.date(2099, 1, 1))
    made = derived(tmp_path, {})
    assert row(made, "relations")["verdict"] == "holds"


def test_what_was_decided_is_not_decided_again(
    tmp_path: Path, before: Derived, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path, before)
    line = ["decide", "new", "accept", "--reason", "照发", "--officer", "张三", "--config", str(tmp_path)]
    assert main(line) == 0
    assert main(line) == 2
    assert "was decided on already" in capsys.readouterr().err


def test_without_a_run_there_is_nothing_to_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issues", "--config", str(tmp_path)]) == 2
    assert "holds no run with issues; `wenshu run` makes one" in capsys.readouterr().err


def recorded(root: Path, made: Derived) -> None:
    """Put a run on record that found one issue, about the equation that fails."""
    from officer import gathered

    from pipeline.release import record_run
    from pipeline.report import files

    night = gathered(made, [issue(made)], "withheld")
    record_run(root / "output", "20261110T020000Z", TODAY, "withheld", "", files(night))
