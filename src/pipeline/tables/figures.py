"""The tables of statistics: indicators, observations, and the datasets of catalog/datasets/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from pipeline.tables import common as c
from pipeline.tables.model import Column, Table, Words

UNIT_MEASURE = Column(
    "unit_measure",
    "string",
    Words("计量单位", "Unit of measure"),
    Words(
        "单位代码：UCUM 代码，金额为 ISO 4217，百分数为 %，计数为 1（数什么见 indicators 表的 unit_text）。",
        "Code of the unit: UCUM, ISO 4217 for money, % for percentages, 1 for counts (of what, unit_text of "
        "the table indicators says).",
    ),
    concept=c.SDMX + "attribute#unitMeasure",
)

INDICATORS = Table(
    "indicators",
    Words("指标", "Indicators"),
    Words(
        "每行一个指标：名称、定义、单位，以及所属数据集。",
        "A row is an indicator: its name, definition and unit, and the datasets it belongs to.",
    ),
    (
        c.INDICATOR.but(concept=c.DCT + "identifier"),
        Column(
            "title_zh",
            "string",
            Words("中文名称", "Title in Chinese"),
            Words("中文名称。", "Title in Chinese."),
            required=True,
            concept=c.DCT + "title",
        ),
        Column(
            "title_en",
            "string",
            Words("英文名称", "Title in English"),
            Words("英文名称。", "Title in English."),
            required=True,
            concept=c.DCT + "title",
        ),
        Column(
            "definition_zh",
            "string",
            Words("中文定义", "Definition in Chinese"),
            Words("所指为何，以中文写。", "What it states, in Chinese."),
            concept=c.DCT + "description",
        ),
        Column(
            "definition_en",
            "string",
            Words("英文定义", "Definition in English"),
            Words("所指为何，以英文写。", "What it states, in English."),
            concept=c.DCT + "description",
        ),
        UNIT_MEASURE.but(name="unit", title=Words("单位", "Unit")),
        Column(
            "unit_text",
            "string",
            Words("单位名称", "Unit in words"),
            Words(
                "单位的名称；计数的，是所数的量词：人次、个、户。没有为空。",
                "The unit in Chinese; of a count the measure word of what is counted: 人次, 个, 户; or null.",
            ),
        ),
        Column(
            "datasets",
            "string",
            Words("数据集", "Datasets"),
            Words("所属数据集，空格分开。", "The datasets it belongs to, separated by spaces."),
            separator=" ",
        ),
    ),
    key=("indicator",),
)

OBSERVATIONS = Table(
    "observations",
    Words("观测值", "Observations"),
    Words(
        "每行一个指标在某地区、某时期、某文档中的数值，并可由数量标识回到原句。",
        "A row is an indicator's figure for a region and a period as a document states it, with the "
        "mention that it comes from.",
    ),
    (
        c.INDICATOR,
        c.REF_AREA,
        c.TIME_PERIOD,
        Column(
            "obs_value",
            "decimal",
            Words("观测值", "Observed value"),
            Words("数值；只述区间时为空。", "The value; null where only an interval is stated."),
            concept=c.SDMX + "measure#obsValue",
        ),
        c.VALUE_LOW.but(name="obs_low"),
        c.VALUE_HIGH.but(name="obs_high"),
        UNIT_MEASURE,
        c.QUALIFIER.but(required=True),
        c.STATUS,
        c.QUANTITY_ID,
        c.DOCUMENT_ID,
        Column(
            "quantity_ids",
            "string",
            Words("全部出处", "All mentions"),
            Words(
                "文档中述及此数的全部数量标识，空格分开，首个即 quantity_id。",
                "Every mention of the figure in the document, separated by spaces; the first is quantity_id.",
            ),
            separator=" ",
        ),
        Column(
            "note",
            "string",
            Words("取舍", "Note"),
            Words(
                "各处所述不同时为何取此数；没有分歧为空。",
                "Why this value and not another, where mentions differ; null where they do not.",
            ),
        ),
        c.DECISION_ID,
        c.CORRECTION,
    ),
    key=("indicator", "ref_area", "time_period", "document_id"),
    foreign_keys=(c.TO_AREA, c.TO_INDICATOR, c.TO_DOCUMENT, c.TO_QUANTITY),
)

RESIDUAL = Column(
    "residual",
    "decimal",
    Words("余差", "Residual"),
    Words(
        "总数减去各部分之和；各数皆有时才算，相符为 0。",
        "The whole less the sum of its parts, where all of them are stated; 0 where they agree.",
    ),
)


_DECISION_IDS = c.DECISION_ID.but(
    separator=" ",
    meaning=Words(
        "改动过本行各数的数据官决定，空格分开；没有为空。",
        "The data officer's decisions that touched figures of this row, separated by spaces; or null.",
    ),
)


_SAID = (
    Column(
        "qualifiers",
        "string",
        Words("限定", "Qualifiers"),
        Words(
            "不是确数的各列，写作 列=限定，空格分开；皆为确数为空。",
            "The columns whose figures are not exact, as column=qualifier, separated by spaces; null where "
            "all are.",
        ),
        separator=" ",
    ),
    Column(
        "bounds",
        "string",
        Words("上下界", "Bounds"),
        Words(
            "这些列所述的区间，写作 列=下界/上界，不设界处留空，空格分开。",
            "The intervals of these columns, as column=low/high, empty where open, separated by spaces.",
        ),
        separator=" ",
    ),
    Column(
        "statuses",
        "string",
        Words("状态", "Statuses"),
        Words(
            "不是正常（A）的各列，写作 列=状态（SDMX CL_OBS_STATUS），空格分开。",
            "The columns whose status is not A, as column=status (SDMX CL_OBS_STATUS), separated by spaces.",
        ),
        separator=" ",
    ),
)
_BY_COLUMN = Column(
    "quantity_ids",
    "string",
    Words("各数出处", "Mentions by column"),
    Words(
        "各列之数在数量表中的标识，写作 列=标识，空格分开。",
        "The mention that each column's figure comes from, as column=quantity_id, separated by spaces.",
    ),
    separator=" ",
)


class DatasetColumn(Protocol):
    """A figure of a wide dataset, as catalog/datasets/ declares it."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def unit(self) -> str | None: ...


class Dataset(Protocol):
    """What `dataset_table` needs to know of a dataset declaration."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def description(self) -> Mapping[str, str]: ...
    @property
    def layout(self) -> str: ...
    @property
    def columns(self) -> Iterable[DatasetColumn]: ...
    @property
    def residual(self) -> object | None: ...


def dataset_table(dataset: Dataset) -> Table:
    """The table of a declared dataset: its figures side by side (wide), or as observations (long).

    Raises ValueError where the declaration names a column twice.
    """
    if dataset.layout == "long":
        return Table(
            dataset.id,
            _words(dataset.title),
            _words(dataset.description),
            OBSERVATIONS.columns,
            OBSERVATIONS.key,
            foreign_keys=OBSERVATIONS.foreign_keys,
            dataset=True,
        )
    figures = tuple(
        Column(
            column.name,
            "decimal",
            _words(column.title),
            _words(getattr(column, "description", None) or column.title),
            unit=column.unit,
            unit_text=getattr(column, "counted", ""),
        )
        for column in dataset.columns
    )
    residual = (RESIDUAL,) if dataset.residual else ()
    last = (*residual, *_SAID, c.DOCUMENT_ID, _BY_COLUMN, _DECISION_IDS, c.CORRECTION)
    return Table(
        dataset.id,
        _words(dataset.title),
        _words(dataset.description),
        (c.REF_AREA, c.TIME_PERIOD, *figures, *last),
        key=("ref_area", "time_period", "document_id"),
        foreign_keys=(c.TO_AREA, c.TO_DOCUMENT),
        dataset=True,
    )


def _words(said: Mapping[str, str]) -> Words:
    """Both languages; where one is left out, the other stands in for it."""
    zh, en = said.get("zh"), said.get("en")
    return Words(zh or en or "", en or zh or "")
