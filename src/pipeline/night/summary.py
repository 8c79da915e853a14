"""A run in a page of Markdown, for runs/RUN/report.md and for Prefect's UI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.errors import one_line

if TYPE_CHECKING:
    from pipeline.night import Run

MOST = 100
"""Issues that the page shows; the rest are counted."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:@/=$^\"'])")
_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})
_HEADLINES = {
    "released": "已发布 {version} / Released {version}",
    "unchanged": "无新内容，最新仍为 {version} / Nothing new since {version}",
    "withheld": "未发布：未通过检查 / Withheld by validation",
    "failed": "未能运行 / Could not run",
}


def headline(run: Run) -> str:
    """What a run came to, in one line."""
    return _HEADLINES[run.outcome].format(version=run.version)


def markdown(run: Run) -> str:
    """The page. Whatever comes from a text is shown as text: it is no markup, link or HTML."""
    return "\n".join(_lines(run)) + "\n"


def plain(text: str) -> str:
    """A text that means itself in Markdown and in a cell of its tables."""
    return _SPECIAL.sub(r"\\\1", one_line(text)).translate(_ENTITIES)


def _lines(run: Run) -> Iterator[str]:
    yield from (f"# {plain(headline(run))}", "", f"运行 / Run {plain(run.run)}, {run.date.isoformat()}", "")
    if run.note:
        yield from (plain(run.note), "")
    if run.outcome == "withheld":
        yield from (f"最新发布不变 / The latest release is as it was: {plain(run.version or 'none')}", "")
    if run.issues:
        yield from _table(
            f"待核事项 / Issues ({len(run.issues)})",
            ("轻重 / Severity", "状态 / State", "检查 / Check", "说明 / Message"),
            ((issue.severity, issue.state, issue.check, issue.message) for issue in run.issues[:MOST]),
        )
        if len(run.issues) > MOST:
            yield from (
                f"另有 {len(run.issues) - MOST} 件 / and {len(run.issues) - MOST} more: issues.json",
                "",
            )
    if run.rows:
        yield from _table(
            "表 / Tables",
            ("表 / Table", "行 / Rows", "扣下 / Held back"),
            ((name, str(rows), str(run.held.get(name, 0))) for name, rows in run.rows.items()),
        )
    yield from _table(
        "阶段 / Stages",
        ("阶段 / Stage", "秒 / Seconds", "结果 / What came of it"),
        (
            (
                stage.name,
                f"{stage.seconds:.2f}",
                ", ".join(f"{name} {n}" for name, n in stage.counts.items() if n),
            )
            for stage in run.stages
        ),
    )


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = [plain(head) for head in heads]
    yield from (f"## {plain(title)}", "", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}")
    for row in rows:
        yield f"| {' | '.join(map(plain, row))} |"
    yield ""
