"""The account of numerals: what no mention holds, and what two do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gate.account import overlapping, unclaimed


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
