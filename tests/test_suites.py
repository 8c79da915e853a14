"""Expectations as files: in step with the declarations, none lost, each one saying itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from gating import (
    CATALOG,
    DECLARED,
    FILES,
    judge,
    night,
)

from pipeline.errors import WenshuError
from pipeline.gate import suites as gate_suites
from pipeline.gate.suites import load_expectations, load_suites, sync
from pipeline.project import packaged_path


def test_files_and_declarations_say_the_same() -> None:
    for name, suite in load_suites(packaged_path("expectations"), CATALOG).items():
        assert FILES[name] == suite, (
            f"expectations/{name}.json is behind its declaration; run `wenshu expectations sync`"
        )


def test_sync_writes_what_is_missing_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    assert {path.stem for path in sync(tmp_path, CATALOG)} == set(DECLARED)
    assert sync(tmp_path, CATALOG) == []
    path = tmp_path / "quantities.json"
    own = {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "subject"},
        "severity": "info",
        "meta": {"check": "subject", "description": {"zh": "有所数之物", "en": "Has a subject"}},
    }
    document = json.loads(path.read_text(encoding="utf-8"))
    document["expectations"] = [own, *document["expectations"][2:]]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert sync(tmp_path, CATALOG) == [path]
    assert load_expectations(tmp_path)["quantities"][-1] == own
    assert "\\u" not in path.read_text(encoding="utf-8"), "officers read Chinese, not escapes"


def expectation(**said: Any) -> dict[str, Any]:
    return {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "subject"},
        "severity": "info",
        "meta": {"check": "subject", "description": {"zh": "有", "en": "is there"}},
    } | said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"severity": "grave"}, "critical, warning, info"),
        ({"severity": None}, "critical, warning, info"),
        ({"meta": {}}, '"check"'),
        ({"meta": {"check": "key", "description": {"zh": "有"}}}, '"zh" and "en"'),
        ({"type": None}, '"type"'),
    ],
)
def test_a_file_that_lacks_something_is_refused_with_what_it_lacks(
    tmp_path: Path, said: dict[str, Any], told: str
) -> None:
    (tmp_path / "quantities.json").write_text(json.dumps({"expectations": [expectation(**said)]}))
    with pytest.raises(WenshuError, match=r"quantities\.json: expectation 1: ") as raised:
        load_expectations(tmp_path)
    assert told in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"expectations": 3}', b"[" * 100_000])
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "quantities.json").write_bytes(content)
    with pytest.raises(WenshuError, match=r"quantities\.json: is no expectation suite"):
        load_expectations(tmp_path)


def test_a_suite_that_loads_with_fewer_expectations_than_its_file_is_an_error() -> None:
    suites = {"quantities": [*FILES["quantities"], expectation(type="expect_the_unknown")]}
    with pytest.raises(WenshuError, match="expect_the_unknown"):
        judge(night(), suites)


def test_an_expectation_with_wrong_arguments_names_its_file() -> None:
    suites = {"quantities": [expectation(kwargs={"column": 5, "nope": 1})]}
    with pytest.raises(WenshuError, match=r"expectations/quantities\.json"):
        judge(night(), suites)


@pytest.mark.parametrize("named", ["rows_yesterday * 2", "rows_before +", ")("])
def test_a_parameter_that_there_is_not_is_said_with_those_that_there_are(named: str) -> None:
    wrong = expectation(
        type="expect_table_row_count_to_be_between", kwargs={"min_value": {"$PARAMETER": named}}
    )
    with pytest.raises(WenshuError, match=r"expectations/quantities\.json: a \$PARAMETER .* rows_before$"):
        judge(night(), {"quantities": [wrong]})


def test_every_expectation_of_every_file_has_a_severity_and_says_itself_in_both_languages() -> None:
    for name, expectations in FILES.items():
        for one in expectations:
            said = one["meta"]["description"]
            assert one["severity"] in gate_suites.SEVERITIES, (name, one)
            assert re.search("[\u4e00-\u9fff<]", said["zh"]), (name, said)
            assert said["en"].isascii() and said["en"].strip(), (name, said)
        checks = [one["meta"]["check"] for one in expectations]
        assert len(set(checks)) == len(checks), name
