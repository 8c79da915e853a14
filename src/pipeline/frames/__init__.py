"""Frames of statistical figures: subject, measure, direction, base and the other labels."""
