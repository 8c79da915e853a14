"""The page of each release: what changed and why, every file with its size and digest."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.site.published_release import PublishedRelease
from pipeline.site.render import SiteFile, in_both, release_path, render
from pipeline.site.site_data import Site
from pipeline.site.site_draft import FileGroup

CHANGED = 40
"""Changed cells that a page shows; changes.csv has all of them."""
_COUNTED = ("documents", "quantities", "numerals", "relations", "repeats", "issues")
"""Tables whose changed rows are only counted here: the figures made of them show the same changes."""
_QUERY = f"""
    SELECT * FROM changes WHERE "table" NOT IN {_COUNTED}
    ORDER BY "change" DESC, "table", key, "column" LIMIT {CHANGED}
"""


def page(site: Site, release: PublishedRelease) -> FileGroup:
    """The page of a release in the store."""
    path, is_latest = release_path(release.version), release.version == site.latest.version

    def make() -> Iterator[SiteFile]:
        with release.open_tables("changes") as queries:
            changed = queries.all(_QUERY)
        return render(
            path,
            "version.html",
            site,
            release=release,
            changes=release.change_counts,
            changed=changed,
            current=is_latest,
        )

    size = release.database and release.database.stat().st_size
    return FileGroup(in_both(path), (site.frame, release.version, release.sums, size, is_latest), make)
