"""Ids that stay from release to release: of renamed articles, and of figures whose sentence was edited.

An id is derived from a path, or from a sentence. Where these changed and what they identify did not, the id
in the last release is kept: it follows from raw/ and that release alone, whatever is cached.
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
"""In a release's provenance, by document: the id of each figure by the one derived from its sentence, where
these differ."""
DROPPED = "dropped"
"""In a release's provenance, by document: the figures that decisions dropped, each a `PreviousFigure`; no
table has them."""

_READ = ("read", "held", "dropped")
"""Statuses of documents that were read. A duplicate keeps no id: it may take over from what it repeated."""

_CANDIDATES = 8
"""Figures of the same text, in their order, that a figure of an edited sentence is compared with."""


class CurrentArticle(NamedTuple):
    """An article as it is in raw/ now."""

    document_id: str
    """Derived from its path."""
    path: bytes
    position: int
    """Its number in its file."""
    sha256: str


class PreviousFigure(NamedTuple):
    """A figure in the last release."""

    quantity_id: str
    text: str
    quote: str


class PreviousFigures(NamedTuple):
    """The figures of a document in the last release."""

    kept_ids: Mapping[str, str] = {}
    """Their ids, by those derived from their sentences, where these differ."""
    figures: tuple[PreviousFigure, ...] = ()
    """In their order, after those that decisions dropped; empty where the document's bytes are unchanged."""


class LastRelease:
    """The latest release below an output folder, as far as ids are kept from it; there may be none."""

    def __init__(self, output: Path | None) -> None:
        self._folder = ReleaseStore(output).latest_folder() if output else None
        provenance = ReleaseStore(output).provenance(self._folder.name) if output and self._folder else {}
        self._kept: Mapping[str, Mapping[str, str]] = provenance.get(KEPT, {})
        self._dropped: Mapping[str, Sequence[Sequence[str]]] = provenance.get(DROPPED, {})

    @cached_property
    def _documents(self) -> list[tuple[Any, ...]]:
        """Id, path, digest and status of every document, in the order of paths."""
        rows = self._rows("documents", ("document_id", "path", "sha256", "status"))
        return sorted(rows, key=lambda row: row[1])

    @cached_property
    def read_documents(self) -> frozenset[str]:
        """Ids of the documents that were read."""
        return frozenset(name for name, _, _, status in self._documents if status in _READ)

    def kept_document_ids(
        self, path_ids: Collection[str], article: Callable[[str], CurrentArticle | None]
    ) -> dict[str, str]:
        """The ids that articles keep, by the ids derived from their paths, where these differ.

        An article whose path the release does not have keeps the id of a document with the same bytes, if
        these are no longer at that document's path; any other keeps the id of its path's document.
        path_ids: of all articles. article: returns the one of an id, where it is read.
        """
        previous: dict[str, tuple[str, str]] = {}
        for kept_id, path, digest, status in self._documents:
            path_id = document_id(path)
            # Of two documents at one path it is the one whose id is derived from it.
            if status != "duplicate" and previous.get(path_id, ("",))[0] != path_id:
                previous[path_id] = kept_id, digest
        new = [it for name in path_ids if name not in previous and (it := article(name))] if previous else []
        wanted = {one.sha256 for one in new}
        moved: dict[str, deque[tuple[str, str]]] = defaultdict(deque)
        for path_id, (kept_id, digest) in previous.items():
            if digest in wanted and kept_id in self.read_documents:
                current = article(path_id) if path_id in path_ids else None
                if current is None or current.sha256 != digest:
                    moved[digest].append((path_id, kept_id))
        kept = {
            name: kept_id for name, (kept_id, _) in previous.items() if name in path_ids and name != kept_id
        }
        for one in sorted(new, key=lambda one: (one.path, one.position)):
            if moved[one.sha256]:
                path_id, kept[one.document_id] = moved[one.sha256].popleft()
                kept.pop(path_id, None)
        for taken in sorted(kept.values()):
            # By another article than the one at that path, which gets a new id.
            if taken in path_ids and taken not in kept:
                kept[taken] = "d" + sha256(taken.encode()).hexdigest()[:12]
        return kept

    def previous_figures(self, documents: Mapping[str, str]) -> dict[str, PreviousFigures]:
        """The previous figures of documents, each given with the digest of its bytes now."""
        previous = dict(self._rows("documents", ("document_id", "sha256"), documents))
        edited = [name for name, digest in documents.items() if previous.get(name, digest) != digest]
        figures = {name: [PreviousFigure(*row) for row in self._dropped.get(name, ())] for name in edited}
        for name, *cells in self._rows("quantities", ("document_id", *PreviousFigure._fields), edited):
            figures[name].append(PreviousFigure(*cells))
        return {
            name: PreviousFigures(self._kept.get(name, {}), tuple(figures.get(name, ())))
            for name in documents
            if name in self._kept or name in figures
        }

    def _rows(
        self, table: str, names: Sequence[str], documents: Collection[str] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Columns of a table, of these documents or of all."""
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        if self._folder is None or (documents is not None and not documents):
            return
        filters = None
        if documents is not None:  # the bounds let whole row groups be skipped
            name = pc.field("document_id")
            filters = (name >= min(documents)) & (name <= max(documents)) & name.isin(list(documents))
        path = self._folder / "data" / f"{table}.parquet"
        read = pq.read_table(path, columns=list(names), filters=filters)
        yield from zip(*(read[name].to_pylist() for name in names), strict=True)


def kept_figure_ids(ids: Sequence[str], reading: Reading, previous: PreviousFigures) -> dict[str, str]:
    """The ids that figures keep, by those derived from their sentences, where these differ.

    ids: of the reading's mentions, derived from their sentences. A figure keeps the id of one that is
    gone, of the same text, whose sentence is mostly the same.
    """
    current = set(ids)
    kept = {
        derived: name
        for derived, name in previous.kept_ids.items()
        if derived in current and name not in current
    }
    taken = current | set(kept.values())
    gone: dict[str, list[tuple[str, Counter[str]]]] = defaultdict(list)
    for figure in previous.figures:
        if figure.quantity_id not in taken:
            gone[figure.text].append((figure.quantity_id, _bigrams(figure.quote)))
    if not gone:
        return kept
    unchanged = {figure.quantity_id for figure in previous.figures} | kept.keys()
    statistical = [each for each in zip(ids, reading.mentions, strict=True) if each[1].kind in STATISTICAL]
    for (derived, mention), quote in zip(statistical, quoted_sentences(reading), strict=True):
        if derived in unchanged or mention.text not in gone:
            continue
        candidates, bigrams = gone[mention.text], _bigrams(quote)
        for number, (name, before) in enumerate(candidates[:_CANDIDATES]):
            if 2 * (bigrams & before).total() >= max(bigrams.total(), before.total()):
                kept[derived] = name
                del candidates[number]
                break
    return kept


def dropped_figures(
    ids: Sequence[str], reading: Reading, amended: Sequence[Mention]
) -> tuple[PreviousFigure, ...]:
    """The figures that decisions dropped, by which they are recognised once their sentence is edited.

    ids: of the reading's mentions. amended: the mentions after decisions.
    """
    gone = [after.kind != before.kind for before, after in zip(reading.mentions, amended, strict=True)]
    if not any(gone):
        return ()
    each = zip(ids, reading.mentions, gone, strict=True)
    statistical = [one for one in each if one[1].kind in STATISTICAL]
    quoted = zip(statistical, quoted_sentences(reading), strict=True)
    return tuple(PreviousFigure(name, mention.text, quote) for (name, mention, out), quote in quoted if out)


def _bigrams(quote: str) -> Counter[str]:
    """The pairs of adjacent characters of a sentence."""
    return Counter(map("".join, pairwise(quote)))
