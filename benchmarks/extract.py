"""Extraction measured: quality, conformance and speed, beside a bare re scan and beside peers.

usage: python benchmarks/extract.py [--shared ../shared] [--characters 2000000] [--seconds 5]

Every tool is asked for the values it finds in a text, and judged by the same yardstick:
the values of a text as a multiset, against the hand-made gold and against the cases of
Recognizers-Text. Peers are those of benchmarks/requirements.txt; one that is not
installed is left out. The stricter scores, by span, unit, qualifier and subject, are
those of ../shared/evaluation/score_quantities.py.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from pipeline.frames.reading import read as extract
from pipeline.frames.reading import read_each
from pipeline.numbers.mention import STATISTICAL
from pipeline.numbers.units import base_units

Values = list[float]
Read = Callable[[str], Values]

_ALTERNATIVES = "|".join(sorted(map(re.escape, base_units()), key=len, reverse=True))
BARE = re.compile(
    rf"(?:[0-9][0-9,.]*|[〇零一二三四五六七八九十百千万亿两]+)[万亿]*[余多]?(?:{_ALTERNATIVES})?"
)
"""A number and its unit, and no more: what any reading of numbers costs at least in Python."""


def wenshu(text: str) -> Values:
    return [
        float(value)
        for m in extract(text).mentions
        if m.kind in STATISTICAL
        for value in ([m.value] if m.value is not None else [m.low, m.high])
        if value is not None
    ]


def wenshu_every(text: str) -> Values:
    """Every value, statistical or not: what the cases of Recognizers ask for."""
    return [float(v) for m in extract(text).mentions for v in {m.value, m.low, m.high} if v is not None]


def recognizers() -> Read:
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import (
        recognize_age,
        recognize_currency,
        recognize_dimension,
        recognize_temperature,
    )
    from recognizers_text import Culture

    models = (
        recognize_number, recognize_percentage, recognize_age, recognize_currency, recognize_dimension,
        recognize_temperature,
    )  # fmt: skip

    def read(text: str) -> Values:
        found: dict[tuple[int, int], Any] = {}
        for model in models:
            for result in model(text, Culture.Chinese):
                place = result.start, result.end
                inside = [at for at in found if place[0] <= at[0] and at[1] <= place[1]]
                for at in inside:
                    del found[at]
                found[place] = result.resolution["value"]
        return list(numbers(found.values()))

    return read


def chinese2digits() -> Read:
    from chinese2digits import takeNumberFromString

    return lambda text: list(numbers(takeNumberFromString(text)["digitsStringList"]))


def cn2an() -> Read:
    from cn2an import transform

    return lambda text: list(numbers(re.findall(r"-?\d+(?:\.\d+)?", transform(text, "cn2an"))))


def jionlp() -> Read:
    import jionlp

    def read(text: str) -> Values:
        found = jionlp.ner.extract_money(text, with_parsing=True)
        return list(numbers(money["detail"]["num"] for money in found))

    return read


PEERS = {
    "recognizers-text": recognizers,
    "chinese2digits": chinese2digits,
    "cn2an": cn2an,
    "jionlp (money)": jionlp,
}


def numbers(printed: Iterable[Any]) -> Iterator[float]:
    for value in printed:
        for one in value if isinstance(value, (list, tuple)) else [value]:
            text = str(one).replace(",", "").removesuffix("%")
            try:
                yield float(text)
            except ValueError:
                continue


# ---------------------------------------------------------------- yardsticks


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--characters", type=int, default=2_000_000, help="of the bulk texts, for wenshu")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each peer's speed")
    args = parser.parse_args()
    bulk = args.shared / "bulk" / "xinwenlianbo.jsonl.gz"
    if not bulk.exists():
        parser.exit(0, f"no texts in {args.shared}: name the evaluation folder with --shared; skipped\n")
    evaluation = args.shared / "evaluation"
    texts = sample(bulk, args.characters)
    gold = list(gold_texts(evaluation / "development"))
    cases = [json.loads(line) for line in (evaluation / "conformance" / "recognizers.jsonl").open("rb")]
    bare = speed(each(BARE.findall), texts, 60)
    print(f"{sum(map(len, texts)):,} characters of news, {len(gold)} gold texts, {len(cases)} cases\n")
    print(f"{'':18} {'value F1':>9} {'cases':>7} {'characters/s':>13} {'times a bare re scan':>21}")
    print(f"{'bare re scan':18} {'':9} {'':7} {bare:13,.0f} {1:21.1f}")
    rate = speed(read_each, texts, 60)
    row("wenshu", wenshu, wenshu_every, gold, cases, rate, bare)
    for name, load in PEERS.items():
        try:
            read = load()
        except ImportError as error:
            print(f"{name:18} skipped: {error}; pip install -r benchmarks/requirements.txt")
            continue
        row(name, read, read, gold, cases, speed(each(read), texts, args.seconds), bare)
    beside_jieba(rate, texts)
    linear(texts)


def row(
    name: str, read: Read, read_case: Read, gold: Sequence[tuple[str, Values]], cases: Sequence[Any],
    rate: float, bare: float,
) -> None:  # fmt: skip
    passed = sum(not counted(case["values"]) - counted(quietly(read_case, case["input"])) for case in cases)
    print(
        f"{name:18} {value_f1(read, gold):9.3f} {passed / len(cases):7.3f} {rate:13,.0f} {bare / rate:21.1f}"
    )


def value_f1(read: Read, gold: Sequence[tuple[str, Values]]) -> float:
    hit = stated = found = 0
    for text, values in gold:
        want, have = counted(values), counted(quietly(read, text))
        hit += (want & have).total()
        stated, found = stated + want.total(), found + have.total()
    return 2 * hit / (stated + found)


def counted(values: Iterable[float]) -> Counter[float]:
    return Counter(float(f"{value:.9g}") for value in values)


def quietly(read: Callable[[str], Any], text: str) -> Any:
    """What a tool reads; nothing where it raises."""
    try:
        return read(text)
    except Exception:
        return []


def gold_texts(folder: Path) -> Iterator[tuple[str, Values]]:
    for path in sorted((folder / "quantities").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.open("rb")]
        values = [
            value
            for gold in rows
            if gold["kind"] in STATISTICAL
            for value in ([gold["value"]] if gold["value"] is not None else [gold["low"], gold["high"]])
            if value is not None
        ]
        with (folder / "texts" / f"{path.stem}.txt").open(encoding="utf-8", newline="") as file:
            yield file.read(), values


def sample(bulk: Path, characters: int) -> list[str]:
    with gzip.open(bulk, "rt", encoding="utf-8") as file:
        every = [json.loads(line)["text"] for line in file]
    random.Random(1).shuffle(every)
    total, texts = 0, []
    for text in every:
        if total >= characters:
            break
        texts.append(text)
        total += len(text)
    return texts


def speed(readings: Callable[[Sequence[str]], Iterable[Any]], texts: Sequence[str], limit: float) -> float:
    """Characters a second of one core, from a warm start, in at most so many seconds."""
    _characters(readings, texts[: len(texts) // 20], limit / 5)
    begun = process_time()
    done = _characters(readings, texts, limit)
    return done / max(process_time() - begun, 1e-9)


def _characters(
    readings: Callable[[Sequence[str]], Iterable[Any]], texts: Sequence[str], limit: float
) -> int:
    """How many are read until the time is up."""
    begun, done = process_time(), 0
    for text, _ in zip(texts, readings(texts), strict=True):
        done += len(text)
        if process_time() - begun > limit:
            break
    return done


def each(read: Callable[[str], Any]) -> Callable[[Sequence[str]], Iterable[Any]]:
    """One text after the other."""
    return lambda texts: (quietly(read, text) for text in texts)


def beside_jieba(rate: float, texts: Sequence[str]) -> None:
    """How long reading takes, for what cutting the same texts into words takes."""
    try:
        import jieba
    except ImportError:
        return
    jieba.setLogLevel("ERROR")
    words = speed(each(lambda text: list(jieba.cut(text))), texts, 60)
    alone = speed(each(extract), texts, 60)
    print(f"\nreading takes {words / rate:.2f} times as long as jieba.cut, {words / alone:.2f} text by text")


def linear(texts: Sequence[str]) -> None:
    """Ten times the text in one piece, against once: the fastest of five, taken in turns."""
    part = "\n".join(texts)[:100_000]
    whole = "\n".join([part] * 10)
    times = [(timed(part), timed(whole)) for _ in range(5)]
    once, tenfold = map(min, zip(*times, strict=True))
    print(f"\nten times the text takes {tenfold / once:.1f} times as long ({once:.2f} s, {tenfold:.2f} s)")


def timed(text: str) -> float:
    begun = process_time()
    extract(text)
    return process_time() - begun


if __name__ == "__main__":
    main()
