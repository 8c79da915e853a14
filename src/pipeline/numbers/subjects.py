"""Subjects: what a number counts or measures.

A measure word takes the noun phrase after it (487个老旧小区); a bare unit, money and a
percentage take the one before (党员606名, 绿化面积70万平方米); where neither side has a
noun, it is lent by the figure before (89个基本改造完成).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.numbers.clauses import depth, left_edge, right_edge, without_gloss
from pipeline.numbers.phrases import (
    EVENTS,
    Span,
    agent_before,
    ends_in_verb,
    is_place,
    phrase_after,
    phrase_before,
)
from pipeline.numbers.tokens import Token
from pipeline.texts.layout import Flow

_REACH = 28
"""Characters to each side of a number in which its subject is sought."""
_STEPS = 12
"""Figures before a number of which one may lend it its subject."""
_FAR = 200
"""Characters beyond which no figure lends its subject."""

_JOINTS = " 、，和及与"

_PERSONS = frozenset("人 名 位 例 宗 口 员 人次".split())
_NOUN_BEFORE = frozenset("人 人次 例 宗 户次 辆次 架次 艘次 列次 班次 场次 票".split())
_NOUN_AFTER = frozenset("级 星级 吨级".split())
_ACTION_UNITS = frozenset("次 场 场次 起 轮 批 条 种 项 趟 回 班次 步 波 届".split())

_VERBS_OF_CHANGE = (
    "增长|上升|下降|提高|减少|增加|回落|下滑|扩大|降低|上涨|下跌|收窄|攀升|回升|提升|放缓|加快|减缓|缩小|缩减|萎缩"
    "|增幅|降幅|涨幅|跌幅|增|降|升|跌|涨|多|少|高|低"
)
_CHANGE = re.compile(
    rf"(?P<change>(?:同比|环比|年均|月均|日均)?(?:分别|平均|均|各|实际|名义|累计)?(?:{_VERBS_OF_CHANGE}))"
    r"(?:了|约|达|近|超|逾|为|幅度|超过|达到|至少)*$"
)
_COMPARED = re.compile(r"(?:同比|环比|(?:比|较|与|按)[^，。；、]{1,16}?(?:相比)?|可比价格|可比口径)$")
_CHANGES = frozenset("长升降高少加落滑大低涨跌窄多缓快小减缩幅了约达近超逾为过到")
_SHARE = re.compile(
    r"(?P<share>占[^，。；、]{1,24}?)(?:的)?(?:比重|比例|份额|比)?(?:分别)?"
    r"(?:为|达|达到|约|约为|超|近|逾|超过|的|已|高达|只|仅|有|到)*$"
)
_RELATIVE = re.compile(r"^[^，。；、！？\n（）]{0,15}?的")
_SPELL = re.compile(r"(?:过去|今后|未来|最近|为期|历时|长达|会期|持续|连续|用时|耗时|已有|近)$")


class Subject(NamedTuple):
    """The flow's characters that name a subject, in reading order.

    spans: the noun phrase, then the change that a percentage states of it (进出口总值 … 增长).
    lent: whether they stand beside another figure.
    """

    spans: tuple[Span, ...]
    lent: bool = False


_WORDS = frozenset({"other", "name"})
"""Kinds of numerals that are part of words, 零售总额 among them: no bound to what stands beside them."""


def subjects(flow: Flow, found: Sequence[Token]) -> list[Subject | None]:
    """The subject of each token; None where it has none, or the token is no quantity."""
    known: list[Subject | None] = []
    text, sentences = flow.text, flow.sentences or ((0, len(flow.text)),)
    nexts = _nexts(found, len(text))
    sentence = first = earlier = floor = dated = 0
    for i, token in enumerate(found):
        while sentence < len(sentences) - 1 and sentences[sentence][1] <= token.begin:
            sentence += 1
            earlier, first = first, i
        if token.statistical:
            begin, stop = sentences[sentence]
            place = _Place(text, found, known, i, earlier, first)
            of_date = text[floor : token.begin] in ("", "的") and dated < floor
            left = (dated, found[i - 1].begin) if of_date else (floor, token.begin)
            place.look(max(begin, left[0]), left[1], min(max(stop, token.stop), nexts[i]))
            known.append(place.subject())
        else:
            known.append(None)
        if token.kind not in _WORDS:
            floor = token.stop
            dated = dated if token.kind == "date" else floor
    return known


def _nexts(found: Sequence[Token], end: int) -> list[int]:
    """Where the next numeral that is no part of a word begins, for each token."""
    nexts = [end] * len(found)
    for i in range(len(found) - 2, -1, -1):
        following = found[i + 1]
        nexts[i] = nexts[i + 1] if following.kind in _WORDS else following.begin
    return nexts


class _Place:
    """A token among its neighbours: the words to its left and right, the figures before it.

    first, earlier: the first token of its sentence and of the sentence before.
    """

    __slots__ = (
        "earlier", "first", "found", "index", "known", "left", "left_at", "right", "right_at", "text", "token"
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        found: Sequence[Token],
        known: Sequence[Subject | None],
        index: int,
        earlier: int,
        first: int,
    ) -> None:
        self.text, self.found, self.known, self.index = text, found, known, index
        self.earlier, self.first, self.token = earlier, first, found[index]

    def look(self, floor: int, at: int, ceiling: int) -> None:
        """Take the clause around the token: left of `at` down to `floor`, right of it up to `ceiling`."""
        text, stop = self.text, self.token.stop
        begin = max(floor, at - _REACH)
        left = without_gloss(text[begin:at])
        edge = left_edge(left)
        self.left, self.left_at = left[edge:], begin + edge
        self.right_at, reach = stop, min(ceiling, stop + _REACH)
        self.right = text[stop : right_edge(text, stop, reach)]

    def subject(self) -> Subject | None:
        kind, unit = self.token.kind, self.token.unit
        if kind == "duration":
            return self._spell() or self._before()
        if kind == "percent" or self.left[-1:] in _CHANGES:
            changed = self._changed()
            if changed:
                return changed
        if (kind == "count" and unit not in _NOUN_BEFORE) or unit in _NOUN_AFTER:
            return self._after() or self._before() or self._agent() or self._lent()
        return (
            self._event() or self._of() or self._before() or self._after() or self._agent() or self._lent()
        )  # fmt: skip

    # ------------------------------------------------------------ before the number

    def _spell(self) -> Subject | None:
        m = _SPELL.search(self.left)
        return Subject(((self.left_at + m.start(), self.left_at + m.end()),)) if m else None

    def _before(self) -> Subject | None:
        span = phrase_before(self.left, self.left_at)
        if span and self.token.kind == "count" and self._is_part() and is_place(self.text[slice(*span)]):
            return self._lent() or Subject((span,))
        return Subject((span,)) if span else None

    def _agent(self) -> Subject | None:
        """Who gets what is counted, where that has no noun of its own: 工党获得411席."""
        span = agent_before(self.left, self.left_at)
        return Subject((span,)) if span else None

    def _is_part(self) -> bool:
        """Whether the number stands in a list of parts: in a bracket, or after 其中."""
        window = self.text[max(0, self.token.begin - 80) : self.token.begin]
        return "其中" in window or "包括" in window or depth(window) > 0

    def _changed(self) -> Subject | None:
        """The subject of a change or a share: 进出口总值…增长, 占入境外国人."""
        percent = self.token.kind == "percent"
        share = _SHARE.search(self.left) if percent and "占" in self.left else None
        if share:
            return Subject(((self.left_at + share.start("share"), self.left_at + share.end("share")),))
        m = _CHANGE.search(self.left)
        if not m:
            return self._next_of_changes()
        change = self.left_at + m.start("change"), self.left_at + m.end("change")
        rest = self.left[: m.start()]
        compared = _COMPARED.search(rest)
        base = phrase_before(rest[: compared.start()] if compared else rest, self.left_at)
        if base:
            return Subject((base, change))
        lender = self._level()
        if lender:
            return Subject((*lender.spans[:1], change), lent=True)
        return Subject((change,)) if percent or m.end("change") - m.start("change") > 1 else None

    def _next_of_changes(self) -> Subject | None:
        """增长21.24%和32.5%: the second change is of the second figure before."""
        i = self.index - 1
        if i < self.first or self.left.strip(_JOINTS):
            return None
        last, subject = self.found[i], self.known[i]
        if (
            last.kind != "percent"
            or not subject
            or len(subject.spans) < 2
            or self.token.begin - last.stop > 2
        ):
            return None
        lender = self._level() or subject
        return Subject((*lender.spans[:1], subject.spans[-1]), lent=True)

    # ------------------------------------------------------------ after the number

    def _event(self) -> Subject | None:
        """38人死亡: what befell the persons, where nothing before names them."""
        if (self.token.unit not in _PERSONS and self.token.unit != "票") or phrase_before(
            self.left, self.left_at
        ):
            return None
        for length in (2, 3):
            if self.right[:length] in EVENTS:
                return Subject(((self.right_at, self.right_at + length),))
        return None

    def _of(self) -> Subject | None:
        """征收15%的关税: the noun after 的, where a verb stands before the number."""
        if self.right[:1] != "的" or not ends_in_verb(self.left):
            return None
        span = phrase_after(self.right[1:], self.right_at + 1, None)
        return Subject((span,)) if span else None

    def _after(self) -> Subject | None:
        following = self.found[self.index + 1] if self.index + 1 < len(self.found) else None
        if (
            not self.right
            and following
            and following.begin == self.token.stop
            and following.kind == "measure"
        ):
            # 一名14岁的女孩: the noun stands after the next figure
            self.right_at = following.stop
            reach = min(len(self.text), self.right_at + _REACH)
            self.right = self.text[self.right_at : right_edge(self.text, self.right_at, reach)]
        span = phrase_after(self.right, self.right_at, self.token.unit in _ACTION_UNITS)
        if not span and (relative := _RELATIVE.match(self.right)):
            span = phrase_after(self.right[relative.end() :], self.right_at + relative.end())
        return Subject((span,)) if span else self._event()

    # ------------------------------------------------------------ from other figures

    def _lent(self) -> Subject | None:
        """The subject of a figure before this one of the same unit, brackets between them aside."""
        token = self.token
        for i in range(self.index - 1, max(self.earlier, self.index - _STEPS) - 1, -1):
            other, subject = self.found[i], self.known[i]
            if token.begin - other.stop > _FAR:
                return None
            persons = token.unit in _PERSONS and other.unit in _PERSONS
            same = other.unit == token.unit or persons or other.stop == token.begin
            if not (same and subject) or is_place(self.text[slice(*subject.spans[0])]):
                continue
            if depth(self.text[other.stop : token.begin]) >= 0:
                return Subject(subject.spans, lent=True)
        return None

    def _level(self) -> Subject | None:
        """The figure that a change without a subject of its own is about.

        Several figures, then as many changes in their order: 13.76万人次，4180.34万元，
        增长21.24%和32.5%.
        """
        before = self._run(self.index - 1, -1)
        listed = before + self._run(self.index + 1, 1)
        last = self.index - before
        levels = [
            subject
            for token, subject in zip(
                self.found[max(self.first, last - _STEPS) : last],
                self.known[max(self.first, last - _STEPS) : last],
                strict=False,
            )
            if subject and token.statistical and token.kind != "percent"
        ]
        if not levels:
            return None
        if len(levels) > listed:
            return levels[len(levels) - 1 - listed + before]
        return levels[min(before, len(levels) - 1)]

    def _run(self, i: int, step: int) -> int:
        """How many percentages stand in a list with the token, on one side of it; `_STEPS` at most."""
        n = 0
        while n < _STEPS and self.first <= i < len(self.found) and self.found[i].kind == "percent":
            left, right = sorted((i, i - step))
            if self.found[right].begin - self.found[left].stop > 2:
                break
            n, i = n + 1, i + step
        return n
