"""What goes wrong for a reason that the user can mend, said in one line."""

from __future__ import annotations

import unicodedata


class WenshuError(Exception):
    """Something that the user can mend; its text says what, where and how.

    The command line prints it as one line on stderr and exits with 2.
    """


def one_line(text: str) -> str:
    """The text as it may stand on a terminal: one line, control and bidi characters spelt out."""
    return "".join(
        c
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else c.encode("unicode_escape").decode()
        for c in text
    )
