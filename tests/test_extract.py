"""What holds of every text: nothing raises, every numeral is in one mention, time grows with length."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import sampled

from pipeline.numbers.extract import extract
from pipeline.numbers.mention import KINDS, QUALIFIERS

extract("一")  # the tables are read once, before anything is timed

NUMERAL = re.compile("[0-9０-９〇零一二三四五六七八九十百千万亿两]")

PIECES = st.sampled_from(
    [
        *"""
        487 1.4 1,234 3e5 1e999 ２０２０ ３．５ 三 十 百 千 万 亿 半 两 廿 零 〇 第 数 几 余 多 近 约 超 不足
        以上 左右 个 名 万元 % ‰ 平方米 年 月 日 时 点 分之 成 折 倍 至 — - ~ : ： / . ， 、 。
        （ ） “ ” 《 》 元/平方米 百分点 http://x.cn/1 壹佰 Ⅷ度 次 大 星期 病例 图 又 負 萬 億 個 －
        """.split(),
        *" \n\r\t\0\u3000\u200b\u202e\ud800",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
def test_any_text_is_read_with_every_numeral_in_one_mention(text: str) -> None:
    reading = extract(text)
    for one, other in pairwise(reading.mentions):
        assert one.end <= other.start
    covered = [False] * len(text)
    for mention in reading.mentions:
        assert mention.text == text[mention.start : mention.end]
        assert mention.start < mention.end
        covered[mention.start : mention.end] = [True] * (mention.end - mention.start)
    assert all(covered[m.start()] for m in NUMERAL.finditer(text))


@given(TEXTS)
def test_a_mention_states_an_interval_and_quantities_a_value(text: str) -> None:
    for mention in extract(text).mentions:
        assert mention.kind in KINDS
        assert mention.qualifier in QUALIFIERS
        if mention.low is not None and mention.high is not None:
            assert mention.low <= mention.high
        if mention.statistical:
            assert mention.value is not None or (mention.low is not None and mention.high is not None)
            assert mention.place is None or mention.place > 0


@given(TEXTS)
def test_text_around_a_sentence_does_not_change_what_it_states(text: str) -> None:
    sentence = "全区487个老旧小区中89个基本改造完成。"
    ours = [(m.text, m.value, m.unit) for m in extract(f"{sentence}\n\n{text}").mentions[:2]]
    assert ours == [(m.text, m.value, m.unit) for m in extract(sentence).mentions]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("7" * 10_000, id="10,000 digits"),
        pytest.param("九" * 10_000, id="10,000 number words"),
        pytest.param("千" * 10_000, id="10,000 powers"),
        pytest.param("1" * 400 + "万元", id="400 digits and a unit"),
        pytest.param("1e999", id="1e999"),
        pytest.param("1.4e99万亿元", id="a large exponent"),
        pytest.param("五 " * 5_000, id="spaced words"),
        pytest.param("3" + " " * 10_000 + "名", id="10,000 spaces"),
        pytest.param("2" + "又" * 3_000 + "1/2", id="又 without end"),
        pytest.param("1又" * 5_000, id="whole and fraction without end"),
        pytest.param("12:" * 4_000, id="a ratio without end"),
        pytest.param("1-" * 5_000, id="a range without end"),
        pytest.param("1、" * 5_000 + "2万元", id="a list of 5,000"),
        pytest.param("“" * 5_000 + "3名", id="quotation marks that do not close"),
        pytest.param("电话" + "1 " * 5_000, id="a telephone number without end"),
        pytest.param("\0\ud8003名\u200b\u202e党员\udfff", id="surrogates, NUL, bidi"),
    ],
)
def test_hostile_text_is_read_in_a_moment(text: str) -> None:
    begun = time.process_time()
    mentions = extract(text).mentions
    assert time.process_time() - begun < 2
    assert sum(len(NUMERAL.findall(m.text)) for m in mentions) == len(NUMERAL.findall(text))


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        extract(text)
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize(
    "piece",
    sampled(
        [
            "全区487个老旧小区中89个基本改造完成，203个正在收尾，总投资1.4亿元；",
            "二百五十名党员近三成在一线，第三批六厂前街1至3月2比1；",
            "12,345.67 8.9 三 五 ",
            "1234567890",
            "一二三四五六七八九十",
            "《一》“二”1/2、",
            "1:",
            "12（",
        ],
        always=2,
    ),
)
def test_ten_times_the_text_takes_about_ten_times_as_long(piece: str) -> None:
    part = piece * (5_000 // len(piece))
    extract(part)
    assert seconds(part * 10) < 20 * seconds(part) + 0.05


def test_a_line_of_300_000_characters_is_read(page: Path) -> None:
    sentence = "先后发动1.4万余名党员参与全区851个卡点值守，"
    text = sentence * (300_000 // len(sentence))
    mentions = extract(text).mentions
    assert len(mentions) == 2 * (300_000 // len(sentence))
    assert {m.unit for m in mentions} == {"名", "个"}


def test_offsets_point_into_the_text_as_it_stands_on_the_page(page: Path) -> None:
    text = page.read_bytes().decode("utf-8")
    joined = [m for m in extract(text).mentions if "\n" in m.text]
    assert joined, "the page breaks quantities over lines"
    for mention in joined:
        assert mention.text == text[mention.start : mention.end]
        assert mention.unit is None or "\n" not in mention.unit


def test_every_example_of_the_documents_table_of_kinds_is_of_its_kind(root: Path) -> None:
    page = (root / "docs" / "extraction.md").read_text(encoding="utf-8")
    table = re.search(r"^\| kind \| counts \| examples \|\n.*\n((?:\|.*\n)+)", page, re.M)
    assert table
    rows = [row.strip("| ").split(" | ") for row in table[1].splitlines()]
    examples = [(kind, one) for kind, _, said in rows for one in said.partition(";")[0].split(", ")]
    assert {kind for kind, _ in examples} == {*KINDS}
    wrong = [
        (one, found)
        for kind, one in examples
        if (found := {mention.kind for mention in extract(f"{one}。").mentions}) != {kind}
    ]
    assert wrong == []
