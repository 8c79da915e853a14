"""The files of a release: written, listed and hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from pipeline.errors import WenshuError, one_line
from pipeline.safe_files import file_digest

Files: TypeAlias = Mapping[str, bytes | Path]
"""Files by their path in the folder they go to: the content, or the file to copy it from."""

SUMS = "SHA256SUMS"
"""In every release: the SHA-256 of each other file of it."""
SIGNATURE = f"{SUMS}.minisig"
"""In a signed release: the signature of its sums, and so of every file."""


def write_files(folder: Path, files: Files) -> None:
    """Write files below the folder; a path that would lead out of it is refused."""
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or "\0" in name or any(part in ("/", "..") for part in parts):
            raise WenshuError(f"{name!r} is no path inside {folder.name}")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())


def paths_below(folder: Path) -> set[str]:
    """The path of every file in the folder and its subfolders, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def file_digests(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each file, by its path in the folder, in the order given."""
    return {path: file_digest(folder / path) for path in paths}


def tree_digest(*roots: Path) -> str:
    """One SHA-256 over files and folders, with the paths in these; what does not exist counts as empty."""
    total = hashlib.sha256()
    for root in roots:
        for name in [""] if root.is_file() else sorted(paths_below(root), key=PurePosixPath):
            if "__pycache__" not in root.parts + PurePosixPath(name).parts:
                total.update(f"{name or root.name}\0{file_digest(root / name)}\n".encode())
    return total.hexdigest()


@cache
def code_digest() -> str:
    """Digest of the code of this process, all of `pipeline`."""
    return tree_digest(Path(__file__).parents[1])


def make_sums(folder: Path, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text of SHA256SUMS: a line for each file of a release but itself and its signature, in order.

    known: the digests of files that were hashed already, by path.
    """
    others = paths_below(folder) - {SUMS, SIGNATURE} - known.keys()
    digests = {**known, **file_digests(folder, others)}
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def read_sums(folder: Path) -> dict[str, str]:
    """The digests of a release's files by their paths in it; WenshuError where they cannot be read."""
    try:
        return parse_sums((folder / SUMS).read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise WenshuError(f"{one_line(str(folder))} is no release: its {SUMS} cannot be read") from error


def parse_sums(content: bytes) -> dict[str, str]:
    """The digests in a SHA256SUMS by their paths."""
    lines = content.decode("utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
