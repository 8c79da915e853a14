"""Relations measured: false equations on shuffled texts, cost, linearity, accusations at scale.

usage: python benchmarks/relations.py [--shared ../shared] [--seeds 5] [--bulk]

Shuffled: a text's numbers change places with others of the same kind and unit. What
then holds is chance, except for equations whose parts only changed places among
themselves; those are counted apart, since they are still true.
Reach against the hand-made list is measured by ../shared/evaluation/score_relations.py.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from pipeline.frames.reading import read as extract
from pipeline.numbers.extract import Reading
from pipeline.relations import Relation, find_relations, relate

_NUMBER = re.compile(r"[\d.,．，０-９]+(?:万亿|亿|万|千)?")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--bulk", action="store_true", help="list every accusation over the bulk texts")
    args = parser.parse_args()
    folder = args.shared / "evaluation" / "development" / "texts"
    texts = [path.open(encoding="utf-8", newline="").read() for path in sorted(folder.glob("*.txt"))]
    if not texts:
        parser.exit(2, f"no texts in {folder}: give the folder of the evaluation texts with --shared\n")
    chance(texts, args.seeds)
    cost(texts)
    linear()
    if args.bulk:
        bulk(args.shared / "bulk" / "xinwenlianbo.jsonl.gz")


def chance(texts: Sequence[str], seeds: int) -> None:
    """False holds per 1,000 numerals."""
    counts: Counter[tuple[str, str]] = Counter()
    numerals = 0
    for text in texts:
        reading = extract(text)
        stated = {equation(r) for r in relate(reading)}
        for seed in range(seeds):
            mixed = extract(shuffled(text, reading, random.Random(seed)))
            numerals += len(mixed.mentions)
            for r in relate(mixed):
                what = "repeat" if r.relation == "repeat" else r.verdict
                counts[what, "still true" if equation(r) in stated else "chance"] += 1
    print(f"shuffled: {numerals} numerals")
    for (what, why), n in sorted(counts.items()):
        print(f"  {what:8} {why:10} {n:4}  {1000 * n / numerals:.2f} per 1,000 numerals")


def shuffled(text: str, reading: Reading, rng: random.Random) -> str:
    """The text with its numbers in other places, each with one of its kind, unit and shape."""
    groups: dict[tuple[str, str | None, bool], list[tuple[int, int]]] = {}
    for m in reading.mentions:
        number = _NUMBER.match(m.text)
        if number and m.statistical and m.value is not None:
            span = (m.start, m.start + number.end())
            groups.setdefault((m.kind, m.unit, "." in m.text), []).append(span)
    moved: list[tuple[int, int, str]] = []
    for spans in groups.values():
        numbers = [text[start:end] for start, end in spans]
        rng.shuffle(numbers)
        moved.extend((*span, number) for span, number in zip(spans, numbers, strict=True))
    pieces, at = [], 0
    for start, end, number in sorted(moved):
        pieces += [text[at:start], number]
        at = end
    return "".join([*pieces, text[at:]])


def equation(r: Relation) -> tuple[object, ...]:
    return r.relation, tuple(sorted(r.parts)), r.total


def cost(texts: Sequence[str]) -> None:
    """Time of relating beside that of reading, best of five."""
    reading_time = relating_time = float("inf")
    for _ in range(5):
        start = perf_counter()
        readings = [extract(text) for text in texts]
        middle = perf_counter()
        for reading in readings:
            relate(reading)
        reading_time = min(reading_time, middle - start)
        relating_time = min(relating_time, perf_counter() - middle)
    share = relating_time / reading_time
    print(f"cost: reading {reading_time:.3f} s, relating {relating_time:.3f} s, {share:.2f} as much")


LONG = {
    "one list": lambda n: "共" + "、".join(f"{i * 7 % 1009 + 1}个" for i in range(n)) + "。",
    "all equal": lambda n: "、".join("5个" for _ in range(n)) + f"，合计{5 * n}个。",
    "nested": lambda n: "，".join(f"{9000 - i % 9}个，其中{i % 7 + 1}个" for i in range(n // 2)) + "。",
    "shares": lambda n: "，".join(f"{i % 97 + 3}人占{i % 100}.3%" for i in range(n // 2)) + "。",
    "brackets": lambda n: "（" * n + "".join(f"{i}人）" for i in range(n)),
    "sentences": lambda n: "".join(f"有{i * 37 % 1013 + 100}人到会。" for i in range(n)),
}


def linear() -> None:
    """Time for 3,000 figures and for 12,000: four times as much where it is linear."""
    for name, text in LONG.items():
        times = []
        for n in (3000, 12000):
            reading = extract(text(n))
            start = perf_counter()
            find_relations(reading)
            times.append(perf_counter() - start)
        print(f"linear: {name:10} {times[0]:.3f} s, {times[1]:.3f} s, {times[1] / times[0]:.1f} times")


def bulk(path: Path) -> None:
    """Every accusation, to be read one by one."""
    counts: Counter[tuple[str, str]] = Counter()
    for day, r in related(path):
        counts[r.relation, r.verdict] += 1
        if r.verdict == "fails":
            print(f"fails: {day} {r.expression} ({r.should_be}; {r.rule}) {r.quote}")
    for (relation, verdict), n in sorted(counts.items()):
        print(f"bulk: {relation:10} {verdict:8} {n:6}")


def related(path: Path) -> Iterator[tuple[str, Relation]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            for r in relate(extract(item["text"])):
                yield item["date"], r


if __name__ == "__main__":
    main()
