"""Cells as text."""

from __future__ import annotations

from decimal import Decimal


def as_text(value: object) -> str:
    """A cell as text, as the CSV has it: numbers exact, without an exponent; null is the empty string."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}" if value else "0"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(as_text, value)) if isinstance(value, list | tuple) else str(value)
