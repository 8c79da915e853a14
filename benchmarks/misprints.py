"""Misprints measured: equations that hold, each with one figure's digits altered; how many are flagged.

usage: python benchmarks/misprints.py [--texts ../shared/evaluation/development/texts ...] [--seed 1]

Of each equation that is found to hold one figure is altered in the text, mostly by swapping two digits
that stand side by side, else by writing another digit for one. Counted by kind: how often that equation
then fails, another one with the figure does, one is possible, or nothing is said. Texts as they are
show what is accused without any alteration.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from pipeline.frames.reading import read
from pipeline.numbers.extract import Reading
from pipeline.relations import Relation, relate

_DIGITS = re.compile(r"[\d０-９][\d.,，０-９]*")
_SWAPPED = 0.7
"""How many of the alterations swap two digits."""
_OUTCOMES = ("fails", "another fails", "possible", "silent")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(__file__).resolve().parents[2] / "shared" / "evaluation" / "development" / "texts"
    parser.add_argument("--texts", type=Path, nargs="+", default=[default])
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    paths = [path for folder in args.texts for path in sorted(folder.glob("*.txt"))]
    if not paths:
        parser.exit(2, f"no texts in {args.texts[0]}: give folders of texts with --texts\n")
    rng = random.Random(args.seed)
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        text = path.open(encoding="utf-8", newline="").read()
        reading = read(text)
        for relation in relate(reading):
            if relation.verdict == "fails":
                print(f"as it is: {path.name} {relation.expression} ({relation.should_be}; {relation.rule})")
            elif relation.verdict == "holds" and relation.relation != "repeat":
                outcome = _altered(text, reading, relation, rng)
                if outcome:
                    counts[relation.relation, outcome] += 1
    _show(counts)


def _altered(text: str, reading: Reading, relation: Relation, rng: random.Random) -> str | None:
    """What is said once one figure of an equation is altered; None where it still holds or none can be."""
    number = rng.choice(relation.operands)
    mention = reading.mentions[number]
    digits = _DIGITS.search(mention.text)
    other = _slip(digits[0], rng) if digits else None
    if digits is None or other is None:
        return None
    begin, end = mention.start + digits.start(), mention.start + digits.end()
    now = relate(read(text[:begin] + other + text[end:]))
    with_it = [one for one in now if number in one.operands]
    same = [
        one.verdict
        for one in with_it
        if (one.relation, one.operands) == (relation.relation, relation.operands)
    ]
    if "holds" in same or "rounding" in same:
        return None
    verdicts = [one.verdict for one in with_it]
    outcomes = ("fails" in same, "fails" in verdicts, "possible" in verdicts, True)
    return next(name for name, so in zip(_OUTCOMES, outcomes, strict=True) if so)


def _slip(digits: str, rng: random.Random) -> str | None:
    """The number with two digits swapped, or one changed."""
    at = [n for n, character in enumerate(digits) if character.isdecimal()]
    swaps = [(a, b) for a, b in pairwise(at) if digits[a] != digits[b] and (a > at[0] or digits[b] != "0")]
    if swaps and rng.random() < _SWAPPED:
        a, b = rng.choice(swaps)
        return digits[:a] + digits[b] + digits[a + 1 : b] + digits[a] + digits[b + 1 :]
    n = rng.choice(at)
    return digits[:n] + rng.choice([digit for digit in "123456789" if digit != digits[n]]) + digits[n + 1 :]


def _show(counts: Counter[tuple[str, str]]) -> None:
    kinds: Sequence[str] = sorted({kind for kind, _ in counts})
    for kind, row in [*_rows(counts, kinds), ("all", [sum(counts[k, o] for k in kinds) for o in _OUTCOMES])]:
        shown = ", ".join(f"{name} {n}" for name, n in zip(_OUTCOMES, row, strict=True))
        print(f"altered: {kind:10} {shown}; {(row[0] + row[1]) / max(1, sum(row)):.2f} accused")


def _rows(counts: Counter[tuple[str, str]], kinds: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    for kind in kinds:
        yield kind, [counts[kind, outcome] for outcome in _OUTCOMES]


if __name__ == "__main__":
    main()
