"""The fields of a decision as people type them, checked; `WenshuError` says what to give instead."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from pipeline.errors import WenshuError, one_line

_SHORTEST, _LONGEST = 2, 2_000
"""Characters of a reason."""
_DIGITS = 60
_SHOWN = 40
_SEPARATORS = str.maketrans({",": None, "，": None, "−": "-"})


def parse_reason(text: str) -> str:
    """Why it was decided."""
    reason = text.strip()
    if not _SHORTEST <= len(reason) <= _LONGEST:
        raise WenshuError(
            f"the reason has {len(reason)} characters; say in a few words why, as in 来稿单位已确认"
        )
    return reason


def parse_number(text: str) -> Decimal:
    """A number, thousands separators and fullwidth digits allowed."""
    digits = text.strip().translate(_SEPARATORS)
    try:
        value = Decimal(digits)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(digits) > _DIGITS or "e" in digits.lower():
        raise WenshuError(f"{one_line(text)[:_SHOWN]} is no number; give the right one, as in 203 or 4.5")
    return value


def parse_last_day(text: str, today: dt.date) -> dt.date | None:
    """The last day on which it holds; None where nothing was typed."""
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise WenshuError(f"{one_line(text)[:_SHOWN]} is no day; give one as in 2027-06-30") from error
    if day < today:
        raise WenshuError(f"{day} is past; give a day to come, or leave it out")
    return day
