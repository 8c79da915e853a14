"""A catalog of one indicator, to be edited."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.concepts.concept_files import COLUMNS
from pipeline.statistics.catalog.entries import Indicator
from pipeline.statistics.catalog.loading import load_catalog

INDICATOR = """\
indicators:
  - id: libraries
    title: {zh: 图书馆, en: Libraries}
    definition: {zh: 公共图书馆数。, en: Public libraries.}
    kind: count
    unit: "1"
    measures: [个, 座]
    subjects: [公共图书馆]
"""

CELL = "indicators:\n  - id: libraries\n    concept: public_libraries\n"
CONCEPTS = (
    ",".join(COLUMNS) + "\npublic_libraries,公共图书馆,Public libraries,count,1,图书馆,,,stock,,\n"
    "book_loans,图书外借量,Book loans,count,1,,,,flow,,\n"
)


def small_catalog(root: Path, at: Path) -> Path:
    """A catalog with a gazetteer and nothing else."""
    catalog = at / "catalog"
    (catalog / "indicators").mkdir(parents=True)
    (catalog / "datasets").mkdir()
    shutil.copy(root / "catalog" / "areas.csv", catalog)
    (catalog / "indicators" / "culture.yaml").write_text(INDICATOR, encoding="utf-8")
    return catalog


def cell(folder: Path, text: str) -> Indicator:
    """An indicator of a catalog whose concept list has libraries and book loans."""
    (folder / "concepts").mkdir(exist_ok=True)
    (folder / "concepts" / "culture.csv").write_text(CONCEPTS, encoding="utf-8")
    (folder / "indicators" / "culture.yaml").write_text(text, encoding="utf-8")
    return load_catalog(folder).indicators["libraries"]
