"""Extraction: a text in, every numeral in it out, with its characters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipeline.numbers.grammar import Grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.scan import tokens
from pipeline.numbers.tokens import Token
from pipeline.texts.layout import Flow, reflow, unbroken

# Half a character of a damaged text: no library that works in UTF-8 takes it.
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: its flow, and every numeral of it in order and disjoint."""

    flow: Flow
    mentions: tuple[Mention, ...]


def extract(text: str, grammar: Grammar | None = None) -> Reading:
    """Read every numeral of a decoded text. Takes any str, in time linear in its length.

    grammar: the default one if None.
    """
    flow = reflow(_SURROGATE.sub("\ufffd", text))
    mentions = _mentions(text, flow, tokens(flow.text, grammar))
    if flow.asides:
        mentions = sorted([*mentions, *_aside(text, flow, mentions, grammar)], key=attrgetter("start"))
    return Reading(flow, tuple(mentions))


def _mentions(source: str, flow: Flow, found: Sequence[Token]) -> list[Mention]:
    origin, sentences = flow.origin, flow.sentences
    same = isinstance(origin, range) and flow.text == source
    last = len(sentences) - 1
    sentence = 0
    mentions = []
    for token in found:
        begin, stop = token.begin, token.stop
        while sentence < last and sentences[sentence][1] <= begin:
            sentence += 1
        start, end = origin[begin], origin[stop - 1] + 1
        unit = token.unit
        if unit and not same and token.unit_at and token.kind != "percent":
            unit = unbroken(flow.written(source, *token.unit_at))
        mentions.append(
            Mention(
                start,
                end,
                source[start:end],
                token.kind,
                token.value,
                token.low,
                token.high,
                unit,
                token.qualifier,
                token.place,
                token.rule,
                begin,
                stop,
                sentence,
            )
        )
    return mentions


def _aside(
    source: str, flow: Flow, mentions: Sequence[Mention], grammar: Grammar | None
) -> Iterator[Mention]:
    """The numerals of page numbers that interrupt a paragraph: they are not in the flow, and stand
    in it where they interrupt it (begin is stop). A mention that reads over one has it within."""
    ends = [mention.end for mention in mentions]
    stops = [stop for _, stop in flow.sentences]
    for start, end in flow.asides:
        following = bisect_right(ends, start)
        if following < len(mentions) and mentions[following].start < end:
            continue
        place = bisect_left(flow.origin, start)
        for mention in extract(source[start:end], grammar).mentions:
            yield mention._replace(
                start=mention.start + start,
                end=mention.end + start,
                begin=place,
                stop=place,
                sentence=bisect_right(stops, place),
            )
