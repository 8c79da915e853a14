"""Tables in text: the unit of each figure, by column, row or caption."""

from __future__ import annotations

import pytest

from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.extract import extract
from pipeline.numbers.text_tables import find_tables

TABLES = {
    "caption": (
        "单位：万元\n项目 预算数 决算数\n合计 1200 1150\n教育 300 310\n",
        "12000000元 11500000元 3000000元 3100000元",
    ),
    "header": (
        "表1 主要指标\n指标 绝对数（亿元） 增长（%）\n生产总值 1234.5 5.6\n第一产业 100.1 -1.4\n",
        "123450000000元 5.6% 10010000000元 -1.4%",
    ),
    "unit column": (
        "指标\t单位\t2022年\t比上年增长%\n水泥\t万吨\t426.3\t-5.3\n发电量\t亿千瓦时\t12\t3\n",
        "4263000吨 -5.3% 1200000000千瓦时 3%",
    ),
    "bars": (
        "|指标|绝对数|占比|\n|---|---|---|\n|人口（万人）|120|60%|\n|面积（公顷）|35|-|\n",
        "1200000人 60% 35公顷",
    ),
    "a cell a line": (
        "指标\n绝对数（亿元）\n增长（%）\n生产总值\n100.5\n6.1\n第一产业\n20.5\n2.1\n",
        "10050000000元 6.1% 2050000000元 2.1%",
    ),
    "numbered rows": (
        "序号 名称 面积（亩） 投资（万元）\n1 东河村 120 35.5\n2 西河村 80 20\n",
        "120亩 355000元 80亩 200000元",
    ),
    "one row": ("月份 1月 2月\n客流（万人次） 12 15\n", "120000人次 150000人次"),
    "prose": ("一、综合\n全年投资100亿元，增长5%。\n人均3万元。\n", "10000000000元 5% 30000元"),
    "no unit anywhere": ("东区 12 35\n西区 8 20\n", "12 35 8 20"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_figure_takes_its_unit_from_column_row_or_caption(name: str) -> None:
    text, states = TABLES[name]
    found = [f"{decimal_text(m.value)}{m.unit or ''}" for m in extract(text).mentions if m.statistical]
    assert " ".join(found) == states


def test_a_figure_has_its_row_and_column() -> None:
    text = TABLES["header"][0]
    (table,) = find_tables(text)
    cell = next(cell for cell in table.cells if cell.begin == text.index("-1.4"))
    assert text[slice(*table.rows[cell.row].label)] == "第一产业"
    assert [text[slice(*span)] for span in table.columns[cell.column]] == ["增长（%）"]
    assert table.caption and text[slice(*table.caption)] == "表1 主要指标"
