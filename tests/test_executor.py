"""Whoever reads, the rows are the same; what costs a process its life is quarantined alone."""

from __future__ import annotations

import ctypes
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from reading import CATALOG, SENTENCES
from sampling import sampled

from pipeline.decisions.active import ActiveDecisions
from pipeline.frames.reading import read as extract
from pipeline.night.cache.article_state import Keys
from pipeline.night.cache.json_records import load
from pipeline.night.cache.shards import rows_of
from pipeline.night.executors.dispatch import read_batches, read_files
from pipeline.night.executors.processes import DeadProcess, ProcessPool
from pipeline.night.reader import Batch, BatchResult, Reader, Task
from pipeline.numbers.mention import Mention
from pipeline.relations.ids import quantity_ids
from pipeline.settings import LIMITS, READ_OPTIONS, Limits
from pipeline.texts.source import Source

READER = Reader.of(CATALOG, ActiveDecisions())
SMALL = Limits(seconds=2, memory=400)
LONG = SENTENCES[0] * 2500
"""More than is read without other processes."""

PARAGRAPH = f"<p>{SENTENCES[1] * 4}</p>"


def task(name: str, text: str) -> Task:
    source = Source(document_id=name, path=f"{name}.txt", sha256=name, text=text)
    return Task(source, Keys(b"text", b"catalog"))


def batches(*texts: str) -> list[Batch]:
    return [Batch(f"3-{number}", (task(f"d{number}", text),)) for number, text in enumerate(texts)]


def rows(done: Iterator[BatchResult]) -> dict[str, list[object]]:
    return {each.shard: each.rows.to_pylist() for each in done}


@pytest.mark.soak
def test_any_number_of_processes_reads_the_same() -> None:
    texts = (LONG, *SENTENCES)
    alone = {work.shard: READER(work).rows.to_pylist() for work in batches(*texts)}
    assert rows(read_batches(READER, batches(*texts), 1)) == alone
    assert rows(read_batches(READER, batches(*texts), 2)) == alone


@pytest.mark.soak
def test_reading_goes_on_when_a_process_is_killed() -> None:
    wanted, found, killed = batches(LONG, *SENTENCES, LONG), [], False
    for done in read_batches(READER, wanted, 2):
        found.append(done)
        if not killed:
            killed = True
            for child in children():
                os.kill(child, signal.SIGKILL)
    assert rows(iter(found)) == {work.shard: READER(work).rows.to_pylist() for work in wanted}


def hostile(what: str) -> str:
    """What libraries do with some files."""
    if what == "loop":
        while True:
            pass
    if what == "regex":  # one call, in which nothing of Python runs
        return str(re.match(r"(a*)*b", "a" * 64))
    if what == "memory":
        return str(len(bytearray(2**30)))
    if what == "much":
        return str(len([bytes(2**20) for _ in range(2**12)]))
    if what == "crash":
        ctypes.string_at(0)
    if what == "exit":
        os._exit(3)
    return what


@pytest.mark.parametrize(
    ("what", "said"),
    sampled(
        [
            ("loop", "2 seconds of [limits]"),
            ("memory", "400 MiB of [limits]"),
            ("crash", "SIGSEGV"),
            ("regex", "2 seconds of [limits]"),
            ("much", "400 MiB of [limits]"),
            ("exit", "exit code 3"),
        ],
        3,
    ),
)
def test_a_work_that_costs_its_process_the_life_is_told_and_the_others_are_done(what: str, said: str) -> None:
    pool: ProcessPool[str, str] = ProcessPool(hostile, 2, SMALL)
    found = dict(pool.map(["one", what, "two", "three"]))
    lost = found.pop(what)
    assert found == {"one": "one", "two": "two", "three": "three"}
    assert isinstance(lost, DeadProcess)
    assert said in lost.reason


def test_a_small_text_that_is_full_of_numerals_is_read_in_a_process_that_may_be_lost() -> None:
    reader = Reader(READER.catalog, limits=Limits(seconds=1, memory=150))
    (done,) = read_batches(reader, [Batch("0-0", (task("d1", "1 " * 20_000),))], 1)
    (bad,) = rows_of(done.rows, "documents").to_pylist()
    assert bad["status"] == "quarantined"
    assert "[limits]" in bad["reason"]


def test_an_article_over_a_limit_is_quarantined_and_says_which() -> None:
    reader = Reader(READER.catalog, limits=Limits(numerals=2000))
    work = Batch("0-0", (task("d1", LONG), task("d2", SENTENCES[0])))
    for done in (reader(work), *read_batches(reader, [work], 1)):
        bad, good = rows_of(done.rows, "documents").to_pylist()
        assert (bad["status"], good["status"]) == ("quarantined", "read")
        assert bad["reason"].startswith("states 5000 numerals, more than the 2000 of numerals in [limits]")


def test_files_are_read_by_processes_that_may_be_lost(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.html" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text(
            f"<html><body><article><h1>改造</h1>{PARAGRAPH * (number + 2)}</article></body></html>",
            encoding="utf-8",
        )
    found: dict[Path, list[Source]] = {
        path: list(s) for path, s in read_files(2, LIMITS, READ_OPTIONS, paths, tmp_path)
    }
    assert sorted(found) == paths
    assert [found[path][0].path for path in paths] == ["0.html", "1.html", "2.html"]
    assert "487个" in found[paths[0]][0].text


def test_reading_by_a_lexicon_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    lexicon = "names: [3060目标, 一体两翼]\nunits: {把: {kind: count, code: '1'}}"
    plain = Reader({name: said for name, said in READER.catalog.items() if name != "lexicon.yaml"})
    mine = Reader({**plain.catalog, "lexicon.yaml": lexicon.encode()})
    (work,) = batches("推进一体两翼建设，完成3060目标，新建充电桩20把。")
    found = [reader(work).rows.to_pylist() for reader in (mine, plain, mine, plain)]
    assert found[0] != found[1]
    assert found[:2] == found[2:]


def test_an_equation_names_each_of_its_cells_though_one_was_taken_for_an_ordinal() -> None:
    (work,) = batches("地块 户数 一期 26 二期 2 号地 19 北区 1 路口 3 合计 51")
    (row,) = rows_of(READER(work).rows, "relations").to_pylist()
    reading = extract("地块 户数 一期 26 二期 2 号地 19 北区 1 路口 3 合计 51")
    every = quantity_ids(row["document_id"], reading, every=True)
    named = dict(zip(every, reading.mentions, strict=True))
    cells = [named[name] for name in row["quantity_ids"].split()]
    assert [cell.text.split()[0] for cell in cells] == ["26", "2", "19", "1", "3", "51"]
    assert [cell.kind for cell in cells if not cell.statistical] == ["ordinal"]


def test_what_an_article_was_read_to_is_kept_exactly() -> None:
    text = "".join(SENTENCES) + "全区三分之二的社区建成了食堂。"
    (work,) = batches(text)
    kept = READER(work).rows["mentions"][0].as_py()
    assert tuple(load(Mention, kept)) == extract(text).mentions


@pytest.mark.soak
def test_an_unbounded_text_takes_no_longer_than_its_limit() -> None:
    began = process_time()
    (done,) = read_batches(Reader(READER.catalog, limits=Limits(seconds=1)), batches("1:" * 400_000), 1)
    (row,) = rows_of(done.rows, "documents").to_pylist()
    assert row["status"] == "quarantined"
    assert process_time() - began < 5


def children() -> list[int]:
    """The processes that read: grandchildren, below the server that forks them."""
    import psutil

    every = psutil.Process().children(recursive=True)
    return [
        p.pid
        for p in every
        if p.parent() and p.parent().pid != os.getpid() and "forkserver" in " ".join(p.cmdline())
    ]
