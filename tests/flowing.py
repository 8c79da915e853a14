"""What the tests of layout and folding share: the page, a column, and the invariants of every flow."""

from __future__ import annotations

import itertools
from pathlib import Path

from pipeline.texts.fold import FOLDED, simplify
from pipeline.texts.layout import Flow, reflow

PAGE = Path(__file__).parents[1] / "raw" / "2020-07-08_zhongyuan_M03.txt"
TEXT = PAGE.read_bytes().decode("utf-8")

# A column as a PDF gives it: thirty characters a line, own writing.
COLUMN = """\
全市今年计划改造老旧小区四百二十个，截至六月底已经开工三百一
十五个，其中完工96个，惠及居民2.8万户；新建社区养老服务站17
个，改造提升农贸市场9处，新增公共停车位3600个，完成年度任务
的72.5%。市住建局负责人介绍，改造坚持先地下后地上，同步更换
老化管线41公里，让群众住得安心。
"""


def blocks(text: str) -> list[tuple[str, str]]:
    flow = reflow(text)
    return [(block.kind, flow.text[block.begin : block.stop]) for block in flow.blocks]


def kinds(text: str) -> list[str]:
    return [kind for kind, _ in blocks(text)]


def sentences(text: str) -> list[str]:
    flow = reflow(text)
    return [flow.text[begin:stop] for begin, stop in flow.sentences]


def check(text: str) -> Flow:
    """The invariants of every flow."""
    flow = reflow(text)
    assert len(flow.origin) == len(flow.text) + 1
    assert flow.origin[len(flow.text)] == len(text)
    steps = [flow.origin[i] for i in range(len(flow.text))]
    assert all(a < b for a, b in itertools.pairwise(steps))
    assert not steps or (steps[0] >= 0 and steps[-1] < len(text))
    for i, char in enumerate(flow.text):
        source = text[flow.origin[i]]
        folded = FOLDED.get(source, source)
        assert char == source or char in (folded, simplify(folded), "〇", " ", "\n"), (i, source)
        assert char not in " \n" or source.isspace() or source in FOLDED or source == "\r", (i, source)
    at = 0
    for block in flow.blocks:
        assert at <= block.begin < block.stop <= len(flow.text)
        assert flow.text[at : block.begin].isspace() or at == block.begin
        at = block.stop
    assert not flow.text[at:].strip(" \n")
    tiles: list[tuple[int, int]] = []
    for begin, stop in flow.sentences:
        assert begin < stop
        if tiles and tiles[-1][1] == begin:
            begin = tiles.pop()[0]
        tiles.append((begin, stop))
    assert tiles == _merged((block.begin, block.stop) for block in flow.blocks)
    for start, end in flow.asides:
        assert 0 <= start < end <= len(text)
        assert not set(range(start, end)).intersection(steps)
    return flow


def _merged(spans):
    merged: list[tuple[int, int]] = []
    for begin, stop in spans:
        if merged and merged[-1][1] == begin:
            begin = merged.pop()[0]
        merged.append((begin, stop))
    return merged
