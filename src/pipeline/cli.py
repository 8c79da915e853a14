"""The command line: from arguments to the function of a command, and to an exit code."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn, cast, get_args

from pipeline import __version__
from pipeline.commands import CANNOT_RUN, COMMANDS, READER_LEFT, STOPPED, Command
from pipeline.errors import WenshuError, masked, one_line
from pipeline.language import Language, choose, language, pick, translated


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, sys.argv by default, and return its exit code."""
    _speak_utf8()
    argv = sys.argv[1:] if argv is None else argv
    choose(_asked(argv))
    try:
        code = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would fail again, with a traceback, when Python exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except KeyboardInterrupt:
        return _failed("stopped", STOPPED)
    except WenshuError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception:  # a fault of ours: Python's own code for it, 1, would say that something was found
        from traceback import format_exc

        print(masked(format_exc()), end="", file=sys.stderr)
        return CANNOT_RUN
    return code


def _asked(argv: Sequence[str]) -> Language | None:
    """The language that a command line asks for, before it is parsed: help and faults speak it too."""
    for name, value in zip(argv, (*argv[1:], ""), strict=False):
        if name == "--lang" or name.startswith("--lang="):
            said = value if name == "--lang" else name.partition("=")[2]
            return cast(Language, said) if said in get_args(Language) else None
    return None


def _run(argv: Sequence[str]) -> int:
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:  # --help, --version and wrong use, all of it said by now
        return cast(int, end.code)
    module, _, function = args.function.partition(":")
    command: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
    return command(args)


class _Parser(argparse.ArgumentParser):
    """A parser that speaks the user's language, and answers wrong use in a line and not the whole usage."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, formatter_class=_Formatter, allow_abbrev=False, add_help=False)
        self.named = self.add_argument_group(translated("arguments"))
        self.options = self.add_argument_group(translated("options"))
        self.options.add_argument("-h", "--help", action="help", help=translated("show this help and exit"))
        self.options.add_argument(
            "--lang",
            choices=get_args(Language),
            help=translated("the language of messages and help: zh or en; LANG's by default"),
        )

    def error(self, message: str) -> NoReturn:
        said = translated(f"{one_line(message)}; see {self.prog} --help")
        self.exit(CANNOT_RUN, f"{self.prog}: {said}\n")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, pick("用法：", "usage: ") if prefix is None else prefix)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="wenshu",
        description=f"文数 wenshu: {translated('numbers out of Chinese prose, as validated open data.')}",
        epilog=translated("wenshu COMMAND --help tells more of each."),
    )
    parser.options.add_argument(
        "--version",
        action="version",
        version=f"wenshu {__version__}",
        help=translated("show the version and exit"),
    )
    commands = parser.add_subparsers(
        title=translated("commands"), metavar="COMMAND", dest="command", required=True, parser_class=_Parser
    )
    for row in COMMANDS:
        said = translated(row.help)
        command = commands.add_parser(
            row.name,
            help=said,
            description=f"{said[0].upper()}{said[1:]}{pick('。', '.')}",
            epilog=_examples(row),
        )
        command.set_defaults(function=row.function)
        for argument in row.arguments:
            settings = dict(argument.settings)
            settings["help"] = translated(settings.get("help", ""))
            group = command.options if argument.name.startswith("-") else command.named
            group.add_argument(argument.name, **settings)
    return parser


def _examples(row: Command) -> str | None:
    """A command's examples: in Chinese the command lines alone, which need no translation."""
    if not row.examples:
        return None
    lines = row.examples.strip().splitlines()
    if language() == "zh":
        lines = [re.split(r"\s{2,}", line)[0] for line in lines if line.startswith("wenshu ")]
    return "\n".join((f"{translated('examples')}{pick('：', ':')}", *lines))


def _failed(message: str, code: int = CANNOT_RUN) -> int:
    print(f"wenshu: {translated(one_line(masked(message)))}", file=sys.stderr)
    return code


def _speak_utf8() -> None:
    """Data is UTF-8 with LF wherever it is written; a terminal keeps its own encoding.

    A lone surrogate of a damaged text comes out as an escape, in JSON the right one.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            terminal = stream.isatty()
            stream.reconfigure(
                encoding=stream.encoding if terminal else "utf-8",
                errors="backslashreplace",
                newline=None if terminal else "\n",
            )
