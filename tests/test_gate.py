"""The gate: which tables pass, what is found in those that do not, and what is held back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from time import perf_counter
from typing import Any

import pyarrow as pa
import pytest
from gating import (
    CATALOG,
    DECLARED,
    FILES,
    document,
    judge,
    night,
    numeral,
    quantity,
    renovation,
    rows,
)

from pipeline.gate.findings import Finding
from pipeline.gate.holding import hold_back
from pipeline.gate.validation import validate
from pipeline.numbers.extract import extract
from pipeline.tables import TABLES, Bilingual, Table


def test_what_was_found_is_said_in_plain_digits() -> None:
    verdict = judge(night(renovation=[renovation(100, 30, 21, 50)]))
    observed = {finding.name: finding.observed for finding in verdict.findings}
    assert observed["renovation.residual"] == "1 of 1 rows: -1"
    assert not [said for said in observed.values() if ".0000" in said or "E+" in said]


def test_a_night_without_fault_has_no_finding() -> None:
    verdict = judge(night())
    assert verdict.findings == ()
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
    found = judge(night(documents=said)).findings
    assert "critical" not in {finding.severity for finding in found}


SHARE = next(i.id for i in CATALOG.indicators.values() if i.share_of)


def stated(indicator: str, value: int, **said: Any) -> dict[str, Any]:
    """An observation of a region and a day."""
    place = {"ref_area": "410102", "time_period": "2020-07-08", "document_id": "d1", "quantity_id": "q1"}
    return {"indicator": indicator, "obs_value": Decimal(value), "qualifier": "exact", **place, **said}


def sums_that_fail(*observations: dict[str, Any], **others: Any) -> list[tuple[int, ...]]:
    verdict = judge(night(observations=list(observations), **others))
    return [finding.rows for finding in verdict.findings if finding.name == "observations.sum"]


def test_indicators_that_are_all_the_parts_of_one_make_it() -> None:
    parts = [stated("exports", 60), stated("imports", 39)]
    whole = stated("trade_total", 100)
    assert sums_that_fail(*parts, whole) == [(0, 1, 2)]
    assert sums_that_fail(*parts, whole | {"obs_value": Decimal(99)}) == []
    assert sums_that_fail(parts[0], whole) == [], "not all of them are stated"


@pytest.mark.parametrize(
    "said",
    [{"ref_area": "410103"}, {"time_period": "2020-07"}, {"obs_status": "F"}, {"qualifier": "over"},
     {"obs_value": None}, {"time_period": None}],
)  # fmt: skip
def test_sums_are_of_exact_figures_of_one_region_period_and_status(said: dict[str, Any]) -> None:
    parts = (stated("exports", 60), stated("imports", 39))
    assert sums_that_fail(*parts, stated("trade_total", 100, **said)) == []


@pytest.mark.parametrize(
    ("texts", "holds"),
    [(("6.1亿元", "3.9亿元", "10亿元"), True), (("6.1亿元", "3.9亿元", "10.1亿元"), True),
     (("6.1亿元", "3.9亿元", "10.2亿元"), False), (("61个", "39个", "101个"), False)],
)  # fmt: skip
def test_a_sum_within_the_last_printed_places_is_rounding(texts: tuple[str, ...], holds: bool) -> None:
    values = [extract(text).mentions[0].value for text in texts]
    figures = [
        stated(name, 0, obs_value=value, quantity_id=f"q{number}")
        for number, (name, value) in enumerate(
            zip(("exports", "imports", "trade_total"), values, strict=True)
        )
    ]
    mentions = [quantity(f"q{number}", 9, 13, text=text) for number, text in enumerate(texts)]
    assert (sums_that_fail(*figures, quantities=mentions) == []) == holds


@pytest.mark.parametrize(
    ("share", "holds"), [("64.7%", True), ("65%", True), ("64.9%", False), ("62%", False)]
)
def test_a_share_is_that_of_its_two_figures(share: str, holds: bool) -> None:
    texts = {"population_urban": "647万人", "population_resident": "1000万人", SHARE: share}
    figures, mentions = [], []
    for number, (name, text) in enumerate(texts.items()):
        value = extract(text).mentions[0].value
        figures.append(stated(name, 0, obs_value=value, quantity_id=f"q{number}"))
        mentions.append(quantity(f"q{number}", 9, 13, text=text))
    verdict = judge(night(observations=figures, quantities=mentions))
    failed = [finding.rows for finding in verdict.findings if finding.name == "observations.share"]
    assert failed == ([] if holds else [(0, 1, 2)])


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
    said = Bilingual("", "")
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
    finding = Finding("quantities", "test", "expect_it", severity, Bilingual("", ""), "", (0,), ())
    assert hold_back(night(), DECLARED, [finding]) == (night(), {})


def test_text_in_a_finding_is_one_line_of_bounded_length() -> None:
    tables = night(
        quantities=[quantity("q1", 9, 13, text="\x1b[31m\n\u202e" + "长" * 10_000), quantity("q2", 18, 21)]
    )
    observed = next(f.observed for f in judge(tables).findings if f.check == "quoted")
    assert len(observed) < 1_000
    assert not set("\x1b\n\u202e") & set(observed)


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
        "areas": rows("areas"),
        "documents": documents,
        "relations": rows("relations"),
        "quantities": _column_wise(DECLARED["quantities"], own, count),
        "numerals": _column_wise(DECLARED["numerals"], own, count),
    }
    texts = dict.fromkeys(dict.fromkeys(names), text)
    from pipeline.gate.expectation_runner import preload

    preload()
    began = perf_counter()
    verdict = validate(tables, FILES, lambda ids: texts)
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
