"""The crew: who does the batches. This process alone, processes of this machine, or a Dask cluster.

Whoever does them, what comes back is the same bytes. A worker that dies is replaced and
its batch done again; Ctrl-C stops after the batches that are done, which are kept.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import forkserver, get_context, parent_process
from typing import Any

from pipeline.errors import WenshuError
from pipeline.night.batch import Done, Reader, Work

_FEW = 1_200_000
"""Bytes of texts that are read sooner than other processes would start."""

_EACH = 2
"""Batches that wait for each worker, so that none of it waits for its next."""

_METHOD = "spawn" if sys.platform in ("win32", "darwin") else "forkserver"
_LOADED = ["pipeline.night.batch", "pyarrow.compute"]
"""What every worker needs, loaded once for all."""

_DEATHS = 3
"""Workers that may die one after another before a run gives up."""


def do(
    reader: Reader, works: Iterable[Work], processes: int | None = None, dask: str | None = None
) -> Iterator[Done]:
    """What comes of the works, in any order; they are taken as they are needed.

    processes: how many to use, by default one for each core that this process may use.
    dask: address of a cluster's scheduler. Raises `WenshuError` where workers keep dying,
    or the cluster cannot be used.
    """
    number = processes or cores()
    few, size, queue = [], 0, iter(works)
    for work in queue:
        few.append(work)
        size += sum(stored.size for stored, _ in work.documents)
        if size > _FEW:
            break
    works = chain(few, queue)
    if dask:
        from pipeline.night.cluster import on_cluster

        yield from on_cluster(reader, works, dask)
    elif number == 1 or size <= _FEW:
        yield from map(reader, works)
    else:
        yield from _by_processes(reader, works, number)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_processes(reader: Reader, works: Iterable[Work], number: int) -> Iterator[Done]:
    queue, deaths = iter(works), 0
    left: dict[str, Work] = {}
    while True:
        pool = _pool(reader, number)
        try:
            for done in _through(pool, left, queue, number * _EACH):
                deaths = 0
                yield done
            pool.shutdown()
            return
        except BrokenProcessPool as error:
            deaths += 1
            if deaths == _DEATHS:
                raise WenshuError(
                    f"processes that read articles die, {deaths} times by now; look for want of memory, or "
                    "run with --processes 1"
                ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _through(
    pool: ProcessPoolExecutor, left: dict[str, Work], queue: Iterator[Work], most: int
) -> Iterator[Done]:
    """Do what is left from a pool that broke, then what comes. left: the works that are not done."""
    running: set[Future[Done]] = {pool.submit(_do, work) for work in left.values()}
    while True:
        for work in islice(queue, max(0, most - len(running))):
            left[work.shard] = work
            running.add(pool.submit(_do, work))
        if not running:
            return
        finished, running = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            done = future.result()
            del left[done.shard]
            yield done


def warm() -> None:
    """Start the process that workers are forked from, which takes a second, beside what this one does."""
    if _METHOD == "forkserver":
        forkserver.set_forkserver_preload(_LOADED)
        forkserver.ensure_running()


def _pool(reader: Reader, number: int) -> ProcessPoolExecutor:
    warm()
    return ProcessPoolExecutor(number, get_context(_METHOD), initializer=_enter, initargs=(reader,))


_HERE: dict[str, Any] = {}


def _enter(reader: Reader) -> None:
    """A worker begins. Ctrl-C is its parent's to hear, and without its parent it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _HERE["reader"] = reader


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _do(work: Work) -> Done:
    done: Done = _HERE["reader"](work)
    return done
