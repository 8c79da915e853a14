"""Articles with mutated numbers: none makes a step between its text and the tables fail."""

from __future__ import annotations

from pathlib import Path
from random import randrange

import pytest
from fuzzing import articles, failing

from pipeline.night import night
from pipeline.project import load_project


@pytest.mark.parametrize("seed", [1, 2])
def test_no_number_makes_a_step_fail(seed: int, tmp_path: Path) -> None:
    assert failing(list(articles(seed, 150)), tmp_path) == {}


@pytest.mark.soak
def test_no_number_of_any_kind_makes_a_step_fail(tmp_path: Path) -> None:
    for turn in range(4):
        texts = list(articles(seed := randrange(2**40), 1000))
        assert failing(texts, tmp_path / str(turn)) == {}, f"of seed {seed}"


@pytest.mark.soak
def test_no_number_makes_a_night_fail(tmp_path: Path) -> None:
    assert failing(list(articles(randrange(2**40), 1500)), tmp_path) == {}
    assert night(load_project(cwd=tmp_path)).outcome in ("released", "withheld")
