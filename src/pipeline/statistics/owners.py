"""Whose a figure is, by what stands before its subject: 机械工业 of 我国机械工业完成进出口总额.

What is left of the clause before the subject, once regions, times and words that say nothing are taken off,
makes the figure that of a part; such a figure is never the region's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.concepts.concept_list import ConceptList
from pipeline.numbers.mention import Mention
from pipeline.statistics.areas import Areas
from pipeline.statistics.catalog_entries import Indicator
from pipeline.statistics.concept_finder import without_adverbs
from pipeline.statistics.region_cues import GLOSS, RELATIVE
from pipeline.statistics.time_expressions import find_times

_REACH = 60
"""Characters before a subject that are looked at."""
_BREAK = re.compile(r"[，；。！？：、\n]|[,;:!?](?!\d)")
_COUNTED = re.compile(r"[一-龥]{2,8}\d[\d.]*[万亿余多]*[台座家个条艘户所处]、$")
"""Before a subject: a count of things that it is of, 核电机组102台、装机."""
_SAYS_NOTHING = re.compile(
    r"\d[\d.,]*[万亿千百余多]*[个项条家处亩例]?|其中|另有|另外|此外|同时|截至|目前|全社会|全口径|各地|当地|本地|境内|同期|期间|[省市区县]内"
    r"|已经?|将|约|超|达到?|共|累计|预计|预测|计划|规划|确保|力争|争取|保持|稳定在|首次|仅|均|也|还|就|按照?|据|上述"
    r"|(?:[一-龥]{0,10}(?:委员会|办公室|政府|部门|机关|海关|单位|生产建设兵团)|[一-龥]{2,10}(?:[局委厅署]|办公?厅|(?<![全干西东南北中内])部))"
    r"|作为[^的]*的|报告|安全|查验|统计|合计|总计|分别|[的为在从到至了和与及是有以]"
)
_SHORTEST = 2


def owner(text: str, mention: Mention, indicator: Indicator, areas: Areas, concepts: ConceptList) -> str:
    """What a mention's clause says before its subject of whose it is; "" where it is the region's."""
    if not mention.head:
        return ""
    stop = min(mention.head[0], mention.begin)
    words = text[max(0, stop - _REACH) : stop]
    clause = GLOSS.sub(" ", words)
    words = _BREAK.split(clause)[-1]
    if counted := _COUNTED.search(clause, 0, len(clause) - len(words)):
        return counted[0].strip("、")
    words = _before_name(words, mention.subject or "", concepts.concepts[indicator.concept].names)
    words = _without(words, [match.span() for match in find_times(words)])
    words = _without(words, [(place.begin, place.stop) for place in areas.find(words)])
    words = RELATIVE.sub(" ", words)
    for said in sorted(indicator.scope, key=len, reverse=True):
        words = words.replace(said, " ")
    for chunk in words.split():
        read = concepts.parse_modifiers(chunk)
        left = _SAYS_NOTHING.sub("", read.rest)
        if read.breakdown or len(left) >= _SHORTEST:
            return chunk
    return ""


def _without(words: str, spans: Iterable[tuple[int, int]]) -> str:
    """The words with a space in the place of each span."""
    for begin, stop in reversed(list(spans)):
        words = f"{words[:begin]} {words[stop:]}"
    return words


def _before_name(words: str, subject: str, names: Iterable[str]) -> str:
    """The words without those with which a name of the concept begins: 铁路发送 of 铁路发送旅客."""
    whole = without_adverbs(words) + subject
    longest = max((name for name in names if whole.endswith(name)), key=len, default="")
    return whole[: -len(longest)] if len(longest) > len(subject) else words
