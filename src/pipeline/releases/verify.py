"""Whether a release is as it was published: its files, its sums, and the chain of sums."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.logs import WARNING, log_event
from pipeline.releases.files import (
    SIGNATURE,
    SUMS,
    file_digests,
    paths_below,
    read_sums,
)  # fmt: skip
from pipeline.releases.signing import signature_problem
from pipeline.releases.store import REPAIR_HINT, ReleaseStore
from pipeline.safe_files import file_digest

_UNLISTED = ": not part of it"
_NOT_BUILT_ON = ("validation/report.html", "validation/report.json")
"""Files about one night, which no later release is made with."""
_NAMED = 3
"""Problems that one line names."""


def verify(folder: Path) -> list[str]:
    """What is wrong with a release's files, a line each; empty where every byte is as its sums say."""
    expected = read_sums(folder)
    present = paths_below(folder) - {SUMS, SIGNATURE}
    digests = file_digests(folder, sorted(expected.keys() & present))
    return [
        *(f"{one_line(path)}: missing" for path in sorted(expected.keys() - present)),
        *(f"{one_line(path)}{_UNLISTED}" for path in sorted(present - expected.keys())),
        *(f"{one_line(path)}: altered" for path, digest in digests.items() if digest != expected[path]),
    ]


def verify_version(store: ReleaseStore, version: str, public_key: str | None = None) -> list[str]:
    """What is wrong with a version in the store, a line each.

    Beside its files: whether its sums are those that the index and the next release recorded, the
    DuckDB file beside it, and, where a public key is given, its signature.
    """
    folder = store.folder(version)
    if not (folder / SUMS).is_file():
        return [f"{SUMS}: missing"]
    problems = list(_replaced_sums(store, version)) or verify(folder)
    database = store.database(version)
    if store.index_entry(version).get("database") not in (None, file_digest(database)):
        problems.append(f"{database.name}: missing or altered")
    if public_key and (problem := signature_problem(folder, public_key)):
        problems.append(problem)
    return problems


def verified_latest(output: Path) -> str | None:
    """The latest version, once it is found to be whole, for only such a one may be built on.

    None where nothing was released yet. Raises WenshuError, a line that says what to do, where a
    file is damaged that the next release is made with; other damage is logged.
    """
    store = ReleaseStore(output)
    latest = store.latest()
    if latest is None:
        return None
    problems = [line for line in verify_version(store, latest) if not line.endswith(_UNLISTED)]
    more = f" and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    message = (
        f"the latest release, {latest}, is not as it was published ({', '.join(problems[:_NAMED])}{more}); "
        f"{REPAIR_HINT}"
    )
    if not all(line.startswith((*_NOT_BUILT_ON, f"{latest}.duckdb")) for line in problems):
        raise WenshuError(message)
    if problems:
        log_event("note", message, level=WARNING, people=True)
    return latest


def _replaced_sums(store: ReleaseStore, version: str) -> Iterator[str]:
    """Whether SHA256SUMS itself was made again: it differs from what was recorded when it was published."""
    digest = file_digest(store.folder(version) / SUMS)
    if store.index_entry(version).get("sums") not in (None, digest):
        yield f"{SUMS}: not the one that was published"
    for other in store.versions():
        try:
            provenance = store.provenance(other)
        except WenshuError:
            continue
        if provenance.get("previous") == version and provenance.get("previous_sums", digest) != digest:
            yield f"{SUMS}: not the one that {other} was compared with"
