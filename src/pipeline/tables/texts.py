"""The tables read from the texts: quantities, numerals, relations."""

from __future__ import annotations

from pipeline.numbers.mention import KINDS, STATISTICAL
from pipeline.tables import common as c
from pipeline.tables.frames import FRAME
from pipeline.tables.model import Column, Table, Words

QUANTITIES = Table(
    "quantities",
    Words("数量", "Quantities"),
    Words(
        "每行一处统计数：计数、度量、金额、百分比、时长，连同其字符位置与所在句子。",
        "A row is one mention of a quantity (count, measure, money, percentage, duration), with the "
        "characters and the sentence that it comes from.",
    ),
    (
        c.QUANTITY_ID,
        c.DOCUMENT_ID,
        Column(
            "article",
            "integer",
            Words("篇序", "Article"),
            Words(
                "文档中第几篇，从 0 数起；只有一篇为 0。",
                "Which article of the document, from 0; 0 where there is one.",
            ),
            required=True,
            position=True,
        ),
        c.SENTENCE,
        c.START,
        c.END,
        c.TEXT,
        c.KIND.but(vocabulary=tuple(kind for kind in KINDS if kind in STATISTICAL)),
        c.VALUE,
        c.VALUE_LOW,
        c.VALUE_HIGH,
        c.QUALIFIER.but(required=True),
        c.UNIT,
        Column(
            "unit_code",
            "string",
            Words("单位代码", "Unit code"),
            Words(
                "UCUM 代码；金额为 ISO 4217 代码；计数为 1。", "UCUM code, ISO 4217 for money, 1 for counts."
            ),
            required=True,
            concept=c.SDMX + "attribute#unitMeasure",
        ),
        c.SUBJECT,
        *FRAME,
        c.QUOTE.but(required=True),
        c.RULE.but(required=True),
        c.STATUS,
        c.DECISION_ID,
        Column(
            "link",
            "string",
            Words("出处", "Link"),
            Words(
                "在发布文件夹中，标出此数的那一页与其位置；已读文档多于 500 篇的发布没有这些页，此列为空，"
                "长文中二十万字之后亦为空：凭 document_id、start、end 查原文。",
                "Where it is marked in its text: a page of the release and a place in it. Null in a release "
                "of more than 500 documents that were read, which has no such pages, and beyond the "
                "200,000th character of a text: document_id, start and end lead to the source.",
            ),
            concept="http://www.w3.org/2000/01/rdf-schema#seeAlso",
        ),
    ),
    key=("quantity_id",),
    order=("document_id", "start"),
    foreign_keys=(c.TO_DOCUMENT,),
)

NUMERALS = Table(
    "numerals",
    Words("数字", "Numerals"),
    Words(
        "每行一个数字，不论种类：全文数字的完整账目。",
        "A row is a numeral of any kind: the full account of the numerals in the texts.",
    ),
    (
        c.DOCUMENT_ID,
        c.START.but(position=False),
        c.END,
        c.SENTENCE,
        c.TEXT,
        c.KIND,
        c.VALUE,
        c.VALUE_LOW,
        c.VALUE_HIGH,
        c.QUALIFIER.but(required=True),
        c.UNIT,
        c.SUBJECT,
        c.RULE.but(required=True),
        c.QUANTITY_ID.but(
            required=False,
            meaning=Words(
                "是统计数时，它在数量表中的标识；否则为空。",
                "Its row among the quantities where it states one; null otherwise.",
            ),
        ),
    ),
    key=("document_id", "start"),
    foreign_keys=(c.TO_DOCUMENT, c.TO_QUANTITY),
)

RELATIONS = Table(
    "relations",
    Words("等式", "Relations"),
    Words(
        "每行一个文中所述的等式，及其是否成立。",
        "A row is an equation found in the prose, and whether it holds.",
    ),
    (
        Column(
            "relation_id",
            "string",
            Words("等式标识", "Relation"),
            Words(
                "由各数的标识得来，与其一样稳定。",
                "Made from the ids of its figures, and as stable as they are.",
            ),
            required=True,
            concept=c.DCT + "identifier",
        ),
        c.DOCUMENT_ID,
        c.START,
        c.END,
        Column(
            "relation",
            "string",
            Words("关系", "Relation type"),
            Words(
                "sum 和、difference 差、share 占比、growth 增长、ratio 比。",
                "sum, difference, share, growth or ratio.",
            ),
            required=True,
            vocabulary=("sum", "difference", "share", "growth", "ratio"),
        ),
        Column(
            "parts",
            "string",
            Words("各项", "Parts"),
            Words(
                "各项之数，空格分开，次序见契约（加数；被减数与减数；部分与整体；本期与上期）。",
                "The parts' numbers, separated by spaces: addends; minuend, then subtrahends; part, "
                "whole; this period, the one before.",
            ),
            required=True,
            separator=" ",
        ),
        Column(
            "total",
            "decimal",
            Words("得数", "Total"),
            Words("文中所述的得数。", "The result that the text states."),
        ),
        c.UNIT,
        Column(
            "verdict",
            "string",
            Words("判定", "Verdict"),
            Words(
                "holds 成立、rounding 在各数末位半个单位之内成立、possible 有约数而不成立、fails 不成立。",
                "holds; rounding (holds within half a unit of the last printed place of every "
                "figure); possible (off, and a figure is not exact); fails.",
            ),
            required=True,
            vocabulary=("holds", "rounding", "possible", "fails"),
        ),
        Column(
            "expression",
            "string",
            Words("算式", "Expression"),
            Words("写成算式，如 89 + 203 + 195 = 487。", "Written out, such as 89 + 203 + 195 = 487."),
            required=True,
        ),
        Column(
            "residual",
            "decimal",
            Words("余差", "Residual"),
            Words(
                "所述得数减去算得之数；除不尽的取到小数点后十位。",
                "The stated result less the computed one; to ten places where that does not end.",
            ),
        ),
        c.QUOTE.but(required=True),
        Column(
            "quantity_ids",
            "string",
            Words("各数标识", "Quantities"),
            Words(
                "各项及得数在数量表中的标识，空格分开。",
                "Ids of the parts and of the total among the quantities, separated by spaces.",
            ),
            separator=" ",
        ),
        c.RULE.but(required=True),
        c.DECISION_ID,
    ),
    key=("relation_id",),
    order=("document_id", "start"),
    foreign_keys=(c.TO_DOCUMENT,),
)

REPEATS = Table(
    "repeats",
    Words("复述", "Repeats"),
    Words(
        "每行一个在文中不同句子里说了不止一次的数：数值、单位、所数之物都相同。",
        "A row is a figure that a text states in more than one sentence: one value, unit and subject.",
    ),
    (
        Column(
            "repeat_id",
            "string",
            Words("复述标识", "Repeat"),
            Words(
                "由各次提及的标识得来，与其一样稳定。",
                "Made from the ids of its mentions, and as stable as they are.",
            ),
            required=True,
            concept=c.DCT + "identifier",
        ),
        c.DOCUMENT_ID,
        c.START,
        c.END,
        Column(
            "value",
            "decimal",
            Words("数值", "Value"),
            Words("说了几次的那个数。", "The figure that is said again."),
        ),
        c.UNIT,
        c.SUBJECT,
        Column(
            "mentions",
            "integer",
            Words("提及次数", "Mentions"),
            Words("文中说到它的次数。", "How often the text states it."),
            required=True,
        ),
        c.QUOTE.but(required=True),
        Column(
            "quantity_ids",
            "string",
            Words("各次标识", "Quantities"),
            Words(
                "各次提及在数量表中的标识，依先后，空格分开。",
                "Ids of the mentions among the quantities, in text order, separated by spaces.",
            ),
            required=True,
            separator=" ",
        ),
    ),
    key=("repeat_id",),
    order=("document_id", "start"),
    foreign_keys=(c.TO_DOCUMENT,),
)
