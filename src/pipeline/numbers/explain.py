"""Why a numeral was read as it was: the rule that won, those that lost, and the cell that did not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.rules import Rule, Rules
from pipeline.numbers.scan import tokens
from pipeline.numbers.tokens import Token


class _RecordingRules(Rules):
    """Rules that record which of them were asked of what number, and which cell did not fit."""

    __slots__ = ("mismatches",)

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules.all)
        self.mismatches: dict[int, list[str]] = {}

    def attempts(self, text: str, token: Token) -> Iterator[tuple[Rule, Token | str]]:
        for rule, result in super().attempts(text, token):
            if isinstance(result, str):
                self.mismatches.setdefault(token.begin, []).append(f"{rule.name} ({result})")
            yield rule, result


def explain(reading: Reading, grammar: Grammar) -> Reading:
    """A reading whose mentions say in `rule` what won and what lost: bus line; lost: road number (right)."""
    rules = _RecordingRules(grammar.rules)
    tokens(reading.flow.text, replace(grammar, rules=rules))
    mentions = []
    for mention in reading.mentions:
        mismatches = dict.fromkeys(rules.mismatches.get(mention.begin, ()))
        lost = ", ".join(each for each in mismatches if not each.startswith(f"{mention.rule} ("))
        mentions.append(mention._replace(rule=f"{mention.rule}; lost: {lost}" if lost else mention.rule))
    return replace(reading, mentions=tuple(mentions))
