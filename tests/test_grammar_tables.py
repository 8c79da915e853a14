"""Every entry of the grammar's tables: what it must read, and what it must leave alone."""

from __future__ import annotations

import pytest

from pipeline.numbers.entries import entries
from pipeline.numbers.mention import STATISTICAL
from pipeline.numbers.scan import tokens
from pipeline.numbers.tokens import Token
from pipeline.numbers.units import base_units
from pipeline.numbers.words import base_words
from pipeline.project import packaged_path

OTHERWISE = "成 折 旬 号 期 届 型 室 代 年级 日 月 点 世纪 年度 版 元人民币".split()
"""Units whose numbers are dates, ordinals or scaled, or that are written shorter: other tests' concern."""


def marked(example: str) -> tuple[str, int, int]:
    """A sentence without its marks, and where these were."""
    begin, stop = example.index("【"), example.index("】") - 1
    return example.replace("【", "").replace("】", ""), begin, stop


def at(example: str) -> list[Token]:
    """The tokens of the marked characters."""
    text, begin, stop = marked(example)
    return [taken for taken in tokens(text) if taken.begin < stop and begin < taken.stop]


@pytest.mark.parametrize("entry", entries("rules"), ids=lambda entry: entry["rule"])
def test_a_rule_wins_where_it_must_and_not_where_it_must_not(entry: dict[str, str]) -> None:
    becomes = entry["becomes"].split("+")[0]
    found = at(entry["holds"])
    if becomes == "quantity":
        assert any(taken.kind in STATISTICAL for taken in found)
        assert not any(taken.kind in STATISTICAL for taken in at(entry["holds not"]))
    else:
        assert [(taken.rule, taken.kind) for taken in found] == [(entry["rule"], becomes)]
        assert all(taken.rule != entry["rule"] for taken in at(entry["holds not"]))


def test_a_unit_is_read_after_a_number_with_its_kind() -> None:
    wrong = []
    for word, unit in base_units().items():
        if word in OTHERWISE or word.startswith("个多"):
            continue
        found = tokens(f"共有12{word}，")
        if [(taken.unit, taken.kind) for taken in found] != [(word, unit.kind)]:
            wrong.append((word, [(taken.unit, taken.kind, taken.rule) for taken in found]))
    assert not wrong, wrong


def test_a_unit_is_not_read_where_another_word_begins() -> None:
    wrong = []
    for word, unit in base_units().items():
        for other in unit.unless:
            found = tokens(f"共有12{word}{other}")
            if any(taken.unit == word for taken in found if taken.statistical):
                wrong.append(word + other)
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("mark", "sentence", "kind"),
    [
        ("one", "来了一{}，", "statistical"),
        ("round", "来了百{}，", "statistical"),
        ("name", "位于东三{}", "name"),
        ("ordinal", "位于三{}，", "ordinal"),
        ("minus", "气温为—3{}，", "negative"),
        ("neighbours", "用了三、四{}，", "range"),
        ("decimals", "跨过1{}85，", "1.85"),
        ("half", "用了两个半{}，", "2.5"),
        ("paired", "设有三{0}六{0}，", "no name"),
        ("ranked", "列第三、四{}，", "ordinal"),
    ],
)
def test_a_mark_of_a_unit_says_what_numerals_before_it_are(mark: str, sentence: str, kind: str) -> None:
    idioms = base_words().keys()
    marked = [word for word, unit in base_units().items() if mark in unit.marks]
    units = [word for word in marked if idioms.isdisjoint(numeral + word for numeral in "一百四")]
    wrong = [unit for unit in units if kind not in said(tokens(sentence.format(unit))[-1])]
    assert units
    assert not wrong, wrong


def said(taken: Token) -> set[str]:
    """What a token may be called."""
    states = {taken.kind, str(taken.value), "" if taken.kind == "name" else "no name"}
    if taken.statistical:
        states |= {"statistical", "range" if taken.value is None else "negative" if taken.value < 0 else ""}
    return states


def test_every_mark_is_one_that_reading_asks_for() -> None:
    marks = {mark for unit in base_units().values() for mark in unit.marks}
    assert marks == {
        "one", "round", "name", "ordinal", "minus", "neighbours", "decimals", "half", "ranked", "paired",
    }  # fmt: skip


@pytest.mark.parametrize("entry", entries("determiners"), ids=lambda entry: entry["word"] + entry["does"])
def test_a_determiner_is_a_numeral_where_it_must_be_and_not_where_it_must_not(entry: dict[str, str]) -> None:
    rule = {"half of all": "half", "fifty": "half", "several": "vague number", "first": "首"}
    won = rule.get(entry["does"], entry["does"])
    assert [taken.rule for taken in at(entry["holds"])] == [won]
    assert all(taken.rule != won for taken in at(entry["holds not"]))


@pytest.mark.parametrize("entry", entries("names"), ids=lambda entry: entry["ending"])
def test_a_name_ends_where_it_must_and_not_where_it_must_not(entry: dict[str, str]) -> None:
    name, other = entry["holds"], entry["holds not"]
    assert {taken.kind for taken in tokens(f"家住城东{name}。")} == {"name"}
    assert all(taken.kind != "name" for taken in tokens(f"有{other}。"))


def test_a_qualifier_bounds_the_figure_beside_it_and_other_words_do_not() -> None:
    wrong = []
    words = {entry["word"] for entry in entries("qualifiers")}
    for entry in entries("qualifiers"):
        word, side = entry["word"], entry["side"]
        number = "千名" if "power" in entry["of"] else "3亿元"
        if word in ("许", "前后", "内", "多"):
            number = "30天"
        if word in ("强", "弱"):
            number = "三分之一"
        text = f"总计{word}{number}" if side == "before" else f"总计{number}{word}，"
        states = {"minus": "exact", "more": "over", "several": "about"}.get(entry["means"], entry["means"])
        if [taken.qualifier for taken in tokens(text) if taken.statistical] != [states]:
            wrong.append(text)
        others = [left + word for left in entry["unless after"].split()]
        wrong += [
            other
            for other in others
            if other not in words
            and any(taken.qualifier != "exact" for taken in tokens(f"总计{other}{number}"))
        ]
    assert not wrong, wrong


@pytest.mark.parametrize("table", ["words", "dictionary"])
def test_a_word_counts_nothing(table: str) -> None:
    wrong = []
    for entry in entries(table):
        word = entry["word"]
        if any(taken.statistical for taken in tokens(f"关于{word}的说明")):
            wrong.append(word)
    assert not wrong, wrong


def test_a_place_with_a_numeral_in_its_name_counts_nothing() -> None:
    lines = (packaged_path("catalog") / "areas.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split(",") for line in lines if line[:6].isdigit()]
    names = {name for row in rows for name in row[1:3] if len(name) > 2}
    wrong = [name for name in names if any(taken.statistical for taken in tokens(f"位于{name}的企业"))]
    assert not wrong, sorted(wrong)
