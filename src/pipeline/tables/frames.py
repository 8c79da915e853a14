"""The columns of a figure's frame: what it is about, beside its subject."""

from __future__ import annotations

from pipeline.numbers.mention import MEASURES
from pipeline.tables.model import Column, Words

STATE = Column(
    "state",
    "string",
    Words("状态词", "State"),
    Words(
        "区分同一所数之物的谓语：完成、新增、在建、死亡、办结。",
        "The predicate that tells figures of one subject apart: 完成, 新增, 在建, 死亡, 办结.",
    ),
)
FRAME = (
    Column(
        "part",
        "string",
        Words("分项", "Part"),
        Words(
            "总数之下的一项，其所数之物由总数给出：9例（上海4例，广东3例）中的广东。",
            "The member of a breakdown whose subject a total lends: 广东 of 9例（上海4例，广东3例）.",
        ),
    ),
    STATE,
    Column(
        "measure",
        "string",
        Words("度量", "Measure"),
        Words(
            "level 水平、change 增减量、growth 增减幅、share 占比、fulfilment 完成度、contribution 贡献、"
            "ratio 倍比、rank 位次。",
            "level, change (absolute), growth (relative), share, fulfilment (of a plan), contribution, "
            "ratio or rank.",
        ),
        vocabulary=MEASURES,
    ),
    Column(
        "direction",
        "string",
        Words("升降", "Direction"),
        Words(
            "up 升、down 降；value 与原文所印相同，下降1.2% 的 value 是 1.2。",
            "up or down; value is as printed: that of 下降1.2% is 1.2.",
        ),
        vocabulary=("up", "down"),
    ),
    Column(
        "base",
        "string",
        Words("基期", "Base"),
        Words(
            "与何相比：yoy 上年同期、mom 上期、prev 此前、since:2015 某年、plan 计划、average 平均、"
            "place 别处、other 其他。",
            "What a change is measured against: yoy, mom, prev, since:YYYY, plan, average, place or other.",
        ),
    ),
    Column(
        "of",
        "string",
        Words("整体", "Whole"),
        Words("占比的整体，完成度的计划。", "The whole of a share, the plan of a fulfilment."),
    ),
    Column(
        "per",
        "string",
        Words("分母", "Denominator"),
        Words("每千人口、人均、日均之类。", "The denominator: 每千人口, 人均, 日均."),
    ),
    Column(
        "planned",
        "boolean",
        Words("计划数", "Planned"),
        Words("是否为计划、目标、预测或要求。", "Whether it is a plan, target, forecast or requirement."),
    ),
    Column(
        "scope",
        "string",
        Words("范围", "Scope"),
        Words(
            "此数所属的村、企业、学校、项目，小于所在地区；没有为空。",
            "The village, firm, school or project that it is of, where that is smaller than the region.",
        ),
    ),
    Column(
        "confidence",
        "decimal",
        Words("把握", "Confidence"),
        Words("所数之物有几分把握，0 至 1。", "How sure the subject is, from 0 to 1."),
    ),
)
"""In the order in which every file has them."""
NAMES = tuple(column.name for column in FRAME)
