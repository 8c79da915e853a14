"""The cache: what is put is there the next time, what was altered is not believed, and files stay few."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from reading import SENTENCES, write
from test_reading import night, said

from pipeline.errors import WenshuError
from pipeline.night.cache.database import BrokenCacheError, Cache, CachedArticle, text_digest
from pipeline.night.cache.recovery import with_cache
from pipeline.night.cache.shards import ShardStore, schema
from pipeline.numbers.extract import extract


def files(folder: Path) -> list[Path]:
    return sorted((folder / "shards").iterdir())


def row(name: str) -> pa.RecordBatch:
    """A shard of one article that nothing was read from."""
    said = {"document_id": name, "reading_key": b"", "matching_key": b"", "decided": False}
    return pa.RecordBatch.from_pylist([said], schema())


def whole(cache: Cache) -> int:
    return sum(len(cache.texts([entry.document_id])) for entry in cache.articles())


def test_a_shard_is_seen_as_it_was_put(tmp_path: Path) -> None:
    store = ShardStore(tmp_path)
    store.write("1-0", b"key", row("d0"))
    for seen in (store, ShardStore(tmp_path)):
        found = seen.read("1-0")
        assert found is not None
        assert found.equals(row("d0"))
        assert seen.keys() == {"1-0": b"key"}
    assert store.read("1-1") is None


def test_a_shard_of_another_versions_columns_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, older = ShardStore(tmp_path), schema().remove(schema().get_field_index("dropped"))
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.night.cache.shards.schema", lambda: older)
        store.write("0-0", b"key", pa.RecordBatch.from_pylist([], older))
        assert store.read("0-0") is not None
    assert store.read("0-0") is None


def test_files_of_no_shard_go(tmp_path: Path) -> None:
    store = ShardStore(tmp_path)
    for name in ("d0", "d1"):
        store.write("1-0", name.encode(), row(name))
        store.write("1-1", name.encode(), row(name))
    (tmp_path / "1-2.part").write_bytes(b"of a killed run")
    store.delete_except(["1-0"])
    assert len(list(tmp_path.iterdir())) == 1
    found = ShardStore(tmp_path).read("1-0")
    assert found is not None
    assert found.equals(row("d1"))


@pytest.mark.parametrize("cut", [0, 1, 100, 5000, 20_000])
def test_one_cut_short_is_made_again(
    raw: Path, tmp_path: Path, cut: int, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "cache"
    expected = said(with_cache(folder, lambda cache: night(cache, raw)))
    path = folder / "cache.sqlite"
    path.write_bytes(path.read_bytes()[:cut])
    assert said(with_cache(folder, lambda cache: (night(cache, raw), whole(cache))[0])) == expected
    assert ("is damaged" in caplog.text) == (cut > 1)


def test_bytes_that_were_altered_are_not_believed(raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    expected = said(with_cache(folder, lambda cache: night(cache, raw)))
    path = folder / "cache.sqlite"
    data = path.read_bytes()
    of_the_schema = [data.index(name) for name in (b"CREATE TABLE files", b"texts", b"articles_by_path")]
    for place in (*of_the_schema, *range(9000, len(data), len(data) // 24)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :])
        assert said(with_cache(folder, lambda cache: night(cache, raw))) == expected


@pytest.mark.parametrize("harm", ["alter", "cut", "empty", "delete"])
def test_a_shard_that_was_harmed_is_read_again(
    raw: Path, tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = said(with_cache(tmp_path / "cache", lambda cache: night(cache, raw)))
    (path,) = files(tmp_path / "cache")
    data, read_again, real = path.read_bytes(), [], extract
    monkeypatch.setattr("pipeline.frames.reading.extract", lambda t, g: read_again.append(t) or real(t, g))
    if harm == "delete":
        path.unlink()
    else:
        harmed = {"alter": data[:-9] + bytes([data[-9] ^ 255]) + data[-8:], "cut": data[:100], "empty": b""}
        path.write_bytes(harmed[harm])
    assert said(with_cache(tmp_path / "cache", lambda cache: night(cache, raw))) == expected
    assert len(read_again) == 3


def test_a_text_that_was_altered_is_not_handed_out(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    entry = CachedArticle("d1", "d1", b"a", 0, "read", text_digest(b"other"), b"{}")
    cache.put([(entry, "共12个".encode())])
    with pytest.raises(BrokenCacheError, match="the text of d1 is damaged"):
        cache.texts(["d1"])


def test_an_article_that_is_lost_is_read_from_its_file_again(raw: Path, tmp_path: Path) -> None:
    import sqlite3

    expected = said(with_cache(tmp_path / "cache", lambda cache: night(cache, raw)))
    with sqlite3.connect(tmp_path / "cache" / "cache.sqlite") as database:
        database.execute("DELETE FROM articles WHERE path = ?", (b"b.txt",))
    database.close()
    assert said(with_cache(tmp_path / "cache", lambda cache: night(cache, raw))) == expected


def test_a_folder_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite").mkdir()
    with pytest.raises(WenshuError, match=r"make it writable, or delete it.*latest/ is as it was"):
        with_cache(tmp_path, Cache.names)


def test_few_files_are_left_by_many_nights(raw: Path, tmp_path: Path) -> None:
    for number in range(9):
        write(raw, a=f"第{number}次。{SENTENCES[0]}")
        with_cache(tmp_path / "cache", lambda cache: night(cache, raw))
    assert len(files(tmp_path / "cache")) == 1
