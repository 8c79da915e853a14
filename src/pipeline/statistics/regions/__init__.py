"""Where a figure holds: the gazetteer of regions, what a document is about, and the region of each figure.

Begin with `resolver.RegionResolver`, which gives a figure its region. It finds the places of a text with
`areas.Areas`, and asks `document_region` for the region where a sentence names none.
"""
