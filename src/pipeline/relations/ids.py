"""Ids of quantities and equations that stay as they are while their sentence does."""

from __future__ import annotations

from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from pipeline.numbers.extract import Reading
from pipeline.numbers.mention import STATISTICAL
from pipeline.relations.relation import Relation
from pipeline.texts.decode import utf8

_ID = 10
"""Bytes of the digest that an id is: sixteen letters, none of them filled up."""


def quantity_ids(document_id: str, reading: Reading, *, every: bool = False) -> list[str]:
    """An id for every quantity of a reading, in the order of its mentions; "" for what is none.

    Made from the document, the sentence's characters, its number among equal sentences and the place in it:
    a change of other sentences does not change it.
    every: give one to each mention; that is for equations, which know cells of tables too.
    """
    text, sentences = reading.flow.text, reading.flow.sentences
    seen: dict[str, int] = {}
    places: list[int] = []
    digests: list[bytes] = []
    sentence, begin, wording, stem = -1, 0, "", None
    for place, mention in enumerate(reading.mentions):
        if mention.sentence != sentence:
            sentence, stem = mention.sentence, None
            begin, stop = sentences[sentence]
            wording = text[begin:stop].rstrip()
            begin, wording = begin + len(wording) - len(wording.lstrip()), wording.lstrip()
            seen[wording] = seen.get(wording, -1) + 1
        if not every and mention.kind not in STATISTICAL:
            continue
        if stem is None:
            stem = blake2b(utf8(f"{document_id}\0{seen[wording]}\0{wording}\0"), digest_size=_ID)
        digest = stem.copy()
        digest.update(b"%d" % (mention.begin - begin))
        places.append(place)
        digests.append(digest.digest())
    ids = [""] * len(reading.mentions)
    for place, name in zip(places, _as_ids("q", digests), strict=True):
        ids[place] = name
    return ids


def relation_ids(document_id: str, relations: Iterable[Relation], keys: Sequence[str]) -> list[str]:
    """An id for every relation of a document: from its kind and its figures' ids, as stable as these."""
    seen: Counter[str] = Counter()
    digests = []
    for relation in relations:
        figures = " ".join(keys[operand] for operand in relation.operands)
        key = f"{document_id}\0{relation.relation}\0{figures}"
        digests.append(blake2b(utf8(f"{key}\0{seen[key]}"), digest_size=_ID).digest())
        seen[key] += 1
    return _as_ids("r", digests)


def _as_ids(prefix: str, digests: Sequence[bytes]) -> list[str]:
    """Ids of letters and digits that begin with a letter: a spreadsheet takes them for no numbers."""
    letters = b32encode(b"".join(digests)).decode().lower()
    size = _ID * 8 // 5
    return [prefix + letters[at : at + size] for at in range(0, len(letters), size)]
