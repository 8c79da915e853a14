"""Sums: totals with their parts, found from where they stand and what stands between them.

Four structures are looked at, each with one list of candidates a total, so that the
search is linear: what stands in the brackets after a total, the figures that follow
it, the figures before it, and a whole sentence of parts whose total was named
earlier. A list that adds up is evidence in itself, and the more digits agree the
stronger it is; the fewer there are, the plainer the structure has to be (`_NEEDED`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, slack_of, sum_verdict
from pipeline.relations.figures import ZERO, Figure, Page, adds

REACH = 96
"""Figures that a list may have after its total."""
REACH_BACK = 512
"""Figures that a list may have before a total that says it sums up."""
SENTENCES = 2

_NEEDED = {
    "bracket": 2,
    "bracket, some": 60,
    "cue": 4,
    "cue, some": 60,
    "cue, on": 20,
    "cue, on, some": 300,
    "plain": 15,
    "plain, some": 300,
    "plain, on": 500,
    "plain, on, some": 2000,
    "sums up": 4,
    "total before": 20,
    "total before, some": 500,
    "list before": 300,
    "list before, some": 3000,
    "between": 1000,
    "sentence": 100,
    "sentence, some": 1000,
    "same noun": 30,
}
"""How many values the total could have had in print, at least, for each structure."""


class _Run(NamedTuple):
    """A list of parts: the figures, their values (各N written out), their sum and slack."""

    parts: tuple[Figure, ...]
    values: tuple[Decimal, ...]
    sum: Decimal
    slack: Decimal
    hit: bool


def sums(page: Page) -> Iterator[Finding]:
    """Every sum that the page states, inner lists before the lists around them."""
    owner: dict[int, int] = {}
    for total in reversed(page.figures):
        if not adds(total.family) or total.value <= 0:
            continue
        for finding in _with_parts(page, total, owner):
            for part in finding.stated:
                owner.setdefault(part.at, total.at)
            yield finding
    yield from _by_sentence(page, owner)
    yield from _same_noun(page, owner)


def _with_parts(page: Page, total: Figure, owner: dict[int, int]) -> Iterator[Finding]:
    family = page.families[total.family]
    rank = total.rank
    inside = _inside(page, total)
    found = None
    if inside:
        found = _judge(page, total, _best(page, total, inside, owner), inside, "bracket")
        found = found or _broken(page, total, inside, owner)
    if found is None and rank + 1 < len(family) and family[rank + 1].value <= total.value:
        following = [
            f
            for f in family[rank + 1 : rank + 1 + REACH]
            if f.bracket == total.bracket and f.sentence <= total.sentence + SENTENCES
        ]
        found = _after(page, total, following, owner)
    if found is not None:
        yield found
        return
    if rank > 1 and family[rank - 1].value <= total.value:
        found = _before(page, total, family, owner)
        if found is not None:
            yield found


def _inside(page: Page, total: Figure) -> list[Figure]:
    """The figures of its family in the brackets that open after a total."""
    if total.at + 1 >= len(page.figures):
        return []
    first = page.figures[total.at + 1]
    if first.bracket in (-1, total.bracket):
        return []
    begin, stop, parent = page.brackets[first.bracket]
    if parent != total.bracket or begin < total.stop or cues.CLAUSE.search(page.text[total.stop : begin]):
        return []
    return [
        f
        for f in page.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
        if f.bracket == first.bracket
    ]


def _after(page: Page, total: Figure, following: Sequence[Figure], owner: dict[int, int]) -> Finding | None:
    if not following or page.changes(total):
        return None
    run = _best(page, total, following, owner)
    if len(run.parts) < 2:
        return None
    cue = cues.PARTS.search(page.gap(total, run.parts[0]))
    if not run.hit:
        return _broken(page, total, following, owner)
    return _judge(page, total, run, following, "cue" if cue else "plain")


_NEAR = {"rest": 5, "closed": 20, "noun left out": 20}
"""How near a list must come that is said to be the whole: within a fifth, a twentieth of the total.
Farther off, it is likelier that the words were misread than that the figures are wrong."""


def _broken(page: Page, total: Figure, items: Sequence[Figure], owner: dict[int, int]) -> Finding | None:
    """A list that the text says is the whole, and that does not add up."""
    parts = _listed(page, total, items, owner)
    if len(parts) < 2:
        return None
    cue = _says_whole(page, total, parts)
    if cue is None:
        return None
    values = tuple(part.value for part in parts for _ in range(_times(page, part)))
    run = _Run(parts, values, sum(values, ZERO), total.slack + slack_of(parts), False)
    residual = abs(total.value - run.sum)
    if residual <= run.slack or residual * _NEAR[cue] > total.value:
        return None
    return _finding(total, run, "whole: " + cue, True)


def _listed(page: Page, total: Figure, items: Sequence[Figure], owner: dict[int, int]) -> tuple[Figure, ...]:
    """The parts of a list to the end of its sentence, without what 其中 covers inside it."""
    parts: list[Figure] = []
    taken: set[int] = set()
    covered = -1
    for figure in items:
        if figure.sentence != total.sentence:
            break
        if owner.get(figure.at) in taken or figure.begin < covered or page.changes(figure):
            continue
        if parts and cues.NESTED.search(page.lead(figure)):
            match = cues.BREAK.search(page.text, figure.stop)
            covered = match.start() if match else len(page.text)
            continue
        parts.append(figure)
        taken.add(figure.at)
    return tuple(parts)


def _says_whole(page: Page, total: Figure, parts: Sequence[Figure]) -> str | None:
    """How the text says that these parts are all of the total, or None."""
    if cues.REST_OF_ALL.search(page.label(parts[-1])):
        return "rest"
    named = [page.label(part) + page.tail(part) for part in parts]
    for names in cues.CLOSED:
        if len(names) == len(parts) and all(sum(name in words for words in named) == 1 for name in names):
            return "closed"
    follow = parts[0].at == total.at + 1 and all(b.at == a.at + 1 for a, b in pairwise(parts))
    if follow and page.tail(total) and not cues.PARTS.search(page.gap(total, parts[0])):
        if all(
            not page.label(part) and page.tail(part) and part.mention.unit == total.mention.unit
            for part in parts
        ):
            return "noun left out"
    return None


def _best(page: Page, total: Figure, items: Sequence[Figure], owner: dict[int, int]) -> _Run:
    """The list that adds up, trying what 其中 inside it may cover: to the next break, one figure, none."""
    run, nested = _run(page, total, items, owner, "break")
    if nested and not run.hit:
        for cover in ("one", "none"):
            other, _ = _run(page, total, items, owner, cover)
            if other.hit:
                return other
    return run


def _run(
    page: Page, total: Figure, items: Sequence[Figure], owner: dict[int, int], cover: str
) -> tuple[_Run, bool]:
    parts: list[Figure] = []
    values: list[Decimal] = []
    taken: set[int] = set()
    sum_, slack = ZERO, total.slack
    nested, covered = False, -1
    for figure in items:
        if owner.get(figure.at) in taken or figure.begin < covered:
            continue
        if parts and cues.NESTED.search(page.lead(figure)):
            nested = True
            if cover == "break":
                match = cues.BREAK.search(page.text, figure.stop)
                covered = match.start() if match else len(page.text)
                continue
            if cover == "one":
                continue
        if page.changes(figure):
            continue
        times = _times(page, figure)
        if sum_ + figure.value * times > total.value + slack + figure.slack:
            break
        sum_ += figure.value * times
        slack += figure.slack * times
        parts.append(figure)
        taken.add(figure.at)
        values.extend([figure.value] * times)
        if len(values) > 1 and abs(sum_ - total.value) <= slack:
            return _Run(tuple(parts), tuple(values), sum_, slack, True), nested
    return _Run(tuple(parts), tuple(values), sum_, slack, False), nested


def _times(page: Page, figure: Figure) -> int:
    """How many bear the figure each: 波黑、卢森堡、葡萄牙各1人 are three."""
    text = page.text
    if text.find("各", max(0, figure.begin - 4), figure.begin) < 0:
        return 1
    match = cues.EACH.search(text, max(0, figure.begin - 100), figure.begin)
    return len(cues.LISTED.findall(match["names"])) + 1 if match else 1


def _judge(page: Page, total: Figure, run: _Run, items: Sequence[Figure], structure: str) -> Finding | None:
    if len(run.values) < 2:
        return None
    last = run.parts[-1]
    if not run.hit:
        return None
    on = ", on" if last.sentence != total.sentence and structure != "bracket" else ""
    some = "" if _is_full(page, last, items) else ", some"
    rule = structure + on + some
    if _telling(total, run) < _NEEDED[rule]:
        return None
    return _finding(total, run, rule, False)


def _is_full(page: Page, last: Figure, items: Sequence[Figure]) -> bool:
    """Whether the list ends where its last part stands."""
    for figure in items:
        if figure.begin > last.begin:
            return bool(
                cues.BREAK.search(page.text, last.stop, figure.begin) or cues.NESTED.search(page.lead(figure))
            )
    return True


def _telling(total: Figure, run: _Run) -> Decimal:
    """How many values the total could have had, told apart at the precision of the list."""
    unit = max(2 * run.slack, max(part.place for part in run.parts), total.place)
    return total.value / unit


def _finding(total: Figure, run: _Run, rule: str, whole: bool) -> Finding:
    verdict = sum_verdict(run.sum, total.value, run.slack)
    return Finding("sum", run.values, run.parts, total, run.sum, verdict, rule, whole)


def _before(page: Page, total: Figure, family: Sequence[Figure], owner: dict[int, int]) -> Finding | None:
    """Parts before their total: 广东3例，上海2例，共5例."""
    label = page.label(total)
    up = bool(cues.SUMS_UP.search(label))
    cue = up or bool(cues.TOTAL.search(label))
    reach = REACH_BACK if up else 24
    parts: list[Figure] = []
    sum_, slack = ZERO, total.slack
    for i in range(total.rank - 1, max(-1, total.rank - 1 - reach), -1):
        figure = family[i]
        if figure.sentence < total.sentence - (1 if up else 0):
            break
        if figure.bracket != total.bracket or page.changes(figure):
            continue
        sum_ += figure.value
        if sum_ > total.value + slack + figure.slack:
            break
        slack += figure.slack
        parts.append(figure)
        if len(parts) > 1 and abs(sum_ - total.value) <= slack:
            parts.reverse()
            run = _Run(tuple(parts), tuple(p.value for p in parts), sum_, slack, True)
            first = (
                i == 0
                or family[i - 1].sentence < figure.sentence
                or bool(cues.BREAK.search(page.gap(family[i - 1], figure)))
            )
            structure = "sums up" if up else "total before" if cue else "list before"
            rule = structure if first or up else structure + ", some"
            return _finding(total, run, rule, False) if _telling(total, run) >= _NEEDED[rule] else None
    return None


def _by_sentence(page: Page, owner: dict[int, int]) -> Iterator[Finding]:
    """Sentences of parts whose total stands earlier: 按行业分，批发业实现738.4亿元，餐饮业实现64.7亿元."""
    for family, figures in page.families.items():
        if not adds(family):
            continue
        at = 0
        while at < len(figures):
            sentence, begin = figures[at].sentence, at
            while at < len(figures) and figures[at].sentence == sentence:
                at += 1
            if begin:
                found = _earlier_total(page, figures, begin, owner)
                if found:
                    yield found


def _earlier_total(
    page: Page, figures: Sequence[Figure], begin: int, owner: dict[int, int]
) -> Finding | None:
    first = figures[begin]
    items = [
        f
        for f in figures[begin : begin + REACH]
        if f.bracket == first.bracket and f.sentence <= first.sentence + 1
    ]
    earlier = [f for f in figures[max(0, begin - 12) : begin] if first.sentence - f.sentence <= 6]
    seen: set[Decimal] = set()
    for total in reversed(earlier):
        if total.value in seen or total.value <= first.value or page.changes(total):
            continue
        seen.add(total.value)
        if len(seen) > 5:
            return None
        run = _best(page, total, items, owner)
        if not run.hit or any(owner.get(p.at) == total.at for p in run.parts):
            continue
        rule = "sentence" if _is_full(page, run.parts[-1], items) else "sentence, some"
        if _telling(total, run) >= _NEEDED[rule] * len(seen):
            return _finding(total, run, rule, False)
    return None


def _same_noun(page: Page, owner: dict[int, int]) -> Iterator[Finding]:
    """Parts that bear their total's noun, with other figures between: 学前教育机构565所 … 市区有学前教育机构300所."""
    tracks: dict[tuple[str, str], list[Figure]] = {}
    for figure in page.figures:
        subject = figure.mention.subject
        if subject and adds(figure.family) and not page.changes(figure):
            tracks.setdefault((figure.family, subject[-2:]), []).append(figure)
    for track in tracks.values():
        for i, total in enumerate(track[:-2]):
            items = [f for f in track[i + 1 : i + 1 + 16] if f.sentence <= total.sentence + 6]
            if len(items) < 2 or items[0].value >= total.value:
                continue
            run = _best(page, total, items, owner)
            if not run.hit or any(owner.get(p.at) == total.at for p in run.parts):
                continue
            if _telling(total, run) >= _NEEDED["same noun"] * (len(run.parts) - 1):
                yield _finding(total, run, "same noun", False)
