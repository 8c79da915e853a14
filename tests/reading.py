"""What the tests of reading share: some sentences, a cache that is gone at the end, and who watches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.project import packaged_path
from pipeline.texts.source import Source

if TYPE_CHECKING:
    from pipeline.night.cache.database import Cache

CATALOG = packaged_path("catalog")
SENTENCES = (
    "全市完成投资12.5亿元，同比增长8%。",
    "改造小区487个，其中89个基本改造完成，203个进入扫尾阶段，195个正在施工。",
    "新增绿化面积70万平方米，植树3万余棵。",
    "今天天气很好。",
    "1.4万余名党员奔赴一线，近三成是年轻人。",
    "总产量99999999999999999999999999999999999999吨。",
)


def quiet(done: int, total: int) -> None:
    """Nobody looks on."""


def article(**fields: Any) -> Source:
    """A source with these fields, and no text: what is said of an article that is read already."""
    return Source(**{"document_id": "d", "path": "d", "sha256": "", **fields})


def fresh() -> Cache:
    from pipeline.night.cache.database import Cache

    return Cache(None)


def write(raw: Path, **texts: str) -> None:
    raw.mkdir(exist_ok=True)
    for name, text in texts.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
