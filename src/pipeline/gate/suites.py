"""Expectations as files: Great Expectations' own suite JSON, one file a table.

What follows from a table's declaration (its columns, key, vocabularies, references,
intervals; a dataset's residual and its rows in the last release) is derived here, marked
`"from": "declaration"` in each expectation's meta. What people add to the same file is kept.
`wenshu expectations sync` rewrites the derived part; where a file differs from the declaration,
the declaration counts.

Every expectation has a severity (contract) and, in its meta, a `check`, which names it
for good, and a `description` in Chinese and English. There are no UUIDs: what does not
change stays the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.gate.drift import ROWS_BEFORE
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import parts_of_wholes
from pipeline.tables import TABLES, Table, with_datasets
from pipeline.tables.vocabulary import SEVERITIES
from pipeline.tsv import read_entries
from pipeline.yamlfile import require_regular_file

Expectation = dict[str, Any]
"""One expectation as JSON: type, kwargs, severity, meta."""

VERSION = "1.24.1"
"""The version of Great Expectations whose JSON the files are in."""

_DERIVED = "declaration"
_DECLARED = {entry["check"]: entry for entry in read_entries(files(__package__) / "declared.tsv")}
_BOUNDS = (("start", "end"), ("value_low", "value", "value_high"), ("obs_low", "obs_value", "obs_high"))
"""Columns that ascend in every row; start and end strictly, because no span is empty."""
_ARITHMETIC_COLUMNS = (
    "indicator", "ref_area", "time_period", "obs_status", "qualifier", "obs_value", "quantity_id",
)  # fmt: skip


def derived(
    table: Table,
    residual: tuple[str, tuple[str, ...]] | None = None,
    sums: Mapping[str, Sequence[str]] | None = None,
    shares: Mapping[str, Sequence[str]] | None = None,
) -> list[Expectation]:
    """The expectations that follow from a table's declaration.

    residual: a dataset's whole and its parts, as column names, where it declares them.
    sums: the parts of each indicator that has some, of the observations. shares: the part
    and the whole of each that is a share.
    """
    expectations: list[Expectation] = []
    # The rows of a long dataset are observations, which the expectations of observations cover.
    if not (table.dataset and table.columns == TABLES["observations"].columns):
        expectations += (*_structure(table), *_contents(table))
    if residual:
        whole, parts = residual
        equation = f"{' + '.join(parts)} = {whole}"
        expectations.append(_expect("residual", {"column": "residual", "min_value": 0, "max_value": 0}))
        expectations.append(_expect("parts", {"column_list": [whole, *parts]}, equation, named="sum"))
    for check, name, groups in (("sum", "sums", sums), ("share", "shares", shares)):
        if groups:
            rules = {first: list(others) for first, others in groups.items()}
            expectations.append(_expect(check, {"column_list": [*_ARITHMETIC_COLUMNS], name: rules}))
    if table.dataset:  # other tables have this in their files
        expectations.append(_expect("kept", {"min_value": {"$PARAMETER": f"({ROWS_BEFORE} + 1) / 2"}}))
    return expectations


def declared(catalog: Catalog) -> dict[str, list[Expectation]]:
    """The expectations that follow from the declarations of all tables and of the catalog, by table."""
    residuals = {d.id: (d.residual.whole, d.residual.parts) for d in catalog.datasets.values() if d.residual}
    sums = parts_of_wholes(catalog)
    shares = {i.id: tuple(i.share_of) for i in catalog.indicators.values() if i.share_of}
    return {
        name: derived(table, residuals.get(name), *((sums, shares) if name == "observations" else ()))
        for name, table in with_datasets(catalog.datasets.values()).items()
    }


def load_suites(folder: Path, catalog: Catalog) -> dict[str, list[Expectation]]:
    """What to evaluate, by table: the declared expectations, and those that people wrote into the folder."""
    written = load_expectations(folder)
    return {
        name: [*expectations, *(e for e in written.get(name, ()) if e["meta"].get("from") != _DERIVED)]
        for name, expectations in declared(catalog).items()
    }


def suite(name: str, expectations: Iterable[Expectation]) -> dict[str, Any]:
    """A suite as Great Expectations reads it."""
    return {"name": name, "expectations": list(expectations), "meta": {"great_expectations_version": VERSION}}


def load_expectations(folder: Path) -> dict[str, list[Expectation]]:
    """The expectations of every file in the folder, by table.

    Raises `WenshuError` naming file and check where one is no suite, or lacks what
    every expectation here has.
    """
    return {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}


def sync(folder: Path, catalog: Catalog) -> list[Path]:
    """Bring the folder's files up to the declarations; returns those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, expectations in load_suites(folder, catalog).items():
        path = folder / f"{name}.json"
        text = json.dumps(suite(name, expectations), ensure_ascii=False, indent=2) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def columns_of(expectation: Expectation) -> tuple[str, ...]:
    """The columns that an expectation names."""
    kwargs = expectation["kwargs"]
    one_by_one = (kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs)
    return tuple(kwargs.get("column_list") or one_by_one)


def _structure(table: Table) -> Iterator[Expectation]:
    """About the table as a whole; nothing is released where one fails."""
    yield _expect("columns", {"column_list": list(table.names)})
    if table.key:
        yield _of_columns("key", table.key, "expect_column_values_to_be_unique", ignore_row_if="never")


def _contents(table: Table) -> Iterator[Expectation]:
    """About each row; a row that fails is held back."""
    if required := [column.name for column in table.columns if column.required]:
        yield _of_columns("required", required, "expect_column_values_to_not_be_null")
    for column in table.columns:
        if column.vocabulary:
            kwargs = {"column": column.name, "value_set": list(column.vocabulary)}
            yield _expect("vocabulary", kwargs, column.name, named=f"vocabulary-{column.name}")
    for key in table.foreign_keys:
        (name,), (reference,) = key.columns, key.references
        kwargs = {"column": name, "named_table": key.table, "named_column": reference}
        yield _expect("reference", kwargs, name, named=f"reference-{name}", table=key.table)
    for bounds in _BOUNDS:
        if set(bounds) <= set(table.names):
            strictly = bounds[0] == "start"
            in_order = (" < " if strictly else " <= ").join(bounds)
            of_columns = {"column_list": list(bounds), "strictly": strictly}
            yield _expect("order", of_columns, in_order, named=f"order-{bounds[0]}")


def _of_columns(check: str, columns: Sequence[str], single: str, **kwargs: str) -> Expectation:
    """An expectation of several columns; of a single one the type for that."""
    if len(columns) == 1:
        return _expect(check, {"column": columns[0]}, *columns) | {"type": single}
    return _expect(check, {"column_list": list(columns), **kwargs}, *columns)


def _expect(
    check: str, kwargs: Mapping[str, Any], *about: str, named: str = "", table: str = ""
) -> Expectation:
    """An expectation of declared.tsv. about: columns for its description. named: its name, if not `check`."""
    entry = _DECLARED[check]
    description = {
        "zh": entry["zh"].format("、".join(about), table=table),
        "en": entry["en"].format(", ".join(about), table=table),
    }
    meta = {"check": named or check, "description": description, "from": _DERIVED}
    return {"type": entry["type"], "kwargs": dict(kwargs), "severity": entry["severity"], "meta": meta}


def _read(path: Path) -> list[Expectation]:
    where = one_line(str(path))
    require_regular_file(path)
    try:
        document = json.loads(path.read_bytes())
        expectations = [dict(item) for item in document["expectations"]]
    except OSError as error:
        raise WenshuError(f"{where}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WenshuError(
            f"{where}: is no expectation suite in JSON ({one_line(str(error))}); "
            "`wenshu expectations sync` writes one for a table that has none"
        ) from error
    seen: set[str] = set()
    for number, item in enumerate(expectations, 1):
        if fault := _fault(item, seen):
            raise WenshuError(f"{where}: expectation {number}: {fault}")
        seen.add(item["meta"]["check"])
    return expectations


def _fault(item: Expectation, seen: set[str]) -> str | None:
    """What an expectation of a file lacks, as advice; None where nothing."""
    meta = item.get("meta")
    if not isinstance(item.get("type"), str) or not isinstance(item.get("kwargs"), dict):
        return 'give it a "type", such as "expect_column_values_to_not_be_null", and its "kwargs"'
    if item.get("severity") not in SEVERITIES:
        return f'give it a "severity": {", ".join(SEVERITIES)}'
    if not isinstance(meta, dict) or not isinstance(meta.get("check"), str):
        return 'give its "meta" a "check", a short name of its own'
    if meta["check"] in seen:
        return f"its check {one_line(meta['check'])} is taken; give it a name of its own"
    description = meta.get("description")
    if not isinstance(description, dict) or not all(
        isinstance(description.get(language), str) for language in ("zh", "en")
    ):
        return 'give its "meta" a "description" in "zh" and "en"'
    return None
