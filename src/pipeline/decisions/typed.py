"""What people type of a decision, checked; `WenshuError` says what to give instead."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from pipeline.errors import WenshuError, one_line

_SHORTEST, _LONGEST = 2, 2_000
"""Characters of a reason that says something."""
_DIGITS = 60
_SHOWN = 40
_LOOSE = str.maketrans({",": None, "，": None, "−": "-"})


def read_reason(text: str) -> str:
    """Why it was decided."""
    said = text.strip()
    if not _SHORTEST <= len(said) <= _LONGEST:
        raise WenshuError(
            f"the reason has {len(said)} characters; say in a few words why, as in 来稿单位已确认"
        )
    return said


def read_number(text: str) -> Decimal:
    """A number, thousands separators and fullwidth digits allowed."""
    said = text.strip().translate(_LOOSE)
    try:
        value = Decimal(said)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(said) > _DIGITS or "e" in said.lower():
        raise WenshuError(f"{one_line(text)[:_SHOWN]} is no number; give the right one, as in 203 or 4.5")
    return value


def read_last_day(text: str, today: dt.date) -> dt.date | None:
    """The last day on which it holds; None where nothing was typed."""
    if not text:
        return None
    try:
        found = dt.date.fromisoformat(text)
    except ValueError as error:
        raise WenshuError(f"{one_line(text)[:_SHOWN]} is no day; give one as in 2027-06-30") from error
    if found < today:
        raise WenshuError(f"{found} is past; give a day to come, or leave it out")
    return found
