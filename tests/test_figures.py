"""Kinds of sentences and the quantities that they state, in tests/figures.tsv: a line a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.numbers.extract import extract
from pipeline.numbers.mention import Mention
from pipeline.numbers.numerals import plain

LINES = [
    line.split("\t")
    for line in Path(__file__).with_name("figures.tsv").read_text(encoding="utf-8").splitlines()[1:]
    if not line.startswith("#")
]


def stated(text: str) -> str:
    """The quantities of a text, each as its value, or its bounds where these are two, with its unit."""
    return " ".join(_stated(m) for m in extract(text).mentions if m.statistical)


def _stated(m: Mention) -> str:
    between = m.qualifier == "exact" and m.low != m.high
    said = f"{plain(m.low)}..{plain(m.high)}" if between or m.value is None else plain(m.value)
    return f"{said}{m.unit or ''}"


@pytest.mark.parametrize(("text", "states"), LINES, ids=[text for text, _ in LINES])
def test_a_sentence_of_its_kind_states_these_quantities(text: str, states: str) -> None:
    assert stated(text) == states
