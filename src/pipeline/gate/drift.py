"""Drift: how far a night is from the last release, said so that expectations can ask for it.

Of every table an expectation may use `{"$PARAMETER": "rows_before"}`, the rows of the last
release that are due again: those of documents that have been taken out of raw/ are not, for
whoever takes out an article means it. Two tables have further columns at the gate, which
expectations name as if they were the table's own (`MARKS`) and no release has.

A night without a last release has drifted nowhere: 0 rows are due, and the columns are null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_BEFORE = "rows_before"
"""The parameter: rows that are due again."""

MARKS: Mapping[str, tuple[str, ...]] = {
    "indicators": ("observations_lost",),
    "observations": ("figure_before", "period_before", "times_before"),
}
"""The columns that tables have at the gate beside their own.

observations_lost: how many observations the last release has of an indicator that now has
none; 0 where it has some. times_before: how many times greater or smaller a figure is than
figure_before, the one that the last release has in its place or, where it has none, the one
before it in its series (indicator, region and kind of period); null where the last release
has this very figure, or there is none to compare with. Rates are not compared: what is a
growth of 0.5 % in one year and of 5 % in the next has not jumped.
"""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "indicators": ("indicator", "observations_lost"),
    "observations": ("indicator", "ref_area", "time_period", "obs_value", "figure_before", "period_before"),
}
"""What to show of a row that has drifted."""

_DUE = ("read", "quarantined")
"""A document of these is there; if nothing is left of it, nobody meant it. Those of others have no rows."""
_FIGURE = ("indicator", "ref_area", "time_period", "unit_measure", "obs_value")


class Drift(NamedTuple):
    """How far a night is from the last release."""

    rows: Mapping[str, int]
    """Rows of the last release that are due again, by table."""
    tables: Mapping[str, pa.Table]
    """Tonight's tables, with the columns of `MARKS`."""


def drift(tables: Mapping[str, pa.Table], release: Path | None) -> Drift:
    """Compare a night with the last release.

    tables: by name. release: the folder of the last one; None where there is none.
    """
    marked = dict(tables)
    if "indicators" in tables and "observations" in tables:
        marked["indicators"] = _lost(tables, _read(release, "observations", ("indicator",)))
    if "observations" in tables:
        marked["observations"] = _leaps(tables["observations"], _read(release, "observations", _FIGURE))
    gone = _gone(tables, release)
    return Drift({name: _due(name, release, gone) for name in tables}, marked)


def _read(release: Path | None, table: str, columns: Sequence[str]) -> pa.Table | None:
    """Columns of a table of the release; None where it has no such table or columns."""
    import pyarrow.parquet as pq

    path = release and release / "data" / f"{table}.parquet"
    if not path or not path.is_file() or not {*columns} <= {*pq.read_schema(path).names}:
        return None
    return pq.read_table(path, columns=list(columns))


def _gone(tables: Mapping[str, pa.Table], release: Path | None) -> pa.Array:
    """Documents of which the release has rows, and that are not there any more."""
    import pyarrow.compute as pc

    before = _read(release, "documents", ("document_id", "status"))
    if before is None or "documents" not in tables:
        return _array(())
    had, there = (
        documents["document_id"].filter(pc.is_in(documents["status"], _array(_DUE))).combine_chunks()
        for documents in (before, tables["documents"])
    )
    return had.filter(pc.invert(pc.is_in(had, there)))


def _due(name: str, release: Path | None, gone: pa.Array) -> int:
    """Rows of a table of the release that are due again."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = release and release / "data" / f"{name}.parquet"
    if not path or not path.is_file():
        return 0
    if name == "documents":
        return int(pq.read_metadata(path).num_rows)
    before = _read(release, name, ("document_id",))
    if before is None:
        return 0
    ids = before["document_id"].drop_null()
    return len(ids) - int(pc.sum(pc.is_in(ids, gone)).as_py() or 0)


def _lost(tables: Mapping[str, pa.Table], before: pa.Table | None) -> pa.Table:
    """The indicators, with what each has lost."""
    indicators, now = tables["indicators"], {*tables["observations"]["indicator"].unique().to_pylist()}
    counted = before["indicator"].value_counts().to_pylist() if before else []
    had = {count["values"]: count["counts"] for count in counted if count["values"] not in now}
    lost = _array([had.get(name, 0) for name in indicators["indicator"].to_pylist()], "int64")
    return indicators.append_column("observations_lost", lost)


def _leaps(observations: pa.Table, before: pa.Table | None) -> pa.Table:
    """The observations, each with the figure before it."""
    import duckdb
    import pyarrow as pa

    if before is None:
        value, period = (observations.schema.field(name).type for name in ("obs_value", "time_period"))
        nothing = (pa.nulls(observations.num_rows, kind) for kind in (value, period, pa.float64()))
        found = pa.table(dict(zip(MARKS["observations"], nothing, strict=True)))
    else:
        rows = _array(range(observations.num_rows), "int64")
        with duckdb.connect() as database:
            database.execute("SET threads = 2; SET enable_progress_bar = false")
            database.register("now", observations.select(_FIGURE).append_column("row", rows))
            database.register("before", before)
            found = database.sql(
                (files(__package__) / "leaps.sql").read_text(encoding="utf-8")
            ).to_arrow_table()
    for name in MARKS["observations"]:
        observations = observations.append_column(name, found[name])
    return observations


def _array(values: Sequence[object], kind: str = "string") -> pa.Array:
    import pyarrow as pa

    return pa.array(values, kind)
