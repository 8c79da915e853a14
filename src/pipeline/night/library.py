"""The library: every text below raw/ as it is tonight, brought up to date and not read anew.

A file whose bytes and sidecar are as they were is not opened again; its texts are in the
store. Nothing here holds more texts than are committed together, however many there are.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.decisions import Docket, Log, amend_sources
from pipeline.night.seals import size_of, unpack_text
from pipeline.night.store import Store, Text
from pipeline.texts.sidecar import SIDECAR
from pipeline.texts.source import Source, document_id, read_file, with_masthead

_AT_ONCE, _LONG = 2000, 4_000_000
"""Texts that are committed together, and the characters of them at which there are enough:
a run that is killed has lost these at most."""

_MANY = 2_000_000
"""Bytes of new files, packed or not, that are many."""

_ABOUT = tuple(each.name for each in fields(Source) if each.name != "text")

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)

Tick = Callable[[int, int], None]


class Stored(NamedTuple):
    """A document as the store has it: other processes and machines unpack it for themselves."""

    about: bytes
    body: bytes | None
    """Its text, packed; None where it is not read."""
    refused: Mapping[str, Any] | None
    """What `Source` says of it, where it is there and not read."""

    @property
    def size(self) -> int:
        """Bytes of its text."""
        return size_of(self.body) if self.body else 0

    def source(self) -> Source:
        """What is known of it, without its masthead; with its text, where it is read."""
        source = _source(self.about, unpack_text(self.body) if self.body else "")
        return replace(source, **self.refused) if self.refused else source


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The texts of a night."""

    store: Store
    refused: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Documents that are there and not read, as duplicates or by decision: what `Source` says of them."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Documents by status."""
    changing: tuple[str, ...] = ()
    """Files that were written to while they were read: what is here is neither as before nor as after."""

    def seals(self, first: str = "", end: str = "~") -> Iterator[tuple[str, bytes]]:
        """A digest of what is known of each document, its text among it, in the order of ids."""
        for name, seal in self.store.seals(first, end):
            refused = self.refused.get(name)
            yield name, seal + json.dumps(refused, sort_keys=True).encode() if refused else seal

    def status(self, text: Text) -> str:
        """The status that `Source` says."""
        refused = self.refused.get(text.document_id)
        return str(refused["status"]) if refused else text.status

    def stored(self, texts: Sequence[Text]) -> Iterator[Stored]:
        """Documents as the store has them, taken from it at once."""
        bodies = self.store.bodies([text.document_id for text in texts if self.status(text) == "read"])
        for text in texts:
            name = text.document_id
            yield Stored(text.about, bodies.get(name), self.refused.get(name))

    @property
    def texts(self) -> Texts:
        """The texts of the documents that are read, each taken from the store when it is asked for."""
        return Texts(self)


class Texts(Mapping[str, str]):
    """Decoded texts by document_id, in its order; none is held."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(self._names(name, name + "\0"))

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return self._library.store.text(name)

    def several(self, names: Sequence[str]) -> dict[str, str]:
        """The texts of these documents, which are read, at once."""
        return {name: unpack_text(body) for name, body in self._library.store.bodies(names).items()}

    def __iter__(self) -> Iterator[str]:
        return self._names()

    def __len__(self) -> int:
        return self._library.counts.get("read", 0)

    def _names(self, *within: str) -> Iterator[str]:
        refused = self._library.refused
        for text in self._library.store.texts(*within):
            if text.status == "read" and text.document_id not in refused:
                yield text.document_id


def bring_in(
    store: Store, raw: Path, paths: list[Path], rules: str, docket: Docket, log: Log, tick: Tick,
    many: Callable[[], None] = lambda: None,
) -> Library:  # fmt: skip
    """Bring the store up to date with raw/.

    paths: those of `find_sources`. rules: digest of the code that reads them. log: told
    what became of decisions on documents. many: called where so much is new that several
    processes will read it.
    """
    known, seen, changing, new = store.signatures(), set(), [], 0
    for number, path in enumerate(paths, 1):
        name = os.fsencode(path.relative_to(raw))
        seen.add(name)
        signature = _signature(path, raw, rules)
        if signature is None or known.get(name) != signature:
            new += _size(path)
            if new > _MANY:
                many()
            sound = _read(store, path, raw, name)
            if signature != _signature(path, raw, rules):
                changing.append(os.fsdecode(name))
            elif sound and signature:
                with store.writing():
                    store.sign(name, signature)
        tick(number, len(paths))
    with store.writing():
        for gone in (known.keys() | store.paths()) - seen:  # what could not be read has no signature
            store.forget(gone)
    refused = _duplicates(store, dropped := _dropped(store, docket, log)) | dropped
    counts = Counter(
        refused.get(text.document_id, {"status": text.status})["status"] for text in store.texts()
    )
    return Library(store=store, refused=refused, counts=dict(counts), changing=tuple(changing))


def _signature(path: Path, raw: Path, rules: str) -> bytes | None:
    """Digest of all that a file's texts are made of; None where it has to be looked at in any case."""
    whole = hashlib.sha256(rules.encode())
    try:
        if path.is_symlink() or not path.resolve().is_relative_to(raw.resolve()) or not path.is_file():
            return None
        for part in (path, path.with_suffix(SIDECAR)):
            if part.is_file():
                with part.open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
    except (OSError, RuntimeError):
        return None
    return whole.digest()


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _read(store: Store, path: Path, raw: Path, name: bytes) -> bool:
    """Put a file's texts in the place of those from before.

    False where the file could not be read: the next night it may be, with no byte of it changed.
    """
    sources, place, sound = read_file(path, raw), 0, True
    with store.writing():
        store.forget(name)
    while some := list(_some(sources)):
        with store.writing():
            _put(store, some, name, place)
        place += len(some)
        sound = sound and not any(each.status == "quarantined" and "#" not in each.path for each in some)
    return sound


def _some(sources: Iterator[Source]) -> Iterator[Source]:
    """The next sources, as many as are committed together."""
    characters = 0
    for source in islice(sources, _AT_ONCE):
        yield source
        characters += len(source.text)
        if characters > _LONG:
            return


def _put(store: Store, sources: Sequence[Source], name: bytes, place: int) -> None:
    """Keep sources, the first of which stands at that place; one whose id is taken is quarantined."""
    told = [(_text(source, name, number), source.text) for number, source in enumerate(sources, place)]
    if store.put(told):
        return
    for one, source in zip(told, sources, strict=True):
        if not store.put([one]):
            path, _, record = source.path.partition("#")
            reason = f"the id {record} stands twice in its file; give each article its own"
            other = document_id(path, f"{record}\0{one[0].place}")
            source = replace(
                source, document_id=other, text="", encoding=None, status="quarantined", reason=reason
            )
            store.put([(_text(source, name, one[0].place), "")])


def _text(source: Source, path: bytes, place: int) -> Text:
    said = {name: said for name in _ABOUT if (said := getattr(source, name)) is not None}
    if source.issued:
        said["issued"] = source.issued.isoformat()
    about = _JSON.encode(said).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(source.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Text(source.document_id, path, place, source.status, digest, about)


def _source(about: bytes, text: str = "") -> Source:
    said = json.loads(about.decode("utf-8", "surrogatepass"))
    if "issued" in said:
        said["issued"] = date.fromisoformat(said["issued"])
    return Source(**said, text=text)


def _dropped(store: Store, docket: Docket, log: Log) -> dict[str, dict[str, Any]]:
    """Documents that a decision takes out."""
    library, found = Library(store=store), {}
    for name in sorted(docket.targets("document")):
        for stored in library.stored([*store.texts(name, name + "\0")]):
            source = stored.source()
            with suppress(Exception):  # reading it, which comes later, says what is wrong
                source = with_masthead(source)
            (amended,) = amend_sources([source], docket, log)
            if amended.status == "dropped":
                found[name] = {"status": amended.status, "reason": amended.reason}
    return found


def _duplicates(store: Store, dropped: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Documents whose text came before, in the order of paths."""
    found = {}
    for group in store.repeated():
        left = [text for text in group if text.document_id not in dropped]
        for text in left[1:]:
            first = left[0]
            found[text.document_id] = {
                "status": "duplicate",
                "reason": f"the same text as {_source(first.about).path}; delete one of them",
                "duplicate_of": first.document_id,
            }
    return found
