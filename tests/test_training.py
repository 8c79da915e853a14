"""Training: marks are read as they were written, and own sentences change what subjects are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog_files import WEIGHTS, catalog_digest
from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.frames.ranker import Weights
from pipeline.frames.reading import read
from pipeline.frames.weights import dump_project_weights, load_weights
from pipeline.numbers.lexicon import load_grammar
from pipeline.training import bank
from pipeline.training.bank import load_bank, mark_figure, parse_marks
from pipeline.training.retrain import Retrained, Score

NOUNS = "简报 专刊 年鉴 画册 通讯 手册 月报 文摘"
TOWNS = "青石 柳塘 云岭 临川 白河 东湾 西坪 北桥 南岗 中集 长兴 永安"
MEETINGS = "邻里圆桌会 院坝会 板凳会 屋场会 小院议事会 楼栋恳谈会"
LINES = "随手拍 吹哨台 民情通 点题台"
BASE = """# 底子 | base

全区建成城市书房[31座|城市书房|state=建成]，接待读者[1200人次|读者]。

柳塘镇建成口袋公园[12个|口袋公园|state=建成]。

全县粮食产量[86万吨|粮食产量]，水果产量[12万吨|水果产量]。

云岭镇新增停车泊位[300个|停车泊位|state=新增]。
"""
PLAIN = {
    **dict.fromkeys(("measure", "direction", "base", "part", "state", "of", "per", "scope"), None),
    "measure": "level",
    "planned": False,
}
WORDS = st.text(st.characters(categories=["Lo"]), min_size=1, max_size=6)


def own(folder: Path, subject: str) -> None:
    """Sentences of a project, each with the printed copies of something marked as this."""
    place = folder / "decisions" / "bank"
    place.mkdir(parents=True)
    for n, noun in enumerate(NOUNS.split()):
        text = f"# 更正 | corrected\n全县共印发{noun}[{200 + n}份|{subject.format(noun)}|]。\n"
        (place / f"q{n}.txt").write_text(text, encoding="utf-8")


def subject(catalog: Path) -> str | None:
    (mention,) = read("全县共印发读本150份。", load_grammar(catalog)).mentions
    return mention.subject


@given(WORDS, WORDS, WORDS, st.sampled_from([None, "yoy", "since:2015"]), st.booleans())
def test_a_mark_is_read_as_it_was_written(
    left: str, right: str, subject: str, base: str | None, planned: bool
) -> None:
    said = {**PLAIN, "subject": subject, "measure": "growth", "direction": "up", "base": base}
    block = mark_figure(left, "3.5%", right, {**said, "planned": planned, "part": "东河区"})
    assert block is not None
    text, (mark,) = parse_marks(block)
    assert (text, text[mark.start : mark.end]) == (f"{left}3.5%{right}", "3.5%")
    assert (mark.subjects, mark.measure, mark.direction) == ((subject,), "growth", "up")
    assert (mark.base, mark.planned, mark.more) == (base, planned, {"part": "东河区"})


@pytest.mark.parametrize("left", ["见[1]", "甲|乙"])
def test_a_sentence_with_the_characters_of_marks_is_not_kept(left: str) -> None:
    assert mark_figure(left, "3个", "。", {**PLAIN, "subject": "公园"}) is None


@pytest.fixture
def small_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank of a few sentences in the place of the packaged one, which takes minutes to learn."""
    folder = tmp_path / "packaged"
    folder.mkdir()
    (folder / "base.txt").write_text(BASE, encoding="utf-8")
    monkeypatch.setattr(bank, "packaged_bank", lambda: folder)
    return folder


def test_weights_that_read_held_out_sentences_better_are_put_to_use_until_they_are_deleted(
    tmp_path: Path, small_bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own(tmp_path, "-")
    assert subject(tmp_path / "catalog") == "读本"
    assert main(["train", "--config", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "held out: 8 figures, right 0 → 8" in said
    catalog = tmp_path / "catalog"
    assert subject(catalog) is None
    assert {path.name for path in catalog.iterdir()} == {"catalog.yaml", WEIGHTS}
    digest = catalog_digest(catalog)
    (catalog / WEIGHTS).unlink()
    assert subject(catalog) == "读本"
    assert catalog_digest(catalog) != digest  # by which a night knows that all is to be read again


@pytest.mark.soak
def test_some_dozens_of_own_sentences_are_learnt_beside_the_packaged_bank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an officer would, which takes some minutes."""
    place = tmp_path / "decisions" / "bank"
    place.mkdir(parents=True)
    for n, town in enumerate(TOWNS.split()):
        meeting, line = MEETINGS.split()[n % 6], LINES.split()[n % 4]
        held = f"{town}乡“{meeting}”开了[{6 + n}场|{meeting}|]，议成{9 + n}条。\n"
        (place / f"a{n:02}.txt").write_text(held, encoding="utf-8")
        sent = f"{town}镇“{line}”平台本周上报[{23 + n}件|{line}|]，办结{20 + n}件。\n"
        (place / f"b{n:02}.txt").write_text(sent, encoding="utf-8")
    assert main(["train", "--config", str(tmp_path), "--lang", "en"]) == 0
    assert "held out: 24 figures" in capsys.readouterr().out
    (held, *_) = read("石桥乡“邻里圆桌会”开了9场，议成7条。", load_grammar(tmp_path / "catalog")).mentions
    assert (held.subject or "").endswith("邻里圆桌会”")


def test_weights_that_are_no_better_are_not(tmp_path: Path, small_bank: Path) -> None:
    own(tmp_path, "{}")  # as the packaged weights read them
    assert main(["train", "--config", str(tmp_path)]) == 1
    assert not (tmp_path / "catalog").exists()


def test_weights_that_lose_what_was_known_are_no_better() -> None:
    table: Weights = load_weights()
    assert Retrained(table, Score(9, 2, 8), Score(1000, 900, 899)).better
    assert not Retrained(table, Score(9, 2, 8), Score(1000, 900, 880)).better
    assert not Retrained(table, Score(9, 8, 8), Score(1000, 900, 999)).better


def test_without_marked_sentences_nothing_is_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--config", str(tmp_path), "--lang", "zh"]) == 2
    assert "decisions/bank 里有 0 个标注的句子" in capsys.readouterr().err
    folder = tmp_path / "decisions" / "bank"
    folder.mkdir(parents=True)
    (folder / "q1.txt").write_bytes("共[3个|公园]。".encode("gbk"))
    with pytest.raises(WenshuError, match=r"q1\.txt: is not UTF-8"):
        list(load_bank(folder))
    (folder / "q0.txt").mkdir()
    with pytest.raises(WenshuError, match=r"q0\.txt: is no plain file"):
        list(load_bank(folder))


@pytest.mark.parametrize(
    ("said", "why"),
    [("1 2\n", "not of this version"), ("# wenshu train 0123456789abcdef\n1 2\n", "not of this version"),
     ("{head}\n1 x\n", "is damaged"), ("{head}\n1\n", "is damaged"), ("{head}\n-5 1\n", "is damaged"),
     ("{head}\n9999999 1\n", "is damaged"), ("{head}\n1 99999999\n", "is damaged"), ("文\n", "not of this")],
)  # fmt: skip
def test_weights_that_cannot_be_used_are_refused(tmp_path: Path, said: str, why: str) -> None:
    head = dump_project_weights(load_weights()).partition("\n")[0]
    (tmp_path / WEIGHTS).write_text(said.format(head=head), encoding="utf-8")
    with pytest.raises(WenshuError, match=why):
        read("共3个公园。", load_grammar(tmp_path))


def test_own_weights_are_written_as_they_are_read() -> None:
    assert (load_weights(dump_project_weights(load_weights())) == load_weights()).all()
