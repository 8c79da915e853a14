"""The report's figures: the account of numerals, series over time, how far the night's work reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.decisions import observation_id
from pipeline.report.night import Point, Series, Share
from pipeline.tables.model import Words

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = ["indicator", "ref_area", "time_period", "document_id"]
_COLUMNS = [*_KEYS, "obs_value", "obs_low", "obs_high", "quantity_id"]
_PLOTS = 60
"""Series that are shown at most; those with new points go first."""


def account(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Numerals by kind."""
    if "numerals" not in tables:
        return {}
    counted = tables["numerals"]["kind"].value_counts().to_pylist()
    return {entry["values"]: entry["counts"] for entry in counted}


def series(tables: Mapping[str, pa.Table], before: Path | None) -> Iterator[Series]:
    """Indicators over time, those with new points first; a region's figures are a series of their own."""
    observations = tables.get("observations")
    if observations is None:
        return
    known = _known(before)
    points: dict[tuple[str, str | None], dict[str, Point]] = {}
    for row in observations.select(_COLUMNS).to_pylist():
        if row["time_period"]:
            key = (row["indicator"], row["ref_area"], row["time_period"], row["document_id"])
            points.setdefault((row["indicator"], row["ref_area"]), {})[row["time_period"]] = Point(
                period=row["time_period"],
                value=row["obs_value"],
                low=row["obs_low"],
                high=row["obs_high"],
                quantity=row["quantity_id"],
                document_id=row["document_id"],
                new=observation_id(key) not in known,
            )
    listed = tables["indicators"].to_pylist() if "indicators" in tables else []
    about = {row["indicator"]: row for row in listed}
    order = sorted(
        points.items(),
        key=lambda item: (-sum(p.new for p in item[1].values()), -len(item[1]), item[0][0], item[0][1] or ""),
    )
    for (indicator, area), found in order[:_PLOTS]:
        row = about.get(indicator, {})
        yield Series(
            indicator=indicator,
            title=Words(row.get("title_zh") or indicator, row.get("title_en") or indicator),
            unit=row.get("unit"),
            area=area,
            points=tuple(found[period] for period in sorted(found)),
        )


def _known(before: Path | None) -> frozenset[str]:
    """The observations of the release before, by their ids."""
    path = before and before / "data" / "observations.parquet"
    if not path or not path.is_file():
        return frozenset()
    import pyarrow.parquet as pq

    columns = pq.read_table(path, columns=_KEYS).columns
    return frozenset(map(observation_id, zip(*(column.to_pylist() for column in columns), strict=True)))


def coverage(tables: Mapping[str, pa.Table]) -> Iterator[Share]:
    """Documents read, quantities with a subject, quantities that are indicators' figures."""
    import pyarrow.compute as pc

    if (documents := tables.get("documents")) is not None:
        read = pc.sum(pc.equal(documents["status"], "read")).as_py() or 0
        yield Share(title=Words("文档已读", "Documents read"), part=read, whole=documents.num_rows)
    if (quantities := tables.get("quantities")) is not None:
        named = quantities.num_rows - quantities["subject"].null_count
        yield Share(title=Words("统计数有所数之物", "Quantities with a subject"), part=named,
                    whole=quantities.num_rows)  # fmt: skip
        used: set[str] = set()
        if (observations := tables.get("observations")) is not None:
            used = {q for cell in observations["quantity_ids"].to_pylist() for q in (cell or "").split()}
        yield Share(title=Words("统计数归入指标", "Quantities that are indicators' figures"), part=len(used),
                    whole=quantities.num_rows)  # fmt: skip
