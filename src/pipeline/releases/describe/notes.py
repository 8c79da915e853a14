"""RELEASE.md: must I download again, and why? Ten lines, in both languages."""

from __future__ import annotations

from collections import Counter

from pipeline.releases.metadata import Draft
from pipeline.releases.verdict import verdict
from pipeline.tables import Words
from pipeline.tables.vocabulary import CODES

_CAUSES = {**CODES["cause"], "decision": Words("数据官的决定", "decision")}
_VERDICTS = {
    "first": Words("首次发布，请下载。", "The first release: download it."),
    "yes": Words(
        "需要：已发布的数字有改动或撤回。", "Yes: figures published before were changed or withdrawn."
    ),
    "shape": Words(
        "需要：表的列有变，读取程序可能要改。", "Yes: columns changed; programs that read them may have to."
    ),
    "more": Words(
        "只有要用新增数字时才需要；已发布的数字未变。",
        "Only for the new figures; those published before are unchanged.",
    ),
    "no": Words("不需要：已发布的数字未变。", "No: the figures published before are unchanged."),
}


def describe(draft: Draft) -> str:
    """The file RELEASE.md."""
    by_change: Counter[str] = Counter()
    by_cause: Counter[str] = Counter()
    for (_, change, cause), count in draft.changes.items():
        by_change[change] += count
        by_cause[cause] += count
    again, figures = download_again(draft), _by_dataset(draft)
    rows = "，".join(f"{table.name} {draft.rows[table.name]}" for table in draft.tables)
    since = draft.previous or "—"
    shape = sum(by_change[change] for change in by_change if "_" in change)
    zh = "、".join(f"{_CAUSES[cause].zh} {count}" for cause, count in sorted(by_cause.items())) or "—"
    en = ", ".join(f"{_CAUSES[cause].en} {count}" for cause, count in sorted(by_cause.items())) or "—"
    lines = (
        f"# wenshu 文数 {draft.version}",
        f"要重新下载吗？{again.zh}",
        f"Download again? {again.en}",
        f"与 {since} 相比，数字：{figures.zh}。共增 {by_change['added']} 行，减 {by_change['removed']} 行，"
        f"改 {by_change['changed']} 格，表列变动 {shape} 处。",
        f"Since {since}, figures: {figures.en}. In all {by_change['added']} rows added, "
        f"{by_change['removed']} removed, {by_change['changed']} cells changed, "
        f"{shape} changes of tables or columns.",
        f"缘由 Causes: {zh} / {en}",
        f"行数 Rows: {rows}",
        f"结构版本 Schema: {draft.schema}",
        "逐项变更见 data/changes.csv，列的含义见 dictionary.html。 "
        "Every change is in data/changes.csv, every column in dictionary.html.",
        f"许可 Licence: {draft.licence}; 引用 cite: CITATION.cff; 校验 verify: sha256sum -c SHA256SUMS",
    )
    return "\n\n".join(lines) + "\n"


def download_again(draft: Draft) -> Words:
    """Whether a user of the release before must download again, and why."""
    return _VERDICTS[verdict(draft.previous, draft.changes, draft.figures)]


def _by_dataset(draft: Draft) -> Words:
    """The figures that readers would see differ, table by table."""
    zh, en = [], []
    for table in draft.tables:
        kinds = (("增", "added"), ("减", "removed"), ("改", "changed"))
        found = [(*said, n) for said in kinds if (n := draft.figures.get((table.name, said[1]), 0))]
        if found:
            zh.append(f"{table.title.zh} " + " ".join(f"{word} {n}" for word, _, n in found))
            en.append(f"{table.title.en} " + ", ".join(f"{n} {word}" for _, word, n in found))
    return Words("；".join(zh) or "没有数字不同", "; ".join(en) or "no figure differs")
