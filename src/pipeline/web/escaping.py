"""Untrusted text as HTML that shows it and does nothing else."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

_CONTROLS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SPELT = Markup('<span class="odd">U+{:04X}</span>')
_CUT = Markup(
    '<span class="cut">…<span class="zh" lang="zh">（共 {0} 字）</span>'
    '<span class="en" lang="en"> ({0} characters)</span></span>'
)


def visible(text: object, longest: int | None = None) -> Markup:
    """The text as HTML that shows it and does nothing else.

    Characters that are not seen, or that turn the direction of others, are spelt out.
    longest: characters that are shown; the number of all is shown then.
    """
    whole = str(text)
    short = whole if longest is None else whole[:longest]
    shown = escape(short)
    if not short.isprintable():
        odd = {c for c in short if unicodedata.category(c) in _CONTROLS and c not in "\n\t"}
        for c in sorted(odd):
            shown = Markup(str(shown).replace(c, str(_SPELT.format(ord(c)))))
    return shown if len(short) == len(whole) else shown + _CUT.format(f"{len(whole):,}")


def flat(text: str) -> str:
    """The text without white space, as a table's cell has it."""
    return "".join(text.split())
