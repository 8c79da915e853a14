"""Statistics that mentions state, by concept, region and period; observations of the catalog's indicators.

Begin with `matcher.Matcher`, which reads one document against the catalog. The catalog is read in `catalog`,
the period of a figure in `periods` and its region in `regions`; `observations` merges what documents claim.
"""
