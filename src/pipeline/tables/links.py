"""Where a release marks a quantity in its text: the column `link`, filled only where it leads somewhere.

`report` writes a page for every document that is read, as long as there are no more of them
than `PAGES`. Of more, it writes those that the officer is to look at. Which these are
changes from night to night, and rows must not change with them: such a release has no links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

LINK = "validation/sources/{}.html#{}"
"""By document and quantity."""
PAGES = 500
"""Documents that have a page, at most."""
LONGEST = 200_000
"""Characters of a text that its page shows."""


def with_links(quantities: pa.Table, documents: pa.Table) -> pa.Table:
    """The table `quantities`, its links null where there is no page, or where it ends before."""
    import pyarrow as pa
    import pyarrow.compute as pc

    many = (pc.sum(pc.equal(documents["status"], "read")).as_py() or 0) > PAGES
    there = pc.and_(pc.less_equal(quantities["end"], LONGEST), not many)
    if pc.all(there).as_py() in (True, None):
        return quantities
    place = quantities.schema.get_field_index("link")
    shown = pc.if_else(there, quantities["link"], pa.scalar(None, pa.string()))
    return quantities.set_column(place, quantities.schema.field(place), shown)
