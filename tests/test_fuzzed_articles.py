"""Articles with mutated numbers: none makes a step between its text and the tables fail."""

from __future__ import annotations

from pathlib import Path
from random import randrange

import pytest
from fuzzing import articles, failing

from pipeline.night.run_night import run_night
from pipeline.project import load_project

FOUND = (
    "地铁票价今起调整 起步3元可乘66元/吨\n（来源：本报）今天起，我市地铁票价执行新方案，起步价由2元调为3元，"
    "可乘6公里。\n按照新方案，٣公里以上每递增⑩公里加收1元，25公里以上每10公里加收68591546595372523456元，"
    "全程最高票价.5元。据测算，人均单次出行成本增加0.640.64元。",
    "60岁及以上老年人口1184万人，占总人口的24.9%，其中65岁及以上861万人，，80岁及以上1{0}7万人。"
    "65岁\ufeff以上老年人口抚养比27.4%，即每3.6个劳动年龄人口负担11/亿亿0名老人。",
    "同时受灾的还有玉米650亩，砸坏小轿车36辆、热水器90余台。初步核定赔付金额97.6万元，参保9999积占受灾面积的68%。0.0",
    "新建高标准农田99999999999999999999万亩，完成投资99999999999999999999亿元。",
    "常住人口00人。累计服务时长812万小时，人均13.5小时。",
    "完成投资31277亿元，增加0亿元，比上年增长0.33%。",
)
"""What a search came upon."""


def test_what_failed_once_fails_no_more(tmp_path: Path) -> None:
    assert failing(FOUND, tmp_path) == {}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_no_number_makes_a_step_fail(seed: int, tmp_path: Path) -> None:
    assert failing(list(articles(seed, 60)), tmp_path) == {}


@pytest.mark.soak
def test_no_number_of_any_kind_makes_a_step_fail(tmp_path: Path) -> None:
    for turn in range(4):
        texts = list(articles(seed := randrange(2**40), 1000))
        assert failing(texts, tmp_path / str(turn)) == {}, f"of seed {seed}"


@pytest.mark.soak
def test_no_number_makes_a_night_fail(tmp_path: Path) -> None:
    assert failing(list(articles(randrange(2**40), 1500)), tmp_path) == {}
    assert run_night(load_project(cwd=tmp_path)).outcome in ("released", "withheld")
