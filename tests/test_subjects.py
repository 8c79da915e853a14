"""What is counted: sentences as they are written, and the subject each figure has."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.frames.reading import read
from pipeline.numbers.lexicon import load_grammar

CASES = [
    # after a measure word
    (
        "520名巡防队员，参与全区 851个卡点、3个集中隔离点、418个无主管楼院的值班值守",
        ["巡防队员", "卡点", "集中隔离点", "无主管楼院"],
    ),
    ("抽调 56名党员科级干部，包楼院、包路段", ["党员科级干部"]),
    ("组建 23个“帐篷支部”，吸纳街道驻点党员科级干部", ["帐篷支部"]),
    ("52条道路作为主战场", ["道路"]),
    ("最小的为一名14岁的女孩", ["14岁的女孩", "女孩"]),
    ("出台20条具体举措，实施了3次演练。", ["具体举措", "演练"]),
    ("会议提出的12个受到关注的议题", ["议题"]),
    # before a bare unit, a measure and money
    ("党员606名，送去了关怀", ["党员"]),
    ("计划新增绿化面积 70万平方米，", ["绿化面积"]),
    ("拨付党费 36万余\n元，走访慰问生活困难党员", ["党费"]),
    ("全年接待外来游客13.76万人次，旅游收入4180.34万元", ["外来游客", "旅游收入"]),
    ("内地（大陆）居民往来证件58.3万张", ["内地（大陆）居民往来证件"]),
    ("发现并治理大小病害986处，污水进入明沟32处", ["大小病害", "污水进入明沟"]),
    ("县城全年死亡27人，失踪1人", ["死亡", "失踪"]),
    ("火灾造成3人死亡、12人受伤", ["死亡", "受伤"]),
    # shares and changes
    ("城镇人口比重为85.27%", ["城镇人口"]),
    ("全市面积200平方公里，占全省陆地面积的4.21%", ["面积", "面积"]),
    ("进出口总额9000万元，同比增长5.1%", ["进出口总额", "进出口总额"]),
    (
        "游客17万人次，收入454万元，比上年分别增长14%和24%",
        ["游客", "收入", "游客", "收入"],
    ),
    ("投资比重由2019年的35.2%提高到42.7%", ["投资", "投资"]),
    ("全年社会消费品零售总额1378.5亿元，增长5%", ["社会消费品零售总额", "社会消费品零售总额"]),
    # who gets it, where it has no noun of its own
    ("甲队获得12金8银5铜，乙队获9金", ["甲队", "甲队", "甲队", "乙队"]),
    ("决议以120票赞成、3票反对通过", ["赞成", "反对"]),
    # left out, and taken from the figure before
    (
        "全区纳入改造规划的 487个老旧小区，89个基本改造完成，203个进入收尾阶段，195个近期全部开工",
        ["老旧小区"] * 4,
    ),
    ("收到议案298件，其中代表团提出的26件", ["议案", "议案"]),
    ("新增境外输入病例9例（上海4例，广东3例，浙江2例）", ["境外输入病例"] * 4),
]


GRAMMAR = load_grammar(Path(__file__).parent.parent / "catalog")
"""With the words of the project's own catalog."""


@pytest.mark.parametrize(("text", "subjects"), CASES, ids=[text[:12] for text, _ in CASES])
def test_each_figure_has_its_subject(text: str, subjects: list[str]) -> None:
    assert [m.subject for m in read(text, GRAMMAR).mentions if m.statistical] == subjects


def test_a_lent_subject_has_no_characters_of_its_own() -> None:
    total, part = read("487个老旧小区，89个基本改造完成").mentions
    assert total.head == (4, 8)
    assert (part.subject, part.head) == ("老旧小区", None)
    assert total.head is not None
