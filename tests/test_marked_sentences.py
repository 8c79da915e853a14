"""Figures marked in the sentences of a release."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.site.marked_sentences import excerpt, marked


def stated(text: str, start: int, quote: str | None, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "start": start,
        "quote": quote,
        "quantity_id": f"q{start}" if quote else None,
        **more,
    }


@pytest.mark.parametrize(
    ("quote", "numerals", "pieces"),
    [
        (
            "完成89个，新开工89个。",
            [(2, "89个"), (9, "89个")],
            ["完成", "[89个]", "，新开工", "[89个]", "。"],
        ),
        ("3月3日，设卡点3个。", [(0, "3月3日", False), (8, "3个")], ["3月3日，设卡点", "[3个]", "。"]),
        ("投入36万余元。", [(2, "３６万\n余元")], ["投入", "[36万余元]", "。"]),
        ("车位 1.6 万个。", [(3, "1.6万个")], ["车位 ", "[1.6 万个]", "。"]),
        ("全区487个。", [(2, "48\n—7—\n7个")], ["全区487个。"]),
    ],
)
def test_figures_are_marked_in_their_sentences(quote: str, numerals: list[Any], pieces: list[str]) -> None:
    rows = [stated(text, at, quote if not own or own[0] else None) for at, text, *own in numerals]
    sentence = marked(quote, rows, whole=True)
    assert [f"[{run.text}]" if run.figure else run.text for run in sentence.runs] == pieces
    assert "".join(run.text for run in sentence.runs) == quote
    assert len(sentence.unmarked) == len(sentence.figures) - sum("[" in piece for piece in pieces)


def test_of_a_piece_of_a_long_sentence_the_figure_in_its_middle_is_marked() -> None:
    quote = "…" + "5个，" + "甲" * 196 + "5个" + "乙" * 190 + "，5个…"
    sentence = marked(quote, [stated("5个", 900, quote)], whole=False)
    assert len(sentence.runs[0].text) == 200
    assert sentence.runs[1].text == "5个"


def test_a_glance_keeps_the_figure() -> None:
    assert excerpt("甲" * 50 + "487个" + "乙" * 50, "487个", 3) == ("…甲甲甲", "487个", "乙乙乙…")
    assert excerpt("没有数字", "", 3) == ("", "", "没有数…")
