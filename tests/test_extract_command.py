"""`wenshu extract`: what is printed, in which form, and what it says of files that it cannot read."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from pipeline import cli
from pipeline.commands.terminal import aligned, pad

SENTENCE = "动员1.4万余名党员，近三成在一线；发放港幣￥300。"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "文章.txt"
    path.write_bytes("全区487个老旧小区\r\n".encode())
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = cli.main(["extract", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_json_lines_hold_the_fields_of_the_contract(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article.write_text(SENTENCE, encoding="utf-8")
    code, out, _ = run(capsys, "--format", "jsonl", article)
    first = json.loads(out.splitlines()[0])
    assert code == 0
    assert first == {
        "file": str(article),
        "start": 2,
        "end": 8,
        "text": "1.4万余名",
        "kind": "count",
        "value": "14000",
        "low": "14000",
        "high": "15000",
        "unit": "名",
        "qualifier": "over",
        "subject": "党员",
        "confidence": first["confidence"],
        "measure": "level",
        "direction": None,
        "base": None,
        "of": None,
        "per": None,
        "part": None,
        "state": "动员",
        "planned": False,
        "scope": None,
    }
    assert 0.5 < float(first["confidence"]) <= 1


def test_csv_has_a_header_and_a_row_a_numeral(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article.write_text(SENTENCE, encoding="utf-8")
    code, out, _ = run(capsys, "--format", "csv", "--explain", article)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [row["text"] for row in rows] == ["1.4万余名", "三成", "一线", "300"]
    assert [row["unit"] for row in rows] == ["名", "%", "", "￥"]
    assert all(row["rule"] for row in rows)


def test_the_table_marks_numbers_in_their_sentence(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article.write_text(SENTENCE, encoding="utf-8")
    _, out, _ = run(capsys, article)
    assert "动员【1.4万余名】党员，近【三成】在【一线】" in out
    assert "14,000–15,000  名" in out
    assert "港幣" in out, "the sentence is shown in its own script"


def test_the_table_shows_no_control_characters(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article.write_text("红\x1b[31m字3名\u202e党员", encoding="utf-8")
    _, out, _ = run(capsys, article)
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_are_read_in_their_encoding(
    encoding: str, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article.write_bytes(SENTENCE.encode(encoding))
    _, out, _ = run(capsys, "--format", "jsonl", article)
    assert json.loads(out.splitlines()[0])["start"] == 2


def test_what_cannot_be_read_is_said_and_the_rest_is_read(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--format", "jsonl", tmp_path / "none.txt", tmp_path, article)
    assert code == 0
    assert len(out.splitlines()) == 1
    assert [line.partition(": ")[2] for line in err.splitlines()] == [
        f"{tmp_path / 'none.txt'}: cannot be read: No such file or directory",
        f"{tmp_path}: cannot be read: Is a directory",
    ]


def test_nothing_read_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, tmp_path / "none.txt")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_a_projects_lexicon_is_read(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catalog").mkdir()
    lexicon = tmp_path / "catalog" / "lexicon.yaml"
    lexicon.write_text(
        "names: [7799目标, 九驿坡社区]\nothers: [六六顺]\nunits:\n  篮筐: {kind: count, code: '1'}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    article.write_text("7799目标，九驿坡社区有3篮筐，六六顺。", encoding="utf-8")
    _, out, _ = run(capsys, "--format", "jsonl", article)
    assert [(m["text"], m["kind"]) for m in map(json.loads, out.splitlines())] == [
        ("7799目标", "name"),
        ("九驿坡社区", "name"),
        ("3篮筐", "count"),
        ("六六顺", "other"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("names: 3", "names must be a list of words"),
        ("units:\n  筐: 3", "each of units needs a kind and a code"),
        ("units:\n  筐: {kind: date, code: x}", "units.筐: kind must be one of"),
        ("- 3", "must be a mapping"),
    ],
)
def test_a_faulty_lexicon_is_named(
    text: str,
    fault: str,
    article: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "lexicon.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, article)
    assert (code, out) == (2, "")
    assert "lexicon.yaml" in err
    assert fault in err


def test_extract_loads_nothing_heavy(page: Path) -> None:
    heavy = "prefect great_expectations pandas pyarrow jsonschema duckdb rich.console jieba opencc".split()
    program = (
        "import sys; from pipeline.cli import main; "
        f"code = main(['extract', {str(page)!r}]); "
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("党员", 4), ("１", 2), ("e\u0301", 1), ("", 0)])
def test_columns_stand_one_below_the_other_and_none_is_wider_than_it_may_be(text: str, columns: int) -> None:
    assert pad(text, 9) == text + " " * (9 - columns)
    assert pad(text, 9, right=True) == " " * (9 - columns) + text
    first, second = aligned([(text * 9, "|"), ("x" * 9, "|")], 6)
    assert first.endswith("  |") and second == "xxxxx…  |"
    assert cell_len(first) == cell_len(second)
