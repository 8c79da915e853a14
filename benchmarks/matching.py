"""What matching statistics costs beside extraction, with the concept list as it is and with 5,000 concepts.

    python benchmarks/matching.py FILE.jsonl.gz [ARTICLES]

Every so manieth article of the file, read and matched in one process, some at a time, in CPU time: a loaded
machine changes little. The longer list has made-up concepts beside those of the catalog, each with the names
of one of these and a word before them, so that look-ups go as far as they do for real ones.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

from pipeline.frames.reading import read_each
from pipeline.numbers.extract import Reading
from pipeline.project import packaged_path
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.matcher import Matcher
from pipeline.texts.source import Source

WANTED = 5_000
TOGETHER = 40
"""Articles that are read, and then matched, in turn: what else the machine does then slows both alike."""
ABOUT = Source(path="d", sha256="", document_id="d", issued=date(2024, 7, 1))


def main(path: Path, articles: int) -> None:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    texts = texts[:: max(1, len(texts) // articles)]
    first = list(read_each(texts[:20]))  # load what reading needs
    catalog = load_catalog(packaged_path("catalog"))
    matchers = {len(one.concepts.concepts): Matcher(one) for one in (catalog, longer(catalog))}
    for matcher in matchers.values():
        spent(matcher, first)  # load what matching needs
    figures, extraction, matching = 0, 0.0, dict.fromkeys(matchers, 0.0)
    for at in range(0, len(texts), TOGETHER):
        began = process_time()
        readings = list(read_each(texts[at : at + TOGETHER]))
        extraction += process_time() - began
        figures += sum(m.statistical for reading in readings for m in reading.mentions)
        for size, matcher in matchers.items():
            matching[size] += spent(matcher, readings)
    print(f"{len(texts)} articles, {figures} figures: extraction {extraction:.1f} s of a core")
    for size, seconds in matching.items():
        print(f"matching with {size:,} concepts {seconds:.1f} s, {seconds / extraction:.2f} of extraction")


def longer(catalog: Catalog) -> Catalog:
    """The catalog with so many concepts as are wanted."""
    known = list(catalog.concepts.concepts.values())
    more = [
        replace(
            one,
            code=f"{one.code}_more",
            zh=f"别处{one.zh}",
            also=tuple(f"别处{name}" for name in one.also),
            bare=(),
        )
        for one in known[: WANTED - len(known)]
    ]
    return replace(catalog, concepts=catalog.concepts.with_concepts(*more))


def spent(matcher: Matcher, readings: Sequence[Reading]) -> float:
    """Seconds of a core that matching some readings takes."""
    began = process_time()
    for reading in readings:
        matcher.match(reading.flow, reading.mentions, [str(i) for i in range(len(reading.mentions))], ABOUT)
    return process_time() - began


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
