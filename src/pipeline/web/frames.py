"""A figure's frame as one readable line: 第一产业增加值 · 增长 · 同比 · −1.2%."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.numbers.mention import is_doubtful
from pipeline.tables.model import Words
from pipeline.tables.vocabulary import word

Part = str | Words
"""A piece of the line: the text's own characters, or a term in both languages."""

DOUBTFUL = Words("存疑", "doubtful")
_OF = Words("占", "of")
LEADING = (DOUBTFUL, _OF)
"""Terms that lead the piece after them, without a dot between."""
_PLANNED = Words("计划", "planned")
_SIGNS = {"up": "+", "down": "−"}
_SIGN = re.compile(r"^[-+–—−负]")
_MOVED = frozenset({"growth", "change"})


def parts(figure: Mapping[str, Any]) -> tuple[Part, ...]:
    """The pieces of the line, in order; none of what is no statistic.

    figure: `text`, `subject` and columns of the frame, as a row of quantities has them; a column that an
    older release does not have is not said. A level is not said,
    nor is anything that the text does not say. A subject below `pipeline.numbers.mention.DOUBT` comes
    after `DOUBTFUL`.
    """
    return tuple(_parts(figure))


def line(figure: Mapping[str, Any], choose: Callable[[str, str], str]) -> str:
    """The line as plain characters. choose: which of a term's two languages is said."""
    said = ""
    for part in parts(figure):
        said += part if isinstance(part, str) else choose(*part)
        said += " " if part in LEADING else " · "
    return said.removesuffix(" · ")


def _parts(figure: Mapping[str, Any]) -> Iterator[Part]:
    subject, measure, base, direction = (
        figure.get(name) for name in ("subject", "measure", "base", "direction")
    )
    if subject:
        if is_doubtful(subject, figure.get("confidence")):
            yield DOUBTFUL
        yield subject
    part = figure.get("part")
    yield from filter(None, (None if part and part in (subject or "") else part, figure.get("state")))
    if measure and measure != "level":
        yield word("measure", measure)
    if base:
        yield _base(base)
    if direction and measure in _MOVED:
        yield _moved(figure["text"], direction)
    if whole := figure.get("of"):
        yield _OF
        yield whole
    yield from filter(None, (figure.get("per"), figure.get("scope")))
    if figure.get("planned"):
        yield _PLANNED


def _base(base: str) -> Words:
    name, _, year = base.partition(":")
    return Words(f"比{year}年", f"since {year}") if year else word("base", name)


def _moved(text: str, direction: str) -> str:
    """The figure as printed, with the sign of its direction: 下降1.2% is −1.2%, 负3% is −3%."""
    return _SIGNS.get(direction, "") + _SIGN.sub("", "".join(text.split()))
