"""The project's own bank: sentences whose figures an officer corrected, marked as the packaged bank's are.

They stay on this machine, in decisions/bank/; `wenshu train` learns from them. A sentence leaves the bank
with the decision that it came of.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.desk.shelf import Article
from pipeline.yamlwriting import replace_text, state_of

FOLDER = "bank"
"""In decisions/: a file a sentence, called like its decision."""
_HEADER = "# 本项目更正过的句子 | sentences corrected in this project\n"
_UNMARKED = frozenset("[]|\n")
"""Characters that a sentence with marks cannot hold for itself."""
_TAGS = ("part", "state", "of", "per", "scope")


def remember(
    folder: Path, decision_id: str, article: Article, quantity_id: str, frame: Mapping[str, Any]
) -> bool:
    """Keep the sentence of a figure whose frame a decision corrected. Returns whether it can be kept."""
    sentence = _marked(article, quantity_id, frame)
    if sentence is None:
        return False
    path = _file(folder, decision_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, f"{_HEADER}{sentence}\n", state_of(path))
    return True


def forget(folder: Path, decision_id: str) -> None:
    """Take out the sentence of a decision that was withdrawn, where there is one."""
    _file(folder, decision_id).unlink(missing_ok=True)


def _file(folder: Path, decision_id: str) -> Path:
    return folder / FOLDER / f"{decision_id}.txt"


def _marked(article: Article, quantity_id: str, frame: Mapping[str, Any]) -> str | None:
    """The figure's sentence with its mark: [PRINTED|SUBJECT|TAGS]."""
    mention = article.mention(quantity_id)
    if mention is None:
        return None
    flow, text = article.reading.flow, article.source.text
    begin, stop = flow.sentences[mention.sentence]
    left, right = (flow.written(text, *span) for span in ((begin, mention.begin), (mention.stop, stop)))
    printed = flow.written(text, mention.begin, mention.stop)
    said = {**mention._asdict(), **frame}
    parts = [_flat(part) for part in (left, printed, right)]
    measure = said["measure"] if said["measure"] != "level" else None
    tags = [measure, said["direction"], said["base"], "planned" if said["planned"] else None]
    tags += [f"{name}={_flat(said[name])}" for name in _TAGS if said[name]]
    subject = _flat(said["subject"] or "-")
    if any(_UNMARKED & {*piece} for piece in (*parts, subject)):
        return None
    mark = "|".join(filter(None, (parts[1], subject, " ".join(filter(None, tags)))))
    return f"{parts[0].strip()}[{mark}]{parts[2].strip()}"


def _flat(text: str) -> str:
    return "".join(text.split())
