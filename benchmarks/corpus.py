"""What a night over a corpus costs, as `wenshu run` runs it: time and memory of all its processes.

    python benchmarks/corpus.py FILE.jsonl.gz [TIMES]

The corpus is a file of articles, read as it is or TIMES over with every copy made
distinct. Four nights: the first, one with nothing new but one article, another such one,
whose gate knows a last release as the one before did not, and one that reads everything
anew. Beside them the two-core time of extraction alone, before and after, as the measure.
What counts is until the release stands; the site is built behind it.
Memory is what the run and every process it started have together without mapped files:
what two of them share counts twice. It is read from the kernel's counters five times a
second, for walking through the pages, as PSS would, slows the run to half.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import NamedTuple

import psutil

COMMAND = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main(sys.argv[1:]))"]
STAGES = ("ingest", "extract", "derive", "validate", "publish")
"""Until the release stands."""


class Night(NamedTuple):
    outcome: str
    wall: float
    stages: dict[str, float]
    peak: int
    """Bytes in memory, without mapped files."""


def main(path: Path, times: int) -> None:
    with TemporaryDirectory(prefix="wenshu-bench-") as folder:
        home = Path(folder)
        copy(path, home / "raw" / "articles.jsonl.gz", times)
        alone = extraction(home / "raw" / "articles.jsonl.gz")
        print(f"{'extraction alone, two processes':34}{alone:8.1f} s", flush=True)
        first = show("first night", night(home), alone)
        new = "全市新增绿化面积70万平方米，改造小区487个。"
        (home / "raw" / "new.txt").write_text(new, encoding="utf-8")
        second = show("one new article", night(home), alone)
        (home / "raw" / "newer.txt").write_text(f"又及：{new}", encoding="utf-8")
        third = show("one more, the night after", night(home), alone)
        show("everything anew (--full)", night(home, "--full"), alone)
        again = extraction(home / "raw" / "articles.jsonl.gz")
        print(f"{'extraction alone, once more':34}{again:8.1f} s")
        for name, found in (("one new article", second), ("one more", third)):
            print(f"{name} / first night: 1/{work(first) / work(found):.1f}")


def copy(path: Path, target: Path, times: int) -> None:
    target.parent.mkdir(parents=True)
    with gzip.open(path, "rt", encoding="utf-8") as file, gzip.open(target, "wt", 1, encoding="utf-8") as out:
        lines = file.readlines()
        for number in range(times):
            for line in lines:
                said = json.loads(line)
                if number:
                    said["text"] += f"\n第{number + 1}份。"
                said["id"] = f"{number}-{said.get('url')}"
                out.write(json.dumps(said, ensure_ascii=False) + "\n")


def extraction(path: Path) -> float:
    """Seconds that two processes take to extract every text, handing over counts alone."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(counted, [["全市12个"]] * 2))
        began = perf_counter()
        list(pool.map(counted, (texts[at : at + 200] for at in range(0, len(texts), 200))))
        return perf_counter() - began


def counted(texts: list[str]) -> int:
    from pipeline.frames.reading import read as extract

    return sum(len(extract(text).mentions) for text in texts)


def night(home: Path, *arguments: str) -> Night:
    began = perf_counter()
    quiet = subprocess.DEVNULL
    run = subprocess.Popen([*COMMAND, "run", *arguments], cwd=home, stdout=quiet, stderr=quiet)
    peak = [0]
    watcher = threading.Thread(target=watch, args=(run.pid, peak))
    watcher.start()
    run.wait()
    wall = perf_counter() - began
    watcher.join()
    record = max(home.glob("output/runs/*/run.json"), key=lambda path: path.stat().st_mtime_ns)
    said = json.loads(record.read_text(encoding="utf-8"))
    return Night(said["outcome"], wall, {s["name"]: s["seconds"] for s in said["stages"]}, peak[0])


def watch(pid: int, peak: list[int]) -> None:
    """Note the most memory that a process and those it started have together."""
    while True:
        try:
            parent = psutil.Process(pid)
            every = [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        peak[0] = max(peak[0], sum(map(own, every)))
        if parent.status() == psutil.STATUS_ZOMBIE:
            return
        sleep(0.2)


def own(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0
    said = dict(line.split(":", 1) for line in lines)
    return sum(int(said.get(name, "0 kB").split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))


def show(name: str, found: Night, alone: float) -> Night:
    parts = " ".join(f"{stage} {found.stages.get(stage, 0):.1f}" for stage in STAGES)
    print(
        f"{name:34}{found.wall:8.1f} s  {found.outcome}, stages {work(found):.1f} s ({parts}), "
        f"{work(found) / alone:.1f} times extraction, site {found.stages.get('site', 0):.1f} s, "
        f"{found.peak / 2**20:.0f} MiB",
        flush=True,
    )
    return found


def work(found: Night) -> float:
    """Seconds until the release stands, start-up of Prefect apart."""
    return sum(found.stages.get(stage, 0) for stage in STAGES)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
