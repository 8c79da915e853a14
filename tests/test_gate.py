"""The gate: which tables pass, what is found in those that do not, and what is held back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import WenshuError
from pipeline.gate import Finding, Verdict, hold_back, validate
from pipeline.gate import suites as gate_suites
from pipeline.gate.account import overlapping, unclaimed
from pipeline.gate.suites import current, derived, load_expectations, residuals, sync
from pipeline.project import packaged
from pipeline.statistics.catalog import load_catalog
from pipeline.tables import TABLES, Table, Words, with_datasets

TEXT = "全区纳入改造规划的487个老旧小区，89个基本改造完成。"
DECLARED = with_datasets(load_catalog(packaged("catalog")).datasets.values())
RESIDUALS = residuals(load_catalog(packaged("catalog")).datasets.values())
FILES = load_expectations(packaged("expectations"))


def rows(table: str, *said: Mapping[str, Any]) -> pa.Table:
    """A table of rows of which only what matters is given; required cells are filled somehow."""
    schema = DECLARED[table].schema()
    blank = {"string": "x", "integer": 1, "decimal": Decimal(1), "date": None, "boolean": True}
    filled = [
        {
            c.name: (c.vocabulary[0] if c.vocabulary else blank[c.type]) if c.required else None
            for c in DECLARED[table].columns
        }
        | dict(row)
        for row in said
    ]
    return pa.Table.from_pylist(filled, pa.schema([field.with_nullable(True) for field in schema]))


def document(name: str = "d1", **said: Any) -> dict[str, Any]:
    return {"document_id": name, "path": f"{name}.txt", "status": "read", **said}


def quantity(name: str, start: int, end: int, **said: Any) -> dict[str, Any]:
    return {
        "quantity_id": name,
        "document_id": "d1",
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "quote": TEXT,
        **said,
    }


def numeral(name: str | None, start: int, end: int, **said: Any) -> dict[str, Any]:
    return {
        "document_id": "d1",
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "quantity_id": name,
        **said,
    }


def night(**changed: list[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """A small night that passes, with some tables said differently."""
    said: dict[str, list[Mapping[str, Any]]] = {
        "documents": [document()],
        "quantities": [quantity("q1", 9, 13), quantity("q2", 18, 21)],
        "numerals": [numeral("q1", 9, 13), numeral("q2", 18, 21)],
        "relations": [],
        "indicators": [{"indicator": "planned"}],
        "observations": [{"indicator": "planned", "quantity_id": "q1", "document_id": "d1"}],
        "renovation": [renovation(487, 89, 203, 195)],
    }
    return {name: rows(name, *(said | changed)[name]) for name in said}


def renovation(planned: int, completed: int, finishing: int, starting: int) -> dict[str, Any]:
    figures = {"planned": planned, "completed": completed, "finishing": finishing, "starting": starting}
    figures |= {"residual": planned - completed - finishing - starting}
    return {
        "document_id": "d1",
        "ref_area": "410102",
        "time_period": "2020-07-08",
        **{name: Decimal(value) for name, value in figures.items()},
    }


def judge(tables: Mapping[str, pa.Table], suites: Mapping[str, list[Any]] | None = None) -> Verdict:
    return validate(tables, suites or FILES, {"d1": TEXT})


def test_a_night_without_fault_has_no_finding() -> None:
    verdict = judge(night())
    assert verdict.findings == ()
    assert not verdict.withheld
    assert verdict.expectations > 40


@pytest.mark.parametrize(
    ("fault", "check", "severity", "failing"),
    [
        pytest.param({"quantities": [quantity("q1", 9, 13), quantity("q1", 18, 21)]},
                     "quantities.key", "critical", (0, 1), id="two rows with one key"),
        pytest.param({"observations": [{"indicator": "planned", "quantity_id": "q1"}] * 2},
                     "observations.key", "critical", (0, 1), id="one key of which parts are null"),
        pytest.param({"quantities": [quantity("q1", 9, 13, kind="guess"), quantity("q2", 18, 21)]},
                     "quantities.vocabulary-kind", "warning", (0,), id="a word outside the vocabulary"),
        pytest.param({"quantities": [quantity("q1", 9, 13), quantity("q2", 18, 21, quote=None)]},
                     "quantities.required", "warning", (1,), id="a required cell that is empty"),
        pytest.param({"numerals": [numeral("q1", 9, 13), numeral("q9", 18, 21)]},
                     "numerals.reference-quantity_id", "warning", (1,), id="a reference to nothing"),
        pytest.param({"quantities": [quantity("q1", 9, 13, value_low=Decimal(5), value_high=Decimal(4)),
                                     quantity("q2", 18, 21)]},
                     "quantities.order-value_low", "warning", (0,), id="bounds the wrong way round"),
        pytest.param({"quantities": [quantity("q1", 9, 13), quantity("q2", 18, 18)]},
                     "quantities.order-start", "warning", (1,), id="an empty span"),
        pytest.param({"quantities": [quantity("q1", 9, 13, text="488个"), quantity("q2", 18, 21)]},
                     "quantities.quoted", "warning", (0,), id="a text that the source does not hold"),
        pytest.param({"numerals": [numeral("q1", 9, 13)]},
                     "documents.account", "info", (0,), id="a numeral that nobody claims"),
        pytest.param({"numerals": [numeral("q1", 9, 13), numeral("q2", 18, 21), numeral(None, 12, 19)]},
                     "numerals.apart", "info", (1, 2), id="a character in two numerals"),
        pytest.param({"renovation": [renovation(487, 89, 204, 195)]},
                     "renovation.residual", "critical", (0,), id="parts that do not make the whole"),
        pytest.param({"documents": []}, "documents.some", "critical", (), id="no document at all"),
        pytest.param({"documents": [document(status="quarantined")]},
                     "documents.readable", "critical", (), id="no document that could be read"),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_is(
    fault: dict[str, Any], check: str, severity: str, failing: tuple[int, ...]
) -> None:
    found = {finding.name: finding for finding in judge(night(**fault)).findings}
    assert check in found, sorted(found)
    assert (found[check].severity, found[check].rows) == (severity, failing)
    assert found[check].description.zh
    assert found[check].description.en


@pytest.mark.parametrize("statuses", [["read", "quarantined"], ["dropped"], ["held", "read"]])
def test_one_document_that_is_read_is_enough_and_an_officer_may_drop_the_last(statuses: list[str]) -> None:
    said: list[Mapping[str, Any]] = [
        document(f"d{number}", status=status) for number, status in enumerate(statuses, 1)
    ]
    assert judge(night(documents=said)).findings == ()


def test_columns_in_another_order_are_critical() -> None:
    tables = night()
    names = tables["quantities"].column_names
    tables["quantities"] = tables["quantities"].select([names[1], names[0], *names[2:]])
    finding = next(finding for finding in judge(tables).findings if finding.check == "columns")
    assert finding.severity == "critical"
    assert "document_id in the place of quantity_id" in finding.observed


def test_a_column_that_is_gone_is_said_and_does_not_end_the_night() -> None:
    tables = night()
    tables["quantities"] = tables["quantities"].drop_columns(["kind"])
    found = {finding.name: finding for finding in judge(tables).findings}
    assert found["quantities.columns"].severity == "critical"
    assert found["quantities.vocabulary-kind"].observed.startswith("could not be checked")


def test_an_equation_that_fails_holds_back_its_figures_and_stays_itself() -> None:
    tables = night(
        relations=[{"relation_id": "r1", "document_id": "d1", "start": 9, "end": 21, "verdict": "fails",
                    "quantity_ids": "q1 q2"}]
    )  # fmt: skip
    found = judge(tables).findings
    assert [(finding.name, finding.severity, finding.rows) for finding in found] == [
        ("quantities.equation", "warning", (0, 1))
    ]
    left, lost = hold_back(tables, DECLARED, found)
    assert lost == {"quantities": 2, "observations": 1}
    assert left["relations"].num_rows == 1


def warning(table: str, *rows: int) -> Finding:
    said = Words("", "")
    return Finding(table, "test", "expect_it", "warning", said, "", rows, ())


def test_a_held_quantity_takes_along_what_rests_on_it_and_no_more() -> None:
    left, lost = hold_back(night(), DECLARED, [warning("quantities", 0)], {"renovation": ("planned",)})
    assert lost == {"quantities": 1, "observations": 1}
    assert left["quantities"]["quantity_id"].to_pylist() == ["q2"]
    assert left["numerals"]["quantity_id"].to_pylist() == [None, "q2"], "the account of numerals stays whole"


def test_a_held_observation_takes_along_the_datasets_row_that_shows_it() -> None:
    shown = {
        "indicator": "planned",
        "quantity_id": "q1",
        "document_id": "d1",
        "ref_area": "410102",
        "time_period": "2020-07-08",
    }
    other = shown | {"indicator": "posts", "quantity_id": "q2"}
    tables = night(observations=[shown, other])
    rests = {"renovation": ("planned", "completed")}
    assert hold_back(tables, DECLARED, [warning("observations", 0)], rests)[1]["renovation"] == 1
    assert "renovation" not in hold_back(tables, DECLARED, [warning("observations", 1)], rests)[1]


def test_a_held_document_stays_on_record_and_its_rows_go() -> None:
    left, lost = hold_back(night(), DECLARED, [warning("documents", 0)])
    assert left["documents"]["status"].to_pylist() == ["held"]
    assert all(left[name].num_rows == 0 for name in ("quantities", "numerals", "observations", "renovation"))
    assert lost["documents"] == 1


@pytest.mark.parametrize("severity", ["critical", "info"])
def test_only_warnings_hold_rows_back(severity: str) -> None:
    finding = Finding("quantities", "test", "expect_it", severity, Words("", ""), "", (0,), ())
    assert hold_back(night(), DECLARED, [finding]) == (night(), {})


def test_files_and_declarations_say_the_same() -> None:
    for name, table in DECLARED.items():
        assert FILES[name] == current(derived(table, RESIDUALS.get(name)), FILES[name]), (
            f"expectations/{name}.json is behind its declaration; run `wenshu expectations sync`"
        )


def test_sync_writes_what_is_missing_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    assert {path.stem for path in sync(tmp_path, DECLARED, RESIDUALS)} == set(DECLARED)
    assert sync(tmp_path, DECLARED, RESIDUALS) == []
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
    assert sync(tmp_path, DECLARED, RESIDUALS) == [path]
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


def test_text_in_a_finding_is_one_line_of_bounded_length() -> None:
    tables = night(
        quantities=[quantity("q1", 9, 13, text="\x1b[31m\n\u202e" + "长" * 10_000), quantity("q2", 18, 21)]
    )
    observed = next(f.observed for f in judge(tables).findings if f.check == "quoted")
    assert len(observed) < 1_000
    assert not set("\x1b\n\u202e") & set(observed)


@pytest.mark.parametrize(
    ("text", "spans", "left"),
    [
        ("487个，89个", [(0, 4), (5, 8)], []),
        ("487个，89个", [(0, 4)], [(5, 7)]),
        ("１２３45", [(0, 2)], [(2, 5)]),
        ("2020年7月", [(1, 2), (3, 4)], [(0, 1), (2, 3), (5, 6)]),
        ("没有人来", [], []),
        ("两千余人，十之八九", [(0, 4)], [(5, 6), (7, 9)]),
        ("百姓", [(0, 2)], []),
        ("一〇三零号", [(1, 2), (0, 3)], [(3, 4)]),
    ],
)
def test_numerals_outside_every_numeral_are_found(
    text: str, spans: list[tuple[int, int]], left: list[tuple[int, int]]
) -> None:
    found = unclaimed({"d": text}, ["d"] * len(spans), [s for s, _ in spans], [e for _, e in spans])
    assert found == ({"d": left} if left else {})


@given(st.text("1２三x", max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_every_numeral_is_either_claimed_or_reported(text: str, cuts: list[int]) -> None:
    edges = sorted(set(cuts))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    open_ = unclaimed({"d": text}, ["d"] * len(spans), [s for s, _ in spans], [e for _, e in spans]).get(
        "d", []
    )
    covered = {at for start, end in spans for at in range(start, end)}
    reported = {at for start, end in open_ for at in range(start, end)}
    assert reported == {at for at, sign in enumerate(text) if sign in "1２三"} - covered


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 6)), max_size=12))
def test_mentions_overlap_where_a_character_is_in_two(said: list[tuple[int, int, int]]) -> None:
    columns = np.array([(d, start, start + size) for d, start, size in said], "int64").reshape(-1, 3).T
    found = overlapping(*columns)
    cells = Counter((d, at) for d, start, end in columns.T.tolist() for at in range(start, end))
    assert bool(found.any()) == any(times > 1 for times in cells.values())
    left = [row for row, twice in zip(columns.T.tolist(), found, strict=True) if not twice]
    assert {d for d, *_ in left} == {d for d, *_ in columns.T.tolist()}, "the first of each document stays"


@pytest.mark.soak
def test_a_million_rows_take_under_ten_seconds() -> None:
    count = 500_000  # of each of the two largest tables
    text = "安排1215名职工" * 50
    at = [9 * (number % 50) + 2 for number in range(count)]
    names = [f"d{number // 50}" for number in range(count)]
    documents = rows("documents", *(document(name) for name in dict.fromkeys(names)))
    own = {"quantity_id": [f"q{number}" for number in range(count)], "document_id": names, "start": at,
           "end": [start + 5 for start in at], "text": ["1215名"] * count,
           "value": pa.array([Decimal(1215)] * count, pa.decimal128(38, 10))}  # fmt: skip
    tables = {
        "documents": documents,
        "relations": rows("relations"),
        "quantities": _column_wise(DECLARED["quantities"], own, count),
        "numerals": _column_wise(DECLARED["numerals"], own, count),
    }
    texts = dict.fromkeys(dict.fromkeys(names), text)
    from pipeline.gate import warm

    warm()
    began = perf_counter()
    verdict = validate(tables, FILES, texts)
    assert perf_counter() - began < 10
    assert verdict.findings == ()


def _column_wise(table: Table, own: Mapping[str, Any], count: int) -> pa.Table:
    blank = rows(table.name, {})
    cells = {name: own.get(name) or [blank[name][0].as_py()] * count for name in table.names}
    return pa.table(
        {
            name: pa.array(cell, blank.schema.field(name).type) if isinstance(cell, list) else cell
            for name, cell in cells.items()
        }
    )


def test_every_table_has_its_file() -> None:
    assert set(FILES) == set(TABLES) | set(DECLARED)
