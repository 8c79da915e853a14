"""The catalog that data officers edit: indicators, datasets and lexicon, from YAML to values.

Files are checked against catalog/schema/*.json, and then against each other: an id is
declared once, and whatever a declaration names exists. Errors say file, line and field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.catalog_files import AREAS, LEXICONS, catalog_files
from pipeline.concepts.concept_files import load_concepts
from pipeline.concepts.concept_list import ConceptList
from pipeline.errors import WenshuError
from pipeline.statistics.areas import load_areas
from pipeline.statistics.catalog_entries import (
    Catalog,
    Column,
    Dataset,
    Indicator,
    Lexicon,
    Residual,
    SumRule,
)
from pipeline.statistics.catalog_reader import CatalogReader, unknown
from pipeline.statistics.indicator_entries import indicator_of


def load_catalog(root: Path) -> Catalog:
    """Read a catalog folder; WenshuError where a file is missing, malformed or names what is not there.

    What was read is remembered by what the files say: stages share it, and copies of the folder.
    """
    said = _said(root)
    if said not in _KNOWN:
        if len(_KNOWN) >= _REMEMBERED:
            _KNOWN.clear()
        _KNOWN[said] = _load(root)
    return _KNOWN[said]


_REMEMBERED = 4
_KNOWN: dict[bytes, Catalog] = {}


def _said(root: Path) -> bytes:
    """Digest of the files that a catalog is read from."""
    whole = blake2b()
    for name, path in catalog_files(root).items():
        with suppress(OSError):  # which reading it then explains
            whole.update(blake2b(path.read_bytes()).digest() + name.encode())
    return whole.digest()


def _load(root: Path) -> Catalog:
    areas = load_areas(*(catalog_files(root, AREAS).values() or [root / "areas.csv"]))
    concepts = load_concepts(
        catalog_files(root, "concepts/*.csv").values(), catalog_files(root, "breakdowns/*.csv").values()
    )
    indicators, concepts = load_indicators(catalog_files(root, "indicators/*.yaml").values(), concepts)
    reader = CatalogReader("dataset")
    datasets: dict[str, Dataset] = {}
    for path in catalog_files(root, "datasets/*.yaml").values():
        data = reader.open(path)
        if data["id"] in datasets:
            raise reader.error(("id",), f"dataset {data['id']} is declared twice")
        datasets[data["id"]] = _dataset(reader, data, indicators)
    _check_links(indicators, datasets, root)
    lexicons = [
        _lexicon(CatalogReader("lexicon").open(path)) for path in catalog_files(root, LEXICONS).values()
    ]
    return Catalog(
        MappingProxyType(indicators), MappingProxyType(datasets), _together(lexicons), areas, concepts
    )


def load_indicators(paths: Iterable[Path], concepts: ConceptList) -> tuple[dict[str, Indicator], ConceptList]:
    """The indicators of some files, by id, and the concepts with what they add to these.

    Raises WenshuError as `load_catalog` does. concepts: the list that they are cells of.
    """
    reader = CatalogReader("indicator")
    indicators: dict[str, Indicator] = {}
    for path in paths:
        for number, data in enumerate(reader.open(path)["indicators"]):
            if data["id"] in indicators:
                raise reader.error(("indicators", number, "id"), f"indicator {data['id']} is declared twice")
            indicators[data["id"]], concept = indicator_of(reader, number, data, concepts)
            concepts = concepts.with_concepts(concept)
    return indicators, concepts


def sum_rules(catalog: Catalog) -> tuple[SumRule, ...]:
    """The sums that part_of links state, in the order of ids."""
    parts: dict[str, list[str]] = {}
    for indicator in sorted(catalog.indicators.values(), key=lambda i: i.id):
        if indicator.part_of:
            parts.setdefault(indicator.part_of, []).append(indicator.id)
    return tuple(SumRule(whole, tuple(ids)) for whole, ids in sorted(parts.items()))


def _dataset(reader: CatalogReader, data: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> Dataset:
    _check_layout(reader, data)
    columns = []
    for number, column in enumerate(data.get("columns", ())):
        indicator = indicators.get(column["indicator"])
        if indicator is None:
            raise reader.error(
                ("columns", number, "indicator"), unknown("indicator", column["indicator"], indicators)
            )
        columns.append(
            Column(
                column["name"],
                indicator.id,
                column.get("title", indicator.title),
                indicator.definition,
                indicator.unit,
                indicator.counted,
            )
        )
    for number, wanted in enumerate(data.get("indicators", ())):
        if wanted not in indicators:
            raise reader.error(("indicators", number), unknown("indicator", wanted, indicators))
    residual = None
    if "residual" in data:
        residual = Residual(data["residual"]["whole"], tuple(data["residual"]["parts"]))
        for name in (residual.whole, *residual.parts):
            if name not in {column.name for column in columns}:
                raise reader.error(("residual",), f"{name} is none of the dataset's columns")
    joined = (i.id for i in indicators.values() if data["id"] in i.datasets)
    members = chain((column.indicator for column in columns), data.get("indicators", ()), joined)
    return Dataset(
        **{name: data[name] for name in ("id", "title", "description", "layout")},
        licence=data.get("licence"),
        indicators=tuple(dict.fromkeys(members)),
        columns=tuple(columns),
        residual=residual,
    )


def _check_layout(reader: CatalogReader, data: Mapping[str, Any]) -> None:
    """Refuse what belongs to the other layout."""
    if data["layout"] == "wide" and "columns" not in data:
        raise reader.error(("layout",), "a wide dataset needs columns")
    foreign = ("indicators",) if data["layout"] == "wide" else ("columns", "residual")
    if misplaced := next((name for name in foreign if name in data), None):
        other = "long" if data["layout"] == "wide" else "wide"
        raise reader.error((misplaced,), f"is for {other} datasets; this one is {data['layout']}")


def _check_links(indicators: Mapping[str, Indicator], datasets: Mapping[str, Dataset], root: Path) -> None:
    for indicator in indicators.values():
        linked = [indicator.part_of, *(indicator.share_of or ())]
        for other in filter(None, linked):
            if other not in indicators:
                raise WenshuError(
                    f"{root / 'indicators'}: {indicator.id}: {unknown('indicator', other, indicators)}"
                )
        if indicator.part_of and indicators[indicator.part_of].unit != indicator.unit:
            raise WenshuError(
                f"{root / 'indicators'}: {indicator.id}: its unit is not that of {indicator.part_of}, "
                "which it is part of"
            )
        for dataset in indicator.datasets:
            if dataset not in datasets or datasets[dataset].layout != "long":
                raise WenshuError(
                    f"{root / 'indicators'}: {indicator.id}: {dataset} is no long dataset "
                    f"of {root / 'datasets'}"
                )


def _lexicon(data: Mapping[str, Any]) -> Lexicon:
    kinds: Iterator[tuple[str, str]] = chain.from_iterable(
        ((word, kind) for word in data.get(key, ())) for key, kind in (("names", "name"), ("others", "other"))
    )
    units = {word: (said["kind"], said["code"]) for word, said in data.get("units", {}).items()}
    holidays = {
        name: {int(year): _span(span) for year, span in years.items()}
        for name, years in data.get("holidays", {}).items()
    }
    return Lexicon(dict(kinds), units, holidays)


def _together(lexicons: Iterable[Lexicon]) -> Lexicon:
    """The words of all of them; where two say different things of a word, the last one counts."""
    names: dict[str, str] = {}
    units: dict[str, tuple[str, str]] = {}
    holidays: dict[str, dict[int, tuple[date, date]]] = {}
    for each in lexicons:
        names |= each.names
        units |= each.units
        for name, years in each.holidays.items():
            holidays[name] = holidays.get(name, {}) | dict(years)
    return Lexicon(names, units, holidays)


def _span(written: str) -> tuple[date, date]:
    first, _, last = written.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)
