"""The commands, read from commands.toml: a row a command, with its arguments and its function.

A function takes the parsed arguments and returns the exit code. The row names it, and it is
imported when it is called, so that `wenshu --help` imports nothing else.
"""

from __future__ import annotations

import tomllib
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import one_line
from pipeline.remote import path_or_url

CANNOT_RUN = 2
"""Exit code of wrong use, and of errors that the user has to correct first."""
STOPPED = 130
"""Exit code after Ctrl-C, as shells have it (128 and SIGINT)."""
READER_LEFT = 141
"""Exit code where stdout was closed by its reader, as shells have it (128 and SIGPIPE)."""


class Argument:
    """An argument of a command, as `argparse.ArgumentParser.add_argument` takes it."""

    def __init__(self, name: str, **settings: Any) -> None:
        self.name = name
        self.settings = settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A row of `COMMANDS`."""

    name: str
    help: str
    """A line for the list of commands and for its own help."""
    function: str
    """MODULE:FUNCTION; takes the parsed arguments and returns the exit code."""
    arguments: tuple[Argument, ...] = ()
    examples: str = ""
    """Example command lines with explanations, for the end of its help."""


def positive(text: str) -> int:
    """A positive number, as a type of argparse."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= 1024:
        raise ArgumentTypeError(f"{one_line(text)} is no number from 1 to 1024")
    return int(text)


def port(text: str) -> int:
    """A port, as a type of argparse."""
    if not (text.isascii() and text.isdecimal()) or not 0 <= int(text[:9]) <= 65535:
        raise ArgumentTypeError(f"{one_line(text)} is no port from 1 to 65535, or 0 for a free one")
    return int(text)


TYPES: Mapping[str, Callable[[str], Any]] = {
    "int": int, "path": Path, "place": path_or_url, "port": port, "positive": positive,
}  # fmt: skip
"""The types of arguments in commands.toml."""

PROJECT = (
    Argument("--config", type=Path, metavar="FILE", help="the project's wenshu.toml, or its folder"),
    Argument("--raw", type=path_or_url, metavar="DIR|URL", help="where the articles are; raw/ by default"),
    Argument("--output", type=Path, metavar="DIR", help="where releases are; output/ by default"),
)
"""The arguments of every command on a project; `pipeline.project.project_from_args` reads it."""
_FILES = Argument(
    "files",
    nargs="+",
    type=Path,
    metavar="FILE",
    help="an article in any format of raw/; - for what is piped in",
)
_SHARED = {"project": PROJECT, "files": (PROJECT[0], _FILES), "": ()}


def _commands() -> Iterator[Command]:
    path = Path(__file__).with_name("commands.toml")
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["command"]:
        arguments = [
            Argument(**argument | ({"type": TYPES[argument["type"]]} if "type" in argument else {}))
            for argument in row.pop("arguments", ())
        ]
        yield Command(arguments=(*arguments, *_SHARED[row.pop("on", "project")]), **row)


COMMANDS = tuple(_commands())
