"""Whether a release is as it was published: its files, its sums, and the chain of sums."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.logs import WARNING, log_event
from pipeline.releases.digests import SIGNATURE, SUMS, digest_of, digests_of, file_digest, read_sums
from pipeline.releases.signing import signature_problem
from pipeline.releases.store import MEND, ReleaseStore

_STRANGE = ": not part of it"
_BESIDE = ("validation/report.html", "validation/report.json")
"""What tells of a night, and no later one is made with."""
_NAMED = 3
"""Problems that one line names."""


def verify(folder: Path) -> list[str]:
    """What is wrong with a release's files, a line each; empty where every byte is as its sums say."""
    wanted = read_sums(folder)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    missing = sorted(wanted.keys() - there)
    problems = [f"{one_line(path)}: missing" for path in missing]
    strange = sorted(there - wanted.keys() - {SUMS, SIGNATURE})
    problems += [f"{one_line(path)}{_STRANGE}" for path in strange]
    paths = sorted(wanted.keys() & there)
    found = digests_of(folder, paths).items()
    return problems + [f"{one_line(path)}: altered" for path, digest in found if digest != wanted[path]]


def verify_version(store: ReleaseStore, version: str, public_key: str | None = None) -> list[str]:
    """What is wrong with a version in the store, a line each.

    Beside its files: whether its sums are those that the index and the next release know, the
    DuckDB file beside it, and, where a public key is given, its signature.
    """
    folder = store.folder(version)
    if not (folder / SUMS).is_file():
        return [f"{SUMS}: missing"]
    problems = list(_unchained(store, version)) or verify(folder)
    entry = store.index_entry(version)
    if entry.get("database") not in (None, digest_of(store.database(version))):
        problems.append(f"{store.database(version).name}: missing or altered")
    if public_key and (problem := signature_problem(folder, public_key)):
        problems.append(problem)
    return problems


def sound_latest(output: Path) -> str | None:
    """The latest version, once it is found to be whole, for only such a one may be built on.

    None where nothing was released yet. Raises WenshuError, a line that says what to do, where
    anything of it is damaged that the next release is made with; of what is not, it is told.
    """
    store = ReleaseStore(output)
    latest = store.latest()
    if latest is None:
        return None
    problems = [line for line in verify_version(store, latest) if not line.endswith(_STRANGE)]
    beside = [line for line in problems if line.startswith((*_BESIDE, f"{latest}.duckdb"))]
    grave = [line for line in problems if line not in beside]
    more = f" and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    named = f"the latest release, {latest}, is not as it was published ({', '.join(problems[:_NAMED])}{more})"
    if grave:
        raise WenshuError(f"{named}; {MEND}")
    if beside:
        log_event("note", f"{named}; {MEND}", level=WARNING, people=True)
    return latest


def _unchained(store: ReleaseStore, version: str) -> Iterator[str]:
    """Whether the sums were made again: they are not those that were known when it was published."""
    digest = file_digest(store.folder(version) / SUMS)
    known = store.index_entry(version).get("sums", digest)
    if known != digest:
        yield f"{SUMS}: not the one that was published"
    for other in store.versions():
        try:
            said = store.provenance(other)
        except WenshuError:
            continue
        if said.get("previous") == version and said.get("previous_sums", digest) != digest:
            yield f"{SUMS}: not the one that {other} was compared with"
