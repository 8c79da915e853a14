"""The concept that a figure's subject names, once its region's name is taken off."""

from __future__ import annotations

from functools import lru_cache

from pipeline.concepts.concept import Match
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.patterns import CUES


class ConceptFinder:
    """Finds the concepts of mentions, with a cache by subject, kind and unit."""

    def __init__(self, catalog: Catalog) -> None:
        self._areas, self._concepts = catalog.areas, catalog.concepts
        self._by_subject = lru_cache(maxsize=50_000)(self._find_subject)

    def find(self, mention: Mention, before: str = "") -> Match | None:
        """The concept that a mention's subject names, or None.

        before: what stands before the subject in its clause; a name may begin there.
        """
        if before and mention.subject:
            unit = unit_code(mention.kind, mention.unit)
            each = (
                self._concepts.find_across(words, mention.subject, mention.kind, unit)
                for words in dict.fromkeys((before, without_adverbs(before)))
            )
            if across := max(filter(None, each), key=lambda match: len(match.words), default=None):
                return across
        return self._by_subject(mention.subject or "", mention.kind, mention.unit)

    def _find_subject(self, subject: str, kind: str, unit: str | None) -> Match | None:
        return self._concepts.find(self._without_region(subject), kind, unit_code(kind, unit))

    def _without_region(self, subject: str) -> str:
        """The subject without the regions that it begins with: 河南省农村居民 is 农村居民."""
        at = 0
        while at < len(subject):
            if word := CUES.own_region_name.match(subject, at):
                at = word.end()
                continue
            place = next(self._areas.find(subject, at, min(len(subject), at + 16)), None)
            if place is None or place.begin != at:
                break
            at = place.stop + subject.startswith("的", place.stop)
        return subject[at:] or subject


def without_adverbs(words: str) -> str:
    """Words without what may stand within a name: 铁路共发送 is 铁路发送."""
    return CUES.adverb.sub("", words)


def stated_measure(measure: str, kind: str, match: Match | None) -> str:
    """The measure, corrected by the end of the subject: a level of 工业增加值增速 is a growth."""
    if match and measure == "level" and kind == "percent":
        tails = (("growth", CUES.growth_tail), ("share", CUES.share_tail))
        return next((name for name, tail in tails if tail.search(match.tail)), measure)
    return measure
