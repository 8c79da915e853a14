"""Columns and words that more than one table uses."""

from __future__ import annotations

from pipeline.numbers.mention import KINDS, QUALIFIERS
from pipeline.tables.model import Column, ForeignKey, Words

DCT = "http://purl.org/dc/terms/"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
SDMX = "http://purl.org/linked-data/sdmx/2009/"

CL_OBS_STATUS = tuple("ABDEFGHIJKLMNOPQSUVW")
"""SDMX CL_OBS_STATUS 2.2: A normal, E estimated, F forecast, P provisional, G experimental …"""

DOCUMENT_ID = Column(
    "document_id",
    "string",
    Words("文档标识", "Document"),
    Words(
        "所在文档的标识，由 raw/ 下的路径（多篇合一的文件再加篇号）得来，与内容无关。",
        "The document it stands in; made from the path below raw/ (and the record's id in a file of many "
        "articles), not from the content.",
    ),
    required=True,
    concept=DCT + "isPartOf",
)
QUANTITY_ID = Column(
    "quantity_id",
    "string",
    Words("数量标识", "Quantity"),
    Words(
        "数量的标识。只要其句子不变，逐夜不变，不论句子移到文中何处。",
        "Names the mention of a quantity. The same night after night while its sentence stays the same, "
        "wherever in the file that sentence moves to.",
    ),
    required=True,
    concept=DCT + "identifier",
)
START = Column(
    "start",
    "integer",
    Words("起点", "Start"),
    Words(
        "第一个字符在解码后原文中的位置，从 0 数起，换行也算字符。",
        "Offset of the first character in the decoded source text, from 0, line ends counted as they are.",
    ),
    required=True,
    unit="character",
    concept=NIF + "beginIndex",
    position=True,
)
END = Column(
    "end",
    "integer",
    Words("终点", "End"),
    Words(
        "最后一个字符之后的位置；原文 [start:end] 正是所引文字。",
        "Offset after the last character; source[start:end] is exactly the text quoted.",
    ),
    required=True,
    unit="character",
    concept=NIF + "endIndex",
    position=True,
)
TEXT = Column(
    "text",
    "string",
    Words("原文", "Text"),
    Words(
        "原文的字符，换行在内，一字不改。",
        "The characters of the source, line breaks included, nothing altered.",
    ),
    required=True,
    concept=NIF + "anchorOf",
)
KIND = Column(
    "kind",
    "string",
    Words("种类", "Kind"),
    Words(
        "count 计数、measure 度量、money 金额、percent 百分比、duration 时长为统计数；"
        "date 日期、ordinal 序数、name 名称中的数、other 其他不是。",
        "count, measure, money, percent and duration state a quantity; date, ordinal, name (part of a "
        "name, title or slogan) and other do not.",
    ),
    required=True,
    vocabulary=KINDS,
)
VALUE = Column(
    "value",
    "decimal",
    Words("数值", "Value"),
    Words(
        "所述之数，已乘出（1.4万 为 14000，七成为 70）；区间或含糊之数为空。",
        "The number stated, multiplied out (1.4万 is 14000, 七成 is 70); null for a range or a vague number.",
    ),
)
VALUE_LOW = Column(
    "value_low",
    "decimal",
    Words("下界", "Lower bound"),
    Words("所述区间的下界；不设下界为空。", "Lower bound of what is stated; null where it is open."),
)
VALUE_HIGH = Column(
    "value_high",
    "decimal",
    Words("上界", "Upper bound"),
    Words("所述区间的上界；不设上界为空。", "Upper bound of what is stated; null where it is open."),
)
QUALIFIER = Column(
    "qualifier",
    "string",
    Words("限定", "Qualifier"),
    Words(
        "exact 确数、over 余/超、nearly 近、about 约、at_least 至少、below 不足、at_most 至多。",
        "How the number is hedged: exact, over (余, 超), nearly (近), about (约), at_least (至少), below "
        "(不足), at_most (至多).",
    ),
    vocabulary=QUALIFIERS,
)
UNIT = Column(
    "unit",
    "string",
    Words("单位", "Unit"),
    Words(
        "原文所写的单位，不含万、亿等倍数，不含换行。",
        "The unit as written, without the multiplier (万, 亿) and without line breaks.",
    ),
)
SUBJECT = Column(
    "subject",
    "string",
    Words("所数之物", "Subject"),
    Words("所计所量的是什么；找不到为空。", "What is counted or measured; null where none is found."),
    concept=DCT + "subject",
)
QUOTE = Column(
    "quote",
    "string",
    Words("所在句子", "Quote"),
    Words("所在的句子，断行已接上。", "The sentence it stands in, as it reads, with broken lines joined."),
    concept=DCT + "bibliographicCitation",
)
SENTENCE = Column(
    "sentence",
    "integer",
    Words("句序", "Sentence"),
    Words("句子在文档中的次序，从 0 数起。", "Position of the sentence in the document, from 0."),
    required=True,
    position=True,
)
RULE = Column(
    "rule",
    "string",
    Words("规则", "Rule"),
    Words("识出它的语法规则。", "The grammar rule that took it."),
)
STATUS = Column(
    "obs_status",
    "string",
    Words("状态", "Observation status"),
    Words(
        "SDMX CL_OBS_STATUS：A 正常、E 估计、F 预测或计划、P 初步等。",
        "SDMX CL_OBS_STATUS: A normal, E estimated, F forecast or planned, P provisional …",
    ),
    required=True,
    vocabulary=CL_OBS_STATUS,
    concept=SDMX + "attribute#obsStatus",
)
DECISION_ID = Column(
    "decision_id",
    "string",
    Words("决定", "Decision"),
    Words(
        "改动过本行的数据官决定；没有为空。",
        "The data officer's decision that touched this row; null where none did.",
    ),
)
CORRECTION = Column(
    "correction",
    "string",
    Words("更正", "Correction"),
    Words(
        "数据官更正或标注了什么：前后之值、理由、何人、何日，如“更正：205→206；来稿单位更正；数据科；2026-11-20”；没有为空。",
        "What a data officer corrected or marked, in Chinese: values before and after, why, who and when; "
        "null where nothing was. decision_id leads to the same in the table decisions.",
    ),
)
REF_AREA = Column(
    "ref_area",
    "string",
    Words("地区", "Reference area"),
    Words(
        "GB/T 2260 行政区划代码，名称见 areas 表；全国为 CN，外国为 ISO 3166-1 代码，无法确定为空。",
        "GB/T 2260 code of the region, named in the table areas; CN for China as a whole, ISO 3166-1 for "
        "other countries, null where it could not be told.",
    ),
    concept=SDMX + "dimension#refArea",
)
TIME_PERIOD = Column(
    "time_period",
    "string",
    Words("时期", "Time period"),
    Words(
        "ISO 8601 / SDMX 写法的时期，如 2020-07-08、2020-07、2020-Q2、2020；无法确定为空。",
        "The period in ISO 8601 / SDMX form, such as 2020-07-08, 2020-07, 2020-Q2, 2020; null where it "
        "could not be told.",
    ),
    concept=SDMX + "dimension#timePeriod",
)
INDICATOR = Column(
    "indicator",
    "string",
    Words("指标", "Indicator"),
    Words("catalog/indicators/ 中的指标标识。", "The indicator's id in catalog/indicators/."),
    required=True,
    concept=SDMX + "dimension#indicator",
)

TO_AREA = ForeignKey(("ref_area",), "areas", ("ref_area",))
TO_DOCUMENT = ForeignKey(("document_id",), "documents", ("document_id",))
TO_QUANTITY = ForeignKey(("quantity_id",), "quantities", ("quantity_id",))
TO_INDICATOR = ForeignKey(("indicator",), "indicators", ("indicator",))
