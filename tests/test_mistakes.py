"""Thirty typical mistakes: each is answered in one line that says what to do, in the user's language."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.cli import main

NEWS = "全区487个老旧小区，89个基本改造完成，203个进入收尾阶段，195个近期全部开工。\n"


class Mistake(NamedTuple):
    """A command line in a sound project in which something was made wrong."""

    line: str
    says: str
    """What the answer says, in English."""
    wrong: tuple[str, str] | None = None
    """A file of the project, and what was written into it instead."""
    code: int = 2


INDICATORS = "catalog/indicators/own.yaml"
MISTAKES = [
    # Words of the command line
    Mistake("", "the following arguments are required: COMMAND; see wenshu --help"),
    Mistake("rum", "invalid choice: 'rum'"),
    Mistake("extract", "the following arguments are required: FILE"),
    Mistake("extract --format xml raw/a.txt", "argument --format: invalid choice: 'xml'"),
    Mistake("run --processes 0", "argument --processes: 0 is no number from 1 to 1024"),
    Mistake("run --outptu elsewhere", "unrecognized arguments: --outptu elsewhere"),
    Mistake("runs --limit many", "argument --limit: many is no number from 1 to 1024"),
    Mistake("site serve --port 80000", "80000 is no port"),
    Mistake("releases prune --keep 0", "--keep 0: at least one release stays; give 1 or more"),
    Mistake("catalog try", "catalog try takes a file of indicators"),
    # Paths
    Mistake("run --raw nowhere", "nowhere: no such folder; put article texts into it"),
    Mistake("run --config nowhere.toml", "nowhere.toml: no such file; name a wenshu.toml or its folder"),
    Mistake("extract nofile.txt", "nofile.txt: cannot be read: No such file or directory"),
    Mistake("extract raw", "raw: cannot be read: Is a directory"),
    Mistake("check raw/报送.doc", "save it as .docx in Word or WPS", ("raw/报送.doc", "x")),
    Mistake("check raw/空.txt", "空.txt: is empty", ("raw/空.txt", "")),
    Mistake("init .", "is not empty; name a new folder, or an empty one"),
    Mistake("diff 2026.1.1 latest", "2026.1.1 is no release; there are none yet"),
    Mistake("site serve", "is not there yet; `wenshu site build` makes it"),
    # Settings
    Mistake("run", "is not TOML in UTF-8", ("wenshu.toml", "[paths\n")),
    Mistake("run", "no setting is called path.raw; did you mean paths.raw?",
            ("wenshu.toml", "[path]\nraw = 'raw'\n")),
    Mistake("schedule", "give five cron fields, as in cron = ",
            ("wenshu.toml", "[schedule]\ncron = '25 o clock'\n")),
    Mistake("schedule", "give an IANA name, as in timezone = ",
            ("wenshu.toml", "[schedule]\ntimezone = 'Beijing'\n")),
    Mistake("run", "give a number from 1, as in processes = 4",
            ("wenshu.toml", "[read]\nprocesses = '4'\n")),
    # YAML
    Mistake("catalog check", "own.yaml:2: is not YAML", (INDICATORS, "indicators: [\n"), 1),
    Mistake("catalog check", "own.yaml:1: indicator: no field is called so; did you mean indicators?",
            (INDICATORS, "indicator: []\n"), 1),
    Mistake("extract raw/a.txt", "names must be a list of words",
            ("catalog/lexicon.own.yaml", "names: 六厂前街\n")),
    Mistake("doctor", "extends: wenshu; write that, or delete it",
            ("catalog/catalog.yaml", "extends: all\n"), 1),
    # Dates and regions beside an article
    Mistake("doctor", "issued: '2026-13-05' is left out; give a day, as 2020-07-08",
            ("raw/a.yaml", "issued: 2026-13-05\n"), 1),
    Mistake("doctor", "regoin: no field is called so; did you mean region?",
            ("raw/a.yaml", "regoin: 中原区\n"), 1),
    # Decisions
    Mistake("issues", "holds no run with issues; `wenshu run` makes one"),
    Mistake("decide 9e2a accept --reason 照发", "holds no run with issues; `wenshu run` makes one"),
    Mistake("publish", "no URL to publish to; give one, or set url in [publish] of wenshu.toml"),
]  # fmt: skip

ASCII_WORDS = re.compile(r"[A-Za-z][A-Za-z'-]{2,}(?:\s+[A-Za-z][A-Za-z'-]+)+")
"""Two words of English in a row; commands, paths, settings and names are taken out before."""
CODES = re.compile(
    r"wenshu(?: [a-z]+)?(?: --?[a-z]+)?|\S*[/.=\[\]'_-]\S*|(?:extends|title): \S+|o clock|catalog try"
)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "town"]) == 0
    capsys.readouterr()
    monkeypatch.chdir(tmp_path / "town")
    (tmp_path / "town" / "raw" / "a.txt").write_text(NEWS, encoding="utf-8")
    return tmp_path / "town"


def answered(mistake: Mistake, town: Path, capsys: pytest.CaptureFixture[str], language: str) -> str:
    """The one line that answers a mistake."""
    if mistake.wrong:
        (town / mistake.wrong[0]).write_text(mistake.wrong[1], encoding="utf-8")
    code = main([*shlex.split(mistake.line), "--lang", language] if mistake.line else ["--lang", language])
    said = capsys.readouterr()
    assert code == mistake.code
    (line,) = f"{said.out}{said.err}".splitlines()
    return line


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.line} {m.says}")
def test_a_mistake_is_answered_in_one_line_that_says_what_to_do(mistake, town, capsys):
    assert mistake.says in answered(mistake, town, capsys, "en")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.line} {m.says}")
def test_a_mistake_is_answered_in_chinese_without_english(mistake, town, capsys):
    line = answered(mistake, town, capsys, "zh")
    assert re.search("[一-鿿]", line)
    assert not ASCII_WORDS.search(CODES.sub(" ， ", line)), line


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_said(town, capsys):
    (town / "raw" / "a.txt").chmod(0)
    assert main(["extract", "raw/a.txt"]) == 2
    assert "cannot be read: Permission denied" in capsys.readouterr().err


def test_there_are_thirty():
    assert len(MISTAKES) >= 30


def test_the_language_is_that_of_the_environment_or_of_the_option(town, capsys, monkeypatch):
    def said() -> str:
        return str(capsys.readouterr().err)

    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["extract", "nofile.txt"]) == 2
    assert "读不了：没有这个文件或文件夹" in said()
    assert main(["extract", "nofile.txt", "--lang", "en"]) == 2
    assert "cannot be read" in said()
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert main(["extract", "nofile.txt"]) == 2
    assert "cannot be read" in said()
