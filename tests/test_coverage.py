"""The coverage of numerals: what no mention holds, and what two do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from gating import FILES, night, numeral
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gate.coverage import overlapping, uncovered
from pipeline.gate.validation import validate

Spans = list[tuple[int, int]]


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
        ("487个，89个", [(4, 0), (5, 99)], [(0, 3)]),
        ("𝟙𝟚个", [(0, 1)], [(1, 2)]),
    ],
)
def test_numerals_outside_every_numeral_are_found(text: str, spans: Spans, left: Spans) -> None:
    assert uncovered(text, spans) == left


@given(st.text("1２三x", max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_every_numeral_is_either_claimed_or_reported(text: str, cuts: list[int]) -> None:
    edges = sorted(set(cuts))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    open_ = uncovered(text, spans)
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


@settings(max_examples=20, deadline=None)
@given(
    st.text("ab𝟙\ud800", max_size=4),
    st.lists(
        st.tuples(st.integers(-2, 6), st.integers(-2, 6), st.text("ab𝟙", max_size=3), st.booleans()),
        max_size=9,
    ),
)
def test_a_quote_holds_where_it_is_what_stands_there(
    text: str, said: list[tuple[int, int, str, bool]]
) -> None:
    quotes = [(start, start + len(quote) if fits else end, quote) for start, end, quote, fits in said]
    mentions = [numeral(None, start, end, text=quote) for start, end, quote in quotes]
    suites = {"numerals": [e for e in FILES["numerals"] if e["meta"]["check"] == "quoted"]}
    verdict = validate(night(numerals=mentions), suites, lambda ids: {"d1": text})
    failing = {row for finding in verdict.findings for row in finding.rows}
    assert failing == {
        row for row, (start, end, quote) in enumerate(quotes)
        if not (0 <= start <= end <= len(text) and text[start:end] == quote)
    }  # fmt: skip
