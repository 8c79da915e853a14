"""The coverage of numerals: what no mention holds, and what two do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gate.coverage import JoinedTexts, overlapping, quoted, uncovered

Spans = list[tuple[int, int]]


def columns(*said: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    documents, starts, ends = np.array(said, "int64").reshape(-1, 3).T
    return documents, starts, ends


def left_of(text: str, spans: Spans) -> Spans:
    """What is left of a text that stands between others."""
    found = uncovered(JoinedTexts({"c": "无", "d": text, "e": ""}), *columns(*((1, *span) for span in spans)))
    assert found.keys() <= {"d"}
    return found.get("d", [])


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
    assert left_of(text, spans) == left


@given(st.text("1２三x", max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_every_numeral_is_either_claimed_or_reported(text: str, cuts: list[int]) -> None:
    edges = sorted(set(cuts))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    open_ = left_of(text, spans)
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


def test_numerals_are_told_by_document_and_those_of_no_text_are_passed_over() -> None:
    joined = JoinedTexts({"a": "3人", "b": "人", "c": "4和5"})
    numbers = joined.numbers(pa.array(["c", "x", "a"]))
    assert numbers.tolist() == [2, -1, 0]
    assert uncovered(joined, numbers, np.array([0, 0, 1]), np.array([1, 9, 2])) == {
        "a": [(0, 1)],
        "c": [(2, 3)],
    }
    assert uncovered(JoinedTexts({}), *columns()) == {}


@given(
    st.lists(st.text("ab𝟙\ud800", max_size=4), min_size=1, max_size=3),
    st.lists(
        st.tuples(st.integers(-1, 2), st.integers(-2, 6), st.integers(-2, 6), st.text("ab𝟙", max_size=3))
    ),
)
def test_a_quote_holds_where_it_is_what_stands_there(
    texts: list[str], said: list[tuple[int, int, int, str]]
) -> None:
    joined = JoinedTexts({str(number): text for number, text in enumerate(texts)})
    said = [(d, s, s + len(t) if e % 2 else e, t) for d, s, e, t in said if d < len(texts)]
    found = quoted(joined, *columns(*(row[:3] for row in said)), [text for *_, text in said])
    assert found.tolist() == [
        d >= 0 and 0 <= s <= e <= len(texts[d]) and texts[d][s:e] == text for d, s, e, text in said
    ]
