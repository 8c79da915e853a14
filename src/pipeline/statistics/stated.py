"""Stated statistics: of every figure that is worth a series a row, whether or not an indicator takes it.

Which figures are not worth one, `left_out` says, with its reason: what counts something in passing
(两国, 三大领域, 五点建议), durations that nothing is said to last, ages, distances, thresholds, ranks,
what a figure was before it changed, and whatever a headline, a caption or a list of links repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.concepts.concept import Match
from pipeline.numbers.mention import Mention
from pipeline.statistics.areas import ELSEWHERE
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.cues import Heard, each, first
from pipeline.statistics.incidental import in_passing, is_single
from pipeline.statistics.naming import Naming, measure_of
from pipeline.statistics.placing import Placed, Placing
from pipeline.statistics.region_words import OF_THAT
from pipeline.statistics.resolved import ResolvedPeriod, ResolvedRegion
from pipeline.statistics.spans import day
from pipeline.statistics.statistic import ADDS, TRANSFORMATION, Statistic
from pipeline.statistics.time_collection import collected, settled
from pipeline.texts.layout import Flow

_MOVED = ("change", "growth", "contribution")

_READ = frozenset(("body", "table", "headline"))
_LASTS = re.compile(r"(?:寿命|时长|时间|用时|天数|日数|工龄|年限|期限|周期)$")
_AVERAGE_AGE = re.compile(r"寿命|平均|年龄")
_LINKS = re.compile(
    r"(?:相关|延伸|推荐|更多)(?:链接|阅读|新闻|报道|文章)|上一篇|下一篇|图为|[▲△]|(?:摄影|摄)$"
)
_COMPARED = re.compile(r"比|较|[高低快慢多少优]于|领先|落后|[超低快慢]过")
_JOINTS = ("和", "、", "与", "及", "以及")
_NUMBER = re.compile(r"[\d〇零一二三四五六七八九十两半几]")
"""Without one of these a numeral says no more than how large: 万亩良田."""
_ALREADY = re.compile(r"已(?!经?连续)")
_AHEAD = 24
"""Characters before and behind a figure in which cues are sought beyond its clause."""
_SENTENCE = 120
_VERB = 12
"""Characters before a subject in which its concept's name may begin."""
_ENTERED = 2
"""Characters of a concept's name that may tell what stands before it: a site's name goes on."""
_EDGE = re.compile(r"[，。；：、！？\s]")

_LESS = {
    "subject": Decimal("1.0"), "area_document": Decimal("0.9"), "area_unknown": Decimal("0.6"),
    "time_carried": Decimal("0.9"), "time_title": Decimal("0.9"), "time_issued": Decimal("0.7"),
    "time_unknown": Decimal("0.6"),
}  # fmt: skip
"""What is left of a row's confidence for each reason that makes it less sure."""
_CENT = Decimal("0.01")


class Stating:
    """Says of a document's figures which are statistics, and what each of them states."""

    def __init__(self, flow: Flow, mentions: Sequence[Mention], placing: Placing, naming: Naming) -> None:
        self._flow, self._mentions, self._placing, self._naming = flow, mentions, placing, naming
        self._clauses: Clauses = placing.clauses
        self._last = (-1, Heard("", "", "", "", ""))
        self._verbs: dict[tuple[int, str], str] = {}
        self._parts: dict[int, bool] = {}

    def statistics(self) -> Iterator[Statistic]:
        """The statistics of the document, in the order of its mentions, those of headlines among them."""
        for index, mention in enumerate(self._mentions):
            if mention.statistical and not self.left_out(index):
                yield self._stated(index)

    def left_out(self, index: int) -> str | None:
        """Why a figure is worth no series; None where it is worth one."""
        mention = self._mentions[index]
        if not mention.subject:
            return "no_subject"
        size = (mention.value, mention.low, mention.high)
        if size == (None, None, None) or (mention.qualifier == "exact" and not _NUMBER.search(mention.text)):
            return "vague"
        if mention.kind == "duration" and not _LASTS.search(mention.subject):
            return "duration"
        block = self._clauses.block(mention)
        if block.kind not in _READ or self._linked(block.begin, block.stop):
            return "repeated"
        if in_passing(mention) or (is_single(mention) and not self._of_note(mention)):
            return "passing"
        if self._former(index):
            return "former"
        why = first("left_out", self._heard(index))
        if why == "age" and _AVERAGE_AGE.search(mention.subject):
            return None
        return why

    def _of_note(self, mention: Mention) -> bool:
        """Whether a concept, and no general head, is of what is counted."""
        match = self._naming.of(mention, self._before(mention))
        return match is not None and not match.concept.general

    def _linked(self, begin: int, stop: int) -> bool:
        """Whether a block is a list of links, or a picture's caption."""
        return _LINKS.search(self._flow.text, begin, min(stop, begin + _AHEAD)) is not None

    def _heard(self, index: int) -> Heard:
        if self._last[0] != index:
            self._last = (index, self._hear(index))
        return self._last[1]

    def _hear(self, index: int) -> Heard:
        mention, text = self._mentions[index], self._flow.text
        begin = self._clauses.clause(mention)[0]
        opening = self._flow.sentences[mention.sentence][0]
        if mention.sentence and text.startswith(OF_THAT, opening):
            opening = self._flow.sentences[mention.sentence - 1][0]
        opening = max(opening, mention.begin - _SENTENCE)
        return Heard(
            mention.subject or "", mention.unit or "", text[begin : mention.begin],
            text[opening : mention.begin], text[mention.stop : mention.stop + _AHEAD],
        )  # fmt: skip

    def _stated(self, index: int) -> Statistic:
        mention, words = self._mentions[index], self._heard(index)
        where, when = self._placed(index)
        when = settled(mention, when, words)
        match = self._naming.of(mention, self._before(mention))
        measure = measure_of(mention.measure or "level", mention.kind, match)
        collection = collected(measure, when, words, match)
        flows = match is not None and match.concept.collects == "flow"
        if when.origin == "issued" and (collection == "flow" or (measure == "growth" and flows)):
            only = self._placing.only  # what flows is of no day that it is only told on
            if only is None and measure == "level" and _ALREADY.search(words.clause):
                collection = "since_event"
            else:
                when = when._replace(period=only, origin="title" if only else "unknown")
        undated = when.origin == "unknown" and self._placing.about.issued is None
        if undated and collection not in ("stock", "event") and (only := self._placing.only):
            when = when._replace(period=only, origin="title")  # a page that speaks of one month alone
        there = (
            match is not None and match.concept.collects in ("stock", "rate") and mention.state not in ADDS
        )
        if there and collection == "since_event" and when.period:  # 一季度…累计建成: as of its end
            when = when._replace(period=day(when.period.last))
        value, low, high = signed(mention)
        reasons = tuple(_reasons(mention, where, when))
        breakdown = dict(match.breakdown if match else each("breakdown", words))
        if match and match.rest:
            breakdown["modifier"] = match.rest
        toll = match is not None and match.concept.collects == "event"
        breakdown = each("within", words) | breakdown
        if toll and (cause := self._cause(mention, words)):
            breakdown["cause"] = cause
        if mention.part and not self._placing.areas.read(mention.part):
            breakdown["item"] = "".join(mention.part.split())
        return Statistic(
            mention=index, concept=match.concept.code if match else None, subject=mention.subject or "",
            state=mention.state or (match.state if match else None),
            transformation=TRANSFORMATION.get(measure, measure),
            base=self._base(index, measure), value=value, low=low, high=high,
            denominator=mention.of or mention.per,
            breakdown=tuple(sorted(breakdown.items())),
            ref_area=None if where.area == ELSEWHERE else where.area, counterpart_area=where.others,
            stat_pop=(match.population if match else None) or first("stat_pop", words),
            time_period=when.period.code if when.period else None,
            collection=collection, prices=first("prices", words),
            scenario=_scenario(when, words), obs_status=when.status,
            part=self._of_a_part(mention, where, words, match),
            confidence=_confidence(mention, reasons), reasons=reasons,
            headline=self._clauses.block(mention).kind == "headline",
        )  # fmt: skip

    def _before(self, mention: Mention) -> str:
        """The last words of its clause before a figure's subject, its own or the one that it takes over."""
        same = mention.sentence, mention.subject or ""
        if mention.head and mention.begin - _SENTENCE < mention.head[0] <= mention.begin:
            words = self._flow.text[max(0, mention.head[0] - _VERB) : mention.head[0]]
            last = _EDGE.split(words)[-1]
            listed = words.endswith(
                "、", 0, len(words) - len(last)
            )  # 铁路、公路、民航发送旅客 are of all of them
            self._verbs[same] = "" if listed else last
        return self._verbs.get(same, "")

    def _of_a_part(self, mention: Mention, where: ResolvedRegion, words: Heard, match: Match | None) -> bool:
        """Whether a figure is of a part of its region; 其中 goes on with what the sentence before is of."""
        part = where.part or where.area == ELSEWHERE or bool(mention.scope)
        reach = mention.begin - (where.named or 0)
        name = words.subject.rfind(match.words) if match else -1  # the 公司 of 保险公司总资产 is of the name
        subject = words.subject[: name + _ENTERED] if name >= 0 else words.subject
        around = words._replace(
            subject=subject,
            topic=words.sentence[-reach:],
            before=self._sentence_before(mention) if where.origin == "document" else "",
        )
        part = part or first("coverage", around) == "part"
        opening = self._flow.sentences[mention.sentence][0]
        of_that = self._flow.text.startswith(OF_THAT, opening) and (where.named or 0) <= opening
        if not part and of_that and mention.kind != "count":
            part = self._parts.get(mention.sentence - 1, False)
        self._parts.setdefault(mention.sentence, part or (bool(where.others) and mention.base != "place"))
        return part

    def _cause(self, mention: Mention, words: Heard) -> str | None:
        """What brought about a toll, by its own sentence or the one before."""
        earlier = self._sentence_before(mention)
        return first("cause", words) or first("cause", words._replace(sentence=earlier))

    def _sentence_before(self, mention: Mention) -> str:
        """The sentence before a figure's own in its block."""
        begin, stop = self._flow.sentences[max(0, mention.sentence - 1)]
        return self._flow.text[max(begin, self._clauses.block(mention).begin) : stop].rstrip("。")

    def _base(self, index: int, measure: str) -> str | None:
        """What a change is against; a place or plan only where the figure's own words compare it."""
        mention = self._mentions[index]
        if measure == "growth" and mention.base in ("place", "other"):
            begin, stop = self._clauses.own(index, self._clauses.clause(mention))
            if not _COMPARED.search(self._flow.text, begin, stop):
                return None
        return mention.base

    def _former(self, index: int) -> bool:
        """Whether the figure goes on with what something was before: 由46503元和16935元提高到."""
        if not index or not self._mentions[index - 1].statistical:
            return False
        last, mention = self._mentions[index - 1], self._mentions[index]
        joint = self._flow.text[last.stop : mention.begin]
        return joint in _JOINTS and self.left_out(index - 1) == "former"

    def _placed(self, index: int) -> Placed:
        """Where and when; a place in a breakdown is the row's own region."""
        placed = self._placing.at(index)
        part = self._mentions[index].part
        if part and (area := self._placing.areas.read(part)):
            return placed._replace(where=ResolvedRegion(area, others=placed.where.others))
        return placed


def signed(mention: Mention) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Value and bounds by the direction of a change: 下降1.2% is -1.2."""
    value, low, high = mention.value, mention.low, mention.high
    falls = mention.measure in _MOVED and mention.direction == "down"
    if not falls or any(number is not None and number < 0 for number in (value, low, high)):
        return value, low, high
    return _minus(value), _minus(high), _minus(low)


def _minus(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.copy_negate() if number else number


def _scenario(when: ResolvedPeriod, words: Heard) -> str:
    if when.status != "F":
        return "actual"
    return first("scenario", words) or "plan"


def _reasons(mention: Mention, where: ResolvedRegion, when: ResolvedPeriod) -> Iterator[str]:
    if mention.doubtful:
        yield "subject"
    if where.area is None or where.origin == "unknown":
        yield "area_unknown"
    elif where.origin == "document":
        yield "area_document"
    if when.period is None:
        yield "time_unknown"
    elif when.origin != "said":
        yield f"time_{when.origin}"


def _confidence(mention: Mention, reasons: Sequence[str]) -> Decimal | None:
    sure = mention.confidence
    if sure is None:
        return None
    for reason in reasons:
        sure *= _LESS[reason]
    return sure.quantize(_CENT)
