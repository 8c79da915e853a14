"""Fulfilment: rates named after what was done or after the plan: 整改率, 结案率, 完成预算的, 执行率."""

from __future__ import annotations

from itertools import permutations

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, percent_range, percent_verdict
from pipeline.relations.evidence import shared
from pipeline.relations.figures import Figure, Page, adds
from pipeline.relations.misstated import made_otherwise

_SURE = 200
"""Values that a rate could have had in print, at least, where only its place says what it is of."""
_FEW, _SENTENCES = 50, 3
"""The same of a rate that its part gives the name; sentences before it in which the whole may stand."""
_FAR, _NEAR = 8, 4
"""Figures before a rate among which its operands are looked for: of a rate with many digits, of any other."""

_OF_PLAN = cues.cue(
    r"(?:完成|为|达到?|占)(?:年初|年度|全年|年|调整后?)?(?P<plan>预算|计划|目标任务|目标|任务)数?的$",
    "完成预算的",
    "完成预算",
)
_BUDGETED = cues.cue(
    r"(?:^|支出|收入|年初|年度)(?:预算|计划)(?:数|投资|收入|支出)?(?:为)?$", "年初预算", "调整预算"
)
_SPENT = cues.cue(r"^(?:决算|实际|完成|执行|支出|实际完成|实际支出)数?(?:为)?$", "决算数", "预算数")
_RATE_OF = cues.cue(
    r"^(?:总体|综合)?(?P<stem>[^，,；;。的占同]{2,8})率(?:分别|高达|达到|已|为|是|达|仅|约)*$",
    "资金到位率",
    "同比增长",
)
"""The whole label of a rate of some of the figures before it."""
_DONE = cues.cue(
    r"^(?P<stem>[^，,；;。的]{1,3})率(?:为|是|达|达到|仅|约)*$", "整改率达到", "法定期限内结案率"
)
"""The whole label of a rate that is named after what was done: 整改率, 合格率."""
_FILLER = cues.cue(r"其中|已经?|实际?|审|了|全部|共|完成|按时|及时|均|有|的|为", "其中已", "女生")
"""Words beside what was done, in the label of a part."""
_LONG_PLAN = cues.cue(r"调整", "调整后预算", "年初预算")


def fulfilled(page: Page, figure: Figure) -> Finding | None:
    """The finding of a percentage that says how much of a plan, or of some figure before, was done."""
    return _of_plan(page, figure) or _done(page, figure) or _executed(page, figure)


def _of_plan(page: Page, figure: Figure) -> Finding | None:
    """年初预算12.5亿元，实际完成11.2亿元，完成预算的89.6%."""
    label = page.label(figure)
    match = _OF_PLAN.search(label)
    if match is None or _LONG_PLAN.search(label):
        return None
    near = page.near(figure, 6)
    part = next((f for f in near if adds(f.family) and not page.changes(f)), None)
    if part is None:
        return None
    plans = [
        f for f in near if f.family == part.family and f.at != part.at and match["plan"][:2] in page.label(f)
    ]
    if not plans or match["plan"][:2] in page.label(part):
        return None
    found = _share(figure, part, plans[0], "of the plan")
    if found.verdict != "fails":
        return found
    return told(page, figure, part, plans[0], "of the plan")


def _done(page: Page, figure: Figure) -> Finding | None:
    """交办问题125个，已整改117个，整改率达到93.6%; 安排2.3亿元，实际支出1.71亿元，执行率74.3%."""
    label = page.label(figure)
    match = _DONE.search(label)
    if match and figure.at > 1:
        whole, part = page.figures[figure.at - 2], page.figures[figure.at - 1]
        if (
            part.family == whole.family
            and part.value <= whole.value
            and not set(match["stem"]).isdisjoint(page.label(part))
        ):
            found = _share(figure, part, whole, "rate of them")
            if found.verdict != "fails":
                return found
            if _named(match["stem"], page.label(part)):
                return told(page, figure, part, whole, "rate of them")
    match = _RATE_OF.search(label)
    if match is None:
        return None
    named = _of_what_was_found(page, figure, match["stem"])
    if named or figure.value < _SURE * figure.place:
        return named
    far = _FAR if figure.value >= 1000 * figure.place else _NEAR
    near = [f for f in page.near(figure, far) if adds(f.family) and not page.changes(f)]
    for part, whole in permutations(near, 2):
        if part.family == whole.family and 0 < part.value <= whole.value:
            found = _share(figure, part, whole, "rate of two before it")
            if found.verdict == "holds":
                return found
    return None


def _of_what_was_found(page: Page, figure: Figure, stem: str) -> Finding | None:
    """检验573批次，检出87批次不合格，不合格发现率15.2%: the part right before bears the rate's name."""
    part = page.figures[figure.at - 1] if figure.at else figure
    if part is figure or not adds(part.family) or page.changes(part) or figure.value < _FEW * figure.place:
        return None
    if part.sentence != figure.sentence or not shared(stem, page.label(part) + page.tail(part)):
        return None
    before = page.families[part.family][max(0, part.rank - _FAR) : part.rank]
    wholes = [f for f in before if part.sentence - f.sentence <= _SENTENCES and f.value > part.value]
    wholes = [f for f in wholes if not page.changes(f)]
    largest = max(wholes, key=lambda f: f.value, default=None)
    for whole in (*wholes[-1:], *([largest] if largest else [])):
        found = _share(figure, part, whole, "rate of what was found")
        if found.verdict == "holds":
            return found
    return None


def _executed(page: Page, figure: Figure) -> Finding | None:
    """预算1.90亿元，决算2.04亿元，完成107.4%."""
    if page.label(figure) not in ("完成", "完成预算", "为预算", "执行率") or figure.at < 2:
        return None
    whole, part = page.figures[figure.at - 2], page.figures[figure.at - 1]
    if part.family != whole.family or not adds(part.family) or whole.value <= 0:
        return None
    if not _BUDGETED.search(page.label(whole)) or not _SPENT.search(page.label(part)):
        return None
    found = _share(figure, part, whole, "of the budget")
    return found if found.verdict != "fails" else told(page, figure, part, whole, "of the budget")


def _named(stem: str, label: str) -> bool:
    """Whether a part bears the rate's name and nothing else: 审结 of 结案率, 已整改 of 整改率."""
    rest = _FILLER.sub("", label).translate({ord(character): None for character in stem})
    return not rest and any(character in label for character in stem)


def _share(figure: Figure, part: Figure, whole: Figure, rule: str) -> Finding:
    computed, low, high = percent_range(part, whole)
    verdict = percent_verdict(figure, computed, low, high)
    return Finding("share", (part.value, whole.value), (part, whole), figure, computed, verdict, rule, False)


def told(page: Page, figure: Figure, part: Figure, whole: Figure, rule: str) -> Finding | None:
    """The accusation, where whole, part and rate stand side by side and no other two make the rate."""
    beside = part.at == figure.at - 1 and whole.at == part.at - 1 and whole.sentence == figure.sentence
    if not beside or part.family != whole.family or page.changes(part) or page.changes(whole):
        return None
    found = _share(figure, part, whole, rule)
    far = figure.value * 2 < found.computed or found.computed * 2 < figure.value
    if (
        found.verdict != "fails"
        or far
        or made_otherwise(page, figure)
        or cues.NESTED.search(page.label(whole))
    ):
        return None
    verdict = accusation(figure, (part, whole), abs(figure.value - found.computed))
    return found._replace(whole=verdict == "fails", verdict=verdict) if verdict else None
