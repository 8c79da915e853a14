"""Build the site beside the one that is read, then switch to it in one step.

    output/.sites/NAME/    a whole site, never altered; the last one stays for who is reading it
    output/site            points to one of them, switched by one rename

Release files are hard links, so that the site is whole in itself and costs no room.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.releases.shelf import Shelf, open_shelf
from pipeline.releases.writers import write
from pipeline.releases.writers.csv import CsvWriter
from pipeline.site import pages
from pipeline.site.assets import ASSETS, asset, asset_name
from pipeline.site.pages import Page, Site
from pipeline.site.passages import documents
from pipeline.site.published import Published, Queries
from pipeline.site.series import Indicator, indicators
from pipeline.statistics.catalog import load_catalog
from pipeline.tables import Table

SITES = ".sites"
_KEPT = 6
"""Series of an indicator that other pages than its own may show."""


def build_site(output: Path, catalog: Path) -> Path:
    """See `pipeline.site.build`."""
    declared = load_catalog(catalog)
    with open_shelf(output) as shelf, shelf.draft() as place:
        version = shelf.latest()
        if version is None:
            raise WenshuError(
                f"nothing was released into {one_line(str(output))} yet; `wenshu run` makes the first release"
            )
        there = [Published(shelf, name) for name in reversed(shelf.versions())]
        names = {one.version for one in there}
        latest = next(one for one in there if one.version == version)
        draft = place / "site"
        with latest.opened() as ask:
            found: list[Indicator] = []
            site = Site(
                latest=latest,
                releases=there,
                pruned=[e for e in reversed(shelf.index()["versions"]) if e["version"] not in names],
                catalog=declared,
                indicators=found,
            )
            digest = hashlib.sha256()
            for one in indicators(ask, latest.previous is None):
                _write(draft, pages.indicator(site, one) if one.count else (), digest)
                if one.count:
                    _series_csv(draft, one, latest, ask)
                found.append(replace(one, series=one.series[:_KEPT]))
            _write(draft, _shared(site, ask), digest)
        _write(draft, (page for one in there for page in pages.version(site, one)), digest)
        for name in ASSETS:
            _put(draft / asset_name(name), asset(name))
        _link_releases(draft, shelf, there)
        return _switch(output, draft, f"{version}-{digest.hexdigest()[:12]}")


def _shared(site: Site, ask: Queries) -> Iterator[Page]:
    """The pages that are made once every indicator is known."""
    yield from pages.home(site, ask)
    yield from pages.listing(site)
    for table in site.latest.tables.values():
        yield from pages.table(site, table, ask)
    for document in documents(ask):
        yield from pages.document(site, document)


def _series_csv(draft: Path, one: Indicator, latest: Published, ask: Queries) -> None:
    """The indicator's observations as CSV, written as the release writes its own."""
    folder = draft / "series"
    folder.mkdir(parents=True, exist_ok=True)
    declared = latest.tables["observations"]
    table = Table(one.id, declared.title, declared.description, declared.columns, ())
    rows = ask.batches(
        "SELECT * FROM observations WHERE indicator = ? ORDER BY ref_area, time_period, document_id", one.id
    )
    write([(table, rows)], [CsvWriter(folder)])


def _write(draft: Path, made: Iterable[Page], digest: hashlib._Hash) -> None:
    for page in made:
        content = page.text.encode("utf-8", "backslashreplace")
        digest.update(f"{page.path}\0{len(content)}\0".encode() + content)
        _put(draft / page.path, content)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _link_releases(draft: Path, shelf: Shelf, there: Iterable[Published]) -> None:
    """Every release below the site too, where its descriptions say that it is."""
    for one in there:
        for file in (*(file.path for file in one.files), "SHA256SUMS"):
            _link(one.folder / file, draft / "releases" / one.version / file)
        if one.database:
            _link(one.database, draft / "releases" / one.database.name)
    _link(shelf.releases / "index.json", draft / "releases" / "index.json")


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # a disk that knows no hard links
        shutil.copyfile(source, target)


def _switch(output: Path, draft: Path, name: str) -> Path:
    """Put the draft among the sites and point output/site to it; of the others only the last stays."""
    sites, pointer = output / SITES, output / "site"
    sites.mkdir(exist_ok=True)
    if pointer.exists() and not pointer.is_symlink():
        raise WenshuError(f"{one_line(str(pointer))} is in the way of the site; move it elsewhere")
    before = pointer.readlink().name if pointer.is_symlink() else name
    if not (sites / name).is_dir():
        draft.rename(sites / name)
    link = output / f".latest-site-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(SITES) / name)
    link.replace(pointer)
    for old in sites.iterdir():
        if old.name not in (name, before):
            shutil.rmtree(old)
    return pointer
