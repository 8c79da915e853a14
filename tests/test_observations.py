"""Claims merged into observations: one a figure, with precedence and contradictions said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.claims import Claim
from pipeline.statistics.observations import dataset_rows, merge


def claim(value: str | None, **said: object) -> Claim:
    number = None if value is None else Decimal(value)
    base = Claim(
        indicator="volunteers", ref_area="410102", time_period="2020-07-08",
        value=number, low=number, high=number, place=Decimal(1), qualifier="exact",
        unit_measure="1", obs_status="A", key="k", document_id="d", issued=date(2020, 7, 8),
        quote=f"志愿者{value}名。", headline=False, correction=False,
    )  # fmt: skip
    return replace(base, **said)  # type: ignore[arg-type]


OVER = {"qualifier": "over", "high": Decimal(15_000), "place": Decimal(1000)}


def test_a_headline_and_its_body_are_one_figure_with_both_mentions_behind_it() -> None:
    head = claim("14000", key="h", headline=True, **OVER)
    body = claim("14000", key="b", **OVER)
    (one,) = merge([head, body]).observations
    assert one.sources == ("b", "h")


@pytest.mark.parametrize(
    ("first", "second", "value", "note"),
    [
        (claim("14000", key="q", **OVER), claim("14230", key="e"), "14230", "exact over qualified"),
        (claim("17800", key="r", place=Decimal(100)), claim("17813", key="f"), "17813", "finer over rounded"),
        (
            claim("195", key="old"),
            claim("196", key="new", correction=True, issued=date(2020, 7, 9), document_id="e"),
            "196",
            "correction of 195 (old)",
        ),
        (
            claim("500", key="plan", obs_status="F"),
            claim("487", key="fact"),
            "487",
            "fact in place of the plan 500 (plan)",
        ),
    ],
)
def test_precedence_is_recorded_in_the_row(first: Claim, second: Claim, value: str, note: str) -> None:
    for order in ([first, second], [second, first]):
        merged = merge(order)
        (one,) = merged.observations
        assert (one.value, one.note) == (Decimal(value), note)
        assert not merged.diagnostics


def test_a_contradiction_names_both_sentences_and_keeps_one_row() -> None:
    merged = merge([claim("487", key="a"), claim("499", key="b", document_id="e", issued=date(2020, 7, 7))])
    (one,) = merged.observations
    (finding,) = merged.diagnostics
    assert (one.value, one.sources) == (487, ("a",))
    assert finding.check == "observation_contradiction"
    assert finding.keys == ("a", "b")
    assert "志愿者487名。" in finding.message
    assert "志愿者499名。" in finding.message


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("1.3785E+11", "2.07E+8", "137850000000 and 207000000 cannot both hold"),
        ("98.50", "99.10", "98.50 and 99.10 cannot both hold"),
    ],
)
def test_a_contradiction_states_its_figures_in_plain_digits(first: str, second: str, said: str) -> None:
    (finding,) = merge([claim(first, key="a"), claim(second, key="b")]).diagnostics
    assert said in finding.message


def test_a_contradiction_states_the_ends_of_an_interval() -> None:
    bounds = {"low": Decimal("1E+3"), "high": Decimal("2E+3"), "qualifier": "over"}
    (finding,) = merge([claim("5000", key="a"), claim(None, key="b", **bounds)]).diagnostics
    assert "5000 and 1000–2000 cannot both hold" in finding.message


def test_forty_articles_with_one_figure_give_one_row() -> None:
    claims = [claim("487", key=f"k{n:02}", document_id=f"d{n:02}") for n in range(40)]
    (one,) = merge(claims).observations
    assert len(one.sources) == 40


def test_figures_of_unknown_region_are_merged_only_within_their_document() -> None:
    claims = [claim("1", ref_area=None, document_id="a"), claim("2", ref_area=None, document_id="b")]
    assert len(merge(claims).observations) == 2


def test_a_later_article_that_repeats_a_figure_changes_nothing_of_its_row() -> None:
    first = claim("487", key="a", document_id="a", issued=date(2020, 7, 8))
    later = claim("487", key="b", document_id="b", issued=date(2020, 7, 9))
    (alone,), (both,) = merge([first]).observations, merge([later, first]).observations
    assert both.document_id == alone.document_id
    assert both.document_sources == alone.document_sources
    assert both.note == alone.note
    assert both.sources == ("a", "b")


@pytest.mark.parametrize("said", [{"superseding": True}, {"obs_status": "F"}], ids=["toll", "forecast"])
def test_the_last_of_tolls_and_forecasts_counts_and_keeps_those_before_it(said: dict[str, object]) -> None:
    claims = [
        claim("17000", key="a", document_id="a", issued=date(2020, 7, 8), **said),
        claim("19300", key="b", document_id="b", issued=date(2020, 7, 9), **said),
        claim("21000", key="c", document_id="c", issued=date(2020, 7, 10), **said),
    ]
    merged = merge(claims)
    (one,) = merged.observations
    assert not merged.diagnostics
    assert (one.value, one.document_id) == (21000, "c")
    assert one.note == "vintage 2020-07-08: 17000 (a); vintage 2020-07-09: 19300 (b)"


def test_a_converted_value_says_what_was_printed() -> None:
    (one,) = merge([claim("12333", printed="18.5万亩")]).observations
    assert one.note == "converted from 18.5万亩"


def test_a_wide_row_says_how_each_of_its_figures_is_hedged_and_where_it_comes_from(root: Path) -> None:
    dataset = load_catalog(root / "catalog").datasets["renovation"]
    over = {"qualifier": "over", "high": Decimal(310), "obs_status": "E"}
    claims = [
        claim("300", indicator="renovation_planned", key="p", **over),
        claim("89", indicator="renovation_completed", key="c"),
    ]
    (row,) = dataset_rows(dataset, merge(claims).observations)
    assert (row["planned"], row["qualifiers"], row["bounds"]) == (300, ["planned=over"], ["planned=300/310"])
    assert (row["statuses"], row["quantity_ids"]) == (["planned=E"], ["planned=p", "completed=c"])
