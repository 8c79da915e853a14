"""Batches on a Dask cluster that stands already. Dask runs again what a worker that died had begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.night.reader import Done, Reader, Work
from pipeline.releases.files import tree_digest

_EACH = 3
"""Batches that wait for each thread of a worker."""

PATIENCE = 30
"""Seconds that a scheduler may take to answer."""


def on_cluster(reader: Reader, works: Iterable[Work], address: str) -> Iterator[Done | Work]:
    """What comes of the works, in any order; a work itself where workers died over it.

    Raises `WenshuError` where the scheduler does not answer, has no workers, or one of
    these has other code than this process.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise WenshuError("--dask needs distributed: pip install 'wenshu[dask]'") from error
    where = one_line(address)
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        raise WenshuError(
            f"--dask {where}: no scheduler answers there; start one, or leave --dask out"
        ) from error
    with client:
        _agree(client.run(code), where)
        threads = sum(client.nthreads().values())
        sent = client.scatter(reader, broadcast=True, hash=False)
        queue = iter(works)

        asked: dict[object, Work] = {}

        def submit(number: int) -> list[Any]:
            new = {
                client.submit(_do, sent, work, pure=False, retries=2): work for work in islice(queue, number)
            }
            asked.update(new)
            return list(new)

        running = distributed.as_completed(submit(threads * _EACH))
        for future in running:
            work = asked.pop(future)
            try:
                came: Done | Work = future.result()
            except distributed.KilledWorker:
                came = work
            future.release()
            for more in submit(1):
                running.add(more)
            yield came


def code() -> str:
    """Digest of the code that reads, as it is in the process that is asked."""
    return tree_digest(Path(__file__).parents[1])


def _agree(codes: dict[str, str], where: str) -> None:
    if not codes:
        raise WenshuError(
            f"--dask {where}: the cluster has no workers; start some with `dask worker {where}`"
        )
    others = sorted(worker for worker, theirs in codes.items() if theirs != code())
    if others:
        raise WenshuError(
            f"--dask {where}: {', '.join(map(one_line, others))} have another version of wenshu; install "
            "this one there, so that all read alike"
        )


def _do(reader: Reader, work: Work) -> Done:
    return reader(work)
