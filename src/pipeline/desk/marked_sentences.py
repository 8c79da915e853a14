"""The project's own bank: sentences whose figures an officer corrected, marked as the packaged bank's are.

They stay on this machine, in decisions/bank/; `wenshu train` learns from them. A sentence leaves the bank
with the decision that it came of.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.decisions.writing import BANK
from pipeline.desk.article_cache import Article
from pipeline.safe_files import file_digest, replace_text
from pipeline.training.bank import mark_figure

_HEADER = "# 本项目更正过的句子 | sentences corrected in this project\n"


def remember(folder: Path, article: Article, quantity_id: str, frame: Mapping[str, Any]) -> bool:
    """Keep the sentence of a figure whose frame a decision corrected. Returns whether it can be kept.

    folder: of the decisions.
    """
    mention = article.mention(quantity_id)
    if mention is None:
        return False
    flow, text = article.reading.flow, article.source.text
    begin, stop = flow.sentences[mention.sentence]
    left, right = flow.written(text, begin, mention.begin), flow.written(text, mention.stop, stop)
    printed = flow.written(text, mention.begin, mention.stop)
    sentence = mark_figure(left, printed, right, {**mention._asdict(), **frame})
    if sentence is None:
        return False
    path = folder / BANK / f"{quantity_id}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, f"{_HEADER}{sentence}\n", file_digest(path))
    return True


def forget(folder: Path, entry: Mapping[str, Any]) -> None:
    """Take out the sentence of a decision that was withdrawn, where there is one. entry: what it said."""
    quantity_id = str(entry["target"].get("quantity"))
    if quantity_id.isalnum():  # people write what they like there
        (folder / BANK / f"{quantity_id}.txt").unlink(missing_ok=True)
