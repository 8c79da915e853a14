"""What can be done with releases once they are out: list, verify, prune, compare.

`releases_command` and `diff_command` are what the command line calls.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError, one_line
from pipeline.releases.changes import Edition, difference
from pipeline.releases.shelf import PROVENANCE, Shelf, open_shelf
from pipeline.tables import TABLES, Column, Table, Words

if TYPE_CHECKING:
    import pyarrow as pa

SUMS = "SHA256SUMS"
_COLUMNS = TABLES["changes"].names


@dataclass(frozen=True, slots=True)
class Listed:
    """A release as `wenshu releases list` shows it."""

    version: str
    date: str
    schema: str
    rows: int
    latest: bool
    there: bool
    """False where it was pruned, and only its entry is left."""


def listed(output: Path) -> list[Listed]:
    """Every release that the index knows, oldest first."""
    with open_shelf(output, writing=False) as shelf:
        latest, there = shelf.latest(), set(shelf.versions())
        return [
            Listed(
                version=entry["version"],
                date=entry["date"],
                schema=entry["schema"],
                rows=sum(entry["rows"].values()),
                latest=entry["version"] == latest,
                there=entry["version"] in there,
            )
            for entry in shelf.index()["versions"]
        ]


def verify(folder: Path) -> list[str]:
    """What is wrong with a release's files, a line each; empty where every byte is as published."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WenshuError(f"{one_line(str(folder))} is no release: its {SUMS} cannot be read") from error
    wanted = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    problems = [f"{one_line(path)}: missing" for path in sorted(wanted.keys() - there.keys())]
    problems += [
        f"{one_line(path)}: not part of it" for path in sorted(there.keys() - wanted.keys() - {SUMS})
    ]
    for path in sorted(wanted.keys() & there.keys()):
        with there[path].open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted[path]:
                problems.append(f"{one_line(path)}: altered")
    return problems


def prune(output: Path, keep: int) -> list[str]:
    """Delete all but the last `keep` releases and the latest; returns the versions deleted.

    The index keeps their entries, so that what was cited can still be told.
    """
    if keep < 1:
        raise WenshuError(f"--keep {keep}: at least one release stays; give 1 or more")
    with open_shelf(output) as shelf:
        latest = shelf.latest()
        old = [version for version in shelf.versions()[:-keep] if version != latest]
        for version in old:
            # Out of sight in one step, then deleted: a half-deleted release is never seen.
            going = output / f".draft-{version}"
            shelf.folder(version).rename(going)
            shutil.rmtree(going)
            shelf.database(version).unlink(missing_ok=True)
        return old


@contextmanager
def compare(old: Path, new: Path) -> Iterator[Iterator[pa.RecordBatch]]:
    """The differences between two releases' folders, as rows of the table `changes`."""
    editions = []
    for folder in (old, new):
        said = Shelf(folder.parent.parent).provenance(folder.name)
        editions.append(Edition(folder, said["schema"]["tables"], said["inputs"]))
    with difference(editions[0], editions[1], _told(new)) as batches:
        yield batches


def releases_command(args: Namespace) -> int:
    """`wenshu releases list|verify|prune`; 1 where a release is not as it was published."""
    return _ACTIONS[args.action](args)


def diff_command(args: Namespace) -> int:
    """`wenshu diff OLD NEW`: every difference; 1 where there is one, 0 where there is none."""
    shelf = Shelf(_output(args))
    counts: Counter[str] = Counter()
    with compare(_place(shelf, args.old), _place(shelf, args.new)) as batches:
        for batch in batches:
            for row in batch.to_pylist():
                counts[row["change"]] += 1
                print("\t".join(one_line(row[name] or "") for name in _COLUMNS))
    said = ", ".join(f"{count} {change}" for change, count in sorted(counts.items()))
    print(said or "the same", file=sys.stderr)
    return 1 if counts else 0


def _list(args: Namespace) -> int:
    found = listed(_output(args))
    if not found:
        print("nothing was released yet; `wenshu run` makes the first release", file=sys.stderr)
    for one in found:
        mark = "latest" if one.latest else "" if one.there else "pruned"
        print(f"{one.version:<16} {one.date}  schema {one.schema:<8} {one.rows:>10} rows  {mark}".rstrip())
    return 0


def _verify(args: Namespace) -> int:
    shelf = Shelf(_output(args))
    versions: Sequence[str] = args.versions or shelf.versions()
    if not versions:
        raise WenshuError("nothing was released yet; `wenshu run` makes the first release")
    broken = 0
    for version in versions:
        problems = verify(_place(shelf, version))
        broken += bool(problems)
        print(f"{version}: {'; '.join(problems) or 'whole'}")
    return 1 if broken else 0


def _prune(args: Namespace) -> int:
    from pipeline.project import load_project
    from pipeline.site import build

    project = load_project(args.config, output=args.output)
    gone = prune(project.output, args.keep)
    for version in gone:
        print(version)
    if gone and (project.output / "site").exists():  # its pages lead to what is gone
        build(project.output, project.catalog)
    return 0


_ACTIONS: Mapping[str, Callable[[Namespace], int]] = {"list": _list, "verify": _verify, "prune": _prune}


def _output(args: Namespace) -> Path:
    from pipeline.project import load_project

    return load_project(args.config, output=args.output).output


def _place(shelf: Shelf, version: str) -> Path:
    """A release's folder: by version, by `latest`, or by a path to it."""
    for place in (shelf.folder(version), shelf.output / version, Path(version)):
        if (place / PROVENANCE).is_file():
            return place.resolve()
    known = ", ".join(shelf.versions()[-3:]) or "none yet"
    raise WenshuError(f"{one_line(version)} is no release; there are {known}, or name a release's folder")


def _told(folder: Path) -> list[Table]:
    """The tables of a release by its own description: a dataset may be declared nowhere any more."""
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    tables = []
    for resource in package["resources"]:
        name, schema = resource["name"], resource["schema"]
        if name in TABLES:
            tables.append(TABLES[name])
            continue
        key = schema.get("primaryKey") or schema.get("uniqueKeys", [[]])[0]
        tables.append(Table(name, Words("", ""), Words("", ""), _columns(schema["fields"]), tuple(key)))
    return tables


def _columns(fields: Sequence[dict[str, Any]]) -> tuple[Column, ...]:
    kinds = {"number": "decimal"}
    nothing = Words("", "")
    return tuple(Column(f["name"], kinds.get(f["type"], f["type"]), nothing, nothing) for f in fields)
