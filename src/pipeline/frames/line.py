"""A frame as one readable line: 第一产业增加值 · 增长 · 同比 −1.2%."""

from __future__ import annotations

from pipeline.numbers.mention import Mention

_MEASURES = {
    "change": "增减",
    "growth": "增长",
    "share": "占比",
    "fulfilment": "完成度",
    "contribution": "贡献",
    "ratio": "倍比",
    "rank": "位次",
}
_BASES = {
    "yoy": "同比",
    "mom": "环比",
    "prev": "比前次",
    "plan": "比计划",
    "average": "年均",
    "place": "比别处",
    "other": "比其他",
}
_SIGNS = {"up": "+", "down": "−"}
_DOUBTFUL = 50


def line(m: Mention) -> str:
    """What a mention is about; empty of what is no statistic. A ? before what is less than even odds."""
    if not m.statistical:
        return ""
    base = f"比{m.base[6:]}年" if m.base and m.base.startswith("since:") else _BASES.get(m.base or "", "")
    moved = f"{_SIGNS[m.direction]}{m.text}" if m.direction and m.measure in ("growth", "change") else ""
    doubt = "? " if m.subject and m.confidence is not None and m.confidence * 100 < _DOUBTFUL else ""
    words = (
        f"{doubt}{m.subject}" if m.subject else "", m.part, m.state, _MEASURES.get(m.measure or ""),
        f"{base} {moved}".strip(), f"占{m.of}" if m.of else "", m.per, "计划" if m.planned else "",
    )  # fmt: skip
    return " · ".join(word for word in words if word)
