"""Who is who since the last release: articles by another name, figures of sentences that were edited.

An id comes from a path, or from a sentence. Where these changed and what they name did not, the id
that the last release has stays: it follows from raw/ and that release alone, whatever a cache knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.numbers.extract import Reading
from pipeline.numbers.mention import STATISTICAL, Mention
from pipeline.releases.store import ReleaseStore
from pipeline.tables.mentions import quoted_sentences
from pipeline.texts.source import document_id

KEPT = "kept_ids"
"""What a release's provenance says of figures: by document, the id that each one's sentence gives, and
the one that it has, where these differ."""
DROPPED = "dropped"
"""And by document the figures that decisions dropped, each a `Figure`: no table has them."""

_READ = ("read", "held", "dropped")
"""Statuses of documents that were read. A duplicate is nobody: it may take over from what it repeated."""

_NEAR = 8
"""Figures of the same text, in their order, among which an edited sentence is looked for."""


class Named(NamedTuple):
    """An article of tonight."""

    document_id: str
    """As its path gives it."""
    path: bytes
    place: int
    """The how-manieth of its file."""
    sha256: str


class Figure(NamedTuple):
    """A figure as the last release has it."""

    quantity_id: str
    text: str
    quote: str


class Known(NamedTuple):
    """What the last release knows of a document's figures."""

    kept: Mapping[str, str] = {}
    """Ids that they have, by those that their sentences give, where these differ."""
    figures: tuple[Figure, ...] = ()
    """In their order, behind those that decisions dropped; empty where its bytes are what they were."""


class LastRelease:
    """The latest release below an output folder, as far as it is asked who is who; it may be none."""

    def __init__(self, output: Path | None) -> None:
        store = ReleaseStore(output) if output else None
        latest = store.latest() if store else None
        self._folder = store.folder(latest) if store and latest else None
        said = store.provenance(latest) if store and latest else {}
        self._kept: Mapping[str, Mapping[str, str]] = said.get(KEPT, {})
        self._dropped: Mapping[str, Sequence[Sequence[str]]] = said.get(DROPPED, {})

    @cached_property
    def _documents(self) -> list[tuple[Any, ...]]:
        """Id, path, digest and status of every document, in the order of paths."""
        rows = self._rows("documents", ("document_id", "path", "sha256", "status"))
        return sorted(rows, key=lambda row: row[1])

    @cached_property
    def read(self) -> frozenset[str]:
        """Ids of the documents that were read."""
        return frozenset(name for name, _, _, status in self._documents if status in _READ)

    def names(self, ids: Collection[str], article: Callable[[str], Named | None]) -> dict[str, str]:
        """The ids that tonight's articles keep, by those that their paths give, where these differ.

        An article whose path the release does not know has the id of a document with the same bytes,
        where these stand at that one's own path no more; any other has the id of its path's document.
        ids: of all articles, as their paths give them. article: the one of an id, where it is read.
        """
        known: dict[str, tuple[str, str]] = {}
        gone: dict[str, deque[tuple[str, str]]] = defaultdict(deque)
        for name, path, digest, status in self._documents:
            own = document_id(path)
            if status != "duplicate" and known.get(own, ("",))[0] != own:  # of two: whose path it is
                known[own] = name, digest
        came = [one for own in ids if own not in known and (one := article(own))] if known else []
        wanted = {one.sha256 for one in came}
        for own, (name, digest) in known.items():
            if digest in wanted and name in self.read:
                there = article(own) if own in ids else None
                if there is None or there.sha256 != digest:
                    gone[digest].append((own, name))
        kept = {own: name for own, (name, _) in known.items() if own in ids and own != name}
        for one in sorted(came, key=lambda one: (one.path, one.place)):
            if gone[one.sha256]:
                own, kept[one.document_id] = gone[one.sha256].popleft()
                kept.pop(own, None)
        for name in sorted(kept.values()):  # whoever has come by the name that another had
            if name in ids and name not in kept:
                kept[name] = "d" + sha256(name.encode()).hexdigest()[:12]
        return kept

    def figures(self, documents: Mapping[str, str]) -> dict[str, Known]:
        """What is known of the figures of documents, each given with the digest of its bytes tonight."""
        were = dict(self._rows("documents", ("document_id", "sha256"), documents))
        edited = [name for name, digest in documents.items() if were.get(name, digest) != digest]
        found = {name: [Figure(*one) for one in self._dropped.get(name, ())] for name in edited}
        for name, *cells in self._rows("quantities", ("document_id", *Figure._fields), edited):
            found[name].append(Figure(*cells))
        return {
            name: Known(self._kept.get(name, {}), tuple(found.get(name, ())))
            for name in documents
            if name in self._kept or name in found
        }

    def _rows(
        self, table: str, names: Sequence[str], documents: Collection[str] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Columns of a table, of these documents or of all."""
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        if self._folder is None or (documents is not None and not documents):
            return
        mine = None
        if documents is not None:  # which rows may be passed over whole, their bounds tell
            name = pc.field("document_id")
            mine = (name >= min(documents)) & (name <= max(documents)) & name.isin(list(documents))
        path = self._folder / "data" / f"{table}.parquet"
        read = pq.read_table(path, columns=list(names), filters=mine)
        yield from zip(*(read[name].to_pylist() for name in names), strict=True)


def kept_ids(ids: Sequence[str], reading: Reading, known: Known) -> dict[str, str]:
    """The ids that figures keep, by those that their sentences give, where these differ.

    ids: of the reading's mentions, as their sentences give them. A figure keeps the id of one that is
    gone, of the same text, the wording around which is mostly the same.
    """
    here = set(ids)
    kept = {own: name for own, name in known.kept.items() if own in here and name not in here}
    taken = here | set(kept.values())
    gone: dict[str, list[tuple[str, Counter[str]]]] = defaultdict(list)
    for figure in known.figures:
        if figure.quantity_id not in taken:
            gone[figure.text].append((figure.quantity_id, _pairs(figure.quote)))
    there = {figure.quantity_id for figure in known.figures}
    said = iter(quoted_sentences(reading)) if gone else iter(())
    for own, mention in zip(ids, reading.mentions, strict=True):
        if not gone or mention.kind not in STATISTICAL:
            continue
        quote = next(said)
        if own in there or own in kept or mention.text not in gone:
            continue
        left, words = gone[mention.text], _pairs(quote)
        for number, (name, were) in enumerate(left[:_NEAR]):
            if 2 * (words & were).total() >= max(words.total(), were.total()):
                kept[own] = name
                del left[number]
                break
    return kept


def dropped(ids: Sequence[str], reading: Reading, amended: Sequence[Mention]) -> tuple[Figure, ...]:
    """The figures that decisions dropped, by which they are known again once their sentence is edited.

    ids: of the reading's mentions. amended: these, as decisions leave them.
    """
    gone = [left.kind != mention.kind for mention, left in zip(reading.mentions, amended, strict=True)]
    if not any(gone):
        return ()
    stating = [one for one in zip(ids, reading.mentions, gone, strict=True) if one[1].kind in STATISTICAL]
    said = zip(stating, quoted_sentences(reading), strict=True)
    return tuple(Figure(name, mention.text, quote) for (name, mention, out), quote in said if out)


def _pairs(quote: str) -> Counter[str]:
    """The characters of a sentence, two by two."""
    return Counter(map("".join, pairwise(quote)))
