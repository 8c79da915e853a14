"""The arithmetic of reading: exact at any length, quotients to 28 digits."""

from __future__ import annotations

from decimal import Context, Decimal

LARGEST = Decimal(10) ** 40
"""The value from which a number states nothing: 9亿亿亿亿亿亿."""
EXACT = Context(prec=2000)
"""The arithmetic of reading: longer than any number that is read, so that none is rounded."""
_QUOTIENT = Context(prec=28)


def quotient(upper: Decimal, lower: Decimal | int) -> Decimal:
    """A fraction's value, to 28 digits."""
    return _QUOTIENT.divide(upper, Decimal(lower))


def power_of(value: Decimal, exponent: int) -> Decimal:
    """10^8, 2^10; a negative exponent's value to 28 digits."""
    return _QUOTIENT.power(value, exponent) if exponent < 0 else value**exponent


def without_zeros(digits: str) -> str:
    """A decimal as digits, without zeros at its end: 4.50 is 4.5, and 100 stays."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def decimal_text(value: Decimal | None) -> str | None:
    """A decimal as users read it: no exponent, no negative zero."""
    if value is None:
        return None
    text = format(value, "f")
    return text.lstrip("-") if not value else text
