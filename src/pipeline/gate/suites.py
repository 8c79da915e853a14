"""Expectations as files: Great Expectations' own suite JSON, one file a table.

What follows from a table's declaration (its columns, key, vocabularies, references,
intervals; a dataset's residual and its rows in the last release) is derived here, marked
`"from": "declaration"` in each expectation's meta. What people add stands beside it in the
same file and is kept. `wenshu expectations sync` rewrites the derived part; where a file is
behind its declaration, the declaration counts.

Every expectation has a severity (contract) and, in its meta, a `check`, which names it
for good, and a `description` in Chinese and English. There are no UUIDs: what does not
change stays the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.gate.drift import ROWS_BEFORE
from pipeline.statistics.catalog import Catalog, sum_rules
from pipeline.tables import TABLES, Column, ForeignKey, Table, Words, with_datasets
from pipeline.yamlfile import refuse_strays

Expectation = dict[str, Any]
"""One expectation as JSON: type, kwargs, severity, meta."""

SEVERITIES = ("critical", "warning", "info")
VERSION = "1.24.1"
"""The version of Great Expectations whose JSON the files are in."""

_DERIVED = "declaration"
_BOUNDS = (("start", "end"), ("value_low", "value", "value_high"), ("obs_low", "obs_value", "obs_high"))
"""Columns that ascend in every row; those of a text's characters strictly, for nothing is empty."""


_OF_A_SUM = (
    *("indicator", "ref_area", "time_period", "obs_status", "qualifier"),
    *("obs_value", "quantity_id"),
)


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
    # A long dataset's rows are observations, of which the observations' own expectations speak.
    long = table.dataset and table.columns == TABLES["observations"].columns
    contents = () if long else _contents(table)
    own = [*(_sum(*residual) if residual else ()), *_arithmetic(sums, shares)]
    return [*_structure(table), *contents, *own, *([_kept()] if table.dataset else ())]


def declared(catalog: Catalog) -> dict[str, list[Expectation]]:
    """The expectations that follow from all declarations, by table: its own ones and the catalog's."""
    residuals = {d.id: (d.residual.whole, d.residual.parts) for d in catalog.datasets.values() if d.residual}
    sums = {rule.whole: rule.parts for rule in sum_rules(catalog)}
    shares = {i.id: tuple(i.share_of) for i in catalog.indicators.values() if i.share_of}
    return {
        name: derived(table, residuals.get(name), *((sums, shares) if name == "observations" else ()))
        for name, table in with_datasets(catalog.datasets.values()).items()
    }


def load_suites(folder: Path, catalog: Catalog) -> dict[str, list[Expectation]]:
    """What to run, by table: the declared expectations, and those of the folder's files that people wrote."""
    written = load_expectations(folder)
    return {name: _current(own, written.get(name, [])) for name, own in declared(catalog).items()}


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


def looked_at(expectation: Expectation) -> tuple[str, ...]:
    """The columns that an expectation looks at."""
    kwargs = expectation["kwargs"]
    one_by_one = (kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs)
    return tuple(kwargs.get("column_list") or one_by_one)


def _current(declared: list[Expectation], written: list[Expectation]) -> list[Expectation]:
    return [*declared, *(e for e in written if e["meta"].get("from") != _DERIVED)]


def _structure(table: Table) -> Iterator[Expectation]:
    """The shape of the table, without which its rows mean nothing: critical."""
    yield _expect(
        "columns",
        "expect_table_columns_to_match_ordered_list",
        {"column_list": list(table.names)},
        "critical",
        Words("列及其次序与声明相符", "The columns and their order are the declared ones"),
    )
    if not table.key:
        return
    key = list(table.key)
    one = len(key) == 1
    yield _expect(
        "key",
        "expect_column_values_to_be_unique" if one else "expect_compound_columns_to_be_unique",
        {"column": key[0]} if one else {"column_list": key, "ignore_row_if": "never"},
        "critical",
        Words(f"键（{'、'.join(key)}）不重复", f"No two rows have the same key ({', '.join(key)})"),
    )


def _contents(table: Table) -> Iterator[Expectation]:
    """What each row must be like; a row that is not is held back."""
    required = [column.name for column in table.columns if column.required]
    if required:
        one = len(required) == 1
        yield _expect(
            "required",
            "expect_column_values_to_not_be_null" if one else "expect_filled_cells",
            {"column": required[0]} if one else {"column_list": required},
            "warning",
            Words("必填各列皆有值", "Every required cell is filled"),
        )
    yield from map(_vocabulary, (column for column in table.columns if column.vocabulary))
    yield from map(_reference, table.foreign_keys)
    for bounds in _BOUNDS:
        if set(bounds) <= set(table.names):
            yield _ascending(bounds)


def _vocabulary(column: Column) -> Expectation:
    return _expect(
        f"vocabulary-{column.name}",
        "expect_column_values_to_be_in_set",
        {"column": column.name, "value_set": list(column.vocabulary)},
        "warning",
        Words(f"{column.name} 只取词表中的值", f"{column.name} takes only the values of its vocabulary"),
    )


def _reference(key: ForeignKey) -> Expectation:
    if len(key.columns) != 1:
        raise ValueError(f"no expectation checks a reference of several columns: {', '.join(key.columns)}")
    (column,), (named,) = key.columns, key.references
    return _expect(
        f"reference-{column}",
        "expect_column_values_to_be_among_those_of",
        {"column": column, "named_table": key.table, "named_column": named},
        "warning",
        Words(f"{column} 所指之行在 {key.table} 表中", f"The row that {column} names is in {key.table}"),
    )


def _ascending(bounds: tuple[str, ...]) -> Expectation:
    strictly = bounds[0] == "start"
    sign = " < " if strictly else " <= "
    return _expect(
        f"order-{bounds[0]}",
        "expect_ascending_cells",
        {"column_list": list(bounds), "strictly": strictly},
        "warning",
        Words(f"{sign.join(bounds)}", f"{sign.join(bounds)}"),
    )


def _sum(whole: str, parts: tuple[str, ...]) -> Iterator[Expectation]:
    equation = f"{' + '.join(parts)} = {whole}"
    yield _expect(
        "residual",
        "expect_column_values_to_be_between",
        {"column": "residual", "min_value": 0, "max_value": 0},
        "critical",
        Words("余差为 0", "The residual is 0"),
    )
    yield _expect(
        "sum",
        "expect_parts_to_make_the_whole",
        {"column_list": [whole, *parts]},
        "critical",
        Words(f"各部分之和等于总数：{equation}", f"The parts make the whole: {equation}"),
    )


def _arithmetic(
    sums: Mapping[str, Sequence[str]] | None, shares: Mapping[str, Sequence[str]] | None
) -> Iterator[Expectation]:
    """That indicators agree with those that they are parts or shares of; figures that do not are held."""
    said = (
        ("sum", "expect_indicators_to_add_up", "sums", sums,
         Words("同一地区、同一时期各部分之和等于总数", "Parts make their whole, for one region and period")),
        ("share", "expect_shares_of_indicators_to_hold", "shares", shares,
         Words("同一地区、同一时期占比与其两数相符", "A share is that of its figures, there and then")),
    )  # fmt: skip
    for check, kind, name, groups, words in said:
        if groups:
            listed = {first: list(others) for first, others in groups.items()}
            yield _expect(check, kind, {"column_list": [*_OF_A_SUM], name: listed}, "warning", words)


def _kept() -> Expectation:
    """That a dataset has not shrunk; the tables that it is made of say so in files of people's own."""
    return _expect(
        "kept",
        "expect_table_row_count_to_be_between",
        {"min_value": {"$PARAMETER": f"({ROWS_BEFORE} + 1) / 2"}},
        "warning",
        Words(
            "上次发布的各行，撤下的文档除外，至少一半还在",
            "At least half of the last release's rows are there again, those of removed documents aside",
        ),
    )


def _expect(check: str, kind: str, kwargs: Mapping[str, Any], severity: str, said: Words) -> Expectation:
    meta = {"check": check, "description": said._asdict(), "from": _DERIVED}
    return {"type": kind, "kwargs": dict(kwargs), "severity": severity, "meta": meta}


def _read(path: Path) -> list[Expectation]:
    where = one_line(str(path))
    refuse_strays(path)
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
    """What an expectation of a file lacks, said so that it can be mended."""
    meta = item.get("meta")
    if not isinstance(item.get("type"), str) or not isinstance(item.get("kwargs"), dict):
        return 'give it a "type", such as "expect_column_values_to_not_be_null", and its "kwargs"'
    if item.get("severity") not in SEVERITIES:
        return f'give it a "severity": {", ".join(SEVERITIES)}'
    if not isinstance(meta, dict) or not isinstance(meta.get("check"), str):
        return 'give its "meta" a "check", a short name of its own'
    if meta["check"] in seen:
        return f"its check {one_line(meta['check'])} is taken; give it a name of its own"
    said = meta.get("description")
    if not isinstance(said, dict) or not all(
        isinstance(said.get(language), str) for language in ("zh", "en")
    ):
        return 'give its "meta" a "description" in "zh" and "en"'
    return None
