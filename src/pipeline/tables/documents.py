"""The table of source texts."""

from __future__ import annotations

from pipeline.tables import common as c
from pipeline.tables.model import Column, ForeignKey, Table, Words

DOCUMENTS = Table(
    "documents",
    Words("文档", "Documents"),
    Words(
        "每行一篇来源文本：从何而来、怎样读出、读出多少。",
        "A row is a source text: where it comes from, how it was read and what was found in it.",
    ),
    (
        c.DOCUMENT_ID.but(concept=c.DCT + "identifier"),
        Column(
            "path",
            "string",
            Words("路径", "Path"),
            Words("raw/ 之下的路径。", "Path below raw/."),
            required=True,
            concept=c.DCT + "source",
        ),
        Column(
            "sha256",
            "string",
            Words("SHA-256", "SHA-256"),
            Words("来源字节的 SHA-256。", "SHA-256 of the source's bytes."),
            required=True,
            concept="http://spdx.org/rdf/terms#checksumValue",
        ),
        Column(
            "encoding",
            "string",
            Words("编码", "Encoding"),
            Words(
                "解码所用的编码；未能解码为空。", "The encoding it was decoded from; null where none fitted."
            ),
        ),
        Column(
            "title",
            "string",
            Words("题目", "Title"),
            Words("题目；来源未说明为空。", "Title; null where the source does not say."),
            concept=c.DCT + "title",
        ),
        Column(
            "publisher",
            "string",
            Words("发布者", "Publisher"),
            Words("发布者；来源未说明为空。", "Publisher; null where the source does not say."),
            concept=c.DCT + "publisher",
        ),
        Column(
            "page",
            "string",
            Words("版面", "Page"),
            Words("版面或页码，如 M03。", "Page, such as M03."),
            concept="http://purl.org/ontology/bibo/pageStart",
        ),
        Column(
            "issue_date",
            "date",
            Words("刊发日期", "Issue date"),
            Words("刊发日期；来源未说明为空。", "Date of issue; null where the source does not say."),
            concept=c.DCT + "issued",
        ),
        c.REF_AREA,
        Column(
            "derived",
            "string",
            Words("推得", "Derived"),
            Words(
                "本行中不是旁注或记录所写，而由正文、文件名推得的各列，空格分开。",
                "The columns of this row that neither sidecar nor record says, and that are read off the "
                "text or the file's name, separated by spaces.",
            ),
            separator=" ",
        ),
        Column(
            "url",
            "string",
            Words("网址", "URL"),
            Words("来源公布处。", "Where the source was published."),
            concept=c.DCT + "references",
        ),
        Column(
            "licence",
            "string",
            Words("许可", "Licence"),
            Words("来源自身的许可。", "The source's own licence."),
            concept=c.DCT + "license",
        ),
        Column(
            "characters",
            "integer",
            Words("字符数", "Characters"),
            Words("解码后的字符数。", "Characters of the decoded text."),
            required=True,
            unit="character",
        ),
        Column(
            "sentences",
            "integer",
            Words("句数", "Sentences"),
            Words("分出的句数。", "Sentences found."),
            required=True,
            unit="sentence",
        ),
        Column(
            "numerals",
            "integer",
            Words("数字个数", "Numerals"),
            Words("各种数字共多少个。", "Numerals of every kind."),
            required=True,
            unit="numeral",
        ),
        Column(
            "quantities",
            "integer",
            Words("统计数个数", "Quantities"),
            Words("其中统计数多少个。", "Those of them that state a quantity."),
            required=True,
            unit="numeral",
        ),
        Column(
            "status",
            "string",
            Words("处理状态", "Status"),
            Words(
                "read 已读、duplicate 与他篇内容相同、quarantined 无法读取而隔离、held 有疑而暂缓、"
                "dropped 按决定不用。",
                "read; duplicate (same content as another); quarantined (could not be read); held "
                "(held back by a finding); dropped (by decision).",
            ),
            required=True,
            vocabulary=("read", "duplicate", "quarantined", "held", "dropped"),
        ),
        Column(
            "reason",
            "string",
            Words("缘由", "Reason"),
            Words(
                "未读的缘由；已读的，是其中未读、旁注中未用的部分，没有则为空。",
                "Why it was not read; of one that was, what of it and of its sidecar was not used, or null.",
            ),
        ),
        Column(
            "duplicate_of",
            "string",
            Words("同于", "Duplicate of"),
            Words("内容相同的那篇文档。", "The document whose content it repeats."),
            concept=c.DCT + "isVersionOf",
        ),
        c.DECISION_ID,
    ),
    key=("document_id",),
    foreign_keys=(
        c.TO_AREA,
        ForeignKey(("duplicate_of",), "documents", ("document_id",)),
    ),
)
