"""The catalog that data officers edit: indicators, datasets and holidays, from YAML to values.

Files are checked against catalog/schema/*.json, and then against each other: an id is
declared once, and whatever a declaration names exists. Errors say file, line and field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.catalog_files import AREAS, LEXICONS, catalog_files
from pipeline.concepts.concept_files import load_concepts
from pipeline.concepts.concept_list import ConceptList
from pipeline.errors import WenshuError
from pipeline.statistics.catalog.entries import Catalog, Dataset, Indicator, Residual, WideColumn
from pipeline.statistics.catalog.indicator_entries import indicator_of
from pipeline.statistics.catalog.reader import CatalogReader, unknown
from pipeline.statistics.periods.named_days import Holidays
from pipeline.statistics.regions.areas import load_areas


def load_catalog(root: Path) -> Catalog:
    """Read a catalog folder; WenshuError where a file is missing, malformed or names what is not there.

    The last catalogs are cached until a file of theirs changes: stages share one.
    """
    return _load(root, _digest(root))


def _digest(root: Path) -> bytes:
    """Digest of the files that a catalog is read from."""
    whole = blake2b()
    for name, path in catalog_files(root).items():
        with suppress(OSError):  # reading the file reports it
            whole.update(blake2b(path.read_bytes()).digest() + name.encode())
    return whole.digest()


@lru_cache(maxsize=4)
def _load(root: Path, digest: bytes) -> Catalog:
    """digest: of its files, by which the result is cached."""
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
    lexicons = (CatalogReader("lexicon").open(path) for path in catalog_files(root, LEXICONS).values())
    holidays = _holidays(lexicons)
    return Catalog(MappingProxyType(indicators), MappingProxyType(datasets), holidays, areas, concepts)


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


def parts_of_wholes(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """The indicators that add up to another by part_of, wherever all are stated; in the order of ids."""
    parts: dict[str, tuple[str, ...]] = {}
    for indicator in sorted(catalog.indicators.values(), key=lambda i: (i.part_of or "", i.id)):
        if whole := indicator.part_of:
            parts[whole] = (*parts.get(whole, ()), indicator.id)
    return parts


def _dataset(reader: CatalogReader, data: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> Dataset:
    _check_layout(reader, data)
    columns = []
    for number, column in enumerate(data.get("columns", ())):
        indicator = indicators.get(column["indicator"])
        if indicator is None:
            raise reader.error(
                ("columns", number, "indicator"), unknown("indicator", column["indicator"], indicators)
            )
        title = column.get("title", indicator.title)
        described = indicator.definition, indicator.unit, indicator.counted
        columns.append(WideColumn(column["name"], indicator.id, title, *described))
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
        place = f"{root / 'indicators'}: {indicator.id}"
        for other in filter(None, (indicator.part_of, *(indicator.share_of or ()))):
            if other not in indicators:
                raise WenshuError(f"{place}: {unknown('indicator', other, indicators)}")
        whole = indicator.part_of
        if whole and indicators[whole].unit != indicator.unit:
            raise WenshuError(f"{place}: its unit is not that of {whole}, which it is part of")
        for dataset in indicator.datasets:
            if dataset not in datasets or datasets[dataset].layout != "long":
                raise WenshuError(f"{place}: {dataset} is no long dataset of {root / 'datasets'}")


def _holidays(lexicons: Iterable[Mapping[str, Any]]) -> Holidays:
    """The holidays of all files; where two say different things of one, the last one counts."""
    holidays: dict[str, dict[int, tuple[date, date]]] = {}
    for data in lexicons:
        for name, years in data.get("holidays", {}).items():
            holidays.setdefault(name, {}).update({int(year): _span(span) for year, span in years.items()})
    return holidays


def _span(written: str) -> tuple[date, date]:
    first, _, last = written.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)
