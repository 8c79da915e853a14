"""Compositions: shares of all there is, which come to 100%."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from pipeline.relations.arithmetic import (
    HUNDRED,
    Equation,
    accused,
    exactly_printed,
    share_of,
    sum_of,
    sum_verdict,
)
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figure_index import PERCENT, POINTS, ZERO, Figure, Index
from pipeline.relations.part_lists import are_adjacent, parts_of
from pipeline.relations.relation_cues import CUES

ALL_SHARES = "shares of all"
"""The rule of shares that come to 100%."""
LISTED = 32
"""Shares that are added up to 100%, at most."""
_NEAR = 10
"""A structure that is off is accused where it comes to 90% to 110%."""


def totals_by_shares(index: Index, equations: Sequence[Equation]) -> Iterator[Equation]:
    """Every list whose parts have shares that come to 100%: 64件，占50%；38件，占29.7%；26件，占20.3%.

    The shares that are found say of which whole. equations: those, and the shares of all.
    """
    shares = {
        found.total.pos: found
        for found in equations
        if found.relation == "share" and found.verdict != "fails"
    }
    for found in equations:
        if found.rule != ALL_SHARES or found.verdict == "fails":
            continue
        wholes = {
            one.operands[1].value: one.operands[1] for p in found.operands if (one := shares.get(p.pos))
        }
        parts = [part for percent in found.operands if (part := index.previous(percent))]
        total = next(iter(wholes.values()), None)
        if total is None or len(wholes) > 1 or any(part.family != total.family for part in parts):
            continue
        listed = sum_of(total, parts_of(total, parts), "parts by their shares", True)
        if listed.verdict != "fails" and len(set(parts)) == len(parts) == len(found.operands):
            yield listed


def compositions(index: Index, sums: Sequence[Equation]) -> Iterator[Equation]:
    """Every list of shares that the text says are all there is."""
    for percents in index.percent_rows:
        yield from _of_all(index, percents, sums)
    yield from _columns(index)
    yield from _one_by_one(index)
    yield from _in_a_row(index)
    yield from _cancelling(index)


def _of_all_shares(percents: Sequence[Figure]) -> Equation:
    """The sum of shares, which should be 100%."""
    values = tuple(percent.value for percent in percents)
    whole, slack = sum(values, ZERO), sum((percent.slack for percent in percents), ZERO)
    verdict = sum_verdict(whole, HUNDRED, slack)
    return Equation("sum", values, tuple(percents), percents[-1], whole, verdict, ALL_SHARES, True, HUNDRED)


def _accused(found: Equation) -> Iterator[Equation]:
    near = abs(found.computed - HUNDRED) <= _NEAR
    wrong = accused(found) if near else None
    if wrong:
        yield wrong


def _in_a_row(index: Index) -> Iterator[Equation]:
    """赞成的为72.6%，反对的为15.3%，弃权的为12.1%; 不合格率2.09%，合格率97.91%: all in a sentence."""
    for _, row in groupby(index.families.get(PERCENT, ()), lambda share: share.sentence):
        levels = [f for f in row if not index.is_change(f)]
        if not 1 < len(levels) <= LISTED or min(f.place for f in levels) >= 1:
            continue
        found, labels = _of_all_shares(levels), [index.label(f) for f in levels]
        rates = max(f.place for f in levels) < 1 and all(map(CUES.rate_end.search, labels))
        if found.computed == HUNDRED:
            if len(levels) > 2 or rates or dimension_of(labels) == (True, True):
                yield found
        elif len(levels) == 2 and CUES.complement.fullmatch("/".join(labels)) and are_adjacent(levels):
            yield from _accused(found)


def _of_all(index: Index, percents: Sequence[Figure], sums: Sequence[Equation]) -> Iterator[Equation]:
    """25.7:26.8:47.5 comes to 100, and each is the share of a part of one sum."""
    found = _of_all_shares(percents)
    begin = index.reading.flow.sentences[percents[0].sentence][0]
    label = index.text[max(begin, percents[0].begin - 48) : percents[0].begin]
    composed = CUES.composition.search(label)
    of_shares = (CUES.shares.search(label) or composed) and not CUES.some_shares.search(label)
    colons = all(index.gap(a, b).strip() in _COLONS for a, b in pairwise(percents))
    if found.verdict == "fails":
        if len(percents) > 2 and colons and composed and not index.is_change(percents[0]):
            yield from _accused(found)
        return
    if len(percents) > 2 or colons or of_shares:
        yield found
    before = (s for s in reversed(sums) if s.total.begin < percents[0].begin)
    for found in list(before)[:8]:
        if len(found.operands) == len(percents) and found.verdict != "fails":
            each = [
                share_of(percent, part, found.total, "in order")
                for percent, part in zip(percents, found.operands, strict=True)
            ]
            if all(one.verdict != "fails" for one in each):
                yield from each
                return


def _columns(index: Index) -> Iterator[Equation]:
    """占总数的59.1%和48.7%；…38.3%和46.8%；…2.6%和4.5%: the first of each come to 100%, and the second."""
    for _, rows in groupby(index.percent_rows, lambda row: (row[0].sentence, len(row))):
        columns = [_of_all_shares(column) for column in zip(*rows, strict=True)]
        slack = sum((percent.slack for percent in columns[0].operands), ZERO)
        if len(columns[0].operands) > 1 and slack <= 1 and all(one.verdict != "fails" for one in columns):
            yield from columns


_COLONS = frozenset([":", "：", "∶"])


def _one_by_one(index: Index) -> Iterator[Equation]:
    """Shares named one after the other, in a sentence or of one whole, that come to 100%."""
    tracks: dict[int | str, list[Figure]] = {}
    for share in index.families.get(PERCENT, ()):
        label, before = index.label(share), index.families[PERCENT][share.rank - 1]
        if CUES.rest.search(label) and before.value + share.value == HUNDRED and before.rank < share.rank:
            yield _of_all_shares([before, share])  # 70%用于救助，剩余的30%留存
        if ("占" not in label and "比重" not in label) or index.is_change(share):
            continue
        tracks.setdefault(share.sentence, []).append(share)
        if match := CUES.named_whole.search(label):
            for whole_of in {match[0], label}:
                tracks.setdefault(whole_of, []).append(share)
    for name, track in tracks.items():
        run: list[Figure] = []
        for share in track:
            if len(run) == LISTED or (run and CUES.nested.search(index.text_before(share))):
                run = []
            run.append(share)
            found = _of_all_shares(run)
            holds = found.verdict == "holds"
            two = len(track) == 2 and isinstance(name, str)
            digits = max(p.place for p in run) < 1 or (holds and (len(run) > 2 or two))
            if len(run) > 1 and found.verdict != "fails" and digits and exactly_printed(*run):
                yield found
                run = []


def _cancelling(index: Index) -> Iterator[Equation]:
    """Shares that rose and fell by as much: one sentence's changes in points cancel."""
    by_sentence: dict[int, list[Figure]] = {}
    for figure in index.families.get(POINTS, ()):
        begin = index.families[POINTS][figure.rank - 1].stop if figure.rank else 0
        if not CUES.nested.search(index.text, max(begin, figure.begin - 40), figure.begin):
            by_sentence.setdefault(figure.sentence, []).append(figure)
    for group in by_sentence.values():
        if not 3 <= len(group) <= 8 or not any("比重" in index.label(f) for f in group):
            continue
        signs: list[int] = []
        for f in group:
            signs.append(index.direction(f) or (signs[-1] if signs else 0))
        moved = [f.value * sign for f, sign in zip(group, signs, strict=True)]
        if sum(moved, ZERO) or 0 in signs:
            continue
        relation, stated = "sum", group
        if signs.count(1) == 1:  # what one share rose is what the others fell
            relation, stated = "difference", sorted(group, key=lambda f: moved[group.index(f)] < 0)
            moved = [f.value for f in stated]
        values, rule = tuple(moved), "changes of all shares"
        yield Equation(relation, values, tuple(stated), group[-1], ZERO, "holds", rule, True, ZERO)
