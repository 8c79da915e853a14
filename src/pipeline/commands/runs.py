"""`wenshu runs`: the last runs with their outcomes, times and counts."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from pipeline.commands.terminal import aligned
from pipeline.errors import one_line
from pipeline.language import translate
from pipeline.night.inputs import read_record
from pipeline.night.run_record import is_locked_by_run
from pipeline.project import project_from_args
from pipeline.releases.store import ReleaseStore

_HEADS = ("run", "outcome", "version", "seconds", "numerals", "anew", "issues", "held", "note")


def run(args: Namespace) -> int:
    """Run `wenshu runs`: list the runs, the latest last, as a table or as JSON lines of whole records."""
    output = project_from_args(args).output
    entries = ReleaseStore(output).index()["runs"][-args.limit :]
    if not entries:
        print(translate("nothing has run yet; `wenshu run` is the first"), file=sys.stderr)
    records = [{**read_record(output, entry["run"]), **entry} for entry in entries]
    if not is_locked_by_run(output):  # a run recorded as running was killed, as the next one will record
        records = [r | {"outcome": "killed"} if r["outcome"] == "running" else r for r in records]
    if args.format == "jsonl":
        for record in records:
            print(json.dumps(record, ensure_ascii=False))
        return 0
    for line in aligned([_HEADS, *map(_cells, records)]) if records else ():
        print(line)
    return 0


def _cells(record: Mapping[str, Any]) -> tuple[str, ...]:
    stages = {stage["name"]: stage for stage in record.get("stages") or ()}
    counts = stages.get("extract", {}).get("counts", {})
    seconds = f"{sum(stage['seconds'] for stage in stages.values()):.1f}" if stages else ""
    held = sum((record.get("held") or {}).values())
    cells = (
        record["run"], record["outcome"], record.get("version"), seconds, counts.get("numerals"),
        counts.get("anew"), record.get("issues"), held or None, record.get("note"),
    )  # fmt: skip
    return tuple("" if cell is None else one_line(str(cell)) for cell in cells)
