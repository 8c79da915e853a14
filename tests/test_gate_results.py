"""Great Expectations' own results: whole, loadable, exact, and the same from run to run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
import pytest
from gating import FILES, document, judge, night, numeral, quantity
from officer import SENTENCE, run

from pipeline.gate.expectation_runner import quiet
from pipeline.gate.suites import suite


def loaded(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The results as a user of Great Expectations loads them, by table."""
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        expectationSuiteValidationResultSchema,
    )

    made = {
        Path(path).stem: expectationSuiteValidationResultSchema.load(json.loads(content))
        for path, content in files.items()
    }
    assert all(isinstance(each, ExpectationSuiteValidationResult) for each in made.values())
    return made


FAULTY: dict[str, list[Mapping[str, Any]]] = {
    "quantities": [quantity("q1", 9, 13, unit=None), quantity("q2", 18, 21, kind="guess", unit="个")],
    "numerals": [numeral(None, 9, 13), numeral("q9", 18, 21)],
    "documents": [document(), document("d2", duplicate_of="d9", status="duplicate")],
}


def test_every_expectation_is_there_whether_it_holds_or_not() -> None:
    verdict = judge(night(quantities=[quantity("q1", 9, 13, kind="guess"), quantity("q2", 18, 21)]))
    suites = loaded(verdict.files)
    asked = {n: [e["meta"]["check"] for e in FILES[n]] for n, t in night().items() if t.num_rows}
    suites = {name: suite for name, suite in suites.items() if suite.results}
    assert {n: [r.expectation_config.meta["check"] for r in s.results] for n, s in suites.items()} == asked
    assert sum(each.statistics["evaluated_expectations"] for each in suites.values()) == verdict.expectations
    quantities = suites["quantities"]
    assert (quantities.success, quantities.statistics["unsuccessful_expectations"]) == (False, 1)
    (failed,) = [each for each in quantities.results if not each.success]
    assert failed.expectation_config.type == "expect_column_values_to_be_in_set"
    assert (failed.expectation_config.meta["check"], failed.expectation_config.severity) == (
        "vocabulary-kind", "warning",
    )  # fmt: skip
    assert failed.result["partial_unexpected_list"] == ["guess"]
    assert failed.result["partial_unexpected_index_list"] == [0]


THEIRS = {
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_be_unique",
    "expect_column_values_to_not_be_null",
    "expect_compound_columns_to_be_unique",
}
"""Expectations of rows that are Great Expectations' own."""


def test_its_numbers_are_those_of_great_expectations() -> None:
    """Counts and percentages are worked out once more, for chunks have to be added up."""
    tables = night(**FAULTY)
    said = {
        name: {each.expectation_config.meta["check"]: each.result for each in suite.results}
        for name, suite in loaded(judge(tables).files).items()
    }
    asset = gx.get_context(mode="ephemeral").data_sources.add_pandas("own").add_dataframe_asset("own")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    compared = 0
    with quiet():
        for name in FAULTY:
            asked = [e for e in FILES[name] if "$PARAMETER" not in str(e) and e["type"] in THEIRS]
            batch = whole.get_batch({"dataframe": tables[name].to_pandas(types_mapper=pd.ArrowDtype)})
            loaded_suite = gx.ExpectationSuite(**suite(name, map(dict, asked)))
            for own in batch.validate(loaded_suite, result_format={"result_format": "BASIC"}).results:
                mine = dict(said[name][own.expectation_config.meta["check"]])
                if "element_count" in own.result:
                    assert len(mine.pop("partial_unexpected_index_list")) == own.result["unexpected_count"]
                    assert mine == own.result
                    compared += 1
    assert compared >= 8


SOUND = SENTENCE.replace("21个", "20个")


@pytest.mark.parametrize("text", [SENTENCE, SOUND], ids=["withheld", "released"])
def test_a_night_leaves_them_beside_its_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.yaml").write_text('region: "410102"\nissued: 2026-11-09\n', encoding="utf-8")
    done = run(tmp_path, text, 10)
    folders = [done.folder] + [tmp_path / "output/latest/validation"] * (done.outcome == "released")
    assert len(folders) == (2 if text == SOUND else 1)
    for folder in folders:
        report = json.loads((folder / "report.json").read_bytes())
        paths = {path.name: path.read_bytes() for path in (folder / "great_expectations").iterdir()}
        suites = loaded(paths).values()
        assert sum(s.statistics["evaluated_expectations"] for s in suites) == report["expectations"]
        failed = {
            f"{s.suite_name}.{r.expectation_config.meta['check']}"
            for s in suites for r in s.results if not r.success
        }  # fmt: skip
        assert failed == {f["check"] for f in done.findings}
        assert bool(failed) == (text == SENTENCE)


@pytest.mark.soak
def test_the_same_night_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        folder = run(tmp_path / place, SENTENCE, 10).folder / "great_expectations"
        found.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert found[0] == found[1]
    assert len(found[0]) > 10
    assert not [name for name, content in found[0].items() if str(tmp_path).encode() in content]


def test_what_could_not_be_looked_at_says_why_and_tells_no_path() -> None:
    tables = night()
    tables["quantities"] = tables["quantities"].drop_columns(["kind"])
    content = judge(tables).files["great_expectations/quantities.json"]
    (failed,) = [
        each
        for each in loaded({"quantities.json": content})["quantities"].results
        if each.expectation_config.meta["check"] == "vocabulary-kind"
    ]
    assert failed.exception_info["raised_exception"]
    assert "kind" in failed.exception_info["exception_message"]
    assert b"site-packages" not in content


def test_texts_in_them_are_cut_and_decimals_stay_exact() -> None:
    long = "长" * 100_000
    name = "great_expectations/quantities.json"
    content = judge(night(quantities=[quantity("q1", 9, 13, text=long)])).files[name]
    assert len(content) < 50_000
    assert ("长" * 200 + "…").encode() in content
    bounds = {"value_low": Decimal(5), "value": None, "value_high": Decimal(4)}
    content = judge(night(quantities=[quantity("q1", 9, 13, **bounds)])).files[name]
    assert b'"value_low": "5"' in content


def test_of_a_table_without_rows_only_what_counts_them_is_asked() -> None:
    suites = loaded(judge(night(documents=[], relations=[])).files)
    asked = {
        name: {each.expectation_config.meta["check"] for each in s.results} for name, s in suites.items()
    }
    assert asked["documents"] == {"some", "readable"}
    assert asked["relations"] == set()
    assert "some" in {f.check for f in judge(night(documents=[])).findings}
