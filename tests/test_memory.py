"""Whatever lies in raw/: a night and all its processes stay within 2 GB, and each bomb has its own end."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from breaking import NIGHT, environment
from offices import NEWS, docx, xlsx

MOST = 2 * 1024 * 1024
"""KiB of memory in all processes."""
EVERY = 0.1
"""Seconds between two looks at it."""


def unfolding(size: int, filters: int) -> bytes:
    """A PDF of one page whose content was packed so many times."""
    content = b" " * size + b"BT ET"
    for _ in range(filters):
        content = zlib.compress(content, 9 if len(content) < 10_000_000 else 1)
    names = "/FlateDecode " * filters
    return of_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R>>",
        f"<</Length {len(content)}/Filter[{names}]>>stream\n".encode() + content + b"\nendstream",
    )


def of_pages(number: int) -> bytes:
    """A PDF of so many pages."""
    kids = b" ".join(b"%d 0 R" % n for n in range(4, number + 4))
    shown = b"BT /F 12 Tf 50 700 Td (12) Tj ET"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 3 0 R>>"
    return of_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, number),
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        *[page] * number,
    )


def of_objects(*objects: bytes) -> bytes:
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj" % number + body + b"endobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def grown(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A document of an office program with one of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return made.getvalue()


def many_runs(document: bytes) -> bytes:
    run = b"<w:r><w:t>9</w:t></w:r>"
    return document.replace(b"</w:p>", run * 600_000 + b"</w:p>", 1)


def far_cell(sheet: bytes) -> bytes:
    """A sheet that has a cell in the last place there is."""
    row = b'<row r="1048576"><c r="XFD1048576"><v>9</v></c></row></sheetData>'
    return sheet.replace(b"</sheetData>", row)


BOMBS: dict[str, Callable[[], bytes]] = {
    "ratios.txt": lambda: b"1:" * 100_000,
    "brackets.txt": lambda: "12（".encode() * 800_000,
    "digits.txt": lambda: b"9" * 8_000_000,
    "lines.txt": lambda: b"9\n" * 4_000_000,
    "unfolds.pdf": lambda: unfolding(400_000_000, 2),
    "unfolds-far.pdf": lambda: unfolding(60_000_000, 1),
    "pages.pdf": lambda: of_pages(100_000),
    "attributes.html": lambda: f"<p {' '.join(f'a{n}=1' for n in range(40_000))}>{NEWS}</p>".encode(),
    "nested.html": lambda: b"<div>" * 300_000 + NEWS.encode(),
    "objects.jsonl": lambda: b"{}\n" * 20_000_000,
    "list.jsonl": lambda: b'{"text": [' + b"{}," * 2_600_000 + b"{}]}\n",
    "runs.docx": lambda: grown(docx(NEWS), "word/document.xml", many_runs),
    "far.xlsx": lambda: grown(xlsx({"甲": [("正文",), (NEWS,)]}), "xl/worksheets/sheet1.xml", far_cell),
    "parts.eml": lambda: b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n9\n" * 900_000,
}  # fmt: skip


def held(process: int) -> int:
    """KiB that a process and all it started take, what they share counted once."""
    total, left = 0, [process]
    while left:
        here = Path("/proc", str(left.pop()))
        try:
            rollup = (here / "smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            left += [int(child) for child in (here / "task" / here.name / "children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_night_over_bombs_stays_within_two_gigabytes(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for name, make in BOMBS.items():
        (tmp_path / "raw" / name).write_bytes(make())
    (tmp_path / "raw" / "sound.txt").write_text(f"{NEWS}全市植树3万棵。", encoding="utf-8")
    night = subprocess.Popen(
        [sys.executable, "-c", NIGHT, str(tmp_path)], cwd=tmp_path, env=environment(tmp_path),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    most = 0
    while night.poll() is None:
        most = max(most, held(night.pid))
        time.sleep(EVERY)
    assert night.stdout
    assert night.stdout.read() == "released\n"
    assert most < MOST, f"{most // 1024} MiB"
    with (tmp_path / "output/latest/data/documents.csv").open(encoding="utf-8-sig", newline="") as file:
        ends = {row["path"]: (row["status"], row["reason"]) for row in csv.DictReader(file)}
    assert ends["sound.txt"][0] == "read"
    assert BOMBS.keys() <= {path.partition("#")[0] for path in ends}
    assert not [end for end in ends.values() if end[0] == "quarantined" and "wenshu fails" in end[1]]
