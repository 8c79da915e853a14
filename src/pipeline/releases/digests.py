"""SHA-256 of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.errors import WenshuError, one_line

SUMS = "SHA256SUMS"
"""In every release: the SHA-256 of each other file of it."""
SIGNATURE = f"{SUMS}.minisig"
"""In a signed release: the signature of its sums, and so of every file."""

_THREADS = 2


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(path: Path) -> str | None:
    """The same; None where there is no file."""
    return file_digest(path) if path.is_file() else None


def digest(*places: Path) -> str:
    """SHA-256 over files, and over folders' files with their paths; what is not there counts as empty."""
    whole = hashlib.sha256()
    for place in places:
        inside = sorted(
            path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
        for path in [place] if place.is_file() else inside:
            name = path.name if path == place else path.relative_to(place).as_posix()
            whole.update(f"{name}\0{file_digest(path)}\n".encode())
    return whole.hexdigest()


def digests_of(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    """Those of files by their paths in the folder, in the order of these."""
    asked = list(paths)
    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(zip(asked, pool.map(lambda path: file_digest(folder / path), asked), strict=True))


def sums_of(folder: Path) -> str:
    """What SHA256SUMS says of all files of a release but itself and its signature: a line each, in order."""
    paths = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found = digests_of(folder, sorted(paths - {SUMS, SIGNATURE}))
    return "".join(f"{digest}  {path}\n" for path, digest in found.items())


def read_sums(folder: Path) -> dict[str, str]:
    """The digests of a release's files by their paths in it; WenshuError where they cannot be read."""
    try:
        return parse_sums((folder / SUMS).read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise WenshuError(f"{one_line(str(folder))} is no release: its {SUMS} cannot be read") from error


def parse_sums(content: bytes) -> dict[str, str]:
    """The digests of a SHA256SUMS by their paths."""
    lines = content.decode("utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
