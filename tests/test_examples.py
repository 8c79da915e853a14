"""The written examples of raw/examples: what they say is read, most of it with no sidecar beside them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.frames.reading import read
from pipeline.numbers.lexicon import load_grammar
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.claims import MatchResult
from pipeline.statistics.matcher import Matcher
from pipeline.statistics.statistic import Statistic
from pipeline.texts.source import Source, find_sources, read_sources

HEADLINE = {
    "gdp": ("gross_domestic_product", "N"),
    "growth": ("gross_domestic_product", "G"),
    "population": ("permanent_population", "N"),
    "urbanisation": ("urbanisation_rate_of_permanent_population", "N"),
    "revenue": ("general_public_budget_revenue", "N"),
    "expenditure": ("general_public_budget_expenditure", "N"),
    "income": ("per_capita_disposable_income_of_households", "N"),
}
YI, WAN = Decimal(100_000_000), Decimal(10_000)
SCALE = {"gdp": YI, "population": WAN, "revenue": YI, "expenditure": YI}
COMMUNIQUES = {
    ("410300", 2021): "5447.1 4.8 706.9 65.89 398.4 650.2 30148",
    ("410300", 2022): "5675.2 3.5 707.9 66.58 424.7 658.3 31592",
    ("410300", 2023): "5481.6 3.4 707.9 67.54 432.8 686.0 33267",
    ("410700", 2022): "3463.9 5.3 616.5 59.24 216.5 489.6 28614",
    ("410700", 2023): "3347.6 1.8 614.9 60.27 223.4 503.1 30102",
    ("411300", 2023): "4572.2 4.8 949.7 53.55 271.1 796.5 27508",
    ("411500", 2022): "3196.3 4.1 616.2 52.21 148.8 702.7 26413",
    ("430200", 2023): "3667.9 5.0 385.7 73.42 196.8 489.3 46021",
    ("510700", 2023): "4038.8 8.0 491.1 56.26 180.1 568.8 36125",
    ("340200", 2022): "4502.1 4.1 373.1 73.20 381.0 581.4 43620",
    ("411000", 2023): "3486.2 4.1 437.6 56.01 - - 31268",
}
"""GDP (亿元), its growth, population (万人), urbanisation, revenue, expenditure (亿元), income (元).

All that the communiqués of raw/examples state, read by eye; - where one does not say it."""


class Example(NamedTuple):
    source: Source
    found: MatchResult
    area: str | None
    failing: tuple[str, ...]


@pytest.fixture(scope="module")
def examples(root: Path) -> dict[str, Example]:
    return {example.source.path: example for example in _read(root)}


def _read(root: Path) -> Iterator[Example]:
    raw, grammar = root / "raw" / "examples", load_grammar(root / "catalog")
    matcher = Matcher(load_catalog(root / "catalog"))
    for source in read_sources(raw):
        reading = read(source.text, grammar)
        where = matcher.region_resolver(reading.flow, source)
        ids = quantity_ids(source.document_id, reading)
        found = matcher.match(reading.flow, reading.mentions, ids, source, where)
        failing = tuple(one.expression for one in relate(reading) if one.verdict == "fails")
        yield Example(source, found, where.area, failing)


def cells(statistics: Iterator[Statistic]) -> dict[tuple[str, int], dict[str, Decimal | None]]:
    """Region and year by the seven headline figures, with no rule of its own: the columns alone say which."""
    names = {said: name for name, said in HEADLINE.items()}
    table: dict[tuple[str, int], dict[str, Decimal | None]] = {}
    for one in statistics:
        name = names.get((one.concept or "", one.transformation))
        whole = not one.part and not one.breakdown and one.scenario == "actual"
        if name and whole and one.ref_area and one.time_period and one.base in (None, "yoy"):
            row = table.setdefault((one.ref_area, int(one.time_period[:4])), {})
            assert name not in row
            row[name] = one.value
    return table


def test_communiques_give_the_table_of_headline_figures_with_no_rule_of_its_own(
    examples: dict[str, Example],
) -> None:
    said = (one for name, e in examples.items() if "gongbao" in name for one in e.found.statistics)
    expected = {
        place: {
            name: Decimal(cell) * SCALE.get(name, Decimal(1))
            for name, cell in zip(HEADLINE, figures.split(), strict=True)
            if cell != "-"
        }
        for place, figures in COMMUNIQUES.items()
    }
    assert cells(said) == expected


def test_there_are_examples_of_several_years_and_provinces(examples: dict[str, Example]) -> None:
    areas = {example.area for example in examples.values()}
    assert len(examples) >= 50
    assert {"410300", "430200", "510700", "340200", "410103", "410105"} <= areas
    assert None not in areas
    assert sum(bool(example.source.derived) for example in examples.values()) >= 30


def test_an_example_states_no_arithmetic_that_fails(examples: dict[str, Example]) -> None:
    assert {name: e.failing for name, e in examples.items() if e.failing} == {}


@pytest.mark.parametrize(
    ("name", "title", "publisher", "issued", "area"),
    [
        (
            "2023-04-06_xinxiang_gongbao", "2022年新乡市国民经济和社会发展统计公报",
            "新乡市统计局", "2023-04-06", "410700",
        ),
        (
            "2022-03-28_luoyang_gongbao", "洛阳市2021年国民经济和社会发展统计公报",
            "洛阳市统计局", "2022-03-28", "410300",
        ),
        (
            "2023-03-31_wuhu_gongbao", "芜湖市2022年国民经济和社会发展统计公报",
            "芜湖市统计局", "2023-03-31", "340200",
        ),
        (
            "2024-05-16_henan_haiguan", "河南前4个月外贸进出口1682.6亿元",
            "郑州海关", "2024-05-16", "410000",
        ),
        (
            "2024-05-09_erqi_gaizao", "二七区老旧小区改造提速",
            "二七区人民政府", "2024-05-09", "410103",
        ),
    ],
)  # fmt: skip
def test_what_no_sidecar_says_is_read_off_the_text_and_marked(
    examples: dict[str, Example], name: str, title: str, publisher: str, issued: str, area: str
) -> None:
    source = examples[f"{name}.txt"].source
    assert (source.title, source.publisher, str(source.issued)) == (title, publisher, issued)
    assert source.derived == ("issued", "publisher", "title")
    assert examples[f"{name}.txt"].area == area


def test_examples_are_read_only_where_they_are_asked_for(root: Path) -> None:
    assert not any("examples" in path.parts for path in find_sources(root / "raw"))
