"""The counts in RELEASE.md: must I download again, and why?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.releases.metadata import ReleaseDraft
from pipeline.tables import Bilingual
from pipeline.tables.vocabulary import CODES

_CAUSES = {**CODES["cause"], "decision": Bilingual("数据官的决定", "decision")}


def counts(draft: ReleaseDraft) -> dict[str, Any]:
    """The changed figures by table, in words, and the differences by change and by cause."""
    changes: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for (_, change, cause), count in draft.changes.items():
        changes["shape" if "_" in change else change] += count
        causes[cause] += count
    return {
        "figures": _by_table(draft),
        "changes": changes,
        "causes": [(_CAUSES[cause], count) for cause, count in sorted(causes.items())],
    }


def _by_table(draft: ReleaseDraft) -> Bilingual:
    """The figures that readers would see differ, table by table."""
    zh, en = [], []
    for table in draft.tables:
        kinds = (("增", "added"), ("减", "removed"), ("改", "changed"))
        found = [(*kind, n) for kind in kinds if (n := draft.figures.get((table.name, kind[1]), 0))]
        if found:
            zh.append(f"{table.title.zh} " + " ".join(f"{in_chinese} {n}" for in_chinese, _, n in found))
            en.append(f"{table.title.en} " + ", ".join(f"{n} {in_english}" for _, in_english, n in found))
    return Bilingual("；".join(zh) or "没有数字不同", "; ".join(en) or "no figure differs")
