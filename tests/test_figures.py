"""Kinds of sentences and the quantities that they state, in tests/figures.tsv: a line a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.explain import explain
from pipeline.numbers.extract import extract
from pipeline.numbers.grammar import default_grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import code_of

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
    said = (
        f"{decimal_text(m.low)}..{decimal_text(m.high)}"
        if between or m.value is None
        else decimal_text(m.value)
    )
    return f"{said}{m.unit or ''}"


@pytest.mark.parametrize(("text", "states"), LINES, ids=[text for text, _ in LINES])
def test_a_sentence_of_its_kind_states_these_quantities(text: str, states: str) -> None:
    assert stated(text) == states


def test_what_won_and_what_lost_is_told_with_the_cell_that_did_not_fit() -> None:
    grammar = default_grammar()
    taken, kept = explain(extract("乘坐15路公交车，兵分3路。"), grammar).mentions
    assert taken.rule.split(";")[0] == "bus line"
    assert kept.rule.startswith("number; lost: ")
    assert "bus line (right)" in kept.rule


def test_a_lexicon_extends_the_grammar_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "lexicon.yaml").write_text(
        "names: [3060目标]\nothers: [三不三包]\nunits: {筐: {kind: measure, code: '{crate}'}}\n",
        encoding="utf-8",
    )
    grammar = load_grammar(tmp_path)
    text = "3060目标，三不三包，收7筐"
    assert [m.text for m in extract(text, grammar).mentions if m.statistical] == ["7筐"]
    (crates,) = [m for m in extract(text, grammar).mentions if m.unit]
    assert (crates.kind, code_of(crates.kind, crates.unit, grammar.units.by_word)) == ("measure", "{crate}")
    assert [m.kind for m in extract("7筐").mentions] == ["count"]


@pytest.mark.parametrize(
    "text", ["0余亿0", "1亿亿亿亿亿9亿", "新建高标准农田99999999999999999999万亩", "9999^99"]
)
def test_a_number_beyond_all_measure_is_no_crash(text: str) -> None:
    assert extract(text).mentions
