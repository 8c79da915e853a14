"""What to do about an issue, in a sentence, by the check that raised it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import check_kind
from pipeline.yamlfile import load_yaml

_STRUCTURE = ("columns", "key", "vocabulary", "reference", "order", "quoted", "apart")
_ARITHMETIC = ("sum", "share", "residual", "equation")


def advice_on(check: str, severity: str, equation: bool, figure: bool) -> Bilingual:
    """What to do. equation, figure: whether the issue shows one."""
    kind, texts = check_kind(check), _texts()
    if kind in texts["checks"]:
        return texts["checks"][kind]
    if kind in _ARITHMETIC:
        general = "equation" if equation else "arithmetic"
    elif kind in _STRUCTURE:
        general = "structure"
    else:
        general = (
            "equation" if equation else "note" if severity == "info" else "figure" if figure else "whole"
        )
    return texts["general"][general]


@cache
def _texts() -> Mapping[str, Mapping[str, Bilingual]]:
    """The texts of advice.yaml, for single checks and for all others."""
    parts = load_yaml(Path(__file__).with_name("advice.yaml")).data
    return {
        part: {name: Bilingual(**words) for name, words in texts.items()} for part, texts in parts.items()
    }
