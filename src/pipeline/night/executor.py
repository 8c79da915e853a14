"""The executor: who reads articles. This process alone, processes of this machine, or a Dask cluster.

Whoever does it, the rows are the same. An article over which a process is lost is quarantined,
and what else it had is read again; Ctrl-C stops after the works that are done, which are kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from pipeline.night.processes import Lost, Pool
from pipeline.night.reader import Done, Reader, Work
from pipeline.settings import Limits, ReadOptions
from pipeline.texts.source import Source, quarantined, read_file

_FEW, _PLAIN = 20_000, 6_000
"""Characters of texts, and numeral characters in them, that are read here sooner than other processes would
start, whatever else they hold: what costs time and room is numerals. Pages of prose have a tenth."""

_NUMERAL = re.compile("[0-9０-９〇零一二两三四五六七八九十百千万亿半数]")

_CONVERTED = 8
"""How many times as many bytes as its text the file of another library's format may have."""


def read_works(
    reader: Reader, works: Iterable[Work], processes: int | None = None, dask: str | None = None
) -> Iterator[Done]:
    """What comes of the works, in any order; they are taken as they are needed.

    processes: how many to use, by default one for each core that this process may use.
    dask: address of a cluster's scheduler. Raises `WenshuError` where it cannot be used.
    """
    few, queue = [], iter(works)
    size = numerals = 0
    while size <= _FEW and numerals <= _PLAIN and (work := next(queue, None)):
        few.append(work)
        texts = [task.source.text for task in work.tasks]
        size += sum(map(len, texts))
        numerals += sum(len(_NUMERAL.findall(text)) for text in texts)
    works = chain(few, queue)
    if dask:
        works = yield from _on_cluster(reader, works, dask)  # over what is left, workers died
    elif size <= _FEW and numerals <= _PLAIN:
        yield from map(reader, works)
        return
    pool: Pool[Work, Done] = Pool(reader, processes or cores(), reader.limits)
    for work, done in pool.map(works, lambda work: work.apart()):
        yield reader.refused(work, done.reason) if isinstance(done, Lost) else done


def _on_cluster(reader: Reader, works: Iterable[Work], dask: str) -> Generator[Done, None, list[Work]]:
    from pipeline.night.dask_executor import on_cluster

    left = []
    for came in on_cluster(reader, works, dask):
        if isinstance(came, Done):
            yield came
        else:
            left.append(came)
    return left


def read_files(
    processes: int | None, limits: Limits, options: ReadOptions, paths: Sequence[Path], raw: Path
) -> Iterator[tuple[Path, Iterable[Source]]]:
    """The sources of files, each read in a process that may be lost."""
    large = replace(options, largest=_CONVERTED * options.largest)
    pool: Pool[Path, list[Source]] = Pool(partial(_read_file, raw, large), processes or cores(), limits)
    for path, sources in pool.map(paths):
        yield path, [quarantined(path, raw, sources.reason)] if isinstance(sources, Lost) else sources


def _read_file(raw: Path, options: ReadOptions, path: Path) -> list[Source]:
    return list(read_file(path, raw, options))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
