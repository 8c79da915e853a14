"""Immutable, versioned releases: made, described, verified, kept, compared, published at a URL."""
