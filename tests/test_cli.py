"""The command line's manners: one line for what went wrong, and quiet ends."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.commands import CANNOT_RUN, PROJECT, READER_LEFT, STOPPED, Argument, Command
from pipeline.errors import WenshuError

SPOKEN = "487个老旧小区，89个基本改造完成。"


def speak(args: Namespace) -> int:
    print(SPOKEN)
    return int(args.code)


def refuse(args: Namespace) -> int:
    raise WenshuError("raw/ is empty: put an article in it\x1b[31m\nand run again")


def miss(args: Namespace) -> int:
    Path("no such folder/page.txt").read_bytes()
    return 0


def interrupt(args: Namespace) -> int:
    raise KeyboardInterrupt


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        Command(
            name=function.__name__,
            help=f"{function.__name__} at once",
            function=f"{__name__}:{function.__name__}",
            arguments=(
                *PROJECT,
                Argument("--format", choices=("table", "jsonl"), default="table"),
                Argument("--code", default=0),
            ),
            examples="wenshu speak    says something",
        )
        for function in (speak, refuse, miss, interrupt)
    ]
    monkeypatch.setattr(cli, "COMMANDS", tuple(rows))


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_command_decides_its_exit_code(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["speak", "--code", str(code)]) == code
    assert capsys.readouterr().out == f"{SPOKEN}\n"


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "wenshu: the following arguments are required: COMMAND; see wenshu --help"),
        ("speek", "invalid choice: 'speek'"),
        ("speak --format xml", "wenshu speak: argument --format: invalid choice: 'xml'"),
        ("speak --form jsonl", "unrecognized arguments: --form jsonl"),
        ("speak --raw", "wenshu speak: argument --raw: expected one argument; see wenshu speak --help"),
        ("refuse", r"wenshu: raw/ is empty: put an article in it\x1b[31m\nand run again"),
        ("miss", "wenshu: no such folder/page.txt: No such file or directory"),
    ],
)
def test_what_cannot_run_is_answered_in_one_line(
    line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(line.split()) == CANNOT_RUN
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.usefixtures("commands")
def test_ctrl_c_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["interrupt"]) == STOPPED
    assert capsys.readouterr().err == "wenshu: stopped\n"


@pytest.mark.usefixtures("commands")
def test_help_shows_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["speak", "--help"]) == 0
    out = capsys.readouterr().out
    assert "Speak at once." in out
    assert "examples:\nwenshu speak    says something" in out
    assert "--config FILE" in out


TALKER = """
import sys
from pipeline import cli
from pipeline.commands import Command
def talk(args):
    for _ in range(100_000):
        print("487个老旧小区")
    return 0
cli.COMMANDS = (Command(name="talk", help="talk", function="__main__:talk"),)
sys.exit(cli.main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
@pytest.mark.parametrize("arguments", [["talk"], ["--help"]])
def test_a_reader_that_leaves_early_causes_no_traceback(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        end = subprocess.run(
            [sys.executable, "-c", TALKER, *arguments],
            env={**os.environ, "PYTHONUNBUFFERED": ""},
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert end.stderr == b""
    assert end.returncode == READER_LEFT


def test_data_is_utf8_in_any_locale_and_a_lone_surrogate_is_an_escape() -> None:
    talker = TALKER.replace("487个老旧小区", r"487\u4e2a\udc80").replace("100_000", "1")
    end = subprocess.run(
        [sys.executable, "-c", talker, "talk"],
        env={"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "gb18030"},
        capture_output=True,
        check=True,
    )
    assert end.stdout == "487个\\udc80\n".encode()
