"""The articles of a night: raw/ as it is tonight, brought up to date in the cache and not read anew.

A file whose bytes and sidecar are as they were is not opened again. Nothing here holds more
texts than are committed together, however many there are.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pipeline.decisions.active import ActiveDecisions, DecisionLog
from pipeline.decisions.apply_corrections import apply_corrections
from pipeline.night.cache import Cache, Entry, text_digest
from pipeline.night.serial import dump
from pipeline.releases.stable_ids import CurrentArticle, LastRelease
from pipeline.settings import READ_OPTIONS, ReadOptions
from pipeline.texts.formats import is_converted
from pipeline.texts.sidecar import SIDECAR
from pipeline.texts.source import Source, document_id, read_file, with_derived

_AT_ONCE, _LONG = 2000, 4_000_000
"""Articles that are committed together, and the characters of them at which there are enough:
a run that is killed has lost these at most."""

Tick = Callable[[int, int], None]
Convert = Callable[[Sequence[Path], Path], Iterator[tuple[Path, Iterable[Source]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """The articles of a night."""

    cache: Cache
    refused: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Those that are there and not read, as duplicates or by decision: what `Source` says of them."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By status."""
    changing: tuple[str, ...] = ()
    """Files that were written to while they were read: what is here is neither as before nor as after."""
    last: LastRelease = field(default_factory=lambda: LastRelease(None))
    """By which articles and figures are known again."""

    def status(self, entry: Entry) -> str:
        """The status that `Source` says."""
        refused = self.refused.get(entry.document_id)
        return str(refused["status"]) if refused else entry.status

    def sources(self, entries: Sequence[Entry]) -> Iterator[Source]:
        """What is known of articles, without their mastheads; with the texts of those that are read."""
        texts = self.texts.several([entry.document_id for entry in entries if self.status(entry) == "read"])
        for entry in entries:
            name = entry.document_id
            yield replace(entry.source, text=texts.get(name, ""), **self.refused.get(name, {}))

    @property
    def texts(self) -> Texts:
        """The texts of the articles that are read, each taken from the cache when it is asked for."""
        return Texts(self)


class Texts(Mapping[str, str]):
    """Decoded texts by document_id, in its order; none is held."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(self._names(name, name + "\0"))

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return self.several([name])[name]

    def several(self, names: Sequence[str]) -> dict[str, str]:
        """The texts of these articles, which are read, at once."""
        found = self._articles.cache.texts(names)
        return {name: content.decode("utf-8", "surrogatepass") for name, content in found.items()}

    def __iter__(self) -> Iterator[str]:
        return self._names()

    def __len__(self) -> int:
        return self._articles.counts.get("read", 0)

    def _names(self, *within: str) -> Iterator[str]:
        for entry in self._articles.cache.entries(*within):
            if self._articles.status(entry) == "read":
                yield entry.document_id


def _here(
    paths: Sequence[Path], raw: Path, options: ReadOptions = READ_OPTIONS
) -> Iterator[tuple[Path, Iterable[Source]]]:
    """The sources of files, read in this process."""
    return ((path, read_file(path, raw, options)) for path in paths)


def bring_in(
    cache: Cache, raw: Path, paths: Sequence[Path], rules: str, decisions: ActiveDecisions,
    log: DecisionLog, tick: Tick, convert: Convert = _here, options: ReadOptions = READ_OPTIONS,
    last: LastRelease | None = None,
) -> Articles:  # fmt: skip
    """Bring the cache up to date with raw/.

    paths: those of `find_sources`. rules: digest of the code that reads them. log: told
    what became of decisions on documents. convert: gives the sources of files whose format
    another library reads. last: by which articles that were renamed are known again.
    """
    last = last or LastRelease(None)
    with cache.writing():  # each starts by the name that its path gives it
        cache.rename({name: own for name, own in cache.names().items() if name != own})
    made_by, before = f"{rules} {options}", cache.signatures()
    names = {path: os.fsencode(path.relative_to(raw)) for path in paths}
    now = {path: _signature(path, raw, made_by) for path in paths}
    altered = [path for path in paths if now[path] is None or now[path] != before.get(names[path])]
    foreign = [path for path in altered if is_converted(path.name)]
    own = [path for path in altered if not is_converted(path.name)]
    read = chain(_here(own, raw, options), convert(foreign, raw) if foreign else ())
    changing = []
    for done, (path, sources) in enumerate(read, len(paths) - len(altered) + 1):
        name, signature = names[path], now[path]
        number, sound = _put_all(cache, iter(sources), name)
        if signature != _signature(path, raw, made_by):
            changing.append(os.fsdecode(name))
        elif sound and signature:
            with cache.writing():
                cache.sign(name, signature, number)
        tick(done, len(paths))
    with cache.writing():
        # A file that could not be read has articles here and no signature.
        for gone in (before.keys() | cache.paths()) - {*names.values()}:
            cache.forget(gone)
        cache.rename(last.kept_document_ids(cache.names().keys(), partial(_named, cache)))
    refused = _duplicates(cache, dropped := _dropped(cache, decisions, log), last) | dropped
    counts = Counter((cache.statuses() | {name: said["status"] for name, said in refused.items()}).values())
    return Articles(cache=cache, refused=refused, counts=dict(counts), changing=tuple(changing), last=last)


def _signature(path: Path, raw: Path, made_by: str) -> bytes | None:
    """Digest of all that a file's articles are made of; None where it has to be looked at in any case."""
    whole = hashlib.sha256(made_by.encode("utf-8", "surrogatepass"))
    try:
        if path.is_symlink() or not path.resolve().is_relative_to(raw.resolve()) or not path.is_file():
            return None
        for part in (path, path.with_suffix(SIDECAR)):
            if part.is_file():
                with part.open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
    except (OSError, RuntimeError, ValueError):
        return None
    return whole.digest()


def _put_all(cache: Cache, sources: Iterator[Source], name: bytes) -> tuple[int, bool]:
    """Put a file's articles in the place of those from before: how many they are, and whether all is sound.

    It is not where the file could not be read: the next night it may be, with no byte of it changed.
    """
    place, sound = 0, True
    with cache.writing():
        cache.forget(name)
    while some := list(_some(sources)):
        with cache.writing():
            _put(cache, some, name, place)
        place += len(some)
        sound = sound and not any(each.status == "quarantined" and "#" not in each.path for each in some)
    return place, sound


def _some(sources: Iterator[Source]) -> Iterator[Source]:
    """The next sources, as many as are committed together."""
    characters = 0
    for source in islice(sources, _AT_ONCE):
        yield source
        characters += len(source.text)
        if characters > _LONG:
            return


def _put(cache: Cache, sources: Sequence[Source], name: bytes, place: int) -> None:
    """Keep sources, the first of which stands at that place; one whose id is taken is quarantined."""
    entries = [_entry(source, name, number) for number, source in enumerate(sources, place)]
    if cache.put(entries):
        return
    for (entry, text), source in zip(entries, sources, strict=True):
        if not cache.put([(entry, text)]):
            path, _, record = source.path.partition("#")
            reason = f"the id {record} stands twice in its file; give each article its own"
            other = document_id(path, f"{record}\0{entry.place}")
            twice = replace(
                source, document_id=other, text="", encoding=None, status="quarantined", reason=reason
            )
            cache.put([_entry(twice, name, entry.place)])


def _entry(source: Source, path: bytes, place: int) -> tuple[Entry, bytes]:
    known = dump([replace(source, document_id="", text="")])
    text = source.text.encode("utf-8", "surrogatepass")
    name = source.document_id
    return Entry(name, name, path, place, source.status, text_digest(text), known), text


def _named(cache: Cache, name: str) -> CurrentArticle | None:
    """An article, where it is read, as it may be known again."""
    (entry,) = cache.entries(name, name + "\0")
    return (
        CurrentArticle(name, entry.path, entry.place, entry.source.sha256) if entry.status == "read" else None
    )


def _dropped(cache: Cache, decisions: ActiveDecisions, log: DecisionLog) -> dict[str, dict[str, Any]]:
    """Articles that a decision takes out."""
    articles, found = Articles(cache=cache), {}
    for name in sorted(decisions.changing("document")):
        for source in articles.sources([*cache.entries(name, name + "\0")]):
            with suppress(Exception):  # reading it, which comes later, says what is wrong
                source = with_derived(source)
            (amended,) = apply_corrections("document", [(name, source)], decisions, log)
            if amended.status == "dropped":
                found[name] = {"status": amended.status, "reason": amended.reason}
    return found


def _duplicates(cache: Cache, dropped: Mapping[str, Any], last: LastRelease) -> dict[str, dict[str, Any]]:
    """Articles whose text another one has, which the last release read, or which comes first by its path."""
    found = {}
    for group in cache.repeated():
        left = [entry for entry in group if entry.document_id not in dropped]
        left.sort(key=lambda entry: entry.document_id not in last.read_documents)
        for entry in left[1:]:
            first = left[0].source
            found[entry.document_id] = {
                "status": "duplicate",
                "reason": f"the same text as {first.path}; delete one of them",
                "duplicate_of": first.document_id,
            }
    return found
