"""Which subjects an indicator comes near to, and why each is not taken: what `catalog try` shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.concepts.concept_list import ConceptList, plain
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.entries import Indicator

_ALIKE = 0.6
"""How much of two words must be the same for one to be near the other."""
_SHORTEST = 2
"""Characters of a word whose ending says something of what a subject is about."""


class Near(NamedTuple):
    """A subject, with its unit, that an indicator's words come near to."""

    subject: str
    kind: str
    unit: str | None
    times: int
    reason: str
    quote: str
    """The first sentence, the mention in 【】."""


class NearSubjects:
    """Collects, figure by figure, the subjects near to an indicator that it does not take."""

    def __init__(self, indicator: Indicator, concepts: ConceptList) -> None:
        self._concept, self._concepts = concepts.concepts[indicator.concept], concepts
        self._times: Counter[tuple[str, str, str | None]] = Counter()
        self._reasons: dict[tuple[str, str, str | None], tuple[int, str, str]] = {}

    def add(self, mention: Mention, quote: Callable[[], str]) -> None:
        """Look at a figure that the indicator does not take. quote: gives its sentence."""
        asked = plain(mention.subject or ""), mention.kind, mention.unit
        if asked not in self._times and (why := min(self._reasons_of(*asked), default=None)):
            self._reasons[asked] = (*why, quote())
        self._times[asked] += 1

    def found(self) -> list[Near]:
        """The nearest first, of these the most frequent."""
        order = sorted(self._reasons, key=lambda one: (self._reasons[one][0], -self._times[one], one[0]))
        return [Near(*one, self._times[one], *self._reasons[one][1:]) for one in order]

    def _reasons_of(self, subject: str, kind: str, unit: str | None) -> Iterator[tuple[int, str]]:
        """How far a subject is, and why it is not taken."""
        for word in self._concept.names if subject else ():
            if len(word) >= _SHORTEST and subject.endswith(word):
                yield 0, self._at_the_end(word, subject, kind, unit)
            elif len(word) >= _SHORTEST and word in subject:
                yield 1, f"has {word} within; a subject is matched by its end"
            elif SequenceMatcher(None, word, subject, autojunk=False).ratio() >= _ALIKE:
                yield 2, f"is like {word}, and is another word"

    def _at_the_end(self, word: str, subject: str, kind: str, unit: str | None) -> str:
        match = self._concepts.find(subject, kind, unit_code(kind, unit))
        if match is None:
            return f"ends with {word}, with another unit"
        if match.concept.code != self._concept.code:
            return f"ends with {word}; the longer {match.words} names {match.concept.code}"
        return f"ends with {word}; its measure, breakdown, place or period is another"


def unused(claimed: Mapping[str, int], indicators: Mapping[str, Indicator]) -> list[str]:
    """The indicators that nothing was read as, by id."""
    return [name for name in indicators if not claimed.get(name)]
