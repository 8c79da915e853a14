"""The top of the report: the verdict in a sentence, the night in a few numbers, what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.report.night import Night
from pipeline.tables.model import Words


def why(night: Night) -> Words:
    """The verdict in a sentence."""
    grave = night.count("new", "persisting", severity="critical")
    stands = night.version
    held = sum(night.held.values())
    if night.outcome == "withheld":
        said = f"{grave} critical issue{'s' * (grave != 1)}: nothing was released"
        if stands is None:
            return Words(
                f"有 {grave} 项严重问题，本次不发布；至今尚无发布。", f"{said}, and nothing was before."
            )
        return Words(
            f"有 {grave} 项严重问题，本次不发布；latest/ 仍为 {stands}。", f"{said}; latest/ is {stands}."
        )
    if night.outcome == "unchanged":
        return Words(f"与 {stands} 相比没有新内容，未另行发布。", f"Nothing new since {stands}.")
    if held:
        return Words(
            f"已发布 {stands}；有疑的 {held} 行暂缓。",
            f"{stands} is out; {held} rows in doubt were held back.",
        )
    return Words(f"{stands} 已发布，各行俱在。", f"{stands} is out, with every row.")


def figures(night: Night) -> Iterator[tuple[Words, int, str]]:
    """The night in a few numbers. The third item says how they look where they are not 0."""
    grave = night.count("new", "persisting", severity="critical")
    yield Words("新现事项", "new issues"), night.count("new"), "bad" if grave else "odd"
    yield Words("仍在事项", "persisting"), night.count("persisting"), "odd"
    yield Words("已消事项", "resolved"), night.count("resolved"), "good"
    yield Words("文档", "documents"), sum(night.statuses.values()), "plain"
    yield Words("数字", "numerals"), sum(night.account.values()), "plain"
    yield Words("统计数", "quantities"), night.rows.get("quantities", 0), "plain"
    yield Words("观测值", "observations"), night.rows.get("observations", 0), "plain"
    yield Words("扣住的行", "rows held back"), sum(night.held.values()), "odd"


def changes(night: Night) -> Iterator[Mapping[str, Any]]:
    """What differs from the release before, by table, change and cause."""
    for (table, change, cause), count in sorted(night.changes.items()):
        yield {"table": table, "change": change, "cause": cause, "count": count}
