"""Where a series' points and lines stand in its plot."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.web.plots import plot, spark
from pipeline.web.series import Point


def point(at: str, value: str | None, low: str | None = None, high: str | None = None, **more: Any) -> Point:
    low, high = low or (value if more.pop("stated", True) else None), high or value
    cells = {
        "period": at, "value": value and Decimal(value), "low": low and Decimal(low),
        "high": high and Decimal(high), "quantity": "q1", "document": "d1", "new": False,
    }  # fmt: skip
    return Point(**cells | more)


def test_one_moment_is_no_plot() -> None:
    assert plot([point("2024-01-01", "5")], None, "zh") is None
    assert plot([point("2024-01-01", "5"), point("2024-01-01", "6", document="d2")], None, "zh") is None
    assert spark([point("2024-01-01", "5")]) == ""


def test_what_is_planned_is_drawn_but_not_joined() -> None:
    drawn = plot([point(f"2024-0{n}-01", str(n), planned=n == 2) for n in range(1, 5)], None, "zh")
    assert drawn
    assert len(drawn.dots) == 4
    assert drawn.path.count("L") == 2
    assert f"{drawn.dots[1].x} {drawn.dots[1].y}" not in drawn.path


def test_of_two_documents_on_one_period_the_line_takes_the_later() -> None:
    points = (point("2024-01-01", "1"), point("2024-02-01", "8"), point("2024-02-01", "2", document="d2"))
    drawn = plot([*points], None, "zh")
    assert drawn
    assert len(drawn.dots) == 3
    assert drawn.path.endswith(f"{drawn.dots[2].x} {drawn.dots[2].y}")


def test_an_interval_reaches_from_end_to_end_and_an_open_one_points_out() -> None:
    between = point("2024-01-01", None, "300", "400")
    above = replace(between, high=None, period="2024-01-10")
    drawn = plot([between, above], None, "zh")
    assert drawn
    closed, open_above = drawn.dots
    assert closed.low is not None
    assert closed.high is not None
    assert closed.low > closed.y > closed.high
    assert (closed.open, open_above.open) == (0, 1)


@given(
    st.lists(st.decimals(-(10**15), 10**15, places=3), min_size=2, max_size=40),
    st.sampled_from(["zh", "en"]),
)
def test_every_dot_stands_inside_its_plot(values: list[Decimal], lang: Any) -> None:
    points = [point(f"{2000 + n}", str(value)) for n, value in enumerate(values)]
    drawn = plot([*points], None, lang)
    assert drawn
    assert 2 <= len(drawn.rows) <= 7
    assert len({row.label for row in drawn.rows}) == len(drawn.rows)
    rows = [row.at for row in drawn.rows]
    for dot in drawn.dots:
        assert drawn.left <= dot.x <= 346.1
        assert min(rows) - 0.2 <= dot.y <= max(rows) + 0.2
    order = sorted(zip(values, (dot.y for dot in drawn.dots), strict=True))
    assert all(low[1] >= high[1] - 0.1 for low, high in pairwise(order))
