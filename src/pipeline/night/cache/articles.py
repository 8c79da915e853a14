"""The articles of a run: the cache brought up to date with raw/, without reading unchanged files again.

However many articles there are, only the texts of one transaction are in memory.
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
from pipeline.night.cache.database import Cache, CachedArticle, text_digest
from pipeline.night.cache.json_records import dump
from pipeline.night.inputs import source_digest, source_digests
from pipeline.night.run import Tick
from pipeline.releases.stable_ids import CurrentArticle, LastRelease
from pipeline.settings import READ_OPTIONS, ReadOptions
from pipeline.texts.folders import is_file, is_link
from pipeline.texts.formats import is_converted
from pipeline.texts.sidecar import SIDECAR
from pipeline.texts.source import Source, document_id, read_file, with_derived

_BATCH_ARTICLES, _BATCH_CHARACTERS = 2000, 4_000_000
"""Articles that are committed together, or fewer of so many characters: a killed run loses no more."""

Convert = Callable[[Sequence[Path], Path], Iterator[tuple[Path, Iterable[Source]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedArticles:
    """The articles of a run, in the cache."""

    cache: Cache
    excluded: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Duplicates, and articles that a decision drops: by id, the fields that `Source` has instead."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By status."""
    changing: tuple[str, ...] = ()
    """Files that were written to while they were read, so that their content here is undefined."""
    last_release: LastRelease = field(default_factory=lambda: LastRelease(None))
    """By which articles and figures keep their ids."""

    def status(self, article: CachedArticle) -> str:
        """The status of `Source`."""
        excluded = self.excluded.get(article.document_id)
        return str(excluded["status"]) if excluded else article.status

    def sources(self, articles: Sequence[CachedArticle]) -> Iterator[Source]:
        """Articles without their mastheads; with the texts of those that are read."""
        texts = self.texts([each.document_id for each in articles if self.status(each) == "read"])
        for article in articles:
            name = article.document_id
            yield replace(article.source, text=texts.get(name, ""), **self.excluded.get(name, {}))

    def texts(self, names: Sequence[str]) -> dict[str, str]:
        """The decoded texts of articles, by document_id."""
        found = self.cache.texts(names)
        return {name: content.decode("utf-8", "surrogatepass") for name, content in found.items()}


def _read_files(
    paths: Sequence[Path], raw: Path, options: ReadOptions = READ_OPTIONS
) -> Iterator[tuple[Path, Iterable[Source]]]:
    """The sources of files, read in this process."""
    return ((path, read_file(path, raw, options)) for path in paths)


def update_cache(
    cache: Cache, raw: Path, paths: Sequence[Path], rules: str, decisions: ActiveDecisions,
    log: DecisionLog, tick: Tick, convert: Convert = _read_files,
    options: ReadOptions = READ_OPTIONS, last_release: LastRelease | None = None,
    digests: Mapping[Path, bytes] | None = None,
) -> CachedArticles:  # fmt: skip
    """Bring the cache up to date with raw/.

    paths: those of `find_sources`. rules: digest of the code that reads them. log: is given
    what became of decisions on documents. convert: reads files whose format another library
    converts. last_release: by which articles that were renamed keep their ids. digests: those of
    `source_digests`, where the caller has them already.
    """
    last_release = last_release or LastRelease(None)
    digests = source_digests(raw) if digests is None else digests
    with cache.writing():  # each starts with the id that its path gives it
        cache.rename({name: path_id for name, path_id in cache.names().items() if name != path_id})
    read_by, previous = f"{rules} {options}", cache.signatures()
    names = {path: os.fsencode(path.relative_to(raw)) for path in paths}
    signatures = {path: _signature(path, digests.get, read_by) for path in paths}
    changed = [p for p in paths if not signatures[p] or signatures[p] != previous.get(names[p])]
    converted = [path for path in changed if is_converted(path.name)]
    plain = [path for path in changed if not is_converted(path.name)]
    read = chain(_read_files(plain, raw, options), convert(converted, raw) if converted else ())
    changing = []
    digest_again = partial(source_digest, inside=raw.resolve())
    for done, (path, sources) in enumerate(read, len(paths) - len(changed) + 1):
        name, signature = names[path], signatures[path]
        count, readable = _store_file(cache, iter(sources), name)
        if signature != _signature(path, digest_again, read_by):
            changing.append(os.fsdecode(name))
        elif readable and signature:
            with cache.writing():
                cache.sign(name, signature, count)
        tick(done, len(paths))
    with cache.writing():
        # A file that could not be read has articles here and no signature.
        for removed in (previous.keys() | cache.paths()) - {*names.values()}:
            cache.forget(removed)
        cache.rename(last_release.kept_document_ids(cache.names().keys(), partial(_named, cache)))
    dropped = _dropped(cache, decisions, log)
    excluded = _duplicates(cache, dropped, last_release) | dropped
    statuses = cache.statuses() | {name: fields["status"] for name, fields in excluded.items()}
    return CachedArticles(
        cache=cache, excluded=excluded, counts=dict(Counter(statuses.values())),
        changing=tuple(changing), last_release=last_release,
    )  # fmt: skip


def _signature(path: Path, digest: Callable[[Path], bytes | None], read_by: str) -> bytes | None:
    """Digest of all that a file's articles are made of; None where it has to be read in any case."""
    if is_link(path) or not is_file(path):
        return None
    sidecar = path.with_suffix(SIDECAR)
    parts = (digest(path), digest(sidecar) if is_file(sidecar) else b"")
    return hashlib.sha256(repr((read_by, *parts)).encode("utf-8", "surrogatepass")).digest()


def _store_file(cache: Cache, sources: Iterator[Source], name: bytes) -> tuple[int, bool]:
    """Replace a file's articles in the cache: how many they are, and whether the file could be read.

    Where it could not, the next run tries again, even if no byte of it has changed.
    """
    count, readable = 0, True
    with cache.writing():
        cache.forget(name)
    while batch := list(_next_batch(sources)):
        with cache.writing():
            _store_articles(cache, batch, name, count)
        count += len(batch)
        readable &= not any(each.status == "quarantined" and "#" not in each.path for each in batch)
    return count, readable


def _next_batch(sources: Iterator[Source]) -> Iterator[Source]:
    """The sources to be committed next."""
    characters = 0
    for source in islice(sources, _BATCH_ARTICLES):
        yield source
        characters += len(source.text)
        if characters > _BATCH_CHARACTERS:
            return


def _store_articles(cache: Cache, sources: Sequence[Source], name: bytes, first: int) -> None:
    """Store articles of a file, from position `first`; one whose id is taken is quarantined."""
    articles = [_cached(source, name, position) for position, source in enumerate(sources, first)]
    if cache.put(articles):
        return
    for (article, text), source in zip(articles, sources, strict=True):
        if not cache.put([(article, text)]):
            path, _, record = source.path.partition("#")
            reason = f"the id {record} stands twice in its file; give each article its own"
            other_id = document_id(path, f"{record}\0{article.position}")
            second = replace(
                source, document_id=other_id, text="", encoding=None, status="quarantined", reason=reason
            )
            cache.put([_cached(second, name, article.position)])


def _cached(source: Source, path: bytes, position: int) -> tuple[CachedArticle, bytes]:
    metadata = dump([replace(source, document_id="", text="")])
    text = source.text.encode("utf-8", "surrogatepass")
    name = source.document_id
    return CachedArticle(name, name, path, position, source.status, text_digest(text), metadata), text


def _named(cache: Cache, name: str) -> CurrentArticle | None:
    """What identifies an article that is read; None for any other."""
    (article,) = cache.articles(name, name + "\0")
    if article.status != "read":
        return None
    return CurrentArticle(name, article.path, article.position, article.source.sha256)


def _dropped(cache: Cache, decisions: ActiveDecisions, log: DecisionLog) -> dict[str, dict[str, Any]]:
    """Articles that a decision drops."""
    articles, found = CachedArticles(cache=cache), {}
    for name in sorted(decisions.changing("document")):
        for source in articles.sources([*cache.articles(name, name + "\0")]):
            with suppress(Exception):  # extracting it, which comes later, reports the error
                source = with_derived(source)
            (amended,) = apply_corrections("document", [(name, source)], decisions, log)
            if amended.status == "dropped":
                found[name] = {"status": amended.status, "reason": amended.reason}
    return found


def _duplicates(
    cache: Cache, dropped: Mapping[str, Any], last_release: LastRelease
) -> dict[str, dict[str, Any]]:
    """Articles with the text of another, which the last release read, or which is first by its path."""
    found = {}
    for group in cache.repeated():
        articles = [article for article in group if article.document_id not in dropped]
        articles.sort(key=lambda article: article.document_id not in last_release.read_documents)
        for article in articles[1:]:
            first = articles[0].source
            found[article.document_id] = {
                "status": "duplicate",
                "reason": f"the same text as {first.path}; delete one of them",
                "duplicate_of": first.document_id,
            }
    return found
