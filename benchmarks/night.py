"""What a night over the page costs: wall time of `wenshu run`, and of its stages.

    python benchmarks/night.py [REPEATS]

Each repeat is a fresh project: a first run, a second with nothing new, and a third over
a misprint. The fastest of each is printed, for other work on the machine only adds.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

PAGE = Path(__file__).parents[1] / "raw" / "2020-07-08_zhongyuan_M03.txt"
COMMAND = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main(['run']))"]
STAGES = ("ingest", "extract", "derive", "validate", "publish")

Times = dict[str, float]


def main(repeats: int) -> None:
    nights: dict[str, list[Times]] = {}
    for _ in range(repeats):
        for outcome, times in repeat():
            nights.setdefault(outcome, []).append(times)
    heads = ("wall", *STAGES, "stages", "start-up and Prefect")
    print(f"{'':12}" + "".join(f"{head:>{len(head) + 3}}" for head in heads))
    for outcome, measured in nights.items():
        best = min(measured, key=lambda times: times["wall"])
        stages = sum(best.get(stage, 0) for stage in STAGES)
        shown = (best["wall"], *(best.get(stage, 0) for stage in STAGES), stages, best["wall"] - stages)
        cells = (f"{n:{len(head) + 3}.2f}" for n, head in zip(shown, heads, strict=True))
        print(f"{outcome:12}" + "".join(cells))


def repeat() -> list[tuple[str, Times]]:
    """The three nights of a fresh project."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "raw" / "page.txt"
        page.parent.mkdir()
        shutil.copy(PAGE, page)
        nights = [run(folder), run(folder)]
        page.write_text(page.read_text(encoding="utf-8").replace("203个进入", "204个进入"), encoding="utf-8")
        return [*nights, run(folder)]


def run(folder: str) -> tuple[str, Times]:
    """One `wenshu run`: what it came to, and its times in seconds."""
    began = perf_counter()
    subprocess.run(COMMAND, cwd=folder, capture_output=True, check=False)
    wall = perf_counter() - began
    record = max(Path(folder).glob("output/runs/*/run.json"), key=lambda path: path.stat().st_mtime_ns)
    said = json.loads(record.read_text(encoding="utf-8"))
    return said["outcome"], {"wall": wall, **{stage["name"]: stage["seconds"] for stage in said["stages"]}}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
