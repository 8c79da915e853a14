"""What the desk keeps of files: until they change, and without making others wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from pipeline.desk.file_cache import FileCache, file_states


def test_a_value_is_kept_until_its_file_is_written_again(tmp_path: Path) -> None:
    path, cache = tmp_path / "a.txt", FileCache()

    def read() -> str:
        return cache.get("a", file_states([path]), lambda: path.read_text(encoding="utf-8"))

    path.write_text("one", encoding="utf-8")
    first = read()
    assert read() is first
    path.write_text("another", encoding="utf-8")
    assert read() == "another"


def test_the_keys_used_last_are_kept() -> None:
    cache = FileCache()
    made: list[int] = []

    def get(key: int) -> None:
        cache.get(key, None, lambda: made.append(key))

    for key in range(200):
        get(key)
        get(0)
    assert made == [*range(200)]
    get(1)
    assert made[-1] == 1


def test_a_value_that_cannot_be_made_is_tried_again() -> None:
    cache = FileCache()
    with pytest.raises(ZeroDivisionError):
        cache.get("a", 1, lambda: 1 // 0)
    assert cache.get("a", 1, lambda: 2) == 2


def test_a_value_is_made_once_and_only_its_own_readers_wait() -> None:
    cache, begun, over, made = FileCache(), Event(), Event(), list[int]()

    def slow() -> str:
        made.append(1)
        begun.set()
        assert over.wait(30)
        return "slow"

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(cache.get, "article", 1, slow) for _ in range(2)]
        assert begun.wait(30)
        try:
            assert pool.submit(cache.get, "report", 1, lambda: "quick").result(10) == "quick"
        finally:
            over.set()
        assert [one.result(30) for one in waiting] == ["slow", "slow"]
    assert made == [1]
