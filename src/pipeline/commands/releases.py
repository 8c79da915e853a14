"""`wenshu releases` and `wenshu diff`: releases listed, verified, repaired, pruned and compared."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.language import localized, translate
from pipeline.project import Project, project_from_args
from pipeline.releases.changes import compare
from pipeline.releases.index import PROVENANCE
from pipeline.releases.remote_publishing import fetched_release
from pipeline.releases.store import ReleaseStore, list_releases
from pipeline.releases.verify import verify, verify_version
from pipeline.remote import is_url
from pipeline.tables import TABLES

_COLUMNS = TABLES["changes"].names
_LOST = (
    "restore what cannot be brought back from a backup, or go on without those releases: "
    "`wenshu releases repair --set-aside` moves them to set-aside/ and goes back to the last whole one"
)
NO_RELEASE = "nothing was released yet; `wenshu run` makes the first release"


def run(args: Namespace) -> int:
    """Run `wenshu releases list|verify|repair|prune`; 1 where a release is not as it was published."""
    return _ACTIONS[args.action](args)


def diff(args: Namespace) -> int:
    """Run `wenshu diff OLD NEW`: every difference; 1 where there is one, 0 where there is none."""
    store = ReleaseStore(project_from_args(args).output)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        old, new = (
            stack.enter_context(fetched_release(name)) if is_url(name) else _folder(store, name)
            for name in (args.old, args.new)
        )
        for batch in compare(old, new).to_batches():
            for row in batch.to_pylist():
                counts[row["change"]] += 1
                print("\t".join(one_line(row[name] or "") for name in _COLUMNS))
    total = ", ".join(f"{count} {change}" for change, count in sorted(counts.items()))
    print(total or localized("相同", "the same"), file=sys.stderr)
    return 1 if counts else 0


def _list(args: Namespace) -> int:
    found = list_releases(project_from_args(args).output)
    if not found:
        print(translate(NO_RELEASE), file=sys.stderr)
    for one in found:
        mark = "" if one["present"] else localized("已清理", "pruned")
        mark = localized("最新", "latest") if one["latest"] else mark
        line = "{version:<16} {date}  schema {schema:<8} {rows:>10} rows".format_map(one)
        print(f"{line}  {mark}".rstrip())
    return 0


def _verify(args: Namespace) -> int:
    project = project_from_args(args)
    store = ReleaseStore(project.output)
    versions: Sequence[str] = args.versions or store.versions()
    if not versions:
        raise WenshuError(NO_RELEASE)
    broken = 0
    for version in versions:
        folder = _folder(store, version)
        inside = folder == store.folder(folder.name).resolve()
        key = project.public_key
        problems = verify_version(store, folder.name, key) if inside else verify(folder)
        broken += bool(problems)
        print(f"{version}: {'; '.join(map(translate, problems)) or localized('完好', 'whole')}")
    return 1 if broken else 0


def _prune(args: Namespace) -> int:
    from pipeline.site.build import prune

    for version in prune(project_from_args(args), args.keep):
        print(version)
    return 0


def _repair(args: Namespace) -> int:
    from pipeline.releases.repair import repair
    from pipeline.statistics.catalog.loading import load_catalog
    from pipeline.tables import with_datasets

    project = project_from_args(args)
    tables = with_datasets(load_catalog(project.catalog).datasets.values())
    found = repair(project.output, tables, project.publish_to, set_aside=args.set_aside)
    for damage in found:
        end = localized("已复原", "brought back") if damage.repaired else translate("cannot be brought back")
        print(f"{damage.version}: {damage.what}: {end}")
    if not found:
        print(translate("every release is as it was published"), file=sys.stderr)
    lost = any(not damage.repaired for damage in found)
    if lost and args.set_aside:
        _start_from_remaining(project)
    elif lost:
        print(translate(_LOST), file=sys.stderr)
    return 1 if lost else 0


def _start_from_remaining(project: Project) -> None:
    """Delete the cache, and build the site anew from the releases that are left."""
    from pipeline.night.cache.database import FOLDER
    from pipeline.site.build import build_of

    shutil.rmtree(project.output / FOLDER, ignore_errors=True)
    if ReleaseStore(project.output).latest() and (project.output / "site").is_symlink():
        build_of(project)


_ACTIONS: Mapping[str, Callable[[Namespace], int]] = {
    "list": _list, "verify": _verify, "prune": _prune, "repair": _repair,
}  # fmt: skip


def _folder(store: ReleaseStore, version: str) -> Path:
    """A release's folder: by version, by `latest`, or by a path to it."""
    for place in (store.folder(version), store.output / version, Path(version)):
        if place.is_dir() and (version in store.versions() or (place / PROVENANCE).is_file()):
            return place.resolve()
    latest = ", ".join(store.versions()[-3:]) or "none yet"
    raise WenshuError(f"{one_line(version)} is no release; there are {latest}, or name a release's folder")
