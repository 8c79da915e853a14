"""Where a figure of a text is said to hold."""

from __future__ import annotations

from reading import article

from pipeline.statistics.regions.areas import Areas
from pipeline.statistics.regions.resolver import RegionResolver
from pipeline.texts.layout import reflow


def located(areas: Areas, text: str, figure: str, **known: str) -> tuple[str | None, str | None]:
    """The code of its region, and the name of a place that has none or several."""
    flow = reflow(text)
    begin = flow.text.index(figure)
    sentence = next(span for span in flow.sentences if begin < span[1])
    where = RegionResolver(areas, flow, article(**known)).resolve(sentence, begin)
    return where.area, where.ambiguous_name
