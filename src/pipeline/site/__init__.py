"""The download site: static pages for the public, made of the releases and nothing else.

    build(output, catalog)     output/site/ anew, switched in at once
    rebuild(output, catalog)   the same after a release, which stands whatever becomes of its site

A page is a function of what was released; the same releases give the same bytes. No page
asks for anything from elsewhere, and each reads as well without its script.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import WenshuError, one_line

__all__ = ["build", "rebuild"]


def build(output: Path, catalog: Path) -> Path:
    """Make output/site/ anew of the releases below `output`, and switch to it at once.

    catalog: the catalog's folder, for names of regions and for which column of a dataset
    shows which indicator. Returns output/site. Raises WenshuError, with the site as it
    was, where nothing was released yet or the disk cannot be written.
    """
    from pipeline.site.building import build_site

    return build_site(output, catalog)


def rebuild(output: Path, catalog: Path) -> str:
    """Build the site; what went wrong in one line, empty where nothing did."""
    try:
        build(output, catalog)
    except (WenshuError, OSError) as error:
        return f"the site is as it was: {one_line(str(error))}; mend this, then `wenshu site build`"
    return ""
