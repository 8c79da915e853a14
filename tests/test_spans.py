"""Where each shard's rows are, and what later stages keep for it until it is another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from test_library import SENTENCES, fresh, night, write

from pipeline.night.opening import with_store
from pipeline.night.reading import Read


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.night.shards._USUAL", 1)
    monkeypatch.setattr("pipeline.night.shards._MOST", 2)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    write(tmp_path / "raw", **{f"a{n}": SENTENCES[n % 5] + f"第{n}篇。" for n in range(9)})
    return tmp_path / "raw"


def contents(found: Read) -> dict[bytes, list[object]]:
    """The rows of each span, by its key."""
    return {
        span.key: [found.tables[name].slice(a, b - a).to_pylist() for name, (a, b) in span.rows.items()]
        for span in found.spans
    }


class TestSpans:
    def test_tile_every_table(self, raw):
        found = night(fresh(), raw)
        assert len(found.spans) > 3
        for name, table in found.tables.items():
            ends = [span.rows[name] for span in found.spans]
            assert (ends[0][0], ends[-1][1]) == (0, table.num_rows)
            assert all(one[1] == other[0] for one, other in pairwise(ends))

    def test_keep_their_keys_while_their_rows_are_as_they_were(self, raw):
        store = fresh()
        first = contents(night(store, raw))
        write(raw, a3="新增绿化面积71万平方米。")
        second = contents(night(store, raw))
        assert len(second.keys() - first.keys()) == 1
        assert all(first[key] == second[key] for key in first.keys() & second.keys())

    def test_have_the_same_keys_whoever_made_them(self, raw):
        store = fresh()
        night(store, raw)
        write(raw, a3="新增绿化面积71万平方米。", a2="")
        night(store, raw)
        write(raw, a2=SENTENCES[2])
        assert night(store, raw).spans == night(fresh(), raw).spans


class TestNotes:
    def test_stay_until_their_shard_is_kept_anew(self, raw):
        store = fresh()
        for span in night(store, raw).spans:
            store.note(span.shard, "verdict", span.key, span.shard.encode())
        write(raw, a3="新增绿化面积71万平方米。")
        spans, notes = night(store, raw).spans, store.notes("verdict")
        gone = [span for span in spans if span.shard not in notes]
        assert len(gone) == 1
        assert all(notes[s.shard] == (s.key, s.shard.encode()) for s in spans if s not in gone)
        assert store.notes("another") == {}

    def test_are_replaced_by_name(self):
        store = fresh()
        store.note("3-1", "verdict", b"1", b"one")
        store.note("3-1", "verdict", b"2", b"two")
        store.note("3-1", "lines", b"1", b"three")
        assert store.notes("verdict") == {"3-1": (b"2", b"two")}

    def test_go_with_their_shard_and_with_everything(self):
        store = fresh()
        for shard in ("3-1", "3-2"):
            store.note(shard, "verdict", b"1", b"one")
        store.drop(["3-1"])
        assert set(store.notes("verdict")) == {"3-2"}
        store.clear()
        assert store.notes("verdict") == {}

    def test_that_are_damaged_are_not_there(self, tmp_path):
        def damage(store):
            for shard in ("3-1", "3-2"):
                store.note(shard, "verdict", b"1", b"one")
            store._database.execute("UPDATE notes SET data = ? WHERE shard = '3-1'", (b"two",))
            return store.notes("verdict")

        assert with_store(tmp_path, damage) == {"3-2": (b"1", b"one")}
