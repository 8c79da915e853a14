"""Reads batches on a Dask cluster, which runs again what a worker that died had begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.night.reader import Batch, BatchResult, Reader
from pipeline.releases.files import code_digest

_QUEUED = 3
"""Batches that are submitted for each thread of a worker."""

CONNECT_SECONDS = 30
"""Seconds that a scheduler may take to answer."""


def read_on_cluster(reader: Reader, batches: Iterable[Batch], address: str) -> Iterator[BatchResult | Batch]:
    """The results of batches in any order; the batch itself where workers died over it.

    Raises `WenshuError` where the scheduler does not answer, has no workers, or one of
    these has other code than this process.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise WenshuError("--dask needs distributed: pip install 'wenshu[dask]'") from error
    where = one_line(address)
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, TimeoutError) as error:
        raise WenshuError(
            f"--dask {where}: no scheduler answers there; start one, or leave --dask out"
        ) from error
    with client:
        _check_code(client.run(code_digest), where)
        remote_reader = client.scatter(reader, broadcast=True, hash=False)
        remaining = iter(batches)
        by_future: dict[object, Batch] = {}

        def submit(count: int) -> list[Any]:
            futures = {
                client.submit(_read, remote_reader, batch, pure=False, retries=2): batch
                for batch in islice(remaining, count)
            }
            by_future.update(futures)
            return list(futures)

        running = distributed.as_completed(submit(sum(client.nthreads().values()) * _QUEUED))
        for future in running:
            batch = by_future.pop(future)
            try:
                result: BatchResult | Batch = future.result()
            except distributed.KilledWorker:
                result = batch
            future.release()
            for following in submit(1):
                running.add(following)
            yield result


def _check_code(digests: dict[str, str], where: str) -> None:
    if not digests:
        raise WenshuError(
            f"--dask {where}: the cluster has no workers; start some with `dask worker {where}`"
        )
    others = sorted(worker for worker, digest in digests.items() if digest != code_digest())
    if others:
        raise WenshuError(
            f"--dask {where}: {', '.join(map(one_line, others))} have another version of wenshu; install "
            "this one there, so that all read alike"
        )


def _read(reader: Reader, batch: Batch) -> BatchResult:
    return reader(batch)
