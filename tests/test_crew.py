"""Crews: of any size the same bytes, and a worker that dies is replaced."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from reading import CATALOG, fresh, quiet, write

from pipeline.decisions import Docket
from pipeline.frames.reading import read as extract
from pipeline.night.batch import Reader, Work
from pipeline.night.crew import do
from pipeline.night.library import Library, bring_in
from pipeline.night.shards import Shard, unpack_batch
from pipeline.relations.ids import quantity_ids
from pipeline.texts.source import find_sources


def reader() -> Reader:
    return Reader.of(CATALOG, Docket())


def works(raw: Path) -> list[Work]:
    from pipeline.night.reading import _Night

    store = fresh()
    library: Library = bring_in(store, raw, find_sources(raw), "1", Docket(), {}, quiet)
    plan = _Night(library, reader(), "1")
    return [plan.work(shard) for shard in (Shard(3, number) for number in range(8))]


class TestCrews:
    def test_of_any_size_give_the_same_bytes(self, raw, monkeypatch):
        monkeypatch.setattr("pipeline.night.crew._FEW", 0)
        alone, together = (
            {done.shard: done.parts for done in do(reader(), works(raw), processes)} for processes in (1, 2)
        )
        assert len(alone) == 8
        assert alone == together

    @pytest.mark.soak
    def test_go_on_when_a_worker_is_killed(self, raw, monkeypatch):
        monkeypatch.setattr("pipeline.night.crew._FEW", 0)
        found, killed = {}, False
        for done in do(reader(), works(raw), 2):
            found[done.shard] = done.parts
            if not killed:
                killed = True
                for child in children():
                    os.kill(child, signal.SIGKILL)
        assert found == {done.shard: done.parts for done in do(reader(), works(raw), 1)}

    def test_read_by_their_own_lexicon_whatever_was_read_in_the_process_before(self, tmp_path):
        write(tmp_path / "raw", words="推进一体两翼建设，完成3060目标，新建充电桩20把。")
        lexicon = "names: [3060目标, 一体两翼]\nunits: {把: {kind: count, code: '1'}}"
        plain = Reader({name: said for name, said in reader().catalog.items() if name != "lexicon.yaml"})
        mine = Reader({**plain.catalog, "lexicon.yaml": lexicon.encode()})
        first, *_ = works(tmp_path / "raw")
        work = replace(
            first, shard="0-0", documents=tuple(pair for w in works(tmp_path / "raw") for pair in w.documents)
        )
        parts = [read(work).parts for read in (mine, plain, mine, plain)]
        assert parts[0] != parts[1]
        assert parts[:2] == parts[2:]

    def test_name_each_cell_of_an_equation_though_one_was_taken_for_an_ordinal(self, tmp_path):
        text = "地块 户数 一期 26 二期 2 号地 19 北区 1 路口 3 合计 51"
        write(tmp_path / "raw", cells=text)
        done = [reader()(work) for work in works(tmp_path / "raw")]
        batches = [unpack_batch("relations", dict(each.parts)["relations"]) for each in done]
        (row,) = [row for batch in batches for row in batch.to_pylist()]
        reading = extract(text)
        every = quantity_ids(row["document_id"], reading, every=True)
        named = dict(zip(every, reading.mentions, strict=True))
        cells = [named[name] for name in row["quantity_ids"].split()]
        assert [cell.text.split()[0] for cell in cells] == ["26", "2", "19", "1", "3", "51"]
        assert [cell.kind for cell in cells if not cell.statistical] == ["ordinal"]


def children() -> list[int]:
    """The workers: grandchildren, below the server that forks them."""
    import psutil

    every = psutil.Process().children(recursive=True)
    return [
        p.pid
        for p in every
        if p.parent() and p.parent().pid != os.getpid() and "forkserver" in " ".join(p.cmdline())
    ]
