"""What indicators catch over some texts, and what none of them does, for officers at work on the catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from pipeline.frames.reading import read
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog import Catalog, Indicator
from pipeline.statistics.document_reader import bare_subject
from pipeline.statistics.indicators import About, Claim, Finding, Matcher, Refusal
from pipeline.texts.source import Source

_MARKS = "【", "】"
_SHOWN = 60
"""Characters of a sentence that are shown to each side of a figure."""


class Caught(NamedTuple):
    """A mention that an indicator claims, or was near to claiming (`reason` then says what it lacks)."""

    source: Source
    quote: str
    """The sentence around the mention, which stands in 【】."""
    claim: Claim | None
    reason: str = ""


class Trial(NamedTuple):
    """What some indicators do over some texts."""

    caught: dict[str, list[Caught]]
    """By indicator id, in the order of the texts."""
    missed: dict[str, list[Caught]]
    """Mentions of the same subject, kind and unit that lack something, by indicator id."""
    findings: tuple[Finding, ...]
    """What the whole catalog, these indicators in it, cannot settle about them."""


class Unclaimed(NamedTuple):
    """A subject with its unit that no indicator claims."""

    subject: str
    kind: str
    unit: str | None
    times: int
    quotes: tuple[str, ...]
    """The first sentences, the mention in 【】."""


def try_out(
    catalog: Catalog, drafts: Sequence[Indicator], sources: Iterable[Source], grammar: Grammar | None = None
) -> Trial:
    """Match the drafts, in the place of what the catalog has under their ids, over the texts."""
    ids = {draft.id for draft in drafts}
    alone = Matcher(_with(catalog, {draft.id: draft for draft in drafts}))
    whole = Matcher(_with(catalog, {**catalog.indicators, **{draft.id: draft for draft in drafts}}))
    caught: dict[str, list[Caught]] = {draft.id: [] for draft in drafts}
    missed: dict[str, list[Caught]] = {draft.id: [] for draft in drafts}
    findings: list[Finding] = []
    for source, reading in _readings(sources, grammar):
        keys = quantity_ids(source.document_id, reading)
        found = alone.read(reading.flow, reading.mentions, keys, about(source))
        places = {key: index for index, key in enumerate(keys)}
        for claim in found.claims:
            quote = _marked(reading, places[claim.key])
            caught[claim.indicator].append(Caught(source, quote, claim))
        for refusal in found.refusals:
            missed[refusal.indicator].append(_miss(source, reading, refusal))
        doubts = whole.read(reading.flow, reading.mentions, keys, about(source)).findings
        findings += (doubt for doubt in doubts if any(draft in doubt.message for draft in ids))
    return Trial(caught, missed, tuple(findings))


def unclaimed(
    catalog: Catalog, sources: Iterable[Source], grammar: Grammar | None = None, *, quotes: int = 2
) -> list[Unclaimed]:
    """The subjects that no indicator claims, each with its unit, the most frequent first."""
    matcher = Matcher(catalog)
    times: Counter[tuple[str, str, str | None]] = Counter()
    said: dict[tuple[str, str, str | None], list[str]] = {}
    for source, reading in _readings(sources, grammar):
        keys = quantity_ids(source.document_id, reading)
        claims = matcher.read(reading.flow, reading.mentions, keys, about(source)).claims
        taken = {claim.key for claim in claims}
        for index, mention in enumerate(reading.mentions):
            if not mention.statistical or mention.kind == "duration" or keys[index] in taken:
                continue
            subject = bare_subject(mention.subject or "", mention.kind)
            if not subject:
                continue
            pair = subject, mention.kind, mention.unit
            times[pair] += 1
            if len(said.setdefault(pair, [])) < quotes:
                said[pair].append(_marked(reading, index))
    order = sorted(times, key=lambda pair: (-times[pair], pair[0], pair[1], pair[2] or ""))
    return [Unclaimed(*pair, times[pair], tuple(said[pair])) for pair in order]


def about(source: Source) -> About:
    """What a source says of its document."""
    return About(
        document_id=source.document_id,
        issued=source.issued,
        region=source.region,
        publisher=source.publisher,
        title=source.title,
    )


def _with(catalog: Catalog, indicators: dict[str, Indicator]) -> Catalog:
    return replace(catalog, indicators=MappingProxyType(indicators))


def _readings(sources: Iterable[Source], grammar: Grammar | None) -> Iterator[tuple[Source, Reading]]:
    for source in sources:
        if source.status == "read":
            yield source, read(source.text, grammar)


def _miss(source: Source, reading: Reading, refusal: Refusal) -> Caught:
    return Caught(source, _marked(reading, refusal.mention), None, refusal.reason)


def _marked(reading: Reading, index: int) -> str:
    """The sentence around a mention, on one line, the mention in 【】."""
    mention, text = reading.mentions[index], reading.flow.text
    begin, stop = reading.flow.sentences[mention.sentence]
    left = text[max(begin, mention.begin - _SHOWN) : mention.begin]
    right = text[mention.stop : min(stop, mention.stop + _SHOWN)]
    marked = f"{left}{_MARKS[0]}{text[mention.begin : mention.stop]}{_MARKS[1]}{right}"
    return " ".join(marked.split())
