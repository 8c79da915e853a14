"""The download site: static pages for the public, made of the releases and nothing else.

    build(output, catalog)     output/site/ for what is released now, switched in at once
    rebuild(output, catalog)   the same after a release, which stands whatever becomes of its site

A page is a function of what was released; the same releases give the same bytes, whether a
page is made anew or kept from the site before. No page asks for anything from elsewhere, and
each reads as well without its script.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import WenshuError, one_line

if TYPE_CHECKING:
    from pipeline.project import Project
    from pipeline.site.contents import Look
    from pipeline.statistics.catalog import Catalog

__all__ = ["build", "look_of", "prune", "rebuild"]


def look_of(project: Project) -> Look:
    """What a project's settings say of its site."""
    from pipeline.site.contents import Look

    return Look(title=project.site_title, logo=project.site_logo, base_url=project.base_url)


def build(output: Path, catalog: Path | Catalog, look: Look | None = None, *, anew: bool = False) -> Path:
    """Bring output/site/ up to the releases below `output`, and switch to it at once.

    catalog: the catalog or its folder, for names of regions and for which column of a dataset
    shows which indicator. look: what the publisher sets of it, as `look_of` has it. anew: make
    every page, also those that the site has already. Returns output/site. Raises WenshuError, with
    the site as it was, where nothing was released yet or the disk cannot be written.
    """
    from pipeline.site.building import build_site
    from pipeline.statistics.catalog import load_catalog

    known = load_catalog(catalog) if isinstance(catalog, Path) else catalog
    return build_site(output, known, look, anew=anew).path


def prune(project: Project, keep: int) -> list[str]:
    """Delete all but the last releases and the latest, and the site's pages of them; the versions deleted.

    keep: how many stay. Raises WenshuError where it is none.
    """
    from pipeline.releases import store

    gone = store.prune(project.output, keep)
    if gone and (project.output / "site").exists():
        build(project.output, project.catalog, look_of(project))
    return gone


def rebuild(output: Path, catalog: Catalog, look: Look | None = None) -> tuple[str, Mapping[str, int]]:
    """Build the site: what went wrong in one line, empty where nothing did; its pages counted."""
    from pipeline.site.building import build_site

    try:
        built = build_site(output, catalog, look, anew=False)
    except (WenshuError, OSError) as error:
        return f"the site is as it was: {one_line(str(error))}; mend this, then `wenshu site build`", {}
    return "", {"pages": built.pages, "made": built.made}
