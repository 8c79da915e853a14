"""What a command's row and its arguments are, and the arguments that several commands take."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import one_line
from pipeline.remote import place_named


class Argument:
    """An argument of a command, as `argparse.ArgumentParser.add_argument` takes it."""

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names = names
        self.settings = settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A row of `COMMANDS`."""

    name: str
    help: str
    """A line for the list of commands, which its own help repeats."""
    function: str
    """MODULE:FUNCTION; takes the parsed arguments and returns the exit code."""
    arguments: tuple[Argument, ...] = ()
    examples: str = ""
    """Command lines with what they do, below the command's own help."""


PROJECT = (
    Argument("--config", type=Path, metavar="FILE", help="the project's wenshu.toml, or its folder"),
    Argument("--raw", type=place_named, metavar="DIR|URL", help="where the articles are; raw/ by default"),
    Argument("--output", type=Path, metavar="DIR", help="where releases are; output/ by default"),
)
"""What every command on a project takes; `pipeline.project.project_of` reads it."""
FILES = Argument(
    "files",
    nargs="+",
    type=Path,
    metavar="FILE",
    help="an article in any format of raw/; - for what is piped in",
)


def formats(*names: str) -> Argument:
    """`--format` with its choices, the first one the default."""
    return Argument(
        "--format", choices=names, default=names[0], help=f"{', '.join(names)}; {names[0]} by default"
    )


def positive(text: str) -> int:
    """A number from 1, as argparse reads an argument."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= 1024:
        raise argparse.ArgumentTypeError(f"{one_line(text)} is no number from 1 to 1024")
    return int(text)


def port(text: str) -> int:
    """A port, as argparse reads an argument."""
    if not (text.isascii() and text.isdecimal()) or not 0 <= int(text[:9]) <= 65535:
        raise argparse.ArgumentTypeError(f"{one_line(text)} is no port from 1 to 65535, or 0 for a free one")
    return int(text)
