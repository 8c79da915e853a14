"""Figures of tables in text: the row's label is their subject, the column's head their measure."""

from __future__ import annotations

from pipeline.frames.reading import read

TABLE = """表1 主要指标
指标 绝对数（亿元） 比上年增长（%）
地区生产总值 426.3 5.8
其中：第一产业 31.2 -1.4
社会消费品零售总额 188.4 7.1
"""


def said(text: str) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    return [
        (m.text, m.subject, m.measure, m.direction, m.base)
        for m in read(text).mentions
        if m.rule == "cell of a table"
    ]


def test_a_cell_takes_subject_from_its_row_and_measure_from_its_column() -> None:
    assert said(TABLE) == [
        ("426.3", "地区生产总值", "level", None, None),
        ("5.8", "地区生产总值", "growth", "up", "yoy"),
        ("31.2", "第一产业", "level", None, None),
        ("-1.4", "第一产业", "growth", "down", "yoy"),
        ("188.4", "社会消费品零售总额", "level", None, None),
        ("7.1", "社会消费品零售总额", "growth", "up", "yoy"),
    ]


def test_units_and_numbers_of_a_row_are_no_part_of_its_subject_a_scope_is() -> None:
    text = "表2 企业\n指标 2020年 2019年\n1.公路里程（公里） 320 310\n2.制造业企业（规上） 480 460\n"
    assert [subject for _, subject, *_ in said(text)] == [
        "公路里程", "公路里程", "制造业企业（规上）", "制造业企业（规上）",
    ]  # fmt: skip


def test_a_figure_outside_a_table_is_left_to_the_ranker() -> None:
    (figure, *_) = [m for m in read(f"全年共接待游客35万人次。\n{TABLE}").mentions if m.statistical]
    assert (figure.subject, figure.confidence) != (None, 1)


def test_a_row_of_totals_does_not_say_of_what() -> None:
    figures = said(f"{TABLE}合计 645.9 4.9\n")
    assert [subject for _, subject, *_ in figures[-2:]] == [None, None]
