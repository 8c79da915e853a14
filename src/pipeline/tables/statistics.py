"""The table of every stated statistic, by the names of SDMX where it has one."""

from __future__ import annotations

from pipeline.numbers.mention import QUALIFIERS
from pipeline.tables import common as c
from pipeline.tables.figures import UNIT_MEASURE
from pipeline.tables.frames import STATE
from pipeline.tables.model import Column, Table, Words

TRANSFORMATIONS = ("N", "D", "G", "GC", "share", "fulfilment", "ratio", "rank")
"""SDMX CL_TRANSFORMATION where it has a code."""
COLLECTIONS = (
    *("stock", "flow", "year_to_date", "since_event", "event"),
    *("average_day", "average_month", "average_year"),
)
PRICES = ("current", "constant")
SCENARIOS = ("actual", "plan", "forecast")
COVERAGES = ("whole", "part")

STATISTICS = Table(
    "statistics",
    Words("统计值", "Statistics"),
    Words(
        "每行一个文中所述、值得成为序列的统计值，不论有无指标采用：什么、哪里、何时、多少，"
        "以及怎样计时、与何相比。只是顺带提到的数（两国、三个孩子、五点建议、年龄、门槛）不在其中，见数量表。",
        "A row is a figure that the text states and that is worth a series, whether or not an indicator "
        "takes it: of what, where, when and how much, how it collects time and what it is compared with. "
        "Numbers said in passing (两国, three children, five points, ages, thresholds) are in quantities.",
    ),
    (
        c.QUANTITY_ID,
        c.DOCUMENT_ID,
        c.START,
        c.END,
        Column(
            "concept",
            "string",
            Words("概念", "Concept"),
            Words(
                "统计概念表中的代码；其中没有此概念为空，此时看 subject。",
                "Code of the concept in the concept list; null where that has none: subject then says what.",
            ),
            concept=c.SDMX + "dimension#indicator",
        ),
        c.SUBJECT.but(
            required=True,
            meaning=Words("所计所量的是什么，照原文。", "What is counted or measured, as printed."),
        ),
        STATE,
        Column(
            "transformation",
            "string",
            Words("变换", "Transformation"),
            Words(
                "N 水平、D 增减量（含百分点）、G 增减幅、GC 对增长的贡献、share 占比、fulfilment 完成度、"
                "ratio 倍比、rank 位次。",
                "N level, D difference (percentage points too), G growth, GC contribution to growth, share, "
                "fulfilment of a plan, ratio, rank.",
            ),
            required=True,
            vocabulary=TRANSFORMATIONS,
            concept=c.SDMX + "dimension#transformation",
        ),
        Column(
            "base",
            "string",
            Words("基期", "Base"),
            Words(
                "D、G、GC 与何相比：yoy 上年同期、mom 上月或上季、prev 此前、since:2015 某年、plan 计划、"
                "average 平均、place 别处、other 其他；文中未说为空。",
                "What D, G and GC are measured against: yoy, mom (last month or quarter), prev, since:YYYY, "
                "plan, average, place or other; null where the text does not say.",
            ),
        ),
        Column(
            "obs_value",
            "decimal",
            Words("值", "Value"),
            Words(
                "带正负号的数值：下降1.2% 为 -1.2；已乘出万、亿；只述区间时为空。",
                "The value with its sign: 下降1.2% is -1.2; 万 and 亿 multiplied out; null where only an "
                "interval is stated.",
            ),
            concept=c.SDMX + "measure#obsValue",
        ),
        c.VALUE_LOW.but(name="obs_low"),
        c.VALUE_HIGH.but(name="obs_high"),
        c.QUALIFIER.but(required=True, vocabulary=QUALIFIERS),
        c.UNIT,
        UNIT_MEASURE.but(required=True),
        Column(
            "denominator",
            "string",
            Words("分母", "Denominator"),
            Words(
                "占比的整体、完成度的计划、人均和每千人之类，照原文；没有为空。",
                "The whole of a share, the plan of a fulfilment, 人均 or 每千人口, as printed.",
            ),
        ),
        Column(
            "breakdown",
            "string",
            Words("分组", "Breakdown"),
            Words(
                "所属分组，维度=值，按维度排序，空格分开：industry 行业、residence 城乡、sex 性别、age 年龄、"
                "item 总数下的一项等；不分组为空。",
                "The group that it is of, as dimension=value pairs in the order of dimensions, separated by "
                "spaces: industry, residence, sex, age, item (a member of a total) …; null for the total.",
            ),
            separator=" ",
        ),
        c.REF_AREA,
        Column(
            "counterpart_area",
            "string",
            Words("对方地区", "Counterpart area"),
            Words(
                "贸易、往来或比较的另一方（对东盟出口、比全国高），代码同 ref_area，无代码的照原文。",
                "The other side of trade, movement or comparison (exports to 东盟, above 全国): a code as in "
                "ref_area, or the name where it has none; null for none.",
            ),
            separator=" ",
            concept=c.SDMX + "dimension#counterpartArea",
        ),
        Column(
            "stat_pop",
            "string",
            Words("统计范围", "Statistical population"),
            Words(
                "只统计其中一部分单位的：规模以上、限额以上、不含农户等；没有此限为空。",
                "The units that are covered where not all are: 规模以上 (above designated size), 限额以上, "
                "不含农户 (rural households excluded); null where the text sets no such limit.",
            ),
            concept=c.SDMX + "concept#statPop",
        ),
        c.TIME_PERIOD,
        Column(
            "time_collection",
            "string",
            Words("计时方式", "Time collection"),
            Words(
                "stock 时点数（时期末日）、flow 时期内、year_to_date 年初至时期末累计、"
                "since_event 自某事以来累计、event 某事期间（档期、首日）、"
                "average_day 日均、average_month 月均、average_year 年均；无从得知为空。",
                "stock (as of the end of the period), flow (within it), year_to_date (from the first day of "
                "the year), since_event (cumulated since something began), event (of a season or a first "
                "day), average_day, average_month, average_year; null where it cannot be told.",
            ),
            vocabulary=COLLECTIONS,
            concept=c.SDMX + "attribute#timeCollect",
        ),
        Column(
            "prices",
            "string",
            Words("价格", "Prices"),
            Words(
                "current 现价、constant 可比价；文中未说为空。", "current or constant; null where not said."
            ),
            vocabulary=PRICES,
        ),
        Column(
            "scenario",
            "string",
            Words("情形", "Scenario"),
            Words(
                "actual 实际、plan 计划或目标、forecast 预计。", "actual, plan (a target too) or forecast."
            ),
            required=True,
            vocabulary=SCENARIOS,
        ),
        c.STATUS,
        Column(
            "coverage",
            "string",
            Words("覆盖", "Coverage"),
            Words(
                "whole 整个地区；part 其中的村、企业、园区、项目、车站、线路等，不是该地区的数。",
                "whole: of the region; part: of a village, firm, park, project, station or line in it, "
                "and not the region's own figure.",
            ),
            required=True,
            vocabulary=COVERAGES,
        ),
        Column(
            "confidence",
            "decimal",
            Words("把握", "Confidence"),
            Words(
                "所数之物有几分把握，0 至 1；地区、时期若由上下文推得，已打折扣。",
                "How sure the row is, from 0 to 1: that of its subject, less where region or period are "
                "taken from what stands around it.",
            ),
        ),
        Column(
            "reasons",
            "string",
            Words("缘由", "Reasons"),
            Words(
                "使把握减少的：subject 所数之物存疑；area_document 地区取自全文，area_unknown 不知；"
                "time_carried 时期承前，time_title 取自题目，time_issued 取自刊发日期，time_unknown 不知。",
                "What makes it less sure: subject (doubtful), area_document (the region is that of the whole "
                "text), area_unknown, time_carried (the period is that of a sentence before), time_title, "
                "time_issued (the date of issue), time_unknown; separated by spaces.",
            ),
            separator=" ",
        ),
        c.DECISION_ID,
    ),
    key=("quantity_id",),
    order=("document_id", "start"),
    foreign_keys=(c.TO_AREA, c.TO_DOCUMENT, c.TO_QUANTITY),
)
