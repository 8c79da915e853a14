"""The state of an article: what of its last reading still holds tonight."""

from __future__ import annotations

from typing import Literal, NamedTuple

State = Literal["keep", "rematch", "reread"]


class Keys(NamedTuple):
    """Digests of all that an article's rows follow from, but for decisions."""

    reading: bytes
    """Of its text, and of the code and lexicon that read it; empty where it is not to be read."""
    matching: bytes
    """Of all else that is known of it, and of the catalog."""


class Was(NamedTuple):
    """An article as it was last read."""

    keys: Keys
    mentions: bool
    """Whether there is something that it was read to: not where it was quarantined, or no text to read."""
    decided: bool
    """Whether a decision touched its figures, or does tonight."""


def state(was: Was | None, now: Keys) -> State:
    """What is to be done about an article.

    keep: its rows are right as they are. rematch: its numerals are, while the catalog, its
    metadata or a decision may be other. reread: its text, or what reads it, is another.
    """
    if was is None or was.keys.reading != now.reading:
        return "reread"
    if was.keys.matching == now.matching and not was.decided:
        return "keep"
    return "rematch" if was.mentions or not now.reading else "reread"
