"""Numbers as they are written, to exact decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.numerals import HAN, Number, read_arabic, read_chinese


def read(written: str) -> Number:
    if written[0].isdigit() and written[0].isascii():
        return read_arabic(written, 0)
    run = HAN.match(written)
    assert run
    number = read_chinese(written, 0, run.end())
    assert number
    return number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("487", "487"),
        ("1.4万", "14000"),
        ("1,100万", "11000000"),
        ("7434.40", "7434.40"),
        ("3千5百", "3500"),
        ("3万4000", "34000"),
        ("1亿2000万", "120000000"),
        ("2千零30万", "20300000"),
        ("5.2万亿", "5200000000000"),
        ("3e5", "300000"),
        ("两千四百五", "2450"),
        ("一千零五", "1005"),
        ("二百五", "250"),
        ("一万三", "13000"),
        ("百八", "180"),
        ("廿三", "23"),
        ("二〇二〇", "2020"),
        ("三千八百九十六万四千九百六十五", "38964965"),
        ("一万二千亿", "1200000000000"),
        ("四百点五", "400.5"),
        ("壹佰贰拾", "120"),
        ("肆佰陸拾", "460"),
    ],
)
def test_a_number_is_read_whole_and_exactly(written: str, value: str) -> None:
    number = read(written)
    assert decimal_text(number.value) == value
    assert number.stop == len(written)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("两三", 2, 3), ("三五百", 300, 500), ("十七八", 17, 18), ("二三十", 20, 30), ("七八千", 7000, 8000)],
)
def test_neighbouring_digits_are_a_range(written: str, low: int, high: int) -> None:
    number = read(written)
    assert (number.value, number.low, number.high) == (None, low, high)


@pytest.mark.parametrize(
    ("written", "infix", "step"),
    [
        ("160余", "余", "10"),
        ("1.4万余", "余", "1000"),
        ("240多万", "多", "100000"),
        ("十余万", "余", "100000"),
        ("二十几亿", "几", "1000000000"),
        ("1万8千余", "余", "1000"),
        ("十来", "来", "10"),
    ],
)
def test_an_infix_leaves_the_last_stated_place_open(written: str, infix: str, step: str) -> None:
    number = read(written)
    assert (number.infix, number.step) == (infix, Decimal(step))
    assert number.stop == len(written)


@pytest.mark.parametrize(
    ("text", "read_part"),
    [
        ("12千米", "12"),
        ("一千瓦", "一"),
        ("100兆赫", "100"),
        ("三万一天", "三万"),
        ("两千五一个月", "两千五"),
        ("三十两", "三十"),
        ("十七两个", "十七"),
        ("950百帕", "950"),
        ("七十百分位", "七十"),
        ("3多云", "3"),
    ],
)
def test_what_begins_the_unit_or_the_next_number_is_left(text: str, read_part: str) -> None:
    assert text[: read(text).stop] == read_part


@pytest.mark.parametrize(
    ("written", "scale"), [("1.4万", 10**4), ("3千5百", 100), ("三百万", 10**4), ("三百", 1), ("487", 1)]
)
def test_the_multiplier_is_known(written: str, scale: int) -> None:
    assert read(written).scale == scale


@pytest.mark.parametrize("written", ["7" * 400, "0." + "3" * 300])
def test_long_decimals_stay_exact(written: str) -> None:
    assert decimal_text(read(written).value) == written


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1E+4", "10000"), ("-0", "0"), ("-0.0", "0.0"), ("0.50", "0.50"), ("1E-7", "0.0000001")],
)
def test_values_are_shown_without_exponents(value: str, shown: str) -> None:
    assert decimal_text(Decimal(value)) == shown
