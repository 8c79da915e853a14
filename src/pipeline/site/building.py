"""Build the site beside the one that is read, then switch to it in one step.

    output/.sites/NAME/    a whole site; the last one stays as it is for who is reading it
    output/site            points to one of them, switched by one rename

What the last site has as it should be is linked from there, the rest is made. The releases are
not in the site but beside it; a link leads there, which web servers and copies follow.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version as installed
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import WenshuError, one_line
from pipeline.project import Project
from pipeline.releases import store as releases
from pipeline.releases.digests import digest
from pipeline.releases.queries import Queries
from pipeline.releases.store import ReleaseStore, open_store
from pipeline.releases.writers.csv import write_csv
from pipeline.site import datasets, pages, regions, search, unclaimed
from pipeline.site.contents import Look, Site
from pipeline.site.corrections import corrections
from pipeline.site.draft import Draft, Unit
from pipeline.site.feeds import machine, site_map
from pipeline.site.published import STATED, Published, page_name
from pipeline.site.render import ASSETS, Page, asset_page
from pipeline.site.sentences import documents
from pipeline.site.series import Indicator, indicators, of_regions
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.catalog_entries import Catalog
from pipeline.tables import Table

SITES = ".sites"
_KEPT = 6
"""Series of an indicator that other pages than its own may show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A site as it was built."""

    path: Path
    """output/site, which points to it."""
    pages: int
    made: int
    """Pages that the site before it did not have as they are."""


def look_of(project: Project) -> Look:
    """What a project's settings say of its site."""
    return Look(title=project.site_title, logo=project.site_logo, base_url=project.base_url)


def build(output: Path, catalog: Catalog, look: Look | None = None, *, anew: bool = False) -> Built:
    """Bring output/site/ up to the releases below `output`, and switch to it at once.

    catalog: for names of regions and for which column of a dataset shows which indicator. look: what the
    publisher sets of it, as `look_of` has it. anew: make every page, also those that the site has already.
    Raises WenshuError, with the site as it was, where nothing was released yet or the disk cannot be written.
    """
    look = look or Look()
    if look.logo and not look.logo.is_file():
        raise WenshuError(f"[site] logo: {one_line(str(look.logo))} is not there")
    with open_store(output) as store, store.draft() as place:
        version = store.latest()
        if version is None:
            raise WenshuError(
                f"nothing was released into {one_line(str(output))} yet; `wenshu run` makes the first release"
            )
        there = [
            Published(store.folder(name), store.provenance(name), store.database(name))
            for name in reversed(store.versions())
        ]
        draft = Draft(place / "site", place / "none" if anew else output / "site")
        latest = next(one for one in there if one.version == version)
        try:
            with latest.opened() as ask:
                ask.database.execute(STATED)
                _fill(draft, _site(store, there, latest, catalog, look, ask), there, ask)
        except duckdb.Error as error:  # of which a full disk is one
            said = one_line(str(error).partition("\n")[0])
            raise WenshuError(f"the site below {one_line(str(output))} cannot be built: {said}") from error
        beside = {"releases": store.releases, "latest": latest.folder}
        for name, folder in (beside | {"validation": latest.folder / "validation"}).items():
            if folder.is_dir():
                (draft.folder / name).symlink_to(Path("../..") / folder.relative_to(store.output))
        path = _switch(output, draft.folder, f"{version}-{draft.close()}")
        return Built(path=path, pages=len(draft.paths), made=draft.made)


def rebuild(output: Path, catalog: Catalog, look: Look | None = None) -> tuple[str, Mapping[str, int]]:
    """Build the site: what went wrong in one line, empty where nothing did; its pages counted."""
    try:
        built = build(output, catalog, look)
    except (WenshuError, OSError) as error:
        return f"the site is as it was: {one_line(str(error))}; mend this, then `wenshu site build`", {}
    return "", {"pages": built.pages, "made": built.made}


def prune(project: Project, keep: int) -> list[str]:
    """Delete all but the last releases and the latest, and the site's pages of them; the versions deleted.

    keep: how many stay. Raises WenshuError where it is none.
    """
    gone = releases.prune(project.output, keep)
    if gone and (project.output / "site").exists():
        build(project.output, load_catalog(project.catalog), look_of(project))
    return gone


def _site(
    store: ReleaseStore, there: Sequence[Published], latest: Published, catalog: Catalog, look: Look,
    ask: Queries,
) -> Site:  # fmt: skip
    """What pages may tell of; the indicators come to it as they are read."""
    return Site(
        latest=latest,
        entries=store.index()["versions"][::-1],
        kept=frozenset(one.version for one in there),
        catalog=catalog,
        indicators=[],
        regions=regions.regions(ask),
        corrections=corrections(ask),
        look=look,
        code=_code(),
        full=frozenset(path.name for path in (latest.folder / "validation/sources").glob("*.html")),
    )


def _fill(draft: Draft, site: Site, there: Sequence[Published], ask: Queries) -> None:
    """Put the whole site into the draft. there: the releases in the store, the newest first."""
    first, newest = site.latest.previous is None, {}
    observed = cache(lambda: _by_indicator(ask.table(_OBSERVED)))  # asked for where a file is to be made
    for one in indicators(ask, first):
        if one.count:
            draft.add(pages.indicator(site, one))
            draft.add(_series(draft, site, one, observed))
            newest[one.id] = search.latest(one)
        site.indicators.append(replace(one, series=one.series[:_KEPT]))
    known = {one.id: one for one in site.indicators}
    for code, series in of_regions(ask, first):
        draft.add(regions.region(site, code, series, known))
    draft.fresh(pages.home(site, there[: pages.RELEASES]))
    draft.fresh(pages.listing(site))
    draft.fresh(regions.listing(site))
    others = unclaimed.groups(site, ask)
    for unit in unclaimed.listing(site, others):
        draft.add(unit)
    draft.fresh(datasets.tables(site, ask))
    for document in documents(ask):
        draft.add(pages.document(site, document))
    for release in there:
        draft.add(pages.version(site, release))
    draft.fresh(search.index(site, newest, others))
    draft.fresh(machine(site, there))
    draft.fresh(map(asset_page, ASSETS))
    if logo := site.logo_name():
        assert site.look.logo
        draft.whole(logo, site.look.logo.read_bytes())
    draft.fresh(site_map(site, draft.paths))


def _series(draft: Draft, site: Site, one: Indicator, observed: Callable[[], ByIndicator]) -> Unit:
    """The indicator's observations as CSV, written as the release writes its own."""
    declared = site.latest.tables["observations"]
    path = f"series/{page_name(one.id)}.csv"

    def made() -> Iterator[Page]:
        table = Table(one.id, declared.title, declared.description, declared.columns, ())
        folder = draft.folder / "series"
        folder.mkdir(exist_ok=True)
        write_csv(table, observed()[one.id], folder / f"{one.id}.csv")
        yield from ()

    return Unit((path,), (site.code, declared.columns, one.content), made)


_OBSERVED = "FROM observations ORDER BY indicator, ref_area, time_period, document_id"
ByIndicator: TypeAlias = Mapping[str, pa.Table]


def _by_indicator(observed: pa.Table) -> ByIndicator:
    """The stretches of a table that is ordered by indicator."""
    runs = pc.run_end_encode(observed["indicator"].combine_chunks())
    edges = pairwise([0, *runs.run_ends.to_pylist()])
    return {
        name: observed.slice(begin, end - begin)
        for name, (begin, end) in zip(runs.values.to_pylist(), edges, strict=True)
    }


@cache
def _code() -> str:
    """A digest over all that makes pages of what was released: this package, and what writes for it."""
    libraries = " ".join(
        f"{name} {installed(name)}" for name in ("jinja2", "markupsafe", "duckdb", "pyarrow")
    )
    return f"{digest(Path(__file__).parents[1])} {libraries}"


def _switch(output: Path, draft: Path, name: str) -> Path:
    """Put the draft among the sites and point output/site to it; of the others only the last stays.

    Even where the same site is there already, for its files may have been meddled with.
    """
    sites, pointer = output / SITES, output / "site"
    sites.mkdir(exist_ok=True)
    if pointer.exists() and not pointer.is_symlink():
        raise WenshuError(f"{one_line(str(pointer))} is in the way of the site; move it elsewhere")
    before = pointer.readlink().name if pointer.is_symlink() else name
    name = next(n for n in (name, *(f"{name}.{count}" for count in (1, 2))) if not (sites / n).is_dir())
    draft.rename(sites / name)
    link = output / f".latest-site-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(SITES) / name)
    link.replace(pointer)
    for old in sites.iterdir():
        if old.name not in (name, before):
            shutil.rmtree(old)
    return pointer
