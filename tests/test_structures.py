"""Structures of the three industries, and growth told in 番."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.frames.industry_shares import INDUSTRIES
from pipeline.frames.reading import read

SIX = ("6", "42", "52")


def shares(text: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (str(m.value), m.subject, m.measure)
        for m in read(text).mentions
        if m.statistical and m.kind == "percent"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "三次产业结构比为6:42:52。",
        "三次产业结构为6∶42∶52，比上年优化。",
        "全县三次产业增加值之比为6：42：52。",
        "第一、二、三产业增加值占比为6:42:52。",
        "2020年三产结构比例为6：42：52。",
    ],
)
def test_the_parts_of_a_structure_are_shares_of_the_three_industries(text: str) -> None:
    assert shares(text) == [(value, name, "share") for value, name in zip(SIX, INDUSTRIES, strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        "三次产业结构由上年的7∶43∶50调整为6:42:52。",
        "三次产业结构比从7：43：50优化到6：42：52。",
        "三次产业结构由2015年的7:43:50变为2020年的6:42:52。",
    ],
)
def test_both_structures_of_a_change_are_shares(text: str) -> None:
    names = [(name, "share") for name in (*INDUSTRIES, *INDUSTRIES)]
    assert [(subject, measure) for _, subject, measure in shares(text)] == names
    assert [value for value, *_ in shares(text)] == ["7", "43", "50", *SIX]


@pytest.mark.parametrize(
    "text", ["用地结构比为6:42:52。", "轻重工业与其他之比为6:42:52。", "混凝土配合比为1:2:3。"]
)
def test_another_structure_is_not_of_industries(text: str) -> None:
    assert not {subject for _, subject, _ in shares(text)} & {*INDUSTRIES}


@pytest.mark.parametrize("text", ["电商销售额翻一番。", "居民收入比2010年翻了两番。", "产量五年翻一番。"])
def test_doubling_is_growth_upwards(text: str) -> None:
    found = [m for m in read(text).mentions if m.statistical and m.unit == "番"]
    assert [(m.measure, m.direction) for m in found] == [("growth", "up")]


def test_a_structure_is_certain() -> None:
    assert {m.confidence for m in read("三次产业结构比为6:42:52。").mentions if m.statistical} == {Decimal(1)}
