"""Words that name two things at once: 产销量, 城乡居民."""

from __future__ import annotations

import pytest

from pipeline.frames.pairs import PAIRS
from pipeline.frames.reading import read


def subjects(text: str) -> list[str | None]:
    return [m.subject for m in read(text).mentions if m.statistical]


@pytest.mark.parametrize(("both", "each"), PAIRS.items())
def test_each_of_two_figures_has_its_own_of_the_two_nouns(both: str, each: tuple[str, str]) -> None:
    rest = {"城乡居民": "人均可支配收入", "城乡低保": "标准"}.get(both, "")
    amounts = "3.2万元和1.8万元" if rest else "3.2万吨和1.8万吨"
    found = subjects(f"全市{both}{rest}分别为{amounts}。")
    assert [name and name.endswith(one + rest) for name, one in zip(found, each, strict=True)] == [True, True]


def test_what_grows_by_two_rates_is_each_of_the_two() -> None:
    said = subjects("全市水泥产销量分别为412万吨和405万吨，同比增长3.1%和4.4%。")
    assert said == ["水泥产量", "水泥销量", "水泥产量", "水泥销量"]


def test_one_figure_of_two_nouns_keeps_both() -> None:
    assert subjects("全年进出口总额860亿元，增长5.1%。") == ["进出口总额", "进出口总额"]
