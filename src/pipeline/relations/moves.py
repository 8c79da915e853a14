"""Changes of a whole and of its parts: 户籍人口增加24人，其中城镇增加20人，乡村增加4人."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, sum_verdict
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figures import ZERO, Figure, Page, adds

_NET = cues.cue(r"净[增减]|新增贷款|新增存款", "净增市场主体", "新增市场主体")
REACH = 12
"""Changes that may follow their total."""


def moves(page: Page) -> Iterator[Finding]:
    """Every change whose parts' changes follow it in the sentence."""
    for family, figures in page.families.items():
        if not adds(family):
            continue
        last = -1
        for total in figures:
            if total.rank <= last or not (page.changes(total) or _NET.search(page.label(total))):
                continue
            following = figures[total.rank + 1 : total.rank + 1 + REACH]
            near = [f for f in following if f.sentence <= total.sentence + 1]
            parts = [f for f in near if page.changes(f) or _NET.search(page.label(f))]
            if parts and parts[0].sentence == total.sentence:
                parts = [f for f in parts if f.sentence == total.sentence]
            found = _moved(page, total, parts) if len(parts) > 1 else None
            if found:
                last = found.stated[-1].rank
                yield found


def _moved(page: Page, total: Figure, parts: list[Figure]) -> Finding | None:
    sign = page.direction(total)
    if not sign or not cues.PARTS.search(page.gap(total, parts[0])):
        return None
    values: list[Decimal] = []
    for part in parts:
        direction = page.direction(part)
        if not direction:
            return None
        values.append(part.value * direction * sign)
    come_to, slack = sum(values, ZERO), total.slack + sum((part.slack for part in parts), ZERO)
    verdict = sum_verdict(come_to, total.value, slack)
    rule, stated = "changes of parts", tuple(parts)
    if verdict != "fails":
        if total.value < 3 * total.place:
            return None
        return Finding("sum", tuple(values), stated, total, come_to, verdict, rule, False)
    exclusive, whole = dimension_of([page.words(part) for part in parts])
    beside = parts[-1].at - total.at == len(parts)
    if not exclusive or not whole or min(values) < 0 or not beside:
        return None
    accused = accusation(total, parts, abs(come_to - total.value))
    if accused is None:
        return None
    return Finding("sum", tuple(values), stated, total, come_to, accused, rule, accused == "fails")
