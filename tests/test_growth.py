"""What is read costs in proportion to its length, whatever it is made to look like."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import process_time

import pytest
from growing import FILES, PIECES, html
from reading import CATALOG, article

from pipeline.frames.reading import read
from pipeline.language import in_terminal_language
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.matcher import Matcher
from pipeline.texts.fields import read_lines
from pipeline.texts.source import read_file

MOST = 2.5
"""Times as long as half of it something may take, but for what a machine adds."""
SLACK = 0.05
"""Seconds that a machine adds."""


@pytest.mark.parametrize(
    "piece", [pytest.param(piece, marks=[pytest.mark.soak] * (n % 6 > 0)) for n, piece in enumerate(PIECES)]
)
@pytest.mark.parametrize("length", [1000, pytest.param(8000, marks=pytest.mark.soak)])
def test_twice_the_text_costs_twice_the_time(piece: str, length: int) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        began = process_time()
        relate(read(text))
        return process_time() - began

    assert_linear(seconds, length)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("times", [1, pytest.param(4, marks=pytest.mark.soak)])
def test_twice_the_file_costs_twice_the_time(name: str, times: int, tmp_path) -> None:
    number, make = FILES[name]

    def seconds(size: int) -> float:
        (tmp_path / name).write_bytes(make(size))
        began = process_time()
        list(read_file(tmp_path / name, tmp_path))
        return process_time() - began

    assert_linear(seconds, number * times)


@pytest.mark.parametrize(
    "text",
    [
        f"今年，{'今年强省' * 16}甲郑州市新增绿化面积70万平方米，新增5万平方米。",
        f"投资完成率{'左右' * 24}甲5%，增长3个。",
    ],
    ids=["begin of a clause", "words before a figure"],
)
def test_no_pattern_tries_every_way_to_split_a_text(text: str) -> None:
    matcher = Matcher(load_catalog(CATALOG))
    read("改造小区9个。")  # what is loaded once
    began = process_time()
    reading = read(text)
    matcher.match(reading.flow, reading.mentions, quantity_ids("d", reading), article(region="410100"))
    assert process_time() - began < 1


def test_no_line_around_an_article_is_split_in_every_way(tmp_path) -> None:
    (tmp_path / "a.html").write_bytes(html(f"<p>{'大】【' * 12}甲</p>" * 100))
    began = process_time()
    list(read_file(tmp_path / "a.html", tmp_path))
    assert process_time() - began < 1


def test_a_line_of_spaces_beside_a_text_costs_no_more_than_its_length() -> None:
    began = process_time()
    assert read_lines(f"title: a{' ' * 16_000}b ") == [("title", f"a{' ' * 16_000}b")]
    assert process_time() - began < 1


def test_a_long_message_in_one_language_costs_no_more_than_its_length() -> None:
    began = process_time()
    assert in_terminal_language("甲" * 1000) == "甲" * 1000
    assert process_time() - began < 1


def assert_linear(seconds: Callable[[int], float], size: int) -> None:
    seconds(max(1, size // 50))
    half = whole = inf
    for _ in range(5):  # the least of some, for other work on the machine only adds
        half, whole = min(half, seconds(size)), min(whole, seconds(2 * size))
        if whole <= MOST * half + SLACK:
            return
    pytest.fail(f"{half:.2f} s, and twice of it {whole:.2f} s")
