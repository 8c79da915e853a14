"""A figure's frame as one readable line: 第一产业增加值 · 增长 · 同比 · −1.2%."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.numbers.mention import is_doubtful
from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import code_name
from pipeline.web.escaping import flat

Part = str | Bilingual
"""A part of the line: characters of the text, or a term in both languages."""

DOUBTFUL = Bilingual("存疑", "doubtful")
_OF = Bilingual("占", "of")
PREFIXES = (DOUBTFUL, _OF)
"""Terms that have a blank after them instead of a dot."""
_PLANNED = Bilingual("计划", "planned")
_SIGNS = {"up": "+", "down": "−"}
_SIGN = re.compile(r"^[-+–—−负]")
_MEASURES_OF_CHANGE = frozenset({"growth", "change"})


def frame_line(figure: Mapping[str, Any], choose: Callable[[str, str], str]) -> str:
    """The line as plain characters. choose: picks one of the two languages of a term."""
    line = ""
    for part in frame_parts(figure):
        line += part if isinstance(part, str) else choose(*part)
        line += " " if part in PREFIXES else " · "
    return line.removesuffix(" · ")


def frame_parts(figure: Mapping[str, Any]) -> Iterator[Part]:
    """The parts of the line, in order; none of a figure without a frame.

    figure: `text`, `subject` and columns of the frame, as in a row of quantities; columns that an older
    release does not have are left out, and so is the measure "level". A subject
    below `pipeline.numbers.mention.DOUBT` comes after `DOUBTFUL`.
    """
    subject, part, measure, base = (figure.get(name) for name in ("subject", "part", "measure", "base"))
    if subject:
        if is_doubtful(subject, figure.get("confidence")):
            yield DOUBTFUL
        yield subject
    if part and part not in (subject or ""):
        yield part
    if state := figure.get("state"):
        yield state
    if measure and measure != "level":
        yield code_name("measure", measure)
    if base:
        name, _, year = base.partition(":")
        yield Bilingual(f"比{year}年", f"since {year}") if year else code_name("base", name)
    if (direction := figure.get("direction")) and measure in _MEASURES_OF_CHANGE:
        # The sign of the direction in place of the text's own: 下降1.2% is −1.2%, 负3% is −3%.
        yield _SIGNS.get(direction, "") + _SIGN.sub("", flat(figure["text"]))
    if whole := figure.get("of"):
        yield _OF
        yield whole
    yield from filter(None, (figure.get("per"), figure.get("scope")))
    if figure.get("planned"):
        yield _PLANNED
