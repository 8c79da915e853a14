"""Drift: how a run differs from the last release, as values that expectations can refer to.

An expectation of any table may use `{"$PARAMETER": "rows_before"}`: the rows of the last release,
without those of documents that were removed from raw/, which is deliberate. Two tables have
further columns at the gate (`DRIFT_COLUMNS`), which expectations may name and no release has.

Without a last release `rows_before` is 0 and the columns are null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_BEFORE = "rows_before"
"""The parameter: rows that the last release had and that should be there again."""

DRIFT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicators": ("observations_lost",),
    "observations": ("figure_before", "period_before", "times_before"),
}
"""The columns that tables have at the gate beside their own.

observations_lost: how many observations the last release has of an indicator that now has
none; 0 where it has some. times_before: how many times greater or smaller a figure is than
figure_before, the figure of the last release for the same indicator, region and period or,
where it has none, the previous one of the series (indicator, region and kind of period); null
where the last release has the same figure, or there is none to compare with. Rates are not
compared: growth of 0.5 % in one year and of 5 % in the next is no jump.
"""

SHOWN_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicators": ("indicator", "observations_lost"),
    "observations": ("indicator", "ref_area", "time_period", "obs_value", "figure_before", "period_before"),
}
"""The columns to show of a row that has drifted."""

_EXPECTED = ("read", "quarantined")
"""Statuses of documents that should still have rows; those with other statuses have none."""
_FIGURE = ("indicator", "ref_area", "time_period", "unit_measure", "obs_value")


class Drift(NamedTuple):
    """How a run differs from the last release."""

    rows: Mapping[str, int]
    """`rows_before` by table."""
    tables: Mapping[str, pa.Table]
    """The tables of the run, with `DRIFT_COLUMNS`."""


def compare_with_release(tables: Mapping[str, pa.Table], release: Path | None) -> Drift:
    """Compare the tables of a run with the last release.

    tables: by name. release: the folder of the last one; None where there is none.
    """
    with_columns = dict(tables)
    if "indicators" in tables and "observations" in tables:
        before = _read_columns(release, "observations", ("indicator",))
        with_columns["indicators"] = _with_lost_observations(tables, before)
    if "observations" in tables:
        before = _read_columns(release, "observations", _FIGURE)
        with_columns["observations"] = _with_previous_figures(tables["observations"], before)
    removed = _removed_documents(tables, release)
    return Drift({name: _rows_before(name, release, removed) for name in tables}, with_columns)


def _read_columns(release: Path | None, table: str, columns: Sequence[str]) -> pa.Table | None:
    """Columns of a table of the release; None where it has no such table or columns."""
    import pyarrow.parquet as pq

    path = release and release / "data" / f"{table}.parquet"
    if not path or not path.is_file() or not {*columns} <= {*pq.read_schema(path).names}:
        return None
    return pq.read_table(path, columns=list(columns))


def _removed_documents(tables: Mapping[str, pa.Table], release: Path | None) -> pa.Array:
    """Documents of which the release has rows, and that are not in raw/ any more."""
    import pyarrow.compute as pc

    before = _read_columns(release, "documents", ("document_id", "status"))
    if before is None or "documents" not in tables:
        return _array(())
    previous, current = (
        documents["document_id"].filter(pc.is_in(documents["status"], _array(_EXPECTED))).combine_chunks()
        for documents in (before, tables["documents"])
    )
    return previous.filter(pc.invert(pc.is_in(previous, current)))


def _rows_before(name: str, release: Path | None, removed: pa.Array) -> int:
    """How many rows of the release's table should be there again."""
    import pyarrow.compute as pc

    before = _read_columns(release, name, ("document_id",))
    if before is None:
        return 0
    if name == "documents":
        return int(before.num_rows)
    ids = before["document_id"].drop_null()
    return len(ids) - int(pc.sum(pc.is_in(ids, removed)).as_py() or 0)


def _with_lost_observations(tables: Mapping[str, pa.Table], before: pa.Table | None) -> pa.Table:
    """The indicators, with `observations_lost`."""
    indicators, now = tables["indicators"], {*tables["observations"]["indicator"].unique().to_pylist()}
    value_counts = before["indicator"].value_counts().to_pylist() if before else []
    counts = {count["values"]: count["counts"] for count in value_counts if count["values"] not in now}
    lost = _array([counts.get(name, 0) for name in indicators["indicator"].to_pylist()], "int64")
    return indicators.append_column("observations_lost", lost)


def _with_previous_figures(observations: pa.Table, before: pa.Table | None) -> pa.Table:
    """The observations, each with the figure to compare it with."""
    import duckdb
    import pyarrow as pa

    if before is None:
        value, period = (observations.schema.field(name).type for name in ("obs_value", "time_period"))
        nulls = (pa.nulls(observations.num_rows, kind) for kind in (value, period, pa.float64()))
        found = pa.table(dict(zip(DRIFT_COLUMNS["observations"], nulls, strict=True)))
    else:
        rows = _array(range(observations.num_rows), "int64")
        with duckdb.connect() as database:
            database.execute("SET threads = 2; SET enable_progress_bar = false")
            database.register("now", observations.select(_FIGURE).append_column("row", rows))
            database.register("before", before)
            found = database.sql(
                (files(__package__) / "previous_figures.sql").read_text(encoding="utf-8")
            ).to_arrow_table()
    for name in DRIFT_COLUMNS["observations"]:
        observations = observations.append_column(name, found[name])
    return observations


def _array(values: Sequence[object], kind: str = "string") -> pa.Array:
    import pyarrow as pa

    return pa.array(values, kind)
