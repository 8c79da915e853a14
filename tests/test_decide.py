"""`wenshu issues` and `wenshu decide`: a judgement written down once."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from officer import GOOD, SENTENCE, STATED, TODAY, decisions_file, derived, issue, row, run

from pipeline.cli import main
from pipeline.decisions.loading import load_decisions
from pipeline.decisions.writing import write_decision
from pipeline.night.stage_results import DeriveResult


@pytest.fixture
def before(tmp_path: Path) -> DeriveResult:
    return derived(tmp_path, {"page.txt": SENTENCE})


def test_a_decision_is_added_and_everything_else_is_kept(tmp_path: Path) -> None:
    path = decisions_file(
        tmp_path, f"# 本月的决定\n{GOOD.replace('    value: 203', '    value: 203  # 见来函')}# 完\n"
    )
    entry = {
        "action": "drop", "target": {"quantity": "0123"}, "expect": {"value": 7, "unit": None, "text": "7"},
        "reason": "并非统计数：页码 # 7", "officer": "李四", "date": "2026-11-10",
    }  # fmt: skip
    assert write_decision(tmp_path / "decisions", entry, about="renovation.sum:\n7个")[0] == path
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


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("decide zz accept --reason 照发", "no issue has the fingerprint 'zz'"),
        ("decide new accept --reason 照发 --value 3", "--value goes with correct, not with accept"),
        ("decide new correct --reason 更正 --target 21个", "correct needs --value"),
        ("decide new correct --reason 更正 --target 21个 --value x", "x is no number"),
        ("decide new correct --reason 更正 --value 20", "is about several; say which: --target q"),
        (
            "decide new correct --reason 更正 --target 77个 --value 20",
            "names nothing called '77个' to correct",
        ),
        ("decide new accept --reason 照发 --expires 2020-01-01", "is past"),
        ("decide new accept --reason 照发 --expires soon", "soon is no day"),
        ("decide new accept --reason x", "the reason has 1 characters; say in a few words why"),
    ],
)
def test_a_decision_that_cannot_be_written_is_answered_in_one_line(
    tmp_path: Path, before: DeriveResult, line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path, before)
    assert main([*line.split(), "--config", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert (out, err.count("\n")) == ("", 1)
    assert not list((tmp_path / "decisions").glob("*.yaml"))


def test_a_figure_is_named_by_its_text(tmp_path: Path, before: DeriveResult) -> None:
    recorded(tmp_path, before)
    line = "decide new correct --target 21个 --value 20 --reason 来函更正 --officer 张三 --expires 2099-01-01"
    assert main([*line.split(), "--config", str(tmp_path)]) == 0
    (decision,) = load_decisions(tmp_path / "decisions")
    assert decision.target == row(before, "quantities", text="21个")["quantity_id"]
    assert (decision.value, decision.expires) == (20, dt.date(2099, 1, 1))
    made = derived(tmp_path, {})
    assert row(made, "relations")["verdict"] == "holds"


def test_what_was_decided_is_not_decided_again(
    tmp_path: Path, before: DeriveResult, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path, before)
    line = ["decide", "new", "accept", "--reason", "照发", "--officer", "张三", "--config", str(tmp_path)]
    assert main(line) == 0
    assert main(line) == 2
    assert "was decided on already" in capsys.readouterr().err


def test_without_a_run_there_is_nothing_to_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issues", "--config", str(tmp_path)]) == 2
    assert "holds no run with issues; `wenshu run` makes one" in capsys.readouterr().err


def recorded(root: Path, made: DeriveResult) -> None:
    """Put a run on record that found one issue, about the equation that fails."""
    from officer import gathered

    from pipeline.releases.run_records import record_run
    from pipeline.report.output import files

    night = gathered(made, [issue(made)], "withheld")
    record_run(root / "output", "20261110T020000Z", TODAY, "withheld", "", files(night))
