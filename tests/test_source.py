"""Sources: encodings, sidecars, mastheads, quarantine, duplicates."""

from __future__ import annotations

import codecs
import hashlib
import os
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import WenshuError
from pipeline.settings import ReadOptions
from pipeline.texts.decode import UnreadableError, decode
from pipeline.texts.derivation import derive
from pipeline.texts.layout import reflow
from pipeline.texts.masthead import ArticleMetadata
from pipeline.texts.source import Source, document_id, find_sources, read_sources

NEWS = "全市完成投资12.5亿元，同比增长8%。\r\n新增绿化面积70万平方米。\r\n"
TRADITIONAL = "香港衛生防護中心表示，本港再有兩宗懷疑個案，累計確診830宗，較昨日增加25宗。"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def write(raw: Path, name: str, content: str | bytes = NEWS) -> Path:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def only(raw: Path, **limits: int) -> Source:
    (source,) = read_sources(raw, ReadOptions(**limits))
    return source


@pytest.mark.parametrize("text", [NEWS, TRADITIONAL, "plain ASCII, 12 items\n", "共12个"])
@pytest.mark.parametrize(
    ("encoding", "mark", "codec"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", codecs.BOM_UTF8, "utf-8"),
        ("gb18030", b"", "gb18030"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_encodings_are_told_and_line_ends_stay(raw, text, encoding, mark, codec):
    write(raw, "a.txt", mark + text.encode(codec))
    source = only(raw)
    if encoding == "gb18030" and text.isascii():
        encoding = "utf-8"
    assert (source.status, source.encoding, source.text) == ("read", encoding, text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "holds nothing but space"),
        (codecs.BOM_UTF8, "holds nothing but space"),
        (random.Random(1).randbytes(4096), "is neither UTF-8 nor GB18030"),
        (bytes(500), "is no text: 500 of its 500 characters are control characters"),
        (NEWS.encode("utf-16-le"), "is neither UTF-8 nor GB18030"),
        (NEWS.encode("utf-32"), "is UTF-32"),
        (codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le")[:-1], "is broken utf-16-le at byte"),
        ((NEWS * 9).encode("utf-8")[:-7], "is broken UTF-8 at byte"),
        ("さくらの花が咲いた。桜並木は長い。".encode("shift-jis"), "GB18030"),
        (TRADITIONAL.encode("big5"), "GB18030"),
    ],
)
def test_bytes_of_no_encoding_are_quarantined_with_their_reason(raw, data, reason):
    write(raw, "a.txt", data)
    source = only(raw)
    assert (source.status, source.text, source.encoding) == ("quarantined", "", None)
    assert reason in source.reason


def test_a_few_control_characters_do_not_matter():
    assert decode((NEWS + "\x00").encode())[0] == NEWS + "\x00"


@given(st.binary(max_size=300))
def test_bytes_are_decoded_or_said_to_be_no_text(data):
    try:
        text, _ = decode(data)
    except UnreadableError as error:
        assert str(error)
    else:
        assert text.strip()


def test_every_file_is_found_in_the_order_of_paths(raw):
    for name in ("b.txt", "a/c.txt", "a/b/d.txt", ".hidden", ".git/e.txt", "b.yaml", "notes"):
        write(raw, name)
    found = [path.relative_to(raw).as_posix() for path in find_sources(raw)]
    assert found == ["a/b/d.txt", "a/c.txt", "b.txt", "notes"]


def test_an_empty_folder_has_no_source(raw):
    assert read_sources(raw) == []


def test_no_folder_says_what_to_do(tmp_path):
    with pytest.raises(WenshuError, match="nothing: no such folder; put article texts into it"):
        find_sources(tmp_path / "nothing")


def test_the_page_is_read(page):
    (source,) = read_sources(page.parent)
    assert source.path == "2020-07-08_zhongyuan_M03.txt"
    assert (source.status, source.encoding, len(source.text)) == ("read", "utf-8", 2726)
    assert source.sha256 == hashlib.sha256(page.read_bytes()).hexdigest()
    assert (source.issued, source.page, source.region) == (date(2020, 7, 8), "M03", "中原")
    assert (source.title, source.publisher, source.url, source.licence) == (None,) * 4


def test_an_id_is_the_paths_and_not_the_contents(raw):
    write(raw, "a/b.txt")
    before = only(raw)
    write(raw, "a/b.txt", "另一篇。")
    assert before.document_id == only(raw).document_id == document_id("a/b.txt")
    assert len(before.document_id) == 13
    assert document_id("a/b.txt", "1") != document_id("a/b.txt", "2")


def test_a_symlink_out_of_raw_is_quarantined(raw, tmp_path):
    secret = write(tmp_path, "secret.txt", "机密12件。")
    (raw / "a.txt").symlink_to(secret)
    source = only(raw)
    assert (source.status, source.text) == ("quarantined", "")
    assert "symlink out of raw/" in source.reason


def test_a_folder_linked_in_is_quarantined(raw, tmp_path):
    write(tmp_path, "other/a.txt")
    (raw / "linked").symlink_to(tmp_path / "other", target_is_directory=True)
    assert "symlink out of raw/" in only(raw).reason


def test_a_symlink_within_raw_is_a_duplicate(raw):
    (raw / "b.txt").symlink_to(write(raw, "a.txt"))
    assert [source.status for source in read_sources(raw)] == ["read", "duplicate"]


def test_a_symlink_to_itself_or_to_nothing_is_quarantined(raw):
    (raw / "a.txt").symlink_to(raw / "a.txt")
    (raw / "b.txt").symlink_to(raw / "missing")
    assert ["cannot be read" in (source.reason or "") for source in read_sources(raw)] == [True, True]


def test_a_pipe_is_not_waited_for(raw):
    os.mkfifo(raw / "a.txt")
    assert "is no plain file" in only(raw).reason


def test_what_is_too_large_is_quarantined(raw):
    write(raw, "a.txt")
    size = len(NEWS.encode())
    assert only(raw, largest=size).status == "read"
    assert only(raw, largest=size - 1).reason.startswith(f"holds {size} bytes")


def test_what_is_quarantined_has_the_hash_of_its_bytes_where_it_may_be_opened(raw, tmp_path):
    write(raw, "a.doc", b"\xd0\xcf\x11\xe0")
    (raw / "b.txt").symlink_to(write(tmp_path, "secret.txt"))
    first, second = read_sources(raw)
    assert first.sha256 == hashlib.sha256(b"\xd0\xcf\x11\xe0").hexdigest()
    assert second.sha256 == hashlib.sha256().hexdigest()


def test_what_may_not_be_read_is_quarantined(raw):
    write(raw, "a.txt").chmod(0)
    if os.access(raw / "a.txt", os.R_OK):
        pytest.skip("the superuser may read everything")
    assert "cannot be read: Permission denied" in only(raw).reason


def test_a_sidecar_without_its_text_is_quarantined(raw):
    write(raw, "a.yaml", "title: 标题\n")
    assert "is a sidecar without its text; name the text a.txt" in only(raw).reason


def test_a_name_that_is_no_utf8_is_quarantined(raw):
    try:
        write(raw, os.fsdecode(b"\xb1\xb1.txt"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert only(raw).path == "\\xb1\\xb1.txt"


def test_a_text_without_numerals_is_read(raw):
    write(raw, "a.txt", "今天天气很好。")
    assert only(raw).status == "read"


def test_of_two_equal_files_one_is_the_document_and_the_other_names_it(raw):
    write(raw, "a.txt")
    write(raw, "b.txt")
    write(raw, "c.txt", NEWS.encode("gb18030"))
    write(raw, "d.txt", NEWS + "不同。")
    first, *others, different = read_sources(raw)
    assert (first.status, first.reason, different.status) == ("read", None, "read")
    assert {(s.status, s.duplicate_of) for s in others} == {("duplicate", first.document_id)}
    assert all("the same text as a.txt" in s.reason for s in others)


def test_empty_files_are_no_duplicates(raw):
    write(raw, "a.txt", "")
    write(raw, "b.txt", "")
    assert [source.status for source in read_sources(raw)] == ["quarantined"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2020年7月8日 星期三\n编辑：甲乙 校对：丙 M03中原 报 关注\n\n中原区委召开会议，共140人参加。",
            ArticleMetadata(issued=date(2020, 7, 8), page="M03", region="中原"),
        ),
        (
            "出入境人员达1.78亿人次\n《人民日报》（2025年10月20日 第 11 版）\n三季度共1.78亿人次。",
            ArticleMetadata(date(2025, 10, 20), "11", "人民日报", None, "出入境人员达1.78亿人次"),
        ),
        ("2008-09-03 16:08:29\r\n中国网9月3日报道，38人死亡。", ArticleMetadata(issued=date(2008, 9, 3))),
        (
            "统计公报\n（2013年3月20日）\n全年生产总值4000.5亿元。",
            ArticleMetadata(issued=date(2013, 3, 20), title="统计公报"),
        ),
        (
            "下载\n政府工作报告\n来源：安徽日报\n时间：2026-02-11\n现在向大会报告工作。",
            ArticleMetadata(issued=date(2026, 2, 11), publisher="安徽日报", title="政府工作报告"),
        ),
        (
            "关于下达资金的通知\n各区财政局：\n现下达资金4500万元。\n某市财政局\n2026年3月5日",
            ArticleMetadata(date(2026, 3, 5), publisher="某市财政局", title="关于下达资金的通知"),
        ),
        ("全市停电25条线路。\n2026年3月5日起恢复供电12条。", ArticleMetadata()),
        ("本报讯（记者 甲）5月8日，全市接待游客13.76万人次。", ArticleMetadata()),
        ("——2026年1月27日在省第七届人民代表大会上\n各位代表：\n现在报告工作。", ArticleMetadata()),
        ("2020年13月45日 星期三\n共140人参加。", ArticleMetadata()),
        ("2020年7月8日 星期三\n2020年7月9日 星期四\n共140人参加。", ArticleMetadata()),
        ("2020年7月8日 星期三 A05 要闻\n要闻区共140人。", ArticleMetadata(date(2020, 7, 8), "A05")),
        ("", ArticleMetadata()),
    ],
)
def test_mastheads_say_what_they_say_and_nothing_is_guessed(text, expected):
    assert derive(reflow(text), "a.txt") == expected
