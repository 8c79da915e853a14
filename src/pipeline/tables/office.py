"""The tables of the office: what is doubted, what was decided, what has changed."""

from __future__ import annotations

from pipeline.tables import common as c
from pipeline.tables.model import Column, Table, Words

ISSUES = Table(
    "issues",
    Words("待核事项", "Issues"),
    Words("每行一件请数据官过目的事。", "A row is a finding for the data officer."),
    (
        Column(
            "fingerprint",
            "string",
            Words("指纹", "Fingerprint"),
            Words(
                "事项的标识，逐夜不变，不受别处增删影响。",
                "Names the issue from night to night, whatever is reworded elsewhere.",
            ),
            required=True,
            concept=c.DCT + "identifier",
        ),
        Column(
            "severity",
            "string",
            Words("轻重", "Severity"),
            Words(
                "critical 扣住整次发布、warning 扣住所指各行、info 仅作说明。",
                "critical withholds the release, warning the rows it names, info only notes.",
            ),
            required=True,
            vocabulary=("critical", "warning", "info"),
        ),
        Column(
            "check",
            "string",
            Words("检查", "Check"),
            Words("提出此事的检查。", "The check that raised it."),
            required=True,
        ),
        c.DOCUMENT_ID.but(
            required=False,
            meaning=Words(
                "所涉文档；不涉单篇为空。", "The document it is about; null where it is about no single one."
            ),
        ),
        Column(
            "message",
            "string",
            Words("说明", "Message"),
            Words("何事、何处、如何处置。", "What, where, and what to do."),
            required=True,
            concept=c.DCT + "description",
        ),
        Column(
            "since",
            "date",
            Words("首见", "Since"),
            Words("首次出现的日期。", "The date it was first raised."),
            required=True,
            concept=c.DCT + "created",
        ),
        Column(
            "state",
            "string",
            Words("状态", "State"),
            Words(
                "new 新现、persisting 仍在、resolved 已消、accepted 已认可。",
                "new, persisting, resolved or accepted.",
            ),
            required=True,
            vocabulary=("new", "persisting", "resolved", "accepted"),
        ),
        Column(
            "decision",
            "string",
            Words("决定", "Decision"),
            Words("就此所作的决定；没有为空。", "The decision taken on it; null where none was."),
        ),
    ),
    key=("fingerprint",),
)

DECISIONS = Table(
    "decisions",
    Words("决定", "Decisions"),
    Words("每行一条生效中的数据官决定。", "A row is a decision of the data officer that is in force."),
    (
        Column(
            "decision_id",
            "string",
            Words("决定标识", "Decision"),
            Words("决定的标识。", "Names the decision."),
            required=True,
            concept=c.DCT + "identifier",
        ),
        Column(
            "action",
            "string",
            Words("处置", "Action"),
            Words("correct 更正、drop 去除、accept 认可、flag 标注。", "correct, drop, accept or flag."),
            required=True,
            vocabulary=("correct", "drop", "accept", "flag"),
        ),
        Column(
            "kind",
            "string",
            Words("对象种类", "Kind of target"),
            Words("所针对的是什么。", "What it is about."),
            required=True,
            vocabulary=("quantity", "relation", "observation", "document", "expectation", "issue"),
        ),
        Column(
            "target",
            "string",
            Words("对象", "Target"),
            Words("对象的标识。", "The id of its target."),
            required=True,
        ),
        Column(
            "expect",
            "string",
            Words("当时所见", "Expected"),
            Words(
                "决定时提取到的内容；不再相符则决定失效。",
                "What had been extracted when it was decided; it lapses once that no longer holds.",
            ),
        ),
        Column(
            "value", "string", Words("改为", "Value"), Words("更正后的内容。", "What it was corrected to.")
        ),
        Column("reason", "string", Words("理由", "Reason"), Words("理由。", "Why."), required=True),
        Column(
            "officer",
            "string",
            Words("数据官", "Officer"),
            Words("作决定的人。", "Who decided."),
            required=True,
            concept=c.DCT + "creator",
        ),
        Column(
            "date",
            "date",
            Words("日期", "Date"),
            Words("作决定的日期。", "When it was decided."),
            required=True,
            concept=c.DCT + "date",
        ),
        Column(
            "expires",
            "date",
            Words("到期", "Expires"),
            Words("到期日；不设为空。", "When it lapses; null where it does not."),
            concept=c.DCT + "valid",
        ),
    ),
    key=("decision_id",),
)

CHANGE_KINDS = (
    "added",
    "removed",
    "changed",
    "moved",
    "resourced",
    "renamed",
    "column_added",
    "column_removed",
    "table_added",
    "table_removed",
)
CAUSES = ("source", "rules", "catalog", "decision", "held", "several")

CHANGES = Table(
    "changes",
    Words("变更", "Changes"),
    Words(
        "每行一处与上次发布的不同：整行增减，或单元格改动，及其缘由。",
        "A row is a difference from the release before: a row that came or went, or a cell that changed, "
        "and why.",
    ),
    (
        Column("table", "string", Words("表", "Table"), Words("哪张表。", "The table."), required=True),
        Column(
            "key",
            "string",
            Words("键", "Key"),
            Words(
                "行的键；多列之键写成 JSON 数组。整表或整列的变更为空。",
                "The row's key, a JSON array where the key has several columns; null for a change of "
                "a whole table or column.",
            ),
        ),
        Column(
            "change",
            "string",
            Words("变更", "Change"),
            Words(
                "added 增行、removed 减行、changed 改动、moved 只移位置、resourced 同一数改由他文述及、"
                "renamed 同一文本改了名、column_added 等为表或列的增减。",
                "added, removed, changed, moved (only its place in the text differs), resourced (another "
                "document states the same figure now), renamed (the same text by another name), or a column "
                "or table that came or went.",
            ),
            required=True,
            vocabulary=CHANGE_KINDS,
        ),
        Column(
            "column",
            "string",
            Words("列", "Column"),
            Words("改动的列；整行增减为空。", "The column; null where a whole row came or went."),
        ),
        Column(
            "old",
            "string",
            Words("旧值", "Old"),
            Words(
                "上次发布的内容；减行为整行有值的各列，写成 JSON 对象。",
                "What the release before had; of a removed row all that it said, as a JSON object.",
            ),
        ),
        Column(
            "new",
            "string",
            Words("新值", "New"),
            Words(
                "本次发布的内容；增行为整行有值的各列，写成 JSON 对象。",
                "What this release has; of an added row all that it says, as a JSON object.",
            ),
        ),
        Column(
            "cause",
            "string",
            Words("缘由", "Cause"),
            Words(
                "source 来源改动、rules 规则改动、catalog 目录改动、decision 数据官的决定、held 有疑而暂缓、"
                "several 规则与目录同时改动。",
                "source, rules, catalog or decision: what changed to bring it about; held where the row is "
                "held back by a finding; several where rules and catalog changed together.",
            ),
            required=True,
            vocabulary=CAUSES,
        ),
    ),
    key=("table", "key", "column"),
)
