"""Subjects that an indicator nearly matches, and why each is not its: what `catalog try` shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.concepts.concept_list import ConceptList, normalize_name
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.catalog_entries import Indicator

_SIMILAR = 0.6
"""Ratio of what two similar words have in common, at least."""
_MIN_NAME = 2
"""Characters of a name that is searched for in subjects, at least."""


class NearMiss(NamedTuple):
    """A subject, with its unit, that the names of an indicator's concept nearly match."""

    subject: str
    kind: str
    unit: str | None
    times: int
    reason: str
    quote: str
    """The first sentence, the mention in 【】."""


class NearMisses:
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
