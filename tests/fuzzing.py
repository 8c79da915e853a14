"""Articles that nobody would write: the bank's paragraphs with their numbers, units and marks mutated.

    python tests/fuzzing.py --articles 50000 --seed 1     searches; prints the text of each that fails

Each goes the whole way from its text to the tables. What fails on one is caught by the pipeline, and said
in the reason for which it is left out: there it is looked for.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pipeline.night import stages
from pipeline.project import load_project

ROOT = Path(__file__).resolve().parents[1]
FAILS = "wenshu fails on this text"
"""In the reason of an article on which a step failed."""

_MARKED = re.compile(r"\[([^\[\]|]+)\|[^\[\]]*\]")
_NUMBER = re.compile(r"[0-9０-９][0-9０-９.,，．]*|[〇零一二三四五六七八九十百千万亿两]{1,12}")
_UNIT = re.compile(
    r"(?<=[0-9万亿])(?:[万亿千百]|亿元|万元|个百分点|平方米|公里|％|%|[个人户家吨元年月日倍次名项座条])"
)

NUMBERS = (
    *("9" * 12, "9" * 39, "9" * 60, "1" + "0" * 40, "0." + "0" * 40 + "1"),
    *"0 00 0.0 -0 1 1. .5 1e9 1,2,3 1,000 １２．５ 1.2.3 1-2 1~2 1至0 0至0 100:0 1/0 0/0 -5 −5 +5 ±5".split(),
    *"零 〇 零点零 十百千万亿 万亿亿 亿亿 半 两三 三四百 百分之百 千分之零 百分之负五 0余亿0".split(),
    *"2020 1900 9999 13月45日 2月30日 0月0日 2020年13月 9999年12月31日 24:60 00:00 第0 ① ⑩ Ⅻ ㊿".split(),
    *"½ ² ٣ ५ 1余 余1 1亿亿亿亿亿9亿 三成半 2倍 0.5倍 1/3 三分之 分之一 万分之0 100%% ５０％".split(),
    *"0x1F 1_000 NaN inf".split(),
)
UNITS = ("", *"亿元 万 % ‰ 个百分点 亿亩 平方公里 元/吨 余万 多 左右 ℃ 人次 户".split())
MARKS = (
    *"， 。 ； ： 、 （ ） “ ” | 其中 比 至 占 同比 — = - @ <b> {0} %s \\".split(),
    *("\n", "\u3000", "\u200b", "\ufeff", "\u202e", "\x00", "\ud800"),
)


def paragraphs() -> list[str]:
    """The bank's paragraphs without their marks."""
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "benchmarks" / "bank").glob("*.txt"))
    ]
    plain = (_MARKED.sub(r"\1", text.partition("\n")[2] if text.startswith("#") else text) for text in texts)
    return [block for text in plain for block in re.split(r"\n\s*\n", text.strip()) if block]


def mutated(chance: Random, originals: Sequence[str]) -> str:
    """One article: a paragraph or two of which some numbers, units and marks are others."""
    text = "\n".join(chance.sample(originals, chance.choice((1, 1, 1, 2))))
    rate = chance.choice((0.1, 0.3, 0.9))

    def other(found: re.Match[str]) -> str:
        if chance.random() > rate:
            return found[0]
        long = str(chance.randrange(10 ** chance.randrange(1, 20)))
        return chance.choice((chance.choice(NUMBERS), long, found[0] * 2))

    text = _NUMBER.sub(other, text)
    text = _UNIT.sub(lambda found: chance.choice(UNITS) if chance.random() < rate / 2 else found[0], text)
    for _ in range(chance.choice((0, 0, 1, 3, 9))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice((*MARKS, *NUMBERS)) + text[at + chance.choice((0, 0, 1, 5)) :]
    return text[: chance.randrange(len(text)) + 1] if chance.random() < 0.1 else text


def articles(seed: int, number: int) -> Iterator[str]:
    """So many of a seed; the same each time."""
    chance, originals = Random(seed), paragraphs()
    for _ in range(number):
        yield mutated(chance, originals)


def failing(texts: Sequence[str], home: Path) -> dict[str, str]:
    """Those that a step between the text and the tables fails on, with the reason.

    home: a folder for the project, without a raw/.
    """
    (home / "raw").mkdir(parents=True)
    with (home / "raw" / "a.jsonl").open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            said = {"id": str(number), "date": "2026-03-05", "region": "410102", "text": text}
            file.write(json.dumps(said) + "\n")
    project = load_project(cwd=home)
    corpus = stages.extract(stages.ingest(project, datetime.now(UTC).date(), _quiet), _quiet)
    documents = stages.derive(corpus, _quiet).tables["documents"].select(["path", "reason"]).to_pylist()
    reasons = {row["path"]: row["reason"] or "" for row in documents}
    return {
        text: reason for number, text in enumerate(texts) if FAILS in (reason := reasons[f"a.jsonl#{number}"])
    }


def _quiet(done: int, total: int) -> None:
    """Nobody looks on."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found, each = 0, 500
    for first in range(0, args.articles, each):
        seed = args.seed * 1_000_000 + first
        with TemporaryDirectory() as folder:
            texts = list(articles(seed, min(each, args.articles - first)))
            for text, reason in failing(texts, Path(folder)).items():
                found += 1
                print(json.dumps({"seed": seed, "reason": reason, "text": text}), flush=True)
    print(f"{args.articles} articles, {found} of them fail", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
