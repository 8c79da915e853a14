"""The verbs of verbs.tsv: each governs the noun behind it and is no part of it."""

from __future__ import annotations

import rjieba

from pipeline.frames.cuewords import classes, governing, in_names
from pipeline.frames.reading import read


def test_a_governing_verb_is_no_part_of_the_noun_that_it_governs() -> None:
    wrong = []
    for verb in governing():
        sentence = f"全县{verb}仓库12座。"
        if verb in in_names() or classes()[verb] != "governs" or verb not in rjieba.cut(sentence):
            continue  # 进口仓库 is a name; 节约 is a cue of change; 清掏 is two words
        (figure,) = [m for m in read(sentence).mentions if m.statistical]
        if figure.subject != "仓库":
            wrong.append((verb, figure.subject))
    assert not wrong, wrong


def test_a_governing_verb_tells_the_state_of_what_it_governs() -> None:
    (built,) = [m for m in read("全县建成仓库12座。").mentions if m.statistical]
    assert (built.subject, built.state) == ("仓库", "建成")
