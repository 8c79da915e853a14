"""What a figure is about beside its subject, and the ranker's weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frames.cues import FIELDS, rules
from pipeline.frames.reading import read, read_each
from pipeline.frames.weights import dump_weights, load_weights
from pipeline.numbers.extract import extract
from pipeline.numbers.mention import Mention

CHARACTERS = "一二三0123456789.%个万亿元人户增长下降占、，。（）“” \n省市病例分别为的"
EXAMPLES = [
    pytest.param(field, rule.value, rule.example, id=f"{field} {rule.value} {rule.example}")
    for field in FIELDS
    for rule in rules(field)
]


def marked(text: str) -> Mention:
    """The figure that stands in 【】, read in its text."""
    begin, plain = text.index("【"), text.replace("【", "").replace("】", "")
    return next(m for m in read(plain).mentions if m.statistical and m.start <= begin < m.end)


@pytest.mark.parametrize(("field", "value", "example"), EXAMPLES)
def test_a_rule_holds_for_its_example(field: str, value: str, example: str) -> None:
    said = getattr(marked(example), field)
    assert said is not None
    assert said == (value == "yes") if field == "planned" else said.startswith(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("地区生产总值86亿元，同比增长【6.1%】", ("growth", "up", "yoy", False)),
        ("食品价格同比下降【1.1%】", ("growth", "down", "yoy", False)),
        ("出口负增长【3.5%】", ("growth", "down", None, False)),
        ("城镇化率比上年提高【0.6个百分点】", ("change", "up", "yoy", False)),
        ("新增床位【120张】", ("level", None, None, False)),
        ("单位能耗比2015年下降【18%】", ("growth", "down", "since:2015", False)),
        ("力争地区生产总值增长【6%】", ("growth", "up", None, True)),
        ("费用由600元提高到【720元】", ("level", None, None, False)),
        ("粮食产量达到【25万吨】", ("level", None, None, False)),
        ("净增企业24万户，其中农业企业【5万户】", ("change", "up", None, False)),
        ("改造提升农田【2.8万亩】", ("level", None, None, False)),
        ("细颗粒物浓度同比改善【6.9%】", ("growth", "down", "yoy", False)),
        ("收入、支出同比分别增长1.9%和下降【5.2%】", ("growth", "down", "yoy", False)),
        ("汽油每升【7.46元】", ("level", None, None, False)),
        ("水位低于汛限水位【0.18米】", ("change", "down", "other", False)),
        ("食品价格上涨6%，影响价格总水平上涨约【1.8个百分点】", ("contribution", "up", None, False)),
    ],
)
def test_a_figure_says_what_it_measures(text: str, said: tuple[str, str | None, str | None, bool]) -> None:
    m = marked(text)
    assert (m.measure, m.direction, m.base, m.planned) == said


def test_the_value_of_a_fall_stays_as_printed() -> None:
    m = marked("食品价格下降【1.1%】")
    assert (str(m.value), m.direction) == ("1.1", "down")


def test_a_place_in_a_breakdown_is_a_part_of_what_the_total_counts() -> None:
    found = read("新增境外输入病例9例（上海4例，广东3例，浙江2例）").mentions
    assert [(m.subject, m.part) for m in found] == [
        ("境外输入病例", None),
        ("境外输入病例", "上海"),
        ("境外输入病例", "广东"),
        ("境外输入病例", "浙江"),
    ]


def test_a_category_of_a_breakdown_is_named_in_the_subject() -> None:
    text = "社会消费品零售总额80亿元。按地域分，城镇实现60亿元，增长6%；乡村实现20亿元，增长5%。"
    assert [(m.subject, m.part) for m in read(text).mentions if m.statistical] == [
        ("社会消费品零售总额", None),
        ("城镇社会消费品零售总额", "城镇"),
        ("城镇社会消费品零售总额", "城镇"),
        ("乡村社会消费品零售总额", "乡村"),
        ("乡村社会消费品零售总额", "乡村"),
    ]


def test_what_befell_the_total_is_the_state_of_its_parts() -> None:
    _, one, other = [m for m in read("事故致19人受伤，包括瑞士11人、法国8人。").mentions if m.statistical]
    assert [(m.subject, m.part, m.state) for m in (one, other)] == [
        ("瑞士", "瑞士", "受伤"),
        ("法国", "法国", "受伤"),
    ]


def test_a_bracket_between_a_noun_and_its_figure_hides_nothing() -> None:
    assert (marked("网上销售的本地团购（含服务类和物流单）共计【767个】").subject or "").endswith("本地团购")
    assert marked("每千人口执业（助理）医师【3.1人】").subject == "每千人口执业（助理）医师"


def test_ages_and_other_limits_are_part_of_the_noun_that_they_limit() -> None:
    assert marked("60岁及以上人口为【10.3万人】").subject == "60岁及以上人口"


def test_areas_are_what_their_number_counts() -> None:
    assert marked("上述【6省】20市先后受灾。").subject == "省"
    assert marked("上述6省【20市】先后受灾。").subject == "市"


def test_a_growth_beside_its_level_is_of_its_own_noun() -> None:
    text = "预期目标：财政收入8.1亿元、增长10.7%；社会投资91.8亿元、增长【10%】；服务业增加值49亿元、增长9%。"
    assert marked(text).subject == "社会投资"


def test_a_word_that_the_cut_makes_of_a_noun_and_a_verb_is_taken_apart() -> None:
    assert marked("企业复工率达【95%】").subject == "企业复工率"
    assert marked("有罪判决率为【100%】").subject == "有罪判决率"
    assert marked("县域内住院率升到【88%】").subject == "县域内住院率"


def test_a_share_names_its_whole() -> None:
    assert marked("民生支出31亿元，占总支出的【78%】").of == "总支出"
    assert marked("新兴产业占制造业比重从2021年的【32%】上升到44%").of == "制造业"


def test_what_is_no_statistic_has_no_frame() -> None:
    (date,) = read("2020年7月8日").mentions
    assert (date.subject, date.measure, date.planned, date.confidence) == (None, None, None, None)


@settings(deadline=None)
@given(st.text(alphabet=CHARACTERS, max_size=80))
def test_frames_change_nothing_of_the_numerals(text: str) -> None:
    plain = [m[:14] for m in extract(text).mentions]
    found = read(text).mentions
    assert [m[:14] for m in found] == plain
    assert all(m.confidence is None or 0 <= m.confidence <= 1 for m in found)


def test_two_figures_that_share_a_vague_word_are_both_read() -> None:
    assert [m.text for m in read("从10几十十人，可开锣鼓5场。").mentions if m.statistical] == [
        "10几",
        "十十人",
        "5场",
    ]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.text(alphabet=CHARACTERS, max_size=80), max_size=6))
def test_texts_read_together_are_read_as_each_alone(texts: list[str]) -> None:
    texts = [
        *texts,
        "新增病例9例（上海4例，广东3例）",
        "8例。",
        *texts,
        "城镇和农村居民收入分别为3万元和1万元",
    ]
    assert list(read_each(texts)) == [read(text) for text in texts]


def test_weights_are_small_and_written_as_they_are_read(root: Path) -> None:
    file = root / "src" / "pipeline" / "frames" / "weights.txt"
    assert file.stat().st_size < 1_000_000
    assert np.count_nonzero(load_weights()) < 200_000
    assert dump_weights(load_weights()) == file.read_text(encoding="ascii")


@pytest.mark.soak
def test_training_gives_the_weights_again_bit_for_bit(root: Path, tmp_path: Path) -> None:
    train = root / "benchmarks" / "bank" / "train.py"
    subprocess.run([sys.executable, train, "--output", tmp_path / "weights.txt"], check=True)
    shipped = root / "src" / "pipeline" / "frames" / "weights.txt"
    assert (tmp_path / "weights.txt").read_bytes() == shipped.read_bytes()


@pytest.mark.soak
def test_the_ranker_answers_for_genres_that_it_has_not_read(root: Path, tmp_path: Path) -> None:
    score = root / "benchmarks" / "bank" / "score.py"
    done = subprocess.run([sys.executable, score, "--held-out"], check=True, capture_output=True, text=True)
    subject = next(line for line in done.stdout.splitlines() if line.startswith("subject"))
    assert float(subject.split()[1]) > 0.77
