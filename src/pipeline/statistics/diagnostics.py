"""What a data officer should look at in a document, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.numbers.mention import Mention
from pipeline.numbers.text_tables import unparsed_tables
from pipeline.statistics.catalog.entries import Indicator
from pipeline.statistics.claims import Claim, Diagnostic
from pipeline.statistics.regions.areas import Areas
from pipeline.statistics.regions.resolver import RegionResolver
from pipeline.statistics.statistic import Statistic
from pipeline.texts.layout import Flow
from pipeline.texts.source import Source

_FIELDS = {
    "region": ("地区", "region", "region 410102"),
    "issued": ("刊发日期", "date of issue", "issued 2024-03-28"),
}
"""Fields of a sidecar in both languages, and how to write each."""


def unknown_region(source: Source, areas: Areas) -> Iterator[Diagnostic]:
    """Where the region that is given for the document is none."""
    if source.region and not areas.read(source.region):
        message = (
            "所记地区查无此名，或不止一处；写全名或六位区划代码 / no region, or more than one, is called so; "
            f"give its full name or its GB/T 2260 code: {source.region}"
        )
        yield Diagnostic("region_unknown", "warning", source.document_id, message)


def missing_metadata(
    source: Source, statistics: Sequence[Statistic], regions: RegionResolver
) -> Iterator[Diagnostic]:
    """One, where figures have a concept, and region or date of issue of the document are missing."""
    useful = [one for one in statistics if one.concept]
    affected = {
        "region": {one.mention for one in useful if one.ref_area is None and "area_unknown" in one.reasons},
        "issued": {one.mention for one in useful if one.time_period is None},
    }
    missing = ["region"] if affected["region"] and regions.area is None else []
    missing += ["issued"] if affected["issued"] and source.issued is None else []
    if not missing:
        return
    number = len(set.union(*(affected[name] for name in missing)))
    zh = "、".join(_FIELDS[name][0] for name in missing)
    en = " and ".join(_FIELDS[name][1] for name in missing)
    lines = [_FIELDS[name][2] for name in missing]
    yield Diagnostic(
        "document_incomplete",
        "info",
        source.document_id,
        f"{number} 个数无从得知其{zh}，不成为观测值；请在来源旁的 .yaml 中写明，如 {'、'.join(lines)} / "
        f"the {en} of {number} figures cannot be told, and they become no observations; "
        f"say it in the .yaml beside the source, as {' and '.join(lines)}",
    )


def unreadable_tables(flow: Flow, document_id: str) -> Iterator[Diagnostic]:
    """The tables of a document whose rows and columns were not recognized."""
    for begin, stop in unparsed_tables(flow.text):
        first = flow.text[begin:stop].partition("\n")[0].strip()
        message = f"有表未能识读，其数无单位、无行列 / a table could not be made out: {first}"
        yield Diagnostic("table_unread", "info", document_id, message)


def ambiguous_region(claim: Claim) -> Iterator[Diagnostic]:
    """Where a figure's region is not known, as several have its name."""
    if name := claim.ambiguous_region:
        yield Diagnostic(
            "area_ambiguous",
            "info",
            claim.document_id,
            f"{name}不止一处，文中也未说明是哪一处，请在来源旁的 .yaml 中写明 region / {name} is the name of "
            "several regions and nothing in the document says which; name the region in the .yaml beside the "
            f"source: {claim.quote}",
            (claim.key,),
        )


def doubtful_subject(
    mention: Mention, indicators: Iterable[Indicator], key: str, document_id: str, quote: str
) -> Diagnostic:
    """That a figure's subject is more likely wrong than right, and no indicator takes it."""
    return Diagnostic(
        "subject_doubtful",
        "info",
        document_id,
        f"{_named(mention, indicators)}: 所数之物多半有误（把握 {mention.confidence}），"
        f"未归入指标 / its subject is doubtful (confidence {mention.confidence}); it is no indicator's "
        f"figure: {quote}",
        (key,),
    )


def ambiguous_indicator(
    mention: Mention, indicators: Iterable[Indicator], key: str, document_id: str, quote: str
) -> Diagnostic:
    """That several indicators claim one figure."""
    return Diagnostic(
        "indicator_ambiguous",
        "warning",
        document_id,
        f"{_named(mention, indicators)}: 同时像这些指标，请加 states 或 without 使其分得开 / is "
        f"claimed by each of these; add states or without to tell them apart: {quote}",
        (key,),
    )


def _named(mention: Mention, indicators: Iterable[Indicator]) -> str:
    return f"{mention.text} {mention.subject} ({', '.join(sorted(one.id for one in indicators))})"
