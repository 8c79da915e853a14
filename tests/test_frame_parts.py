"""The words of parts.tsv: how a breakdown's members are told from its whole."""

from __future__ import annotations

import pytest

from pipeline.frames.parts import part_words
from pipeline.frames.reading import read

TEACHERS = "女性 男性 高级 中级 初级 城镇 农村 公办 民办 省级 市级".split()


@pytest.mark.parametrize("word", TEACHERS)
def test_a_class_is_named_with_its_whole(word: str) -> None:
    assert word in part_words("class")
    _, part = [m for m in read(f"全县共有教师812人，其中{word}305人。").mentions if m.statistical]
    assert (part.part, part.subject) == (word, f"{word}教师")


@pytest.mark.parametrize("word", sorted(part_words("whole")))
def test_what_sets_no_part_off_is_no_part(word: str) -> None:
    figures = [m for m in read(f"全县共有教师812人，其中{word}305人。").mentions if m.statistical]
    assert [m.part for m in figures] == [None, None]
