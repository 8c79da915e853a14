"""RELEASE.md: must I download again, and why? Ten lines, in both languages."""

from __future__ import annotations

from collections import Counter

from pipeline.releases.metadata import Draft
from pipeline.tables import Bilingual
from pipeline.tables.vocabulary import CODES
from pipeline.web.environment import environment

_CAUSES = {**CODES["cause"], "decision": Bilingual("数据官的决定", "decision")}


def describe(draft: Draft) -> str:
    """The file RELEASE.md."""
    changes: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for (_, change, cause), count in draft.changes.items():
        changes["shape" if "_" in change else change] += count
        causes[cause] += count
    page: str = environment("pipeline.releases").get_template("RELEASE.md").render(
        draft=draft, figures=_by_dataset(draft), changes=changes,
        causes=[(_CAUSES[cause], count) for cause, count in sorted(causes.items())],
    )  # fmt: skip
    return f"{page}\n"


def _by_dataset(draft: Draft) -> Bilingual:
    """The figures that readers would see differ, table by table."""
    zh, en = [], []
    for table in draft.tables:
        kinds = (("增", "added"), ("减", "removed"), ("改", "changed"))
        found = [(*said, n) for said in kinds if (n := draft.figures.get((table.name, said[1]), 0))]
        if found:
            zh.append(f"{table.title.zh} " + " ".join(f"{kind} {n}" for kind, _, n in found))
            en.append(f"{table.title.en} " + ", ".join(f"{n} {kind}" for _, kind, n in found))
    return Bilingual("；".join(zh) or "没有数字不同", "; ".join(en) or "no figure differs")
