"""What has to be done again for an article, by what its last reading was made from."""

from __future__ import annotations

from typing import Literal, NamedTuple

State = Literal["keep", "rematch", "reread"]


class Keys(NamedTuple):
    """Digests of everything that an article's rows follow from, except decisions."""

    reading: bytes
    """Of its text, and of the code and lexicon that read it; empty where it is not to be read."""
    matching: bytes
    """Of its metadata and the catalog."""


class PreviousReading(NamedTuple):
    """An article in the cache."""

    keys: Keys
    has_mentions: bool
    """False where it was quarantined, or was not to be read."""
    decided: bool
    """Whether a decision changed its figures, or would change them now."""


def state(previous: PreviousReading | None, keys: Keys) -> State:
    """What is to be done for an article whose keys are now these.

    keep: its rows are still right. rematch: its numerals are, but the catalog, its metadata or
    a decision has changed. reread: its text, or the code that reads it, has changed.
    """
    if previous is None or previous.keys.reading != keys.reading:
        return "reread"
    if previous.keys.matching == keys.matching and not previous.decided:
        return "keep"
    return "rematch" if previous.has_mentions or not keys.reading else "reread"
