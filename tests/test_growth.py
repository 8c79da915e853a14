"""What is read costs in proportion to its length, whatever it is made to look like."""

from __future__ import annotations

from time import process_time

import pytest

from pipeline.frames.reading import read
from pipeline.relations import relate

LENGTH = 4000
MOST = 2.5
"""Times as long as half of it a text may take, but for what a machine adds."""

REPEATED = (
    "1:", "12（", "1 ", "改造小区487个，", "同比增长8%，", "其中", "“", "（", "1、", "第1、", "万", "亿",
    "的", "9", "|1", "\n1", "甲1乙", "1.", "增长", "百分之", "1-", "1/", "三 ", "每3米", "（亿元）1",
    "突破1的", "[1]", "1×1", "2020.01", "半", "数天", "1小时1分", "O0", "a\n1\n", "\u200b1", "1\u3000",
)  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_twice_the_text_costs_twice_the_time(piece: str) -> None:
    seconds(piece * 99)
    for _ in range(3):  # another process may have taken the caches in between
        half, whole = (seconds(piece * (length // len(piece))) for length in (LENGTH, 2 * LENGTH))
        if whole <= MOST * half + 0.05:
            return
    pytest.fail(f"{piece!r}: {half:.2f} s, and twice of it {whole:.2f} s")


def seconds(text: str) -> float:
    began = process_time()
    relate(read(text))
    return process_time() - began
