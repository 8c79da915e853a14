"""Stated statistics: for every figure that is worth a series a row, whether or not an indicator takes it.

Figures that are not worth one: incidental counts (两国, 三大领域, 五点建议),
durations of nothing that lasts, ages, distances, thresholds, ranks, what a figure was before it
changed, and whatever a caption or a list of links repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import prod

from pipeline.concepts.concept import Match
from pipeline.numbers.mention import Mention
from pipeline.statistics.clauses import OF_THAT
from pipeline.statistics.concept_finder import ConceptFinder, stated_measure
from pipeline.statistics.document_context import DocumentContext
from pipeline.statistics.incidental import is_few, is_incidental
from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.period import day
from pipeline.statistics.periods.resolver import ResolvedPeriod
from pipeline.statistics.periods.time_collection import at_end_of_years, time_collection
from pipeline.statistics.regions.areas import ELSEWHERE
from pipeline.statistics.regions.resolver import ResolvedRegion
from pipeline.statistics.statistic import ADDS, TRANSFORMATION, Statistic
from pipeline.statistics.statistic_cues import FigureContext, first_by_dimension, first_value
from pipeline.texts.layout import Flow

_SIGNED = ("change", "growth", "contribution")
"""Measures that have the sign of their direction."""
_BLOCKS = frozenset(("body", "table", "headline"))
"""Kinds of block that are read."""
_JOINTS = ("和", "、", "与", "及", "以及")
_MARGIN = 24
"""Characters behind a figure, and at a block's beginning, that are searched for cues."""
_SENTENCE = 120
"""Characters of the sentence before a figure that are searched for cues."""
_VERB = 12
"""Characters before a subject in which its concept's name may begin."""
_NAME_HEAD = 2
"""Characters of a concept's name that may belong to what stands before it: a site's name goes on."""
_EDGE = re.compile(r"[，。；：、！？\s]")

_FACTORS = {
    "subject": Decimal("1.0"), "area_document": Decimal("0.9"), "area_unknown": Decimal("0.6"),
    "time_carried": Decimal("0.9"), "time_title": Decimal("0.9"), "time_issued": Decimal("0.7"),
    "time_unknown": Decimal("0.6"),
}  # fmt: skip
"""By what each reason multiplies the confidence of a row."""
_CENT = Decimal("0.01")


class StatisticReader:
    """Reads which figures of a document are statistics, and what each of them states."""

    def __init__(
        self, flow: Flow, mentions: Sequence[Mention], context: DocumentContext, finder: ConceptFinder
    ) -> None:
        self._flow, self._mentions, self._context, self._finder = flow, mentions, context, finder
        self._clauses = context.clauses
        self._words_before: dict[tuple[int, str], str] = {}
        self._parts: dict[int, bool] = {}

    def statistics(self) -> Iterator[Statistic]:
        """The statistics of the document, in the order of its mentions, those of headlines among them."""
        previous: str | None = None
        for index, mention in enumerate(self._mentions):
            reason: str | None = "not_statistical"
            if mention.statistical:
                words = self._figure_context(mention)
                reason = self._exclusion_reason(index, words, previous)
                if not reason:
                    yield self._statistic(index, words)
            previous = reason

    def _exclusion_reason(self, index: int, words: FigureContext, previous: str | None) -> str | None:
        """Why a figure is worth no series; None where it is worth one. previous: that of the one before."""
        mention = self._mentions[index]
        if not mention.subject:
            return "no_subject"
        size = (mention.value, mention.low, mention.high)
        if size == (None, None, None) or (
            mention.qualifier == "exact" and not CUES.numeral.search(mention.text)
        ):
            return "vague"
        if mention.kind == "duration" and not CUES.lasting.search(mention.subject):
            return "duration"
        block = self._clauses.block(mention)
        if block.kind not in _BLOCKS or self._is_links(block.begin, block.stop):
            return "repeated"
        if is_incidental(mention) or (is_few(mention) and not self._has_concept(mention)):
            return "passing"
        if previous == "former":  # 由46503元和16935元提高到
            joint = self._flow.text[self._mentions[index - 1].stop : mention.begin]
            if joint in _JOINTS:
                return "former"
        reason = first_value("left_out", words)
        return None if reason == "age" and CUES.average_age.search(mention.subject) else reason

    def _has_concept(self, mention: Mention) -> bool:
        """Whether a concept, and no general head, is of what is counted."""
        match = self._find_concept(mention)
        return match is not None and not match.concept.general

    def _find_concept(self, mention: Mention) -> Match | None:
        return self._finder.find(mention, self._before_subject(mention))

    def _is_links(self, begin: int, stop: int) -> bool:
        """Whether a block is a list of links, or a picture's caption."""
        return CUES.links.search(self._flow.text, begin, min(stop, begin + _MARGIN)) is not None

    def _figure_context(self, mention: Mention) -> FigureContext:
        text = self._flow.text
        begin = self._clauses.clause(mention)[0]
        opening = self._flow.sentences[mention.sentence][0]
        if mention.sentence and text.startswith(OF_THAT, opening):
            opening = self._flow.sentences[mention.sentence - 1][0]
        opening = max(opening, mention.begin - _SENTENCE)
        return FigureContext(
            mention.subject or "", mention.unit or "", text[begin : mention.begin],
            text[opening : mention.begin], text[mention.stop : mention.stop + _MARGIN],
        )  # fmt: skip

    def _statistic(self, index: int, words: FigureContext) -> Statistic:
        mention, match = self._mentions[index], self._find_concept(self._mentions[index])
        measure = stated_measure(mention.measure or "level", mention.kind, match)
        part_area = self._context.areas.read(mention.part) if mention.part else None
        region, period, collection = self._located(index, words, measure, match, part_area)
        value, low, high = signed(mention)
        reasons = tuple(_reasons(mention, region, period))
        return Statistic(
            mention=index, concept=match.concept.code if match else None, subject=mention.subject or "",
            state=mention.state or (match.state if match else None),
            transformation=TRANSFORMATION.get(measure, measure),
            base=self._base(index, measure), value=value, low=low, high=high,
            denominator=mention.of or mention.per,
            breakdown=self._breakdown(mention, words, match, part_area),
            ref_area=None if region.area == ELSEWHERE else region.area, counterpart_area=region.others,
            stat_pop=(match.population if match else None) or first_value("stat_pop", words),
            time_period=period.period.code if period.period else None,
            collection=collection, prices=first_value("prices", words),
            scenario=_scenario(period, words), obs_status=period.status,
            part=self._of_a_part(mention, region, words, match),
            confidence=_confidence(mention, reasons), reasons=reasons,
            headline=self._clauses.block(mention).kind == "headline",
        )  # fmt: skip

    def _located(
        self, index: int, words: FigureContext, measure: str, match: Match | None, part_area: str | None
    ) -> tuple[ResolvedRegion, ResolvedPeriod, str | None]:
        """Region and period of a figure, and how it collects time.

        part_area: the region that it is of in a breakdown, if its part is one.
        """
        mention = self._mentions[index]
        region, resolved = self._context.resolve(index)
        if part_area:
            region = ResolvedRegion(part_area, others=region.others)
        resolved = at_end_of_years(mention, resolved, words)
        collection = time_collection(measure, resolved, words, match)
        collects = match.concept.collects if match else None
        if resolved.origin == "issued" and (
            collection == "flow" or (measure == "growth" and collects == "flow")
        ):
            only = self._context.only_period  # a flow is not of the one day on which it is reported
            if only is None and measure == "level" and CUES.already.search(words.clause):
                collection = "since_event"
            else:
                resolved = resolved._replace(period=only, origin="title" if only else "unknown")
        undated = resolved.origin == "unknown" and self._context.source.issued is None
        if undated and collection not in ("stock", "event") and (only := self._context.only_period):
            resolved = resolved._replace(period=only, origin="title")  # a page on one month alone
        exists = collects in ("stock", "rate") and mention.state not in ADDS
        if exists and collection == "since_event" and resolved.period:  # 一季度…累计建成: as of its end
            resolved = resolved._replace(period=day(resolved.period.last))
        return region, resolved, collection

    def _breakdown(
        self, mention: Mention, words: FigureContext, match: Match | None, part_area: str | None
    ) -> tuple[tuple[str, str], ...]:
        """Dimensions and values, sorted; a part that is a region is no item of them."""
        breakdown = first_by_dimension("within", words)
        breakdown |= match.breakdown if match else first_by_dimension("breakdown", words)
        if match and match.rest:
            breakdown["modifier"] = match.rest
        toll = match is not None and match.concept.collects == "event"
        if toll and (cause := self._cause(mention, words)):
            breakdown["cause"] = cause
        if mention.part and not part_area:
            breakdown["item"] = "".join(mention.part.split())
        return tuple(sorted(breakdown.items()))

    def _before_subject(self, mention: Mention) -> str:
        """The last words of its clause before a figure's subject, its own or the one that it takes over."""
        same = mention.sentence, mention.subject or ""
        if mention.head and mention.begin - _SENTENCE < mention.head[0] <= mention.begin:
            words = self._flow.text[max(0, mention.head[0] - _VERB) : mention.head[0]]
            last = _EDGE.split(words)[-1]
            in_list = words.endswith("、", 0, len(words) - len(last))
            self._words_before[same] = "" if in_list else last  # 铁路、公路、民航发送旅客 is of all of them
        return self._words_before.get(same, "")

    def _of_a_part(
        self, mention: Mention, region: ResolvedRegion, words: FigureContext, match: Match | None
    ) -> bool:
        """Whether a figure is of a part of its region; 其中 goes on with what the sentence before is of."""
        part = region.part or region.area == ELSEWHERE or bool(mention.scope)
        reach = mention.begin - (region.name_stop or 0)
        name = words.subject.rfind(match.words) if match else -1  # the 公司 of 保险公司总资产 is of the name
        subject = words.subject[: name + _NAME_HEAD] if name >= 0 else words.subject
        around = words._replace(
            subject=subject,
            topic=words.sentence[-reach:],
            before=self._sentence_before(mention) if region.origin == "document" else "",
        )
        part = part or first_value("coverage", around) == "part"
        opening = self._flow.sentences[mention.sentence][0]
        of_that = self._flow.text.startswith(OF_THAT, opening) and (region.name_stop or 0) <= opening
        if not part and of_that and mention.kind != "count":
            part = self._parts.get(mention.sentence - 1, False)
        self._parts.setdefault(mention.sentence, part or (bool(region.others) and mention.base != "place"))
        return part

    def _cause(self, mention: Mention, words: FigureContext) -> str | None:
        """The cause of a toll, by its own sentence or the one before."""
        earlier = self._sentence_before(mention)
        return first_value("cause", words) or first_value("cause", words._replace(sentence=earlier))

    def _sentence_before(self, mention: Mention) -> str:
        """The sentence before a figure's own in its block."""
        begin, stop = self._flow.sentences[max(0, mention.sentence - 1)]
        return self._flow.text[max(begin, self._clauses.block(mention).begin) : stop].rstrip("。")

    def _base(self, index: int, measure: str) -> str | None:
        """What a change is against; a place or plan only where the figure's own words compare it."""
        mention = self._mentions[index]
        unsure = measure == "growth" and mention.base in ("place", "other")
        if unsure and not CUES.comparison.search(self._flow.text, *self._clauses.segment(index)):
            return None
        return mention.base


def signed(mention: Mention) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Value and bounds by the direction of a change: 下降1.2% is -1.2."""
    value, low, high = mention.value, mention.low, mention.high
    falls = mention.measure in _SIGNED and mention.direction == "down"
    if not falls or any(number is not None and number < 0 for number in (value, low, high)):
        return value, low, high
    return _negated(value), _negated(high), _negated(low)


def _negated(number: Decimal | None) -> Decimal | None:
    return number.copy_negate() if number else number


def _scenario(period: ResolvedPeriod, words: FigureContext) -> str:
    if period.status != "F":
        return "actual"
    return first_value("scenario", words) or "plan"


def _reasons(mention: Mention, region: ResolvedRegion, period: ResolvedPeriod) -> Iterator[str]:
    if mention.doubtful:
        yield "subject"
    if region.area is None or region.origin == "unknown":
        yield "area_unknown"
    elif region.origin == "document":
        yield "area_document"
    if period.period is None:
        yield "time_unknown"
    elif period.origin != "stated":
        yield f"time_{period.origin}"


def _confidence(mention: Mention, reasons: Sequence[str]) -> Decimal | None:
    if mention.confidence is None:
        return None
    return prod((_FACTORS[reason] for reason in reasons), start=mention.confidence).quantize(_CENT)
