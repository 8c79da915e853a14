"""Indicators tried on texts, and the figures that none of them takes, for work on the catalog."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple

from pipeline.concepts.concept_list import ConceptList, normalize_name
from pipeline.frames.reading import read
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog.entries import Catalog, Indicator
from pipeline.statistics.claims import Claim, Diagnostic
from pipeline.statistics.matcher import Matcher
from pipeline.texts.source import Source

_SIMILAR = 0.6
"""Ratio of what two similar words have in common, at least."""
_MIN_NAME = 2
"""Characters of a name that is searched for in subjects, at least."""
_QUOTES = 2
"""Sentences of each subject that are shown."""
_SHOWN = 60
"""Characters of a sentence that are shown to each side of a figure."""


class NearMiss(NamedTuple):
    """A subject, with its unit, that the names of an indicator's concept nearly match."""

    subject: str
    kind: str
    unit: str | None
    times: int
    reason: str
    quote: str
    """The first sentence, the mention in 【】."""


class TriedFigure(NamedTuple):
    """A mention that an indicator claims, or nearly does (`reason` is then why it does not)."""

    source: Source
    quote: str
    """The sentence around the mention, which stands in 【】."""
    claim: Claim | None
    reason: str = ""


class Trial(NamedTuple):
    """What some indicators do over some texts."""

    caught: dict[str, list[TriedFigure]]
    """By indicator id, in the order of the texts."""
    missed: dict[str, list[TriedFigure]]
    """Mentions of the same subject, kind and unit that lack something, by indicator id."""
    near: dict[str, list[NearMiss]]
    """Subjects that its words come near to, and why each is not taken, by indicator id."""
    diagnostics: tuple[Diagnostic, ...]
    """What the whole catalog, these indicators in it, cannot settle about them."""


class Unclaimed(NamedTuple):
    """A subject with its unit that names no concept."""

    subject: str
    kind: str
    code: str
    """Of its unit."""
    times: int
    quotes: tuple[str, ...]
    """The first sentences, the mention in 【】."""


class CatalogGaps(NamedTuple):
    """What a catalog lacks for some texts, and what it has that they do not need."""

    unclaimed: tuple[Unclaimed, ...]
    """Subjects of statistics that name no concept, the most frequent first."""
    unused: tuple[str, ...]
    """Ids of the indicators without a figure."""


def try_indicators(
    catalog: Catalog, drafts: Sequence[Indicator], readings: Iterable[tuple[Source, Reading]]
) -> Trial:
    """Match the drafts, in the place of what the catalog has under their ids, over texts that were read."""
    by_id = {draft.id: draft for draft in drafts}
    alone = Matcher(replace(catalog, indicators=by_id))
    whole = Matcher(replace(catalog, indicators={**catalog.indicators, **by_id}))
    caught: dict[str, list[TriedFigure]] = {draft.id: [] for draft in drafts}
    missed: dict[str, list[TriedFigure]] = {draft.id: [] for draft in drafts}
    near = {draft.id: _NearMisses(draft, catalog.concepts) for draft in drafts}
    diagnostics: list[Diagnostic] = []
    for source, reading in readings:
        keys = quantity_ids(source.document_id, reading)
        found = alone.match(reading.flow, reading.mentions, keys, source)
        places = {key: index for index, key in enumerate(keys)}
        for claim in found.claims:
            quote = _marked(reading, places[claim.key])
            caught[claim.indicator].append(TriedFigure(source, quote, claim))
        for refusal in found.refusals:
            quote = _marked(reading, refusal.mention)
            missed[refusal.indicator].append(TriedFigure(source, quote, None, refusal.reason))
        looked = {(claim.indicator, places[claim.key]) for claim in found.claims}
        looked |= {(refusal.indicator, refusal.mention) for refusal in found.refusals}
        for index, mention in enumerate(reading.mentions):
            for draft, subjects in near.items():
                if mention.statistical and (draft, index) not in looked:
                    subjects.add(mention, partial(_marked, reading, index))
        diagnostics += (
            one
            for one in whole.match(reading.flow, reading.mentions, keys, source).diagnostics
            if any(draft in one.message for draft in by_id)
        )
    return Trial(caught, missed, {draft: one.found() for draft, one in near.items()}, tuple(diagnostics))


def find_gaps(catalog: Catalog, readings: Iterable[tuple[Source, Reading]]) -> CatalogGaps:
    """The subjects without a concept, and the indicators without a figure."""
    matcher = Matcher(catalog)
    claimed: set[str] = set()
    times: Counter[tuple[str, str, str]] = Counter()
    sentences: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for source, reading in readings:
        keys = quantity_ids(source.document_id, reading)
        found = matcher.match(reading.flow, reading.mentions, keys, source)
        claimed.update(claim.indicator for claim in found.claims)
        for one in found.statistics:
            mention = reading.mentions[one.mention]
            subject = normalize_name(one.subject)
            if one.concept or not subject:
                continue
            key = subject, mention.kind, unit_code(mention.kind, mention.unit)
            times[key] += 1
            if len(sentences[key]) < _QUOTES:
                sentences[key].append(_marked(reading, one.mention))
    order = sorted(times, key=lambda key: (-times[key], key))
    unclaimed = tuple(Unclaimed(*key, times[key], tuple(sentences[key])) for key in order)
    return CatalogGaps(unclaimed, tuple(name for name in catalog.indicators if name not in claimed))


def readings_of(
    sources: Iterable[Source], grammar: Grammar | None = None
) -> Iterator[tuple[Source, Reading]]:
    """The sources that have a text, each with its reading."""
    for source in sources:
        if source.status == "read":
            yield source, read(source.text, grammar)


class _NearMisses:
    """Collects, figure by figure, the subjects that an indicator nearly matches."""

    def __init__(self, indicator: Indicator, concepts: ConceptList) -> None:
        self._concept, self._concepts = concepts.concepts[indicator.concept], concepts
        self._times: Counter[tuple[str, str, str | None]] = Counter()
        self._reasons: dict[tuple[str, str, str | None], tuple[int, str, str]] = {}

    def add(self, mention: Mention, quote: Callable[[], str]) -> None:
        """Look at a figure that is not the indicator's. quote: gives its sentence."""
        subject = normalize_name(mention.subject or ""), mention.kind, mention.unit
        if subject not in self._times and (reason := min(self._reasons_of(*subject), default=None)):
            self._reasons[subject] = (*reason, quote())
        self._times[subject] += 1

    def found(self) -> list[NearMiss]:
        """The nearest first, of these the most frequent."""
        order = sorted(self._reasons, key=lambda one: (self._reasons[one][0], -self._times[one], one[0]))
        return [NearMiss(*one, self._times[one], *self._reasons[one][1:]) for one in order]

    def _reasons_of(self, subject: str, kind: str, unit: str | None) -> Iterator[tuple[int, str]]:
        """How far a subject is from each name of the concept, and why it is not the indicator's."""
        for word in self._concept.names if subject else ():
            if len(word) >= _MIN_NAME and subject.endswith(word):
                yield 0, self._at_the_end(word, subject, kind, unit)
            elif len(word) >= _MIN_NAME and word in subject:
                yield 1, f"has {word} within; a subject is matched by its end"
            elif SequenceMatcher(None, word, subject, autojunk=False).ratio() >= _SIMILAR:
                yield 2, f"is like {word}, and is another word"

    def _at_the_end(self, word: str, subject: str, kind: str, unit: str | None) -> str:
        match = self._concepts.find(subject, kind, unit_code(kind, unit))
        if match is None:
            return f"ends with {word}, with another unit"
        if match.concept.code != self._concept.code:
            return f"ends with {word}; the longer {match.words} names {match.concept.code}"
        return f"ends with {word}; its measure, breakdown, place or period is another"


def _marked(reading: Reading, index: int) -> str:
    """The sentence around a mention, on one line, the mention in 【】."""
    mention, text = reading.mentions[index], reading.flow.text
    begin, stop = reading.flow.sentences[mention.sentence]
    left = text[max(begin, mention.begin - _SHOWN) : mention.begin]
    right = text[mention.stop : min(stop, mention.stop + _SHOWN)]
    marked = f"{left}【{text[mention.begin : mention.stop]}】{right}"
    return " ".join(marked.split())
