"""An S3 that answers 503: what may pass is tried again, what does not is said, nothing is half there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import handmade
import pytest
from breaking import assert_whole, tables
from clouds import Gate, clouded

from pipeline import remote
from pipeline.errors import WenshuError
from pipeline.night.run_night import run_night
from pipeline.project import load_project
from pipeline.releases.remote_publishing import fetch_latest, send

fsspec = pytest.importorskip("fsspec", reason="fsspec is not here: it comes with wenshu[s3]")

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
URL, RAW = "s3://bucket/wenshu", "s3://bucket/raw"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """S3 on loopback behind a gate; waits are short, and botocore leaves trying again to us."""
    monkeypatch.setattr(remote, "_WAITS", (0.01, 0.02, 0.05, 0.1, 0.2))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with clouded() as gate:
        yield gate


def now_and_then(number: int) -> bool:
    return number % 10 == 0


def for_a_while(seconds: float) -> Callable[[int], bool]:
    """Closed for so long from the first request on."""
    began: list[float] = []

    def closed(number: int) -> bool:
        began.append(monotonic())
        return monotonic() < began[0] + seconds

    return closed


def whole_there() -> str:
    """The version that a reader is given there, every byte of it as published."""
    from test_remote_publishing import whole

    fs, root = fsspec.core.url_to_fs(URL, skip_instance_cache=True)
    return whole(fs, root)


def put(**texts: str) -> None:
    fs = fsspec.filesystem("s3", skip_instance_cache=True)
    for name, text in texts.items():
        fs.pipe_file(f"bucket/raw/{name}.txt", text.encode())


def test_a_503_now_and_then_is_not_noticed(gate: Gate, tmp_path: Path) -> None:
    version = handmade.released(tmp_path / "output", date=NOW.date()).version
    gate.closed = now_and_then
    assert send(tmp_path / "output", URL) == version
    assert fetch_latest(URL, tmp_path / "new") == version
    assert gate.refused > 0
    gate.closed = lambda number: False
    assert whole_there() == version
    assert_whole(tmp_path / "new")


@pytest.mark.soak
@pytest.mark.parametrize("code", [b"SlowDown", b"ServiceUnavailable", b"InternalError"])
def test_a_503_that_passes_is_waited_for(gate: Gate, tmp_path: Path, code: bytes) -> None:
    version = handmade.released(tmp_path / "output", date=NOW.date()).version
    gate.code, gate.closed = code, for_a_while(0.1)
    assert send(tmp_path / "output", URL) == version
    assert gate.refused > 0
    assert whole_there() == version


@pytest.mark.soak
@pytest.mark.parametrize("after", [0, 3, 12, 25, 40])
def test_a_503_for_ever_leaves_there_what_was_and_is_made_good(
    gate: Gate, after: int, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    first = handmade.released(output, date=NOW.date()).version
    send(output, URL)
    changed = handmade.small(*(handmade.quantity(n, v) for n, v in enumerate((488, 89, 203, 195))))
    second = handmade.released(output, changed, date=NOW.replace(day=23).date()).version
    begun = gate.asked
    gate.closed = lambda number: number > begun + after
    with pytest.raises(
        WenshuError, match=r"busy or away.*try again later.*latest.json there is as it was"
    ) as e:
        send(output, URL)
    assert "\n" not in str(e.value)
    assert_whole(output)
    gate.closed = lambda number: False
    assert whole_there() == first
    assert send(output, URL) == second == whole_there()


@pytest.mark.soak
def test_a_night_whose_release_cannot_be_sent_has_released_and_says_so(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("改造小区487个。", encoding="utf-8")
    (tmp_path / "wenshu.toml").write_text(f'[publish]\nurl = "{URL}"\n', encoding="utf-8")
    project = load_project(cwd=tmp_path)
    run_night(project, now=NOW)
    first = whole_there()
    (tmp_path / "raw" / "b.txt").write_text("植树3万余棵。", encoding="utf-8")
    gate.closed = lambda number: True
    run = run_night(project, now=NOW.replace(day=23))
    assert run.outcome == "released"
    assert "not published at its URL" in run.note
    assert "`wenshu publish`" in run.note
    assert_whole(project.output)
    gate.closed = lambda number: False
    assert whole_there() == first
    assert send(project.output, URL) == run.version == whole_there()


@pytest.mark.soak
def test_raw_behind_a_503_now_and_then_is_read_whole(gate: Gate, tmp_path: Path) -> None:
    put(**{f"a{n}": f"改造小区{n + 10}个。" for n in range(30)})
    gate.closed = now_and_then
    run = run_night(load_project(raw=RAW, cwd=tmp_path), now=NOW)
    assert (run.outcome, run.rows["documents"]) == ("released", 30)
    assert gate.refused > 0


@pytest.mark.soak
@pytest.mark.parametrize("after", [1, 0, 5])
def test_raw_behind_a_503_for_ever_leaves_the_latest_release_and_is_read_the_next_night(
    gate: Gate, after: int, tmp_path: Path
) -> None:
    project = load_project(raw=RAW, cwd=tmp_path)
    put(a="改造小区487个。")
    first = run_night(project, now=NOW)
    before = tables(project.output)
    put(**{f"b{n}": f"改造小区{n + 10}个。" for n in range(20)})
    begun = gate.asked
    gate.closed = lambda number: number > begun + after
    with pytest.raises(WenshuError, match=r"busy or away.*try again later.*latest/ is as it was"):
        run_night(project, now=NOW.replace(day=23))
    assert tables(project.output) == before
    assert_whole(project.output)
    record = json.loads((project.output / "runs" / "20261123T180000Z" / "run.json").read_text("utf-8"))
    assert (record["outcome"], record["version"]) == ("failed", first.version)
    gate.closed = lambda number: False
    asked = gate.asked
    again = run_night(project, now=NOW.replace(day=24))
    assert (again.outcome, again.rows["documents"]) == ("released", 21)
    assert gate.asked - asked <= 21


def test_raw_without_leave_or_without_a_bucket_says_so(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(a="改造小区487个。")
    with pytest.raises(WenshuError, match=r"no such bucket or folder.*latest/ is as it was"):
        run_night(load_project(raw="s3://another/raw", cwd=tmp_path), now=NOW)
    gate.status, gate.code, gate.closed = 403, b"AccessDenied", lambda number: True
    with pytest.raises(WenshuError, match=r"access is refused.*permissions or your credentials"):
        run_night(load_project(raw=RAW, cwd=tmp_path), now=NOW)
