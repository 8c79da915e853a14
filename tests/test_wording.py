"""How pages write numbers, units and periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables.wording import (
    format_compact,
    format_interval,
    format_number,
    format_period,
    period_kind,
    period_midpoint,
    unit_name,
)


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
    assert (format_compact(Decimal(value), "zh"), format_compact(Decimal(value), "en")) == (zh, en)


@given(st.decimals(min_value=-(10**27), max_value=10**27, places=10))
def test_no_number_loses_a_digit(value: Decimal) -> None:
    large = {"": 0, "万": 4, "亿": 8, "k": 3, "m": 6, "bn": 9}
    for said in (format_number(value), format_compact(value, "zh"), format_compact(value, "en")):
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
    assert (period_kind(code), format_period(code, "zh"), format_period(code, "en")) == (kind, zh, en)
    first = date(int(code[:4]), 1, 1).toordinal()
    at = period_midpoint(code)
    assert at is not None
    starts = {"2024-S2": 182, "2024-Q3": 182, "2024-02": 31, "2020-07-08": 189, "2023-08-02T08:00": 213,
              "2024-05-01/2024-05-05": 121, "2024-12-30/2025-01-02": 364}  # fmt: skip
    assert at == first + starts.get(code, 0) + (days - 1) / 2


@pytest.mark.parametrize("code", ["", "soon", "2024-13", "2024-02-30", "2024-W07", "x/y"])
def test_a_period_of_no_known_form_stands_nowhere_and_as_it_is(code: str) -> None:
    assert period_midpoint(code) is None
    assert format_period(code, "en").replace(" – ", "/") == code


def test_units_and_intervals_are_said() -> None:
    assert (
        unit_name("CNY", "zh"),
        unit_name("har", "en"),
        unit_name("1", "zh"),
        unit_name("[odd]", "en"),
    ) == (
        "元",
        "ha",
        "",
        "[odd]",
    )
    assert format_interval(None, Decimal(300), None, format_number) == "300 – …"
    assert format_interval(None, None, None, format_number) == "—"
