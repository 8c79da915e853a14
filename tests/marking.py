"""Texts whose figures are marked as they should be read: 【487个|个|老旧小区】."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from pipeline.frames.labels import labels
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import reflow

MARK = re.compile(r"【(?P<text>[^|】]+)\|(?P<unit>[^|】]*)\|(?P<subject>[^|】]*)(?:\|(?P<kind>[a-z]+))?】")
LARGE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


def marked(text: str) -> tuple[str, list[Mention]]:
    """A text whose figures are written 【487个|个|老旧小区】, and the mentions that it should give."""
    plain, figures = "", []
    at = 0
    for match in MARK.finditer(text):
        plain += text[at : match.start()]
        figures.append((len(plain), match))
        plain += match["text"]
        at = match.end()
    plain += text[at:]
    flow = reflow(plain)
    mentions = [mention(plain, flow.sentences, begin, match) for begin, match in figures]
    labelled = zip(mentions, labels(flow, mentions), strict=True)
    return plain, [one._replace(**label._asdict()) for one, label in labelled]


def mention(plain: str, sentences: Sequence[tuple[int, int]], begin: int, match: re.Match[str]) -> Mention:
    number = re.match(r"([\d.]+)([万亿]?)(余?)", match["text"])
    assert number
    scale = LARGE.get(number[2], Decimal(1))
    value = Decimal(number[1]) * scale
    place = Decimal(1).scaleb(-len(number[1].partition(".")[2])) * scale
    over = bool(number[3])
    subject = match["subject"] or None
    stop = begin + len(match["text"])
    sentence = next(i for i, (_, end) in enumerate(sentences) if begin < end)
    opening, end = sentences[sentence]
    heads = [h.start() for h in re.finditer(re.escape(subject), plain)] if subject else []
    near = [h for h in heads if opening <= h < end and abs(h - begin) < 12]
    head = (near[0], near[0] + len(subject)) if near and subject else None
    return Mention(
        begin, stop, match["text"], match["kind"] or "count", value, value, value + place if over else value,
        match["unit"] or None, "over" if over else "exact", place, "test",
        begin, stop, sentence, subject, head,
    )  # fmt: skip
