"""Where a series' points and lines stand in its plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables.wording import Lang
from pipeline.web.environment import environment
from pipeline.web.plots import Plot, plot, spark
from pipeline.web.points import Point


def point(at: str, value: str | None, low: str | None = None, high: str | None = None, **more: Any) -> Point:
    low, high = low or (value if more.pop("stated", True) else None), high or value
    cells = {
        "period": at, "value": value and Decimal(value), "low": low and Decimal(low),
        "high": high and Decimal(high), "quantity": "q1", "document": "d1", "new": False,
    }  # fmt: skip
    return Point(**cells | more)


def single(points: Sequence[Point], unit: str, lang: Lang) -> Plot | None:
    return plot([("", points)], unit, lang)


def test_one_moment_is_no_plot() -> None:
    assert single([point("2024-01-01", "5")], "", "zh") is None
    assert single([point("2024-01-01", "5"), point("2024-01-01", "6", document="d2")], "", "zh") is None
    assert spark([point("2024-01-01", "5")]) is None


def test_what_is_planned_is_drawn_but_not_joined() -> None:
    drawn = single([point(f"2024-0{n}-01", str(n), planned=n == 2) for n in range(1, 5)], "", "zh")
    assert drawn
    dots = drawn.series[0].dots
    assert len(dots) == 4
    assert drawn.series[0].path.count("L") == 2
    assert f"{dots[1].x} {dots[1].y}" not in drawn.series[0].path


def test_of_two_documents_on_one_period_the_line_takes_the_later() -> None:
    points = (point("2024-01-01", "1"), point("2024-02-01", "8"), point("2024-02-01", "2", document="d2"))
    drawn = single([*points], "", "zh")
    assert drawn
    dots = drawn.series[0].dots
    assert len(dots) == 3
    assert drawn.series[0].path.endswith(f"{dots[2].x} {dots[2].y}")


def test_an_interval_reaches_from_end_to_end_and_an_open_one_points_out() -> None:
    between = point("2024-01-01", None, "300", "400")
    above = replace(between, high=None, period="2024-01-10")
    drawn = single([between, above], "", "zh")
    assert drawn
    dots = drawn.series[0].dots
    closed, open_above = dots
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
    drawn = single([*points], "", lang)
    assert drawn
    dots = drawn.series[0].dots
    assert 2 <= len(drawn.rows) <= 7
    assert len({row.label for row in drawn.rows}) == len(drawn.rows)
    rows = [row.at for row in drawn.rows]
    for dot in dots:
        assert drawn.left <= dot.x <= 346.1
        assert min(rows) - 0.2 <= dot.y <= max(rows) + 0.2
    order = sorted(zip(values, (dot.y for dot in dots), strict=True))
    assert all(low[1] >= high[1] - 0.1 for low, high in pairwise(order))


def test_bars_and_lines_begin_at_zero() -> None:
    for periods in (("2023-12-30/2024-01-01", "2024-05-01/2024-05-05"), ("2023", "2024")):
        drawn = single([point(periods[0], "70"), point(periods[1], "97")], "", "zh")
        assert drawn
        assert drawn.rows[0].label == "0"
        assert not drawn.note


def test_values_too_near_to_tell_apart_from_zero_break_the_axis_and_say_so() -> None:
    drawn = single([point("2023", "986"), point("2024", "993")], "", "zh")
    assert drawn
    assert drawn.note
    assert drawn.rows[0].label != "0"
    bars = single([point("2023-10-01/2023-10-07", "986"), point("2024-10-01/2024-10-07", "993")], "", "zh")
    assert bars
    assert not bars.note
    assert bars.rows[0].label == "0"


def test_equal_values_lie_on_an_axis_from_zero() -> None:
    drawn = single([point("2024-03-28", "156"), point("2024-04-29", "156")], "", "zh")
    assert drawn
    assert (drawn.rows[0].label, drawn.note) == ("0", "")


def test_holidays_are_bars_side_by_side_with_their_names_and_no_line() -> None:
    holidays = {"2024-10-01/2024-10-07": "2024 国庆"}
    points = [point("2024-05-01/2024-05-05", "1086"), point("2024-10-01/2024-10-07", "1542")]
    drawn = plot([("郑州市", points), ("洛阳市", points[:1])], "万人次", "zh", holidays)
    assert drawn
    assert all(dot.width for strand in drawn.series for dot in strand.dots)
    assert not any(strand.path for strand in drawn.series)
    assert [column.label for column in drawn.columns] == ["2024.05.01", "2024 国庆"]
    assert "郑州市 2024 国庆 2024-10-01 – 10-07: 1,542 万人次" in drawn.series[0].dots[1].text
    first, second = (strand.dots[0] for strand in drawn.series)
    assert second.x - first.x >= first.width


def test_very_many_events_are_dots() -> None:
    points = [point(f"{1950 + n}-10-01/{1950 + n}-10-07", str(n + 1)) for n in range(70)]
    drawn = single([*points], "", "zh")
    assert drawn
    assert {dot.width for dot in drawn.series[0].dots} == {0.0}


def test_no_line_joins_kinds_of_period() -> None:
    points = [point("2022", "1"), point("2023", "2"), point("2023-S1", "3"), point("2024-S1", "4")]
    drawn = single([*points], "", "zh")
    assert drawn
    assert drawn.series[0].path.count("M") == 2
    assert spark([*points]) is None
    assert spark(points[:2])


def test_regions_share_one_scale() -> None:
    small, large = ([point("2023", v), point("2024", w)] for v, w in (("9", "41"), ("24", "102")))
    drawn = plot([("惠济区", small), ("金水区", large)], "个", "zh")
    assert drawn
    (low, high) = (strand.dots[1] for strand in drawn.series)
    ground = drawn.rows[0].at
    assert abs((ground - low.y) / (ground - high.y) - 41 / 102) < 0.01


def test_an_axis_is_counted_in_large_units_that_its_labels_leave_out() -> None:
    points = [point("2023", "10865000"), point("2024", "15423000")]
    for lang, unit in (("zh", "万人次"), ("en", "million person-times")):
        drawn = single([*points], {"zh": "人次", "en": "person-times"}[lang], lang)  # type: ignore[arg-type]
        assert drawn
        assert drawn.unit == unit
        assert all(len(row.label) <= 5 for row in drawn.rows)


@pytest.mark.parametrize("face", ["pipeline.report", "pipeline.site"])
def test_a_legend_says_what_occurs_and_has_no_element_in_an_attribute(face: str) -> None:
    made = environment(face, "en" if face == "pipeline.site" else None).get_template("plot.html").module
    said = str(made.legend([[point("2024-01-01", "5", new=True)]]))  # type: ignore[attr-defined]
    assert "new or changed in this release" in said
    assert "planned" not in said
    assert '="<' not in said
