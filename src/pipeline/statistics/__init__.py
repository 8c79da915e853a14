"""Statistics: from mentions to observations of declared indicators, by region and period."""
