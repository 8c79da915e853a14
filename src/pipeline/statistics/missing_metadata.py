"""What a document should say so that its figures become observations: one finding a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.statistics.claims import About, Finding
from pipeline.statistics.region_resolver import RegionResolver
from pipeline.statistics.statistic import Statistic

_WHAT = {
    "region": ("地区", "region", "region 410102"),
    "issued": ("刊发日期", "date of issue", "issued 2024-03-28"),
}
"""Fields of a sidecar in both languages, and how to write each."""


def incomplete(about: About, stated: Sequence[Statistic], where: RegionResolver) -> Iterator[Finding]:
    """An info finding where figures are of known concepts, and the document lacks what would place them.

    where: says which region the document is about.
    """
    known = [one for one in stated if one.concept]
    lost = {
        "region": {one.mention for one in known if one.ref_area is None and "area_unknown" in one.reasons},
        "issued": {one.mention for one in known if one.time_period is None},
    }
    lacking = ["region"] if lost["region"] and where.area is None else []
    lacking += ["issued"] if lost["issued"] and about.issued is None else []
    if not lacking:
        return
    number = len(set.union(*(lost[name] for name in lacking)))
    zh = "、".join(_WHAT[name][0] for name in lacking)
    en = " and ".join(_WHAT[name][1] for name in lacking)
    lines = [_WHAT[name][2] for name in lacking]
    yield Finding(
        "document_incomplete",
        "info",
        about.document_id,
        f"{number} 个数无从得知其{zh}，不成为观测值；请在来源旁的 .yaml 中写明，如 {'、'.join(lines)} / "
        f"the {en} of {number} figures cannot be told, and they become no observations; "
        f"say it in the .yaml beside the source, as {' and '.join(lines)}",
    )
