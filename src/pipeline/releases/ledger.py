"""What a release's files were made of, kept for the next one: most of it is the same again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from pipeline.releases.writers.pieces import Part, Pieces
from pipeline.releases.writers.sections import Seam

_NAME = "release"
"""Of the note that holds it."""


class Notes(Protocol):
    """Where values are kept from night to night, such as `night.store.Store`; they may be lost."""

    def note(self, shard: str, name: str, key: bytes, data: bytes) -> None: ...

    def notes(self, name: str) -> Mapping[str, tuple[bytes, bytes]]: ...


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A release's sections, and where they are in its files."""

    folder: Path | None = None
    """The release; None where nothing is known of one."""
    seams: dict[str, list[Seam]] = field(default_factory=dict)
    """The sections of every table."""
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    """By file what is where in it."""
    database: dict[str, Any] = field(default_factory=dict)
    """The digest of the DuckDB file, and its size when it was made anew."""

    def pieces(self, name: str, last: Ledger) -> Pieces:
        """For a file in the making, which takes from the last release what is the same."""
        old = last.folder / name if last.folder else None
        return Pieces(old, last.parts.get(name, {}), self.parts.setdefault(name, {}))


def recall(notes: Notes | None, release: Path, made_with: str) -> Ledger:
    """What is known of the release; nothing where another one, or other code, was noted.

    made_with: digests of what decides how rows are written.
    """
    if notes is None:
        return Ledger()
    key, data = notes.notes(_NAME).get("", (b"", b""))
    if key != _key(release, made_with):
        return Ledger()
    said = json.loads(data)
    return Ledger(
        folder=release,
        seams={table: [Seam(**seam) for seam in seams] for table, seams in said["seams"].items()},
        parts={
            name: {key: Part(*part) for key, part in parts.items()} for name, parts in said["parts"].items()
        },
        database=said["database"],
    )


def remember(notes: Notes | None, ledger: Ledger, release: Path, made_with: str) -> None:
    """Keep what was found out while the release was made, in the place of what is known of others."""
    if notes is not None:
        said = {
            "seams": {table: [asdict(seam) for seam in seams] for table, seams in ledger.seams.items()},
            "parts": ledger.parts,
            "database": ledger.database,
        }
        notes.note("", _NAME, _key(release, made_with), json.dumps(said).encode())


def _key(release: Path, made_with: str) -> bytes:
    import duckdb
    import pyarrow as pa

    libraries = f"{pa.__version__} {duckdb.__version__} {zlib.ZLIB_RUNTIME_VERSION}"
    whole = blake2b(f"{made_with}\n{libraries}\n".encode(), digest_size=16)
    try:
        whole.update((release / "SHA256SUMS").read_bytes())
    except OSError:
        return b""
    return whole.digest()
