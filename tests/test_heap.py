"""Large values beside the database: where they are put, what becomes of them, and of their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.night import store as stores
from pipeline.night.heap import Heap, Place
from pipeline.night.store import Store


def files(folder: Path) -> list[Path]:
    return sorted((folder / "parts").iterdir())


def fill(folder: Path, shards: dict[str, bytes]) -> None:
    """One night that keeps these shards."""
    store = Store(folder / "store.sqlite")
    for shard, data in shards.items():
        store.keep(shard, b"key", [("said", data)])
    store.drop([])
    store.close()


def held(folder: Path) -> dict[str, bytes]:
    store = Store(folder / "store.sqlite")
    shards = sorted({shard for shard, _ in store.kept()})
    found = {shard: bytes(store.parts(shard, {"said"})["said"].data) for shard in shards}
    store.close()
    return found


class TestValues:
    def test_are_seen_as_they_were_put(self, tmp_path):
        heap = Heap(tmp_path)
        values = [b"", b"one", b"x" * 100_000, b"two"]
        places = [heap.append(value) for value in values]
        assert [bytes(heap.view(place)) for place in places] == values
        assert all(place.begin % 64 == 0 for place in places)
        assert bytes(Heap(tmp_path).view(places[2])) == values[2]

    @pytest.mark.parametrize("place", [("none", 0, 1), ("a", 2, 5), ("a", -1, 2), ("a", 9, 0), ("b", 0, 1)])
    def test_that_are_not_there_are_none(self, tmp_path, place):
        (tmp_path / "a").write_bytes(b"123")
        (tmp_path / "b").write_bytes(b"")
        assert Heap(tmp_path).view(Place(*place)) is None


class TestFiles:
    def test_that_hold_nothing_any_more_go(self, tmp_path):
        fill(tmp_path, {"1-0": b"old", "1-1": b"old"})
        (before,) = files(tmp_path)
        fill(tmp_path, {"1-0": b"new", "1-1": b"new"})
        assert before not in files(tmp_path)
        assert held(tmp_path) == {"1-0": b"new", "1-1": b"new"}

    def test_that_are_mostly_holes_are_given_up(self, tmp_path):
        fill(tmp_path, {"1-0": b"x" * 9_000, "1-1": b"kept"})
        fill(tmp_path, {"1-0": b"new"})
        assert len(files(tmp_path)) == 1
        assert held(tmp_path) == {"1-0": b"new", "1-1": b"kept"}

    def test_stay_few_through_the_years(self, tmp_path, monkeypatch):
        monkeypatch.setattr(stores, "_FILES", 3)
        fill(tmp_path, {f"5-{n}": b"%d" % n * 100 for n in range(30)})
        for n in range(30):
            fill(tmp_path, {f"5-{n}": b"new%d" % n})
            assert len(files(tmp_path)) <= 4
        assert held(tmp_path) == {f"5-{n}": b"new%d" % n for n in range(30)}

    def test_of_another_run_that_goes_on_stay_or_are_begun_anew(self, tmp_path):
        one, other = Store(tmp_path / "store.sqlite"), Store(tmp_path / "store.sqlite")
        one.keep("1-0", b"key", [("said", b"first")])
        other.keep("1-0", b"key", [("said", b"second")])
        other.drop([])
        one.keep("1-1", b"key", [("said", b"third")])
        assert held(tmp_path) == {"1-0": b"second", "1-1": b"third"}
        one.close()
        other.close()

    def test_that_were_altered_hand_out_nothing(self, tmp_path):
        fill(tmp_path, {"1-0": b"one", "1-1": b"two"})
        (path,) = files(tmp_path)
        path.write_bytes(path.read_bytes().replace(b"one", b"oni"))
        store = Store(tmp_path / "store.sqlite")
        assert store.parts("1-0", {"said"}) == {}
        assert bytes(store.parts("1-1", {"said"})["said"].data) == b"two"
        store.close()
