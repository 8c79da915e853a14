"""The column `link`: the page of a release on which a quantity is marked in its text.

The report has a page for every document that was read, up to `PAGES` documents. Of more it has only
those that the officer should check. They differ from night to night, but rows must not change with
them: such a release has no links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

LINK = "validation/sources/{}.html#{}"
"""A template with the ids of document and quantity."""
PAGES = 500
"""The maximum number of documents with a page."""
LONGEST = 200_000
"""The number of characters of a text that its page shows."""


def with_links(quantities: pa.Table, documents: pa.Table) -> pa.Table:
    """The table `quantities` with links only to pages that exist and show the quantity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    many = (pc.sum(pc.equal(documents["status"], "read")).as_py() or 0) > PAGES
    exists = pc.and_(pc.less_equal(quantities["end"], LONGEST), not many)
    if pc.all(exists).as_py() in (True, None):
        return quantities
    index = quantities.schema.get_field_index("link")
    links = pc.if_else(exists, quantities["link"], pa.scalar(None, pa.string()))
    return quantities.set_column(index, quantities.schema.field(index), links)
