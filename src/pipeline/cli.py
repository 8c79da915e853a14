"""The command line: from arguments to the function of a command, and to an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from textwrap import dedent
from typing import NoReturn, cast

from pipeline import __version__
from pipeline.commands import CANNOT_RUN, COMMANDS, PROJECT, READER_LEFT, STOPPED, Argument, Command, formats
from pipeline.errors import WenshuError, masked, one_line

__all__ = [
    "CANNOT_RUN",
    "COMMANDS",
    "PROJECT",
    "READER_LEFT",
    "STOPPED",
    "Argument",
    "Command",
    "formats",
    "main",
]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, sys.argv by default, and return its exit code."""
    _speak_utf8()
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


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:  # --help, --version and wrong use, all of it said by now
        return cast(int, end.code)
    module, _, function = args.function.partition(":")
    command: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
    return command(args)


class _Parser(argparse.ArgumentParser):
    """A parser that answers wrong use in one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(CANNOT_RUN, f"{self.prog}: {one_line(masked(message))}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="wenshu",
        description="文数 wenshu: numbers out of Chinese prose, as validated open data.",
        epilog="wenshu COMMAND --help tells more of each.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"wenshu {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for row in COMMANDS:
        command = commands.add_parser(
            row.name,
            help=row.help,
            description=f"{row.help[0].upper()}{row.help[1:]}.",
            epilog=f"examples:\n{dedent(row.examples).strip()}" if row.examples else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.set_defaults(function=row.function)
        for argument in row.arguments:
            command.add_argument(*argument.names, **argument.settings)
    return parser


def _failed(message: str, code: int = CANNOT_RUN) -> int:
    print(f"wenshu: {one_line(masked(message))}", file=sys.stderr)
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
