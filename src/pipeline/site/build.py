"""Build the site beside the current one, then switch to it in one step.

    output/.sites/NAME/    a whole site; the last one stays for those who are reading it
    output/site            a link to one of them, switched by one rename

Pages of the last site whose inputs are the same are linked, the others are made. The releases are
not in the site but beside it; a link leads there, which web servers and copies follow.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.errors import WenshuError, one_line
from pipeline.project import Project
from pipeline.releases import store as releases
from pipeline.releases.store import open_store
from pipeline.site.pages import write_pages
from pipeline.site.published_release import PublishedRelease
from pipeline.site.site_data import Look
from pipeline.site.site_draft import SiteDraft
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog

SITES = ".sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The result of a build."""

    path: Path
    """output/site, which points to the site."""
    pages: int
    made: int
    """Pages that the last site did not have as they are."""


def look_of(project: Project) -> Look:
    """The project's settings of its site."""
    return Look(title=project.site_title, logo=project.site_logo, base_url=project.publication.base_url)


def build(output: Path, catalog: Catalog, look: Look | None = None, *, anew: bool = False) -> Built:
    """Bring output/site/ up to the releases below `output`, and switch to it at once.

    catalog: for names of regions and for which column of a dataset shows which indicator. look: the
    publisher's settings, see `look_of`. anew: make every page, also those that the site has already.
    Raises WenshuError, with the site as it was, where nothing was released yet or the disk cannot be written.
    """
    look = look or Look()
    if look.logo and not look.logo.is_file():
        raise WenshuError(f"[site] logo: {one_line(str(look.logo))} is not there")
    with open_store(output) as store, store.draft() as folder:
        version = store.latest()
        if version is None:
            raise WenshuError(
                f"nothing was released into {one_line(str(output))} yet; `wenshu run` makes the first release"
            )
        kept = [
            PublishedRelease(store.folder(name), store.provenance(name), store.database(name))
            for name in reversed(store.versions())
        ]
        latest = next(release for release in kept if release.version == version)
        draft = SiteDraft(folder / "site", folder / "none" if anew else output / "site")
        try:
            write_pages(draft, latest, kept, store.index()["versions"][::-1], catalog, look)
        except duckdb.Error as error:  # of which a full disk is one
            reason = one_line(str(error).partition("\n")[0])
            raise WenshuError(f"the site below {one_line(str(output))} cannot be built: {reason}") from error
        linked = {"releases": store.releases, "latest": latest.folder}
        for name, target in (linked | {"validation": latest.folder / "validation"}).items():
            if target.is_dir():
                (draft.folder / name).symlink_to(Path("../..") / target.relative_to(store.output))
        path = _switch(output, draft.folder, f"{version}-{draft.close()}")
        return Built(path=path, pages=len(draft.paths), made=draft.made)


def build_of(project: Project, *, anew: bool = False) -> Built:
    """Build the site of a project, by its catalog and settings. Raises as `build`."""
    return build(project.output, load_catalog(project.catalog), look_of(project), anew=anew)


def rebuild(output: Path, catalog: Catalog, look: Look | None = None) -> tuple[str, Mapping[str, int]]:
    """Build the site after a release: an error in one line, empty where there is none; counts of pages."""
    try:
        built = build(output, catalog, look)
    except (WenshuError, OSError) as error:
        return f"the site is as it was: {one_line(str(error))}; mend this, then `wenshu site build`", {}
    return "", {"pages": built.pages, "made": built.made}


def prune(project: Project, keep: int) -> list[str]:
    """Delete all but the last releases and the latest, and the site's pages of them; the versions deleted.

    keep: how many stay. Raises WenshuError where it is none.
    """
    deleted = releases.prune(project.output, keep)
    if deleted and (project.output / "site").exists():
        build_of(project)
    return deleted


def _switch(output: Path, draft: Path, name: str) -> Path:
    """Put the draft among the sites and point output/site to it; of the others only the last stays.

    A new folder even for the same content, since files of the old one may have been altered.
    """
    sites, pointer = output / SITES, output / "site"
    sites.mkdir(exist_ok=True)
    if pointer.exists() and not pointer.is_symlink():
        raise WenshuError(f"{one_line(str(pointer))} is in the way of the site; move it elsewhere")
    last = pointer.readlink().name if pointer.is_symlink() else name
    name = next(n for n in (name, *(f"{name}.{count}" for count in (1, 2))) if not (sites / n).is_dir())
    draft.rename(sites / name)
    link = output / f".latest-site-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(SITES) / name)
    link.replace(pointer)
    for old in sites.iterdir():
        if old.name not in (name, last):
            shutil.rmtree(old)
    return pointer
