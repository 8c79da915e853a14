"""The words of verbs.tsv and edges.tsv: what may be the edge of a noun, and what may not."""

from __future__ import annotations

import pytest
import rjieba

from pipeline.frames.cuewords import cue_classes, edge_words, governing_verbs
from pipeline.frames.reading import read


def test_a_governing_verb_is_no_part_of_the_noun_that_it_governs() -> None:
    wrong = []
    for verb in governing_verbs():
        sentence = f"全县{verb}仓库12座。"
        if cue_classes()[verb] != "governs" or verb not in rjieba.cut(sentence):
            continue  # 进口仓库 is a name; 节约 is a cue of change; 清掏 is two words
        (figure,) = [m for m in read(sentence).mentions if m.statistical]
        if figure.subject != "仓库":
            wrong.append((verb, figure.subject))
    assert not wrong, wrong


def test_a_governing_verb_tells_the_state_of_what_it_governs() -> None:
    (built,) = [m for m in read("全县建成仓库12座。").mentions if m.statistical]
    assert (built.subject, built.state) == ("仓库", "建成")


@pytest.mark.parametrize("word", edge_words("no_last"))
def test_a_word_that_ends_no_noun_ends_no_subject(word: str) -> None:
    (figure,) = [m for m in read(f"全县粮食仓库{word}12座。").mentions if m.statistical]
    assert not (figure.subject or "").endswith(word)


@pytest.mark.parametrize("word", edge_words("no_first"))
def test_a_word_that_begins_no_noun_begins_no_subject(word: str) -> None:
    (figure,) = [m for m in read(f"全县{word}粮食仓库12座。").mentions if m.statistical]
    assert not (figure.subject or "").startswith(word)


@pytest.mark.parametrize(("word", "noun"), edge_words("apart").items())
def test_a_noun_and_its_verb_in_one_word_are_two(word: str, noun: str) -> None:
    (figure,) = [m for m in read(f"全县{word}12%。").mentions if m.statistical]
    assert figure.subject in (noun, f"全县{noun}")


def test_the_partner_of_trade_is_part_of_its_name() -> None:
    (trade,) = [m for m in read("全市对东盟进出口86亿元。").mentions if m.statistical]
    assert trade.subject == "对东盟进出口"


def test_a_vague_number_is_cut_from_no_word_beside_it() -> None:
    (hurt,) = [m for m in read("另有数十人在楼内受困。").mentions if m.statistical]
    assert "数" not in (hurt.subject or "")
    (road,) = [m for m in read("新修山间几十公里公路。").mentions if m.statistical]
    assert "几" not in (road.subject or "")


@pytest.mark.parametrize("text", ["新能源装机占比超过50%。", "绿电占比近三分之一。", "旅游业占比约12%。"])
def test_a_share_that_names_no_whole_has_none(text: str) -> None:
    (share,) = [m for m in read(text).mentions if m.statistical]
    assert (share.measure, share.of) == ("share", None)
