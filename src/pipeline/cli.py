"""The command line: parses arguments, calls the function of a command, and returns an exit code."""

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
from pipeline.language import Language, language, localized, set_language, translate


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, sys.argv by default, and return its exit code."""
    _use_utf8()
    argv = sys.argv[1:] if argv is None else argv
    set_language(_language_option(argv))
    try:
        code = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # Otherwise Python would flush its buffer at exit and fail again, with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except KeyboardInterrupt:
        return _failed("stopped", STOPPED)
    except WenshuError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception:  # a bug; the exit code 1, which Python would give, means that something was found
        from traceback import format_exc

        print(masked(format_exc()), end="", file=sys.stderr)
        return CANNOT_RUN
    return code


def _language_option(argv: Sequence[str]) -> Language | None:
    """The language of --lang, before the command line is parsed: help and errors are in it too."""
    for name, value in zip(argv, (*argv[1:], ""), strict=False):
        if name == "--lang" or name.startswith("--lang="):
            chosen = value if name == "--lang" else name.partition("=")[2]
            return cast(Language, chosen) if chosen in get_args(Language) else None
    return None


def _run(argv: Sequence[str]) -> int:
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:  # after --help, --version and wrong use, whose output is written
        return cast(int, end.code)
    module, _, function = args.function.partition(":")
    command: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
    return command(args)


class _Parser(argparse.ArgumentParser):
    """A parser in the user's language that answers wrong use with one line in place of the usage."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, formatter_class=_Formatter, allow_abbrev=False, add_help=False)
        self.arguments = self.add_argument_group(translate("arguments"))
        self.options = self.add_argument_group(translate("options"))
        self.options.add_argument("-h", "--help", action="help", help=translate("show this help and exit"))
        self.options.add_argument(
            "--lang",
            choices=get_args(Language),
            help=translate("the language of messages and help: zh or en; LANG's by default"),
        )

    def error(self, message: str) -> NoReturn:
        text = translate(f"{one_line(message)}; see {self.prog} --help")
        self.exit(CANNOT_RUN, f"{self.prog}: {text}\n")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(
            usage, actions, groups, localized("用法：", "usage: ") if prefix is None else prefix
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="wenshu",
        description=f"文数 wenshu: {translate('numbers out of Chinese prose, as validated open data.')}",
        epilog=translate("wenshu COMMAND --help tells more of each."),
    )
    parser.options.add_argument(
        "--version",
        action="version",
        version=f"wenshu {__version__}",
        help=translate("show the version and exit"),
    )
    commands = parser.add_subparsers(
        title=translate("commands"), metavar="COMMAND", dest="command", required=True, parser_class=_Parser
    )
    for row in COMMANDS:
        summary = translate(row.help)
        command = commands.add_parser(
            row.name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}{localized('。', '.')}",
            epilog=_examples(row),
        )
        command.set_defaults(function=row.function)
        for argument in row.arguments:
            settings = dict(argument.settings)
            settings["help"] = translate(settings.get("help", ""))
            group = command.options if argument.name.startswith("-") else command.arguments
            group.add_argument(argument.name, **settings)
    return parser


def _examples(row: Command) -> str | None:
    """The examples of a command; in Chinese only the command lines, which need no translation."""
    if not row.examples:
        return None
    lines = row.examples.strip().splitlines()
    if language() == "zh":
        lines = [re.split(r"\s{2,}", line)[0] for line in lines if line.startswith("wenshu ")]
    return "\n".join((f"{translate('examples')}{localized('：', ':')}", *lines))


def _failed(message: str, code: int = CANNOT_RUN) -> int:
    print(f"wenshu: {translate(one_line(masked(message)))}", file=sys.stderr)
    return code


def _use_utf8() -> None:
    """Write UTF-8 with LF to files and pipes; a terminal keeps its encoding.

    A lone surrogate of a damaged text is written as an escape that is also valid in JSON.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            terminal = stream.isatty()
            stream.reconfigure(
                encoding=stream.encoding if terminal else "utf-8",
                errors="backslashreplace",
                newline=None if terminal else "\n",
            )
