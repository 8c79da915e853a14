"""How the site says numbers and periods, draws series and marks figures in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.site.passages import _sentence, around
from pipeline.site.plots import plot, spark
from pipeline.site.series import Point, Series
from pipeline.site.wording import compact, exact, interval, middle, period, span, unit


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("0", "0", "0"),
        ("487.0000000000", "487", "487"),
        ("0E-10", "0", "0"),
        ("-3.20", "−3.2", "−3.2"),
        ("9999", "9,999", "9,999"),
        ("16000", "1.6 万", "16,000"),
        ("12333.333333", "12,333.333333", "12,333.333333"),
        ("10865000", "1,086.5 万", "10.865 m"),
        ("342190000000", "3,421.9 亿", "342.19 bn"),
        ("1234567", "1,234,567", "1,234,567"),
        ("100000000", "1 亿", "100 m"),
    ],
)
def test_numbers_are_short_only_where_that_is_as_exact(value: str, zh: str, en: str) -> None:
    assert (compact(Decimal(value), "zh"), compact(Decimal(value), "en")) == (zh, en)


@given(st.decimals(min_value=-(10**27), max_value=10**27, places=10))
def test_no_number_loses_a_digit(value: Decimal) -> None:
    large = {"": 0, "万": 4, "亿": 8, "k": 3, "m": 6, "bn": 9}
    for said in (exact(value), compact(value, "zh"), compact(value, "en")):
        digits, _, name = said.partition(" ")
        with localcontext() as context:
            context.prec = 60
            assert Decimal(digits.replace(",", "").replace("−", "-")).scaleb(large[name]) == value


@pytest.mark.parametrize(
    ("code", "kind", "zh", "en", "days"),
    [
        ("2020", "year", "2020 年", "2020", 366),
        ("2024-S1", "half", "2024 年上半年", "H1 2024", 182),
        ("2024-S2", "half", "2024 年下半年", "H2 2024", 184),
        ("2024-Q3", "quarter", "2024 年第 3 季度", "Q3 2024", 92),
        ("2024-02", "month", "2024-02", "2024-02", 29),
        ("2020-07-08", "day", "2020-07-08", "2020-07-08", 1),
        ("2023-08-02T08:00", "day", "2023-08-02 08:00", "2023-08-02 08:00", 1),
        ("2024-05-01/2024-05-05", "days", "2024-05-01 – 05-05", "2024-05-01 – 05-05", 5),
        ("2024-12-30/2025-01-02", "days", "2024-12-30 – 2025-01-02", "2024-12-30 – 2025-01-02", 4),
        ("2024-01/2024-09", "months", "2024-01 – 2024-09", "2024-01 – 2024-09", 274),
        ("2016/2020", "years", "2016 – 2020", "2016 – 2020", 1827),
    ],
)
def test_periods_are_said_and_stand_in_time(code: str, kind: str, zh: str, en: str, days: int) -> None:
    assert (span(code), period(code, "zh"), period(code, "en")) == (kind, zh, en)
    first = date(int(code[:4]), 1, 1).toordinal()
    at = middle(code)
    assert at is not None
    starts = {"2024-S2": 182, "2024-Q3": 182, "2024-02": 31, "2020-07-08": 189, "2023-08-02T08:00": 213,
              "2024-05-01/2024-05-05": 121, "2024-12-30/2025-01-02": 364}  # fmt: skip
    assert at == first + starts.get(code, 0) + (days - 1) / 2


@pytest.mark.parametrize("code", ["", "soon", "2024-13", "2024-02-30", "2024-W07", "x/y"])
def test_a_period_of_no_known_form_stands_nowhere_and_as_it_is(code: str) -> None:
    assert middle(code) is None
    assert period(code, "en").replace(" – ", "/") == code


def test_units_and_intervals_are_said() -> None:
    assert (unit("CNY", "zh"), unit("har", "en"), unit("1", "zh"), unit("[odd]", "en")) == (
        "元",
        "ha",
        "",
        "[odd]",
    )
    assert interval(None, Decimal(300), None, exact) == "300 – …"
    assert interval(None, None, None, exact) == "—"


def point(at: str, value: str | None, low: str | None = None, high: str | None = None, **more: Any) -> Point:
    low, high = low or (value if more.pop("stated", True) else None), high or value
    said = {
        "period": at, "at": middle(at) or 0.0, "value": value and Decimal(value), "low": low and Decimal(low),
        "high": high and Decimal(high), "qualifier": "exact", "status": "A", "quantity": "q1",
        "document": "d1", "text": "487个", "quote": "", "publisher": None, "issued": None, "new": False,
    }  # fmt: skip
    return Point(**said | more)


def series(*points: Point) -> Series:
    return Series(indicator="x", area=None, span="day", points=points)


def test_one_moment_is_no_plot() -> None:
    assert plot(series(point("2024-01-01", "5")), None, "zh") is None
    assert plot(series(point("2024-01-01", "5"), point("2024-01-01", "6", document="d2")), None, "zh") is None
    assert spark(series(point("2024-01-01", "5"))) == ""


def test_what_is_planned_is_drawn_but_not_joined() -> None:
    drawn = plot(
        series(*(point(f"2024-0{n}-01", str(n), status=s) for n, s in enumerate("AFAA", 1))), None, "zh"
    )
    assert drawn
    assert len(drawn.dots) == 4
    assert drawn.path.count("L") == 2
    assert f"{drawn.dots[1].x} {drawn.dots[1].y}" not in drawn.path


def test_of_two_documents_on_one_period_the_line_takes_the_later() -> None:
    points = (point("2024-01-01", "1"), point("2024-02-01", "8"), point("2024-02-01", "2", document="d2"))
    drawn = plot(series(*points), None, "zh")
    assert drawn
    assert len(drawn.dots) == 3
    assert drawn.path.endswith(f"{drawn.dots[2].x} {drawn.dots[2].y}")


def test_an_interval_reaches_from_end_to_end_and_an_open_one_points_out() -> None:
    between = point("2024-01-01", None, "300", "400")
    above = replace(between, high=None, period="2024-01-10", at=between.at + 9)
    drawn = plot(series(between, above), None, "zh")
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
    drawn = plot(series(*points), None, lang)
    assert drawn
    assert 2 <= len(drawn.rows) <= 7
    assert len({row.label for row in drawn.rows}) == len(drawn.rows)
    rows = [row.at for row in drawn.rows]
    for dot in drawn.dots:
        assert drawn.left <= dot.x <= 346.1
        assert min(rows) - 0.2 <= dot.y <= max(rows) + 0.2
    order = sorted(zip(values, (dot.y for dot in drawn.dots), strict=True))
    assert all(low[1] >= high[1] - 0.1 for low, high in pairwise(order))


def stated(text: str, start: int, quote: str | None, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "start": start,
        "quote": quote,
        "quantity_id": f"q{start}" if quote else None,
        **more,
    }


@pytest.mark.parametrize(
    ("quote", "numerals", "marked"),
    [
        (
            "完成89个，新开工89个。",
            [(2, "89个"), (9, "89个")],
            ["完成", "[89个]", "，新开工", "[89个]", "。"],
        ),
        ("3月3日，设卡点3个。", [(0, "3月3日", False), (8, "3个")], ["3月3日，设卡点", "[3个]", "。"]),
        ("投入36万余元。", [(2, "３６万\n余元")], ["投入", "[36万余元]", "。"]),
        ("车位 1.6 万个。", [(3, "1.6万个")], ["车位 ", "[1.6 万个]", "。"]),
        ("全区487个。", [(2, "48\n—7—\n7个")], ["全区487个。"]),
    ],
)
def test_figures_are_marked_in_their_sentences(quote: str, numerals: list[Any], marked: list[str]) -> None:
    rows = [stated(text, at, quote if not own or own[0] else None) for at, text, *own in numerals]
    sentence = _sentence(quote, rows, whole=True)
    assert [f"[{run.text}]" if run.figure else run.text for run in sentence.runs] == marked
    assert "".join(run.text for run in sentence.runs) == quote
    assert len(sentence.unmarked) == len(sentence.figures) - sum("[" in piece for piece in marked)


def test_of_a_piece_of_a_long_sentence_the_figure_in_its_middle_is_marked() -> None:
    quote = "…" + "5个，" + "甲" * 196 + "5个" + "乙" * 190 + "，5个…"
    sentence = _sentence(quote, [stated("5个", 900, quote)], whole=False)
    assert len(sentence.runs[0].text) == 200
    assert sentence.runs[1].text == "5个"


def test_a_glance_keeps_the_figure() -> None:
    assert around("甲" * 50 + "487个" + "乙" * 50, "487个", 3) == ("…甲甲甲", "487个", "乙乙乙…")
    assert around("没有数字", "", 3) == ("", "", "没有数…")
