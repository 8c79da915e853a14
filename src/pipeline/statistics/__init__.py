"""Statistics that mentions state, by concept, region and period; observations of the catalog's indicators."""
