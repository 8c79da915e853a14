"""The words around a figure: its clause, its sentence, its position in a list."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Block, Flow

Span = tuple[int, int]

_QUOTED = 1_000
"""Characters to each side of a figure that are looked at and quoted, at most."""

OF_THAT = "其中"
"""Begins a sentence on parts of what the one before is about."""

_BREAK = re.compile(r"[，；。！？：\n]|[,;:!?](?!\d)")


def block_index(flow: Flow, begin: int) -> int:
    """The index of the block that a place of the text stands in."""
    return bisect_right(flow.blocks, begin, key=lambda block: block.begin) - 1


def continues_block(flow: Flow, sentence: int) -> bool:
    """Whether a sentence, by its index, stands in one block with the one before it."""
    if not 0 < sentence < len(flow.sentences):
        return False
    first, second = (block_index(flow, flow.sentences[index][0]) for index in (sentence - 1, sentence))
    return first == second


class Clauses:
    """The clauses of one document's figures."""

    def __init__(self, flow: Flow, mentions: Sequence[Mention]) -> None:
        self.flow, self.mentions = flow, mentions
        self._figures = [index for index, mention in enumerate(mentions) if mention.statistical]
        self._begins = [mentions[index].begin for index in self._figures]
        self._edges: tuple[int, list[int]] = (-1, [])
        """Index of the last sentence that was looked at, and where its clauses begin and end."""

    def block(self, mention: Mention) -> Block:
        """The block that a figure stands in."""
        return self.flow.blocks[block_index(self.flow, mention.begin)]

    def clause(self, mention: Mention) -> Span:
        """From one comma to the next."""
        edges = self._clause_edges(mention.sentence)
        after = min(bisect_right(edges, mention.begin), len(edges) - 1)
        return max(edges[after - 1], mention.begin - _QUOTED), min(edges[after], mention.stop + _QUOTED)

    def segment(self, index: int) -> Span:
        """The part of the clause that is this figure's alone: up to its neighbours and to the next 、."""
        mention, text = self.mentions[index], self.flow.text
        place = bisect_left(self._figures, index)
        begin, stop = self.clause(mention)
        if place:
            begin = max(begin, self.mentions[self._figures[place - 1]].stop)
        if place + 1 < len(self._figures):
            stop = min(stop, self.mentions[self._figures[place + 1]].begin)
        begin = max(begin, text.rfind("、", begin, mention.begin) + 1)
        pause = text.find("、", mention.stop, stop)
        return begin, stop if pause < 0 else pause

    def list_position(self, index: int, clause: Span) -> tuple[int, int] | None:
        """Index of a figure in a list (A、B分别为1、2), and the length of that; None outside a list."""
        each = self.flow.text.find("分别", clause[0], self.mentions[index].begin)
        if each < 0:
            return None
        first, after = (bisect_left(self._begins, place) for place in (each, clause[1]))
        return bisect_left(self._figures, index) - first, after - first

    def plan_begin(self, mention: Mention) -> int:
        """Where a figure's clause begins, with the one before it where that is a plan with the same verb.

        计划新增停车泊位1.6万个，新增绿化面积70万平方米: both are planned.
        """
        edges, clause = self._clause_edges(mention.sentence), self.clause(mention)
        at = bisect_right(edges, clause[0]) - 1
        verb = self.flow.text[clause[0] : clause[1]].lstrip("，；、 ")[:2]
        before = self.flow.text[edges[at - 1] : clause[0]] if at else ""
        return edges[at - 1] if verb and f"计划{verb}" in before else clause[0]

    def quote(self, mention: Mention) -> str:
        """The mention's sentence, as it reads; of a very long one, what is around the mention."""
        begin, stop = self.flow.sentences[mention.sentence]
        begin, stop = max(begin, mention.begin - _QUOTED), min(stop, mention.stop + _QUOTED)
        return self.flow.text[begin:stop].strip()

    def quote_with_whole(self, mention: Mention) -> str:
        """The sentence, with the one before it where it is on parts of what that is about (其中，出口…)."""
        sentence = self.quote(mention)
        if mention.sentence and sentence.startswith(OF_THAT):
            begin, stop = self.flow.sentences[mention.sentence - 1]
            sentence = self.flow.text[max(begin, stop - _QUOTED) : stop] + sentence
        return sentence

    def _clause_edges(self, sentence: int) -> list[int]:
        if self._edges[0] != sentence:
            begin, stop = self.flow.sentences[sentence]
            breaks = [match.start() for match in _BREAK.finditer(self.flow.text, begin, stop)]
            self._edges = (sentence, [begin, *breaks, stop])
        return self._edges[1]
