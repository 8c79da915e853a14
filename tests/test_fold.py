"""Folding, and what holds of the flow of any text at all."""

from __future__ import annotations

import time

import pytest
from flowing import check
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.texts.fold import fold
from pipeline.texts.layout import reflow


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("７４３４．４０％", "7434.40%"),
        ("－３～＋５／Ａｂ", "-3~+5/Ab"),
        ("共１２个，其中：（一）；“好”、", "共12个，其中：（一）；“好”、"),
        ("本港再有兩宗懷疑個案，累計830宗、萬餘人", "本港再有两宗怀疑个案，累计830宗、万余人"),
        ("乾隆年間的著作", "乾隆年间的著作"),
        ("二○二○年", "二〇二〇年"),
        ("张○○", "张○○"),
        ("⼀⼆⼗", "一二十"),
        ("一\u3000二\u00a0三\t四", "一 二 三 四"),
        ("22.8∶38.8", "22.8:38.8"),
        ("萬\ud800億", "万\ud800亿"),
    ],
)
def test_folding_is_character_for_character(source, folded):
    assert fold(source) == (folded, range(len(source) + 1))


@pytest.mark.parametrize("char", ["\u200b", "\u200e", "\u202e", "\ufeff", "\x00", "\u00ad", "\ufe0f"])
def test_what_has_no_reading_leaves_the_flow_and_stays_in_the_span(char):
    text = f"共1{char}2{char}个。"
    flow = check(text)
    assert flow.text == "共12个。"
    assert text[slice(*flow.source_span(1, 3))] == f"1{char}2"


def test_ordinary_text_is_folded_to_itself():
    text = "全市完成投资12.5亿元，同比增长8%。"
    assert fold(text)[0] is text


_CHARS = st.sampled_from(
    [
        *"天地人，。；！？：、…（）《》“”()[]<>|/=-—·12.5%％１Ａab M第页版年月日\n\n\n\r\t\u3000 ○一万萬億兩",
        *"\u200b\ufeff\x00\ud800\udc00\u202e\x0c\u2028",
        *("第 1 页\n", "2020年1月1日\n", "编辑：甲 校对：乙\n", "小计\n12.5\n", "本报记者 甲\n"),
        "全区各级党组织累计发动党员，3760名志愿者参与其中\n",
    ]
)


@given(st.lists(_CHARS, max_size=120).map("".join))
@settings(max_examples=300, deadline=None)
@example("第 1 页")
@example("")
@example("\ufeff")
def test_any_text_keeps_the_invariants_of_folding(text):
    check(text)


@given(st.text(st.characters(codec=None), max_size=200))
@settings(max_examples=200, deadline=None)
@example("\u2fd1")  # a radical that folds into a character that is simplified
def test_folding_never_raises(text):
    check(text)


@pytest.mark.parametrize(
    "unit",
    [
        "天",
        "1",
        "（",
        "（（）",
        "《。",
        "…",
        "<a",
        "1,",
        "\u200b",
        "萬\ud800",
        "=",
        "2020年",
        "“",
        "第 ",
        "  ",
        "M2",
    ],
)
def test_a_line_of_400_000_characters_takes_linear_time(unit):
    text = unit * (400_000 // len(unit)) + "终"
    started = time.process_time()
    reflow(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "line", ["天，" * 15 + "\n第 1 页\n", "1\n", "标题\n", "项目 1 2\n", "天" * 30 + "，\nM\n2\n"]
)
def test_lines_of_any_text_take_linear_time_too(line):
    text = line * (50_000 // len(line))
    started = time.process_time()
    reflow(text)
    assert time.process_time() - started < 3
