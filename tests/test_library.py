"""The store and what nights keep in it: nothing is lost, nothing stale is used, damage is made good."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from reading import CATALOG, SENTENCES, fresh, quiet, write

from pipeline.decisions import Decision, Docket, open_docket
from pipeline.errors import WenshuError
from pipeline.frames.reading import read as read_frames
from pipeline.night.batch import Reader
from pipeline.night.library import bring_in
from pipeline.night.opening import with_store
from pipeline.night.reading import Read, read
from pipeline.night.shards import Shard, divide
from pipeline.night.store import BrokenStoreError, Store, Text
from pipeline.texts.source import document_id, find_sources


def night(
    store: Store, raw: Path, docket: Docket | None = None, catalog: Path = CATALOG, code: str = "1"
) -> Read:
    """What a night reads."""
    docket, log = docket or Docket(), {}
    library = bring_in(store, raw, find_sources(raw), code, docket, log, quiet)
    return read(library, Reader.of(catalog, docket), code=code, tick=quiet, processes=1)


def said(found: Read) -> tuple[object, ...]:
    """All that the stages after it see, as far as it depends on texts."""
    tables = {name: table.to_pylist() for name, table in found.tables.items()}
    return tables, found.claims, found.doubts, found.misfits


NAMES = st.sampled_from(["a.txt", "b.txt", "c/d.txt", "e.txt.gz", "f.jsonl", "g.jsonl.gz"])
TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=3).map("".join)
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, TEXTS),
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("catalog"), st.booleans()),
    st.tuples(st.just("decide"), st.integers(0, 4)),
)


class TestHistories:
    """Whatever happened, a night gives what reading everything anew gives."""

    @settings(deadline=None, max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @example([[("write", "c/d.txt", "")], [("delete", "c/d.txt")]])
    @given(st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=5))
    def test_of_any_kind_end_in_what_reading_everything_gives(self, tmp_path_factory, nights):
        home = tmp_path_factory.mktemp("history")
        raw, catalogs, store = home / "raw", {True: CATALOG, False: smaller_catalog(home)}, fresh()
        write(raw, z=SENTENCES[1])
        catalog, docket = CATALOG, Docket()
        for steps in nights:
            for step, *rest in steps:
                if step == "catalog":
                    catalog = catalogs[rest[0]]
                elif step == "decide":
                    docket = deciding(night(fresh(), raw), rest[0])
                else:
                    change(raw, step, *rest)
            found = night(store, raw, docket, catalog)
            anew = night(fresh(), raw, docket, catalog)
            assert said(found) == said(anew)
            assert found.log == anew.log

    def test_that_change_nothing_read_nothing(self, raw):
        store = fresh()
        first, second = night(store, raw), night(store, raw)
        assert (first.anew, second.anew) == (3, 0)
        assert said(first) == said(second)

    def test_with_another_indicator_extract_nothing(self, raw, tmp_path, monkeypatch):
        store = fresh()
        night(store, raw)
        monkeypatch.setattr("pipeline.night.batch.read", lambda text: pytest.fail(f"read again: {text}"))
        found = night(store, raw, catalog=smaller_catalog(tmp_path))
        monkeypatch.undo()
        assert found.anew == 3
        assert said(found) == said(night(fresh(), raw, catalog=smaller_catalog(tmp_path)))

    def test_with_other_code_read_everything(self, raw):
        store = fresh()
        night(store, raw)
        assert night(store, raw, code="2").anew == 3

    def test_forget_what_no_night_refers_to(self, raw):
        store = fresh()
        night(store, raw)
        for path in list(raw.iterdir()):
            path.rename(path.with_name(f"new-{path.name}"))
        night(store, raw)
        assert store.count() == 3
        assert {text.path for text in store.texts()} == {b"new-a.txt", b"new-b.txt", b"new-c.txt"}

    def test_of_two_texts_that_are_one_follow_the_order_of_paths(self, raw):
        store = fresh()
        write(raw, d=SENTENCES[0])
        status = dict(
            zip(
                *(night(store, raw).tables["documents"][n].to_pylist() for n in ("path", "status")),
                strict=True,
            )
        )
        assert (status["a.txt"], status["d.txt"]) == ("read", "duplicate")
        (raw / "a.txt").unlink()
        documents = night(store, raw).tables["documents"].to_pylist()
        assert {row["path"]: row["status"] for row in documents}["d.txt"] == "read"


def smaller_catalog(home: Path) -> Path:
    """The catalog without the programme's indicators."""
    folder = home / "smaller"
    if not folder.exists():
        shutil.copytree(CATALOG, folder, ignore=shutil.ignore_patterns("renovation.yaml"))
    return folder


def deciding(found: Read, number: int) -> Docket:
    """A docket that drops one of the quantities found, or decides nothing."""
    rows = found.tables["quantities"].to_pylist()
    if number >= len(rows):
        return Docket()
    decision = Decision(
        kind="quantity", target=rows[number]["quantity_id"], action="drop", expect={}, reason="重复",
        officer="甲", date=date(2026, 11, 1),
    )  # fmt: skip
    return open_docket([decision], date(2026, 11, 22))


def change(raw: Path, step: str, name: str, more: str = "") -> None:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if step == "delete":
        path.unlink(missing_ok=True)
    elif step == "rename":
        if path.exists() and path.suffixes == Path(more).suffixes:
            (raw / more).parent.mkdir(parents=True, exist_ok=True)
            path.replace(raw / more)
    else:
        lines = [json.dumps({"id": n % 3, "text": text}) for n, text in enumerate(more.split("。"))]
        content = ("\n".join(lines) if "jsonl" in name else more).encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


class TestFiles:
    def test_that_did_not_change_are_not_opened_again(self, raw, monkeypatch):
        store = fresh()
        night(store, raw)
        monkeypatch.setattr("pipeline.night.library.read_file", lambda *_: pytest.fail("opened"))
        assert bring_in(store, raw, find_sources(raw), "1", Docket(), {}, quiet).counts == {"read": 3}

    def test_that_could_not_be_read_are_tried_again(self, raw, monkeypatch):
        store = fresh()
        (raw / "a.txt").write_bytes(b"")
        assert (
            dict(bring_in(store, raw, find_sources(raw), "1", Docket(), {}, quiet).counts)["quarantined"] == 1
        )
        assert b"a.txt" not in store.signatures()
        assert b"b.txt" in store.signatures()

    def test_that_change_while_they_are_read_are_named_and_read_again(self, raw, monkeypatch):
        from pipeline.night import library

        def written_to(path: Path, below: Path) -> Iterator[object]:
            yield from real(path, below)
            if path.name == "b.txt":
                path.write_text(SENTENCES[4], encoding="utf-8")

        real, store = library.read_file, fresh()
        monkeypatch.setattr(library, "read_file", written_to)
        assert bring_in(store, raw, find_sources(raw), "1", Docket(), {}, quiet).changing == ("b.txt",)
        monkeypatch.undo()
        assert said(night(store, raw)) == said(night(fresh(), raw))

    def test_that_are_many_are_told_of_before_they_are_read(self, raw, monkeypatch):
        told, store = [], fresh()
        bring_in(store, raw, find_sources(raw), "1", Docket(), {}, quiet, lambda: told.append(store.count()))
        assert told == []
        monkeypatch.setattr("pipeline.night.library._MANY", 0)
        store = fresh()
        bring_in(store, raw, find_sources(raw), "1", Docket(), {}, quiet, lambda: told.append(store.count()))
        assert told == [0, 1, 2]

    def test_with_an_id_twice_keep_both_articles(self, tmp_path):
        (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "共12个"}\n{"id": 1, "text": "共13个"}\n')
        rows = night(fresh(), tmp_path).tables["documents"].to_pylist()
        assert sorted(row["status"] for row in rows) == ["quarantined", "read"]
        assert any("the id 1 stands twice in its file" in (row["reason"] or "") for row in rows)


class TestShards:
    @given(st.integers(0, 2_000_000), st.integers(0, 14))
    def test_tile_all_ids(self, documents, before):
        shards = list(divide(documents, before))
        assert (shards[0].first, shards[-1].end) == ("d000000000000", "e")
        assert all(one.end == other.first for one, other in pairwise(shards))

    @given(st.text(), st.integers(0, 12))
    def test_hold_every_document_once(self, path, bits):
        name = document_id(path)
        shards = [Shard(bits, number) for number in range(1 << bits)]
        assert sum(shard.first <= name < shard.end for shard in shards) == 1

    def test_divided_anew_read_nothing_again(self, raw, monkeypatch):
        store = fresh()
        first = night(store, raw)
        monkeypatch.setattr("pipeline.night.shards._USUAL", 1)
        monkeypatch.setattr("pipeline.night.shards._MOST", 2)
        monkeypatch.setattr("pipeline.night.batch.read", lambda text: pytest.fail(f"read again: {text}"))
        second = night(store, raw)
        assert len({shard for shard, _ in store.kept()}) > 1
        assert said(first) == said(second)


def whole(store: Store) -> int:
    return sum(len(store.text(text.document_id)) for text in store.texts())


class TestDamage:
    @pytest.mark.parametrize("cut", [0, 1, 100, 5000, 30_000])
    def test_a_store_cut_short_is_set_aside_and_made_again(self, raw, tmp_path, cut, caplog):
        folder = tmp_path / "store"
        expected = said(with_store(folder, lambda store: night(store, raw)))
        path = folder / "store.sqlite"
        path.write_bytes(path.read_bytes()[:cut])
        assert said(with_store(folder, lambda store: (night(store, raw), whole(store))[0])) == expected
        assert ("is damaged" in caplog.text) == (cut > 1)

    def test_bytes_that_were_altered_are_not_believed(self, raw, tmp_path):
        folder = tmp_path / "store"
        expected = said(with_store(folder, lambda store: night(store, raw)))
        path = folder / "store.sqlite"
        data = path.read_bytes()
        of_the_schema = [data.index(name) for name in (b"CREATE TABLE parts", b"bodies", b"notes_by_shard")]
        for place in (*of_the_schema, *range(9000, len(data), len(data) // 12)):
            path.write_bytes(data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :])
            assert said(with_store(folder, lambda store: night(store, raw))) == expected

    @pytest.mark.parametrize("harm", ["alter", "cut", "delete"])
    def test_tables_that_were_harmed_are_made_again(self, raw, tmp_path, harm, monkeypatch):
        expected = said(with_store(tmp_path / "store", lambda store: night(store, raw)))
        (path,) = (tmp_path / "store" / "parts").iterdir()
        data, read_again, real = path.read_bytes(), [], read_frames
        monkeypatch.setattr("pipeline.night.batch.read", lambda t, g: read_again.append(t) or real(t, g))
        if harm == "delete":
            path.unlink()
        else:
            path.write_bytes(data[:100] if harm == "cut" else bytes([data[0] ^ 255]) + data[1:])
        assert said(with_store(tmp_path / "store", lambda store: night(store, raw))) == expected
        assert len(read_again) == 3

    def test_a_text_with_a_broken_seal_is_not_handed_out(self):
        store = fresh()
        store.put([(Text("d1", b"a", 0, "read", b"x", b"{}"), "共12个")])
        store._database.execute("UPDATE texts SET digest = ?", (b"y",))
        with pytest.raises(BrokenStoreError, match="the text of d1 is damaged"):
            store.text("d1")

    def test_a_folder_that_cannot_be_used_says_what_to_do(self, tmp_path):
        (tmp_path / "store.sqlite").mkdir()
        with pytest.raises(WenshuError, match=r"make it writable, or delete it.*latest/ is as it was"):
            with_store(tmp_path, lambda store: store.count())
