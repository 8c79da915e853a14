"""What a text says of itself without a masthead: its title, the office that signed it, and the day."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.texts.derivation import derive
from pipeline.texts.layout import reflow

BODY = "全县改造老旧小区27个，惠及居民3104户，完成投资4.62亿元。"
OFFICE = "通海县人民政府办公室"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (["蔬菜出口逆势增长"], "蔬菜出口逆势增长"),
        (["2025年全县国民经济和社会发展统计公报", "县统计局", "2026年4月20日"],
         "2025年全县国民经济和社会发展统计公报"),
        # documents with a letterhead and a number
        ([f"{OFFICE}文件", "通政办发〔2026〕12号", "", f"{OFFICE}关于民生实事完成情况的通报", "各乡镇："],
         f"{OFFICE}关于民生实事完成情况的通报"),
        ([f"{OFFICE}文件", f"{OFFICE}关于民生实事完成情况的通报"], f"{OFFICE}关于民生实事完成情况的通报"),
        # of two lines
        (["通海县人民政府关于印发通海县“十五五”", "蔬菜产业高质量发展规划的通知", "各乡镇人民政府："],
         "通海县人民政府关于印发通海县“十五五”蔬菜产业高质量发展规划的通知"),
        (["关于加快推进蔬菜产业", "高质量发展的实施意见"], "关于加快推进蔬菜产业高质量发展的实施意见"),
        (["关于民生实事完成情况的通报", "二、存在的问题"], "关于民生实事完成情况的通报"),
        (["一季度经济开门红", "主要指标稳中有进"], "一季度经济开门红"),
        # an issue of a newsletter
        (["政务信息", "第12期", f"{OFFICE}  2026年3月5日", "", "蔬菜产业势头良好"], "蔬菜产业势头良好"),
        (["工作简报", "（总第318期）", "", "全县蔬菜产业势头良好"], "全县蔬菜产业势头良好"),
        (["政府工作报告", "——在通海县第十八届人民代表大会第五次会议上"], "政府工作报告"),
        # none
        ([], None),
        ([f"{OFFICE}  2026年3月5日"], None),
        (["全县接待游客412.6万人次。", "农业生产稳步增长"], None),
        (["一、农业生产"], None),
    ],
)  # fmt: skip
def test_a_title_is_the_first_headline_above_the_text(head: list[str], title: str | None) -> None:
    assert derive(reflow("\n".join([*head, BODY])), "a.txt").title == title


@pytest.mark.parametrize(
    ("end", "office", "day"),
    [
        (["通海县水利局", "2026年2月20日"], "通海县水利局", date(2026, 2, 20)),
        (["通海县水利局 2026年2月20日"], "通海县水利局", date(2026, 2, 20)),
        (["通海县水利局", "二〇二六年二月二十日"], "通海县水利局", date(2026, 2, 20)),
        (["通海县水利局", "二○二六年十二月三日"], "通海县水利局", date(2026, 12, 3)),
        (["2026年2月30日"], None, None),
        (["以上情况截至2026年2月20日。"], None, None),
    ],
)
def test_a_signature_names_the_office_and_the_day(
    end: list[str], office: str | None, day: date | None
) -> None:
    found = derive(reflow("\n".join(["河湖长制成效明显", BODY, *end])), "a.txt")
    assert (found.publisher, found.issued) == (office, day)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-04-18_公报.txt", date(2026, 4, 18)),
        ("报送20260418.pdf", date(2026, 4, 18)),
        ("20261318.txt", None),
        ("120260418.txt", None),
    ],
)
def test_a_files_name_gives_the_day_that_nothing_else_does(name: str, day: date | None) -> None:
    assert derive(reflow(BODY), name).issued == day
