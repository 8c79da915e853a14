"""Why a numeral was read as it was: the rule that won, those that lost, and the cell that did not fit."""

from __future__ import annotations

from dataclasses import replace

from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.rules import Rules
from pipeline.numbers.scan import tokens
from pipeline.numbers.tokens import Token


class _Recording(Rules):
    """Rules that note of what number they were asked, and which cell of them did not fit."""

    __slots__ = ("asked",)

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules.all)
        self.asked: dict[int, list[tuple[str, str]]] = {}

    def revise(self, text: str, taken: Token) -> Token:
        self.asked.setdefault(taken.begin, []).extend(self.explain(text, taken))
        return super().revise(text, taken)


def explain(reading: Reading, grammar: Grammar) -> Reading:
    """A reading whose mentions say in `rule` what won and what lost: bus line; lost: road number (right)."""
    rules = _Recording(grammar.rules)
    tokens(reading.flow.text, replace(grammar, rules=rules))
    mentions = tuple(
        mention._replace(rule=_said(mention.rule, rules.asked.get(mention.begin, ())))
        for mention in reading.mentions
    )
    return replace(reading, mentions=mentions)


def _said(rule: str, asked: list[tuple[str, str]] | tuple[()]) -> str:
    lost = dict.fromkeys(f"{name} ({cell})" for name, cell in asked if cell and name != rule)
    return f"{rule}; lost: {', '.join(lost)}" if lost else rule
