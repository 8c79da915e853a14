"""Who writes raw/ decides what articles say, and nothing else: each hostile entry has an end of its own."""

from __future__ import annotations

import csv
import gzip
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from breaking import NIGHT, environment
from reading import SENTENCES

GOOD = SENTENCES[1]
SECRET = "机密：全市计划改造老旧小区777个。"


def fifo(raw: Path) -> None:
    os.mkfifo(raw / "pipe.txt")


def unix_socket(raw: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(raw)  # its name may be a hundred bytes long, and a test's folder is longer
        try:
            listening.bind("socket.txt")
        finally:
            os.chdir(here)


def link_to(target: str) -> Callable[[Path], None]:
    def link(raw: Path) -> None:
        (raw / "link.txt").symlink_to(target)

    return link


def link_to_itself(raw: Path) -> None:
    (raw / "loop.txt").symlink_to("loop.txt")
    (raw / "folder").mkdir()
    (raw / "folder" / "up").symlink_to("..")


def hard_to_name(raw: Path) -> None:
    for name in (
        "a\nb.txt",
        "\x1b[2J.txt",
        "\u202etxt.exe",
        "=cmd|' '!A0.txt",
        "<script>.txt",
        "{0}%s.txt",
        "x" * 251,
    ):
        (raw / f"{name}.txt"[:255]).write_text("今天天气很好。", encoding="utf-8")
    with suppress(OSError):
        (raw / os.fsdecode(b"\xff\xfe.txt")).write_text("今天天气很好。", encoding="utf-8")


def bomb(raw: Path) -> None:
    with gzip.open(raw / "bomb.txt.gz", "wb") as packed:
        for _ in range(300):
            packed.write(bytes(1 << 20))


def sidecar_that_names_another_file(raw: Path) -> None:
    (raw / "side.txt").write_text("今天天气很好。", encoding="utf-8")
    (raw / "side.yaml").symlink_to("../../secret.txt")
    (raw / "tag.txt").write_text("今天天气很好。", encoding="utf-8")
    (raw / "tag.yaml").write_text(
        "title: !!python/object/apply:os.system ['touch owned']\n", encoding="utf-8"
    )


def aliases(raw: Path) -> None:
    """A sidecar of a kilobyte that unfolds to ten to the tenth."""
    (raw / "laughs.txt").write_text("今天天气很好。", encoding="utf-8")
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (raw / "laughs.yaml").write_text("\n".join(lines), encoding="utf-8")


def binary(raw: Path) -> None:
    (raw / "program.txt").write_bytes(bytes(range(256)) * 4096)


def unreadable(raw: Path) -> None:
    (raw / "closed.txt").write_text("今天天气很好。", encoding="utf-8")
    (raw / "closed.txt").chmod(0)


ENTRIES = [
    fifo, unix_socket, link_to("../../secret.txt"), link_to("/dev/zero"), link_to("/dev/stdin"),
    link_to("/proc/self/environ"), link_to("/proc/self/mem"), link_to("nowhere"), link_to("."),
    link_to_itself, hard_to_name, bomb, sidecar_that_names_another_file, aliases, binary, unreadable,
]  # fmt: skip


@pytest.mark.soak
def test_hostile_entries_cost_themselves_and_the_rest_is_released(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "good.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "raw" / "secret.txt").symlink_to("../secret.txt")
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    for number, make in enumerate(ENTRIES):
        (tmp_path / "raw" / str(number)).mkdir()
        make(tmp_path / "raw" / str(number))
    told = environment(tmp_path) | {"MARK": "Wo0rd"}
    done = subprocess.run(
        [sys.executable, "-c", NIGHT, str(tmp_path)], cwd=tmp_path, env=told, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "released\n"), done.stderr[-500:]
    with (tmp_path / "output" / "latest" / "data" / "documents.csv").open(encoding="utf-8-sig") as file:
        status = {row["path"]: row["status"] for row in csv.DictReader(file)}
    assert status["good.txt"] == "read"
    assert not [*tmp_path.rglob("owned")]
    for path in (tmp_path / "output").rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert SECRET.encode() not in content, path
            assert b"Wo0rd" not in content, path
