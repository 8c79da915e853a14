"""Accounts: what was there at first, what came, what went and what is left at the end."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, sum_verdict
from pipeline.relations.figures import ZERO, Figure, Page, adds

OPENING = cues.cue(
    r"(?:上年|年初|期初|上期|上月|月初|去年|往年|上届)[^，；。\d]{0,4}(?:结余|结转|结存|余额|存[栏量]|旧存)|^旧存|原有",
    "年初结余",
    "年末结余",
)
"""Before what was there at first."""
_CAME = cues.cue(
    r"收入|新收|收到|受理|购[入进]|入库|增加|调入|新增|新招|入职|引进|繁育|补栏",
    "本年收入",
    "本年支出",
)
_WENT = cues.cue(
    r"支出|办结|审结|结案|出库|减少|调出|发放|销售|使用|离职|退休|辞职|淘汰|出栏",
    "本年支出",
    "本年收入",
)
_CLOSING = cues.cue(
    r"^(?:目前|年末|年终|期末|月末|现有?|尚有|累计|滚存|本期)?(?:结余|未结|结存|余额|库存|存栏|旧存)[^，；。\d]{0,3}$"
    r"|^现有[^，；。\d]{0,3}$",
    "年末结余",
    "结余资金使用",
)
_BARE = cues.cue(
    r"^(?:当年|本年|本期|全年|本月)?(?:总?收入|总?支出|新收|办结|审结|入库|出库)(?:案件)?$",
    "本年收入",
    "税收收入",
)
"""The whole label of what came or went: nothing of it is left out."""


def accounts(page: Page) -> Iterator[Finding]:
    """年初结余86万元，本年收入420万元，本年支出385万元，年末结余121万元."""
    for family, figures in page.families.items():
        if not adds(family):
            continue
        for closing in figures[3:]:
            if _CLOSING.search(page.label(closing)):
                found = _account(page, figures[closing.rank - 3 : closing.rank + 1])
                if found:
                    yield found


def _account(page: Page, figures: list[Figure]) -> Finding | None:
    opening, came, went, closing = figures
    labels = page.label(came), page.label(went)
    if not OPENING.search(page.label(opening)) or closing.sentence - opening.sentence > 1:
        return None
    if not _CAME.search(labels[0]) or not _WENT.search(labels[1]):
        return None
    stated = (opening, came, went)
    values = (opening.value, came.value, -went.value)
    come_to, slack = sum(values, ZERO), sum((figure.slack for figure in figures), ZERO)
    verdict = sum_verdict(come_to, closing.value, slack)
    if verdict == "fails":
        beside = closing.at - opening.at == 3 and all(map(_BARE.search, labels))
        off = abs(closing.value - come_to)
        accused = accusation(closing, stated, off) if beside and off * 2 <= closing.value else None
        if accused is None:
            return None
        verdict = accused
    return Finding("sum", values, stated, closing, come_to, verdict, "account", verdict == "fails")
