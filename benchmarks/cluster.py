"""Two Dask workers against one: the time until all articles are read.

    python benchmarks/cluster.py FILE.jsonl.gz [ARTICLES]

A scheduler and its workers on loopback, each worker a process with one thread, none of
them the process that asks. Every measure is the second of two in its cluster, by when
the workers have imported what they need; a reading in this process stands beside it.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from pipeline.decisions.active import ActiveDecisions
from pipeline.night.cache.articles import CachedArticles, update_cache
from pipeline.night.cache.database import Cache
from pipeline.night.read_corpus import read_corpus
from pipeline.night.reader import Reader
from pipeline.project import packaged_path
from pipeline.texts.source import find_sources

PROCESS = [sys.executable, "-m"]


def main(path: Path, articles: int) -> None:
    with TemporaryDirectory(prefix="wenshu-bench-") as folder:
        home = Path(folder)
        (home / "raw").mkdir()
        with (
            gzip.open(path, "rt", encoding="utf-8") as file,
            gzip.open(home / "raw" / "articles.jsonl.gz", "wt", 1, encoding="utf-8") as out,
        ):
            out.writelines(islice(file, articles))
        print(f"{'in this process':24}{reading(home):6.1f} s", flush=True)
        seconds = []
        for workers in (1, 2):
            with cluster(home / f"cluster-{workers}", workers) as address:
                reading(home, address)
                seconds.append(reading(home, address))
            print(f"{f'Dask workers: {workers}':24}{seconds[-1]:6.1f} s", flush=True)
        print(f"two against one: {seconds[0] / seconds[1]:.2f} times as fast")


def reading(home: Path, address: str | None = None) -> float:
    """Seconds that it takes to read everything anew, the texts being in the cache."""
    cache = Cache(None)
    raw = home / "raw"
    articles = update_cache(cache, raw, find_sources(raw), "1", ActiveDecisions(), {}, lambda *_: None)
    began = perf_counter()
    gathered(articles, address)
    return perf_counter() - began


def gathered(articles: CachedArticles, address: str | None) -> None:
    reader = Reader.of(packaged_path("catalog"), ActiveDecisions())
    read_corpus(articles, reader, code="1", tick=lambda *_: None, processes=1, dask=address)


@contextmanager
def cluster(home: Path, workers: int) -> Iterator[str]:
    """A scheduler with so many workers; its address."""
    from distributed import Client

    home.mkdir()
    place = home / "scheduler.json"
    quiet = subprocess.DEVNULL
    scheduler = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    worker = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
    commands = [["distributed.cli.dask_scheduler", *scheduler]]
    commands += [["distributed.cli.dask_worker", *worker]] * workers
    started = [
        subprocess.Popen(
            [*PROCESS, *command, "--scheduler-file", str(place)], cwd=home, stdout=quiet, stderr=quiet
        )
        for command in commands
    ]
    try:
        while not place.exists():
            sleep(0.1)
        with Client(scheduler_file=str(place), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            address: str = client.scheduler.address
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
