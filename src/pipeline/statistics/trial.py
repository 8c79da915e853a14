"""What indicators catch over some texts, and what none of them does, for officers at work on the catalog."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from pipeline.concepts.concept_list import normalize_name
from pipeline.frames.reading import read
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.units import unit_code
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog_entries import Catalog, Indicator
from pipeline.statistics.claims import Claim, Diagnostic, metadata_of
from pipeline.statistics.matcher import Matcher
from pipeline.statistics.near_misses import NearMiss, NearMisses
from pipeline.texts.source import Source

_MARKS = "【", "】"
_SHOWN = 60
"""Characters of a sentence that are shown to each side of a figure."""


class TriedFigure(NamedTuple):
    """A mention that an indicator claims, or was near to claiming (`reason` then says what it lacks)."""

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


class Survey(NamedTuple):
    """What a catalog leaves over of some texts."""

    unclaimed: tuple[Unclaimed, ...]
    """Subjects of statistics that name no concept, the most frequent first."""
    unused: tuple[str, ...]
    """Indicators that no figure was read as, by id."""


def try_indicators(
    catalog: Catalog, drafts: Sequence[Indicator], readings: Iterable[tuple[Source, Reading]]
) -> Trial:
    """Match the drafts, in the place of what the catalog has under their ids, over texts that were read."""
    ids = {draft.id for draft in drafts}
    alone = Matcher(_with(catalog, {draft.id: draft for draft in drafts}))
    whole = Matcher(_with(catalog, {**catalog.indicators, **{draft.id: draft for draft in drafts}}))
    caught: dict[str, list[TriedFigure]] = {draft.id: [] for draft in drafts}
    missed: dict[str, list[TriedFigure]] = {draft.id: [] for draft in drafts}
    near = {draft.id: NearMisses(draft, catalog.concepts) for draft in drafts}
    diagnostics: list[Diagnostic] = []
    for source, reading in readings:
        keys = quantity_ids(source.document_id, reading)
        found = alone.match(reading.flow, reading.mentions, keys, metadata_of(source))
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
            for one in whole.match(reading.flow, reading.mentions, keys, metadata_of(source)).diagnostics
            if any(draft in one.message for draft in ids)
        )
    return Trial(caught, missed, {draft: one.found() for draft, one in near.items()}, tuple(diagnostics))


def survey(catalog: Catalog, readings: Iterable[tuple[Source, Reading]], *, quotes: int = 2) -> Survey:
    """What names no concept, and which indicators nothing was read as. quotes: sentences of each subject."""
    matcher = Matcher(catalog)
    claimed: set[str] = set()
    times: Counter[tuple[str, str, str]] = Counter()
    sentences: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for source, reading in readings:
        keys = quantity_ids(source.document_id, reading)
        found = matcher.match(reading.flow, reading.mentions, keys, metadata_of(source))
        claimed.update(claim.indicator for claim in found.claims)
        for one in found.statistics:
            mention = reading.mentions[one.mention]
            subject = normalize_name(one.subject)
            if one.concept or not subject:
                continue
            key = subject, mention.kind, unit_code(mention.kind, mention.unit)
            times[key] += 1
            if len(sentences[key]) < quotes:
                sentences[key].append(_marked(reading, one.mention))
    order = sorted(times, key=lambda key: (-times[key], key))
    unclaimed = tuple(Unclaimed(*key, times[key], tuple(sentences[key])) for key in order)
    return Survey(unclaimed, tuple(name for name in catalog.indicators if name not in claimed))


def readings_of(
    sources: Iterable[Source], grammar: Grammar | None = None
) -> Iterator[tuple[Source, Reading]]:
    """The sources that could be read, with what was read in each."""
    for source in sources:
        if source.status == "read":
            yield source, read(source.text, grammar)


def _with(catalog: Catalog, indicators: dict[str, Indicator]) -> Catalog:
    return replace(catalog, indicators=MappingProxyType(indicators))


def _marked(reading: Reading, index: int) -> str:
    """The sentence around a mention, on one line, the mention in 【】."""
    mention, text = reading.mentions[index], reading.flow.text
    begin, stop = reading.flow.sentences[mention.sentence]
    left = text[max(begin, mention.begin - _SHOWN) : mention.begin]
    right = text[mention.stop : min(stop, mention.stop + _SHOWN)]
    marked = f"{left}{_MARKS[0]}{text[mention.begin : mention.stop]}{_MARKS[1]}{right}"
    return " ".join(marked.split())
