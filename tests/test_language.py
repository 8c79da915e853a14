"""The language of the terminal: one of two, details translated, and what is not known left as it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import language
from pipeline.commands import COMMANDS
from pipeline.language import in_terminal_language, set_language, translate
from pipeline.tables.vocabulary import CODES


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language(None)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("both", "zh"),
    [
        ("已发布 2026.11.28 / Released 2026.11.28", "已发布 2026.11.28"),
        (
            "来源无法读取 / The source could not be read: is a text document (.doc), which is not read; "
            "save it as .docx in Word or WPS, and put that here — 报送.doc",
            "来源无法读取：是 .doc 文件，不能直接读；在 Word 或 WPS 里另存为 .docx，放到这里 — 报送.doc",
        ),
        (
            "余差为 0 / The residual is 0: 89 + 204 = 292 ✗ makes 293 (residual -1) — "
            "甲 / b.txt「甲类 / b类」",
            "余差为 0：89 + 204 = 292 ✗ 得 293（余差 -1） — 甲 / b.txt「甲类 / b类」",
        ),
        ("全市完成投资12.5亿元", "全市完成投资12.5亿元"),
        ("2020/07/08", "2020/07/08"),
    ],
)
def test_what_is_written_in_both_languages_is_shown_in_one(both: str, zh: str) -> None:
    assert in_terminal_language(both) == zh


def test_in_english_the_other_one_is_shown() -> None:
    set_language("en")
    assert in_terminal_language("已发布 2026.11.28 / Released 2026.11.28") == "Released 2026.11.28"
    assert (
        in_terminal_language("余差为 0 / The residual is 0: 89 + 204 = 292 ✗ (residual -1) — 甲 / b.txt")
        == "The residual is 0: 89 + 204 = 292 ✗ (residual -1) — 甲 / b.txt"
    )
    assert translate("is empty") == "is empty"
    set_language(None)


@pytest.mark.usefixtures("chinese")
def test_a_message_that_is_not_known_stays_as_it_is() -> None:
    assert (
        translate("something that nobody wrote {down}; is empty")
        == "something that nobody wrote {down}；是空的"
    )


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("name", ["measure", "base", "kind"])
def test_codes_within_a_message_are_the_words_of_their_vocabulary(name: str) -> None:
    for code, words in CODES[name].items():
        said = translate(f"measure: is {code}, not level")
        assert said in (f"度量是 {words.zh}，不是 水平", f"度量是 {code}，不是 水平")
    assert translate("measure: is growth, not level") == "度量是 增长，不是 水平"


@pytest.mark.usefixtures("chinese")
def test_all_that_help_says_is_known_in_chinese() -> None:
    said = {row.help for row in COMMANDS} | {a.settings["help"] for row in COMMANDS for a in row.arguments}
    assert [text for text in sorted(said) if not re.search("[一-鿿]", translate(text))] == []


def test_the_slots_of_a_message_are_those_of_its_translation() -> None:
    path = Path(language.__file__).with_name("messages.zh.toml")
    slots = re.compile(r"\{(\w+)\}")
    for english, chinese_ in tomllib.loads(path.read_text(encoding="utf-8"))["messages"].items():
        assert set(slots.findall(chinese_)) <= set(slots.findall(english)), english
