"""Dispatches articles: they are read in this process, in processes of this machine, or on a Dask cluster.

The rows are the same wherever they are read. Where a process dies over a batch, its articles
are read again one by one, and the one that it dies over is quarantined. After Ctrl-C the batches
that are done stay in the cache.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from pipeline.night.executors.processes import DeadProcess, ProcessPool
from pipeline.night.reader import Batch, BatchResult, Reader
from pipeline.settings import Limits, ReadOptions
from pipeline.texts.source import Source, quarantined, read_file

_FEW_CHARACTERS, _FEW_NUMERALS = 20_000, 6_000
"""Characters of texts, and numeral characters in them, that are read in this process, because others would
take longer to start. Numerals have a bound of their own: they cost the time. Prose has a tenth as many."""

_NUMERAL = re.compile("[0-9０-９〇零一二两三四五六七八九十百千万亿半数]")

_CONVERTED_SIZE = 8
"""How many times the size limit of a text applies to a file that another library converts."""


def read_batches(
    reader: Reader, batches: Iterable[Batch], processes: int | None = None, dask: str | None = None
) -> Iterator[BatchResult]:
    """The results of batches in any order; batches are taken as they are needed.

    processes: how many to use, by default one for each core that this process may use.
    dask: address of a cluster's scheduler. Raises `WenshuError` where it cannot be used.
    """
    first, remaining = [], iter(batches)
    characters = numerals = 0
    while _are_few(characters, numerals) and (batch := next(remaining, None)):
        first.append(batch)
        texts = [task.source.text for task in batch.tasks]
        characters += sum(map(len, texts))
        numerals += sum(len(_NUMERAL.findall(text)) for text in texts)
    batches = chain(first, remaining)
    if dask:
        batches = yield from _read_on_cluster(reader, batches, dask)
    elif _are_few(characters, numerals):
        yield from map(reader, batches)
        return
    pool: ProcessPool[Batch, BatchResult] = ProcessPool(reader, processes or cores(), reader.limits)
    for batch, result in pool.map(batches, lambda batch: batch.split()):
        yield reader.quarantine(batch, result.reason) if isinstance(result, DeadProcess) else result


def _are_few(characters: int, numerals: int) -> bool:
    return characters <= _FEW_CHARACTERS and numerals <= _FEW_NUMERALS


def _read_on_cluster(
    reader: Reader, batches: Iterable[Batch], dask: str
) -> Generator[BatchResult, None, list[Batch]]:
    """Returns the batches over which workers died, to be read on this machine."""
    from pipeline.night.executors.dask_cluster import read_on_cluster

    failed = []
    for result in read_on_cluster(reader, batches, dask):
        if isinstance(result, Batch):
            failed.append(result)
        else:
            yield result
    return failed


def read_files(
    processes: int | None, limits: Limits, options: ReadOptions, paths: Sequence[Path], raw: Path
) -> Iterator[tuple[Path, Iterable[Source]]]:
    """The sources of files, each read in a process that may die."""
    large = replace(options, largest=_CONVERTED_SIZE * options.largest)
    pool: ProcessPool[Path, list[Source]] = ProcessPool(
        partial(_read_file, raw, large), processes or cores(), limits
    )
    for path, sources in pool.map(paths):
        yield path, [quarantined(path, raw, sources.reason)] if isinstance(sources, DeadProcess) else sources


def _read_file(raw: Path, options: ReadOptions, path: Path) -> list[Source]:
    return list(read_file(path, raw, options))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
