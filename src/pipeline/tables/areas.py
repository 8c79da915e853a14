"""The code list of regions: what the codes in every column ref_area mean."""

from __future__ import annotations

from pipeline.tables import common as c
from pipeline.tables.model import Column, ForeignKey, Table, Words

LEVELS = ("country", "province", "prefecture", "county")

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_MONTH = Words(
    "YYYY-MM；目录所据的行政区划表每年或每月一版，故早晚可差一版。",
    "As YYYY-MM, by the editions of the list that the catalog is made of, a month to a year apart.",
)

AREAS = Table(
    "areas",
    Words("地区", "Areas"),
    Words(
        "每行一个地区代码：名称、层级、上级，以及代码何时启用、停用、由何代码接替。",
        "A row is the code of a region: its names, level and parent, when the code was in use and which one "
        "took its place.",
    ),
    (
        c.REF_AREA.but(
            required=True,
            concept=c.DCT + "identifier",
            meaning=Words(
                "GB/T 2260 行政区划代码；全国为 CN，外国为 ISO 3166-1 二字代码。",
                "GB/T 2260 code; CN for China as a whole, ISO 3166-1 alpha-2 for other countries.",
            ),
        ),
        Column(
            "name_zh",
            "string",
            Words("名称", "Name in Chinese"),
            Words("今名；停用的代码为最后之名。", "Its name today; of a code of the past, the last one."),
            required=True,
            concept=_SKOS + "prefLabel",
        ),
        Column(
            "name_en",
            "string",
            Words("英文名称", "Name in English"),
            Words(
                "英文名称；只有国家和省级有，其余为空。",
                "Name in English, of countries and provinces; null for all others.",
            ),
            concept=_SKOS + "prefLabel",
        ),
        Column(
            "full_name",
            "string",
            Words("全称", "Full name"),
            Words(
                "连同上级的名称：河南省郑州市中原区。",
                "The name in Chinese with what it is part of: 河南省郑州市中原区.",
            ),
            required=True,
        ),
        Column(
            "other_names",
            "string",
            Words("别名", "Other names"),
            Words(
                "简称、别名，以及同一代码从前的名称，空格分开；没有为空。",
                "Short names, other names and those that the code had before, separated by spaces, or null.",
            ),
            separator=" ",
            concept=_SKOS + "altLabel",
        ),
        Column(
            "level",
            "string",
            Words("层级", "Level"),
            Words(
                "country 国家、province 省级、prefecture 地级、county 县级。",
                "country, province, prefecture or county.",
            ),
            required=True,
            vocabulary=LEVELS,
        ),
        Column(
            "parent",
            "string",
            Words("上级", "Parent"),
            Words("所属地区的代码；国家为空。", "Code of the region that it is part of; null for countries."),
            concept=_SKOS + "broader",
        ),
        Column(
            "valid_from",
            "string",
            Words("启用", "Valid from"),
            Words(
                f"代码以此名启用的月份，{_MONTH.zh}自有此表起就有的，或不知的，为空。",
                f"The month from which the code has had this name. {_MONTH.en} Null where it had it ever "
                "since there are such lists, and where that is not known.",
            ),
        ),
        Column(
            "valid_to",
            "string",
            Words("停用", "Valid to"),
            Words(
                f"停用前最后的月份，{_MONTH.zh}仍在用为空。",
                f"The last month that the code was in use. {_MONTH.en} Null where it still is.",
            ),
        ),
        Column(
            "successor",
            "string",
            Words("接替", "Successor"),
            Words(
                "接替它的代码（县改区、并入他区等）；仍在用、不知或一分为多的为空。",
                "The code that took its place, as when a county became a district or part of one; null where "
                "it is in use, where that is not known, and where several share its place.",
            ),
            concept=c.DCT + "isReplacedBy",
        ),
    ),
    key=("ref_area",),
    foreign_keys=tuple(ForeignKey((name,), "areas", ("ref_area",)) for name in ("parent", "successor")),
)
