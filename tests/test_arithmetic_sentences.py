"""Tables of invented sentences: equations that hold, misprints that fail, true text that accuses nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.frames.reading import read as extract
from pipeline.relations import relate

TABLES = Path(__file__).with_name("arithmetic")


def rows(name: str) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a table, each with its equations."""
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, *expected = line.split(" | ")
            yield sentence.strip(), [one.strip() for one in expected]


def stated(text: str) -> dict[str, str]:
    """The equations of a text with their verdicts."""
    return {r.expression: r.verdict for r in relate(extract(text)) if r.relation != "repeat"}


@pytest.mark.parametrize(("text", "expected"), [*rows("holds.txt")])
def test_what_is_stated_is_found_and_holds(text: str, expected: list[str]) -> None:
    found = stated(text)
    assert {found.get(one) for one in expected} <= {"holds", "rounding"}
    assert "fails" not in found.values()


@pytest.mark.parametrize(("text", "expected"), [*rows("paragraphs.txt")])
def test_paragraphs_are_searched_as_far_as_the_table_says(text: str, expected: list[str]) -> None:
    found = stated(text)
    assert [one for one in expected if found.get(one.removeprefix("? ")) is None] == [
        one for one in expected if one.startswith("? ")
    ]
    assert "fails" not in found.values()


@pytest.mark.parametrize(("text", "expected"), [*rows("fails.txt")])
def test_a_misprint_fails_and_nothing_else_does(text: str, expected: list[str]) -> None:
    assert [one for one, verdict in stated(text).items() if verdict == "fails"] == expected


@pytest.mark.parametrize(("text", "expected"), [*rows("silent.txt")])
def test_true_text_accuses_nobody(text: str, expected: list[str]) -> None:
    assert "fails" not in stated(text).values()
