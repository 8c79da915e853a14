"""The site's pages of statistics that no indicator takes."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import handmade
import pyarrow as pa
import pytest
from townsite import CATALOG, Page, tables

from pipeline.site.build import build

CODE, ZH, EN = "gross_domestic_product", "地区生产总值", "Gross domestic product"


def statistic(number: int, value: int, subject: str, **more: Any) -> dict[str, Any]:
    """A statistic, stated by the quantity of that number."""
    return {
        "quantity_id": f"q{number:04}", "document_id": "d1", "start": number, "end": number + 3,
        "subject": subject, "transformation": "N", "obs_value": Decimal(value), "obs_low": Decimal(value),
        "obs_high": Decimal(value), "qualifier": "exact", "unit": "个", "unit_measure": "1",
        "ref_area": "410105", "time_period": "2024", "scenario": "actual", "obs_status": "A",
        "coverage": "whole", **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one observation, of a concept stated eight times, and of seventy subjects."""
    made, declared = tables(156), handmade.DECLARED
    said = [statistic(1, 156, "老旧小区", concept=CODE)]
    said += [statistic(n, n, "某某", concept=CODE) for n in range(100, 108)]
    said += [statistic(n, n, f"第{n}种事物") for n in range(200, 270)]
    given = [
        handmade.quantity(
            int(row["quantity_id"][1:]), int(row["obs_value"]), document_id="d1", sentence=row["start"],
            quote=f"全区有{row['subject']}{row['obs_value']}个。", subject=row["subject"],
        )
        for row in said[1:]
    ]  # fmt: skip
    for name, more in {"statistics": said, "quantities": given}.items():
        whole = pa.concat_tables([made[name], handmade.rows(declared[name], *more)])
        made[name] = whole.sort_by([(column, "ascending") for column in declared[name].order or ()])
    output = tmp_path_factory.mktemp("output")
    handmade.released(output, made)
    build(output, CATALOG)
    return output / "site"


def test_what_no_indicator_takes_is_listed_by_concept_with_the_newest_sentences(site: Path) -> None:
    text = (site / "statistics.html").read_text(encoding="utf-8")
    assert f"{ZH} <small>8</small>" in text
    assert text.count('<p class="what"><bdi lang="zh-CN">某某</bdi>') == 6
    assert "全区有某某<b>100个</b>。" in text
    assert "老旧小区" not in text


def test_many_concepts_are_paged(site: Path) -> None:
    assert sorted(path.name for path in site.glob("statistics*")) == ["statistics-2.html", "statistics.html"]
    first, second = (Page(site / name) for name in ("statistics.html", "statistics-2.html"))
    assert "statistics-2.html" in first.values("href")
    assert [len([v for v in page.values("id") if v.startswith("g")]) for page in (first, second)] == [60, 11]


@pytest.mark.parametrize("name", [ZH, EN, "第269种事物"])
def test_search_leads_to_them(site: Path, name: str) -> None:
    entries = json.loads((site / "search.js").read_text(encoding="utf-8").partition("=")[2].rstrip(";\n"))
    (found,) = (one for one in entries["entries"] if one[4] == "其他统计值" and name.lower() in one[2])
    page, _, anchor = found[0].partition("#")
    assert anchor in Page(site / page).values("id")
    assert found[3][0][:2] == ["410105", "269 个" if name.startswith("第") else "100 个"]
