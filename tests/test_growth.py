"""What is read costs in proportion to its length, whatever it is made to look like."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from growing import FILES, PIECES

from pipeline.frames.reading import read
from pipeline.relations import relate
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


def assert_linear(seconds: Callable[[int], float], size: int) -> None:
    seconds(max(1, size // 50))
    for _ in range(3):  # another process may have taken the caches in between
        half, whole = seconds(size), seconds(2 * size)
        if whole <= MOST * half + SLACK:
            return
    pytest.fail(f"{half:.2f} s, and twice of it {whole:.2f} s")
