"""Numbers of persons: told by their check digits and context, masked, and no figure taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nights import night

from pipeline.numbers.extract import extract
from pipeline.project import Project, load_project
from pipeline.texts.personal import find, mask
from pipeline.texts.source import read_sources

# Made up; the check digits are right and nobody's.
IDENTITY, CARD, MOBILE = "110101199003070011", "6222021234567890128", "13800138000"


def checked(number: str) -> str:
    """The number with the check digit that GB 11643 gives it."""
    total = sum(int(d) * 2 ** (17 - n) for n, d in enumerate(number[:17]))
    return number[:17] + "10X98765432"[total % 11]


def luhn(number: str) -> str:
    """The number with the check digit that ISO/IEC 7812 gives it."""
    whole = [int(digit) for digit in number[:-1] + "0"]
    total = sum(sum(divmod(2 * d, 10)) if n % 2 else d for n, d in enumerate(reversed(whole)))
    return number[:-1] + str(-total % 10)


IDENTITY, CARD, SHORT_CARD = checked(IDENTITY), luhn(CARD), luhn("6222021234567890")
IN_FOURS = " ".join(SHORT_CARD[at : at + 4] for at in range(0, 16, 4))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"身份证号{IDENTITY}，已核实", ["identity"]),
        (f"{IDENTITY.translate(str.maketrans('0123456789', '０１２３４５６７８９'))}", ["identity"]),
        (f"汇至卡号：{CARD}", ["card"]),
        (f"开户行：某银行 账号 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}。", ["card"]),
        (f"银行卡号{SHORT_CARD} 2024年开户", ["card"]),
        (f"银行卡号{SHORT_CARD[:8]} {SHORT_CARD[8:]}", ["card"]),
        (f"卡号：{SHORT_CARD} 10万元", ["card"]),
        (f"卡号：{IN_FOURS} 10万元", ["card"]),
        (f"卡号：{SHORT_CARD} {MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}", ["card", "mobile"]),
        (f"联系人王某，电话{MOBILE}", ["mobile"]),
        ("手机138-0013-8000、+86 139 0013 9000", ["mobile", "mobile"]),
    ],
)
def test_numbers_of_persons_are_found(text, kinds):
    assert [one.kind for one in find(text)] == kinds
    masked, (note,) = mask(text)
    assert len(masked) == len(text)
    assert not any(char.isdigit() for one in find(text) for char in masked[one.start : one.end])
    assert note.startswith("masked: ")
    assert [m for m in extract(masked).mentions if m.statistical and m.text not in ("10万元",)] == []


@pytest.mark.parametrize(
    "text",
    [
        f"身份证号{IDENTITY[:17]}{(int(IDENTITY[17]) + 1) % 10 if IDENTITY[17] != 'X' else 0}",
        f"编号{CARD}的设备", "完成投资13800138000元", "共13800138000人次", "热线12345",
        "电话0371-67180000",
        "财政收入138.0013亿元", "订单号A13800138000", "统一社会信用代码911101010000000011",
        "累计1,380,013,8000",
    ],
)  # fmt: skip
def test_what_is_none_stays(text):
    assert mask(text) == (text, ())


@pytest.mark.parametrize("prefix", ["130", "138", "151", "177", "189", "199"])
def test_a_mobile_number_behind_a_card_is_masked_with_it_or_by_itself(prefix):
    masked, _ = mask(f"卡号：{IN_FOURS} {prefix} 1234 5678")
    assert not any(char.isdigit() for char in masked)


@given(st.text(alphabet="0123456789X- 卡号。", max_size=60))
def test_masking_keeps_every_offset_and_is_done_once(text):
    masked, _ = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == (masked, ())


def test_an_article_is_masked_and_says_so_unless_the_project_keeps_them(home: Path) -> None:
    project = load_project(home)
    (source,) = read_sources(project.raw, project.read_options)
    assert source.text == "联系人王某，电话***********，共30人。"
    assert source.reason == "masked: a mobile number at 8"
    (source,) = read_sources(project.raw, keeping(home).read_options)
    assert MOBILE in source.text


@pytest.mark.soak
def test_a_night_after_the_setting_was_changed_goes_by_the_new_one(home: Path) -> None:
    assert MOBILE not in released(load_project(home))
    assert MOBILE in released(keeping(home))
    (home / "wenshu.toml").unlink()
    assert MOBILE not in released(load_project(home))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project of one article with a person's number."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(f"联系人王某，电话{MOBILE}，共30人。", encoding="utf-8")
    return tmp_path


def keeping(home: Path) -> Project:
    (home / "wenshu.toml").write_text('[read]\npersonal = "keep"\n')
    return load_project(home)


def released(project: Project) -> str:
    """The quotations of a night's release."""
    night(project)
    return (project.output / "latest" / "data" / "quantities.csv").read_text(encoding="utf-8")
