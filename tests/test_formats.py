"""Formats of offices: Word, workbooks, CSV, mails, Markdown; and what is refused, with what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from offices import MORE, NEWS, ROWS, TABLE, docx, mail, saved, xlsx

from pipeline.settings import ReadOptions
from pipeline.texts.articles import articles, piped
from pipeline.texts.decode import UnreadableError
from pipeline.texts.formats import MODULES, READ, RECORDS, REFUSED, Article, refusal
from pipeline.texts.source import read_sources


def read(name: str, data: bytes, largest: int = 1_000_000) -> list[Article]:
    return list(articles(io.BytesIO(data), name, ReadOptions(largest=largest)))


def only(name: str, data: bytes) -> Article:
    (article,) = read(name, data)
    assert article.reason is None
    return article


def test_paragraphs_and_tables_of_word_come_in_their_order_with_the_title():
    article = only("a.docx", docx(NEWS, TABLE, MORE, title="二月经济运行"))
    assert article.text == f"二月经济运行\n{NEWS}\n{ROWS}\n{MORE}"
    assert article.fields == {"title": "二月经济运行"}


def test_tracked_changes_are_read_as_accepted_and_text_boxes_once():
    document = Document()
    paragraph = document.add_paragraph("共")
    for change in (
        "<w:del {0}><w:r><w:delText>486</w:delText></w:r></w:del>",
        "<w:ins {0}><w:r><w:t>487</w:t></w:r></w:ins>",
        "<w:r {0}><w:t>个小区。</w:t></w:r>",
        "<w:r {0}><w:txbxContent><w:p><w:r><w:t>框内30人</w:t></w:r></w:p></w:txbxContent></w:r>",
    ):
        paragraph._p.append(parse_xml(change.format(nsdecls("w"))))
    assert only("a.docx", saved(document)).text == "共487个小区。\n框内30人"


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell():
    document = Document()
    table = document.add_table(1, 1)
    table.cell(0, 0).text = NEWS
    assert only("a.docx", saved(document)).text == NEWS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is an old Word document, or has a password"),
        (b"PK\x03\x04 no more", "is no Word document that can be opened"),
        (docx(" "), "holds no text"),
    ],
)
def test_what_is_no_word_file_says_what_to_do(data, reason):
    (article,) = read("a.docx", data)
    assert article.reason.startswith(reason)


def test_a_word_file_that_unpacks_without_bounds_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(40_000_000))
    (article,) = read("a.docx", file.getvalue())
    assert article.reason.startswith("unpacks to 40000000 bytes")


HEAD = ("编号", "标题", "发布日期", "地区", "网址", "正文")


def test_a_row_of_a_workbook_is_an_article():
    rows = [
        HEAD,
        (7, "投资增长", date(2026, 3, 5), 410102, "https://a.cn/7", NEWS),
        (None, None, "2026年3月6日", "郑州市", None, MORE),
        (None, None, None, None, None, None),
    ]
    first, second = read("a.xlsx", xlsx({"稿件": rows}))
    assert (first.record, first.text) == ("7", NEWS)
    assert first.fields == {
        "title": "投资增长", "issued": date(2026, 3, 5), "region": "410102", "url": "https://a.cn/7",
    }  # fmt: skip
    assert (second.record, second.text, second.fields["issued"]) == ("row 3", MORE, date(2026, 3, 6))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_row_of_a_csv_is_an_article_in_any_encoding_with_any_delimiter(encoding, delimiter):
    lines = [("id", "title", "date", "text"), ("1", "投资增长", "2026/3/5", f'"{NEWS}\n{MORE}"')]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    article = only("a.csv", data)
    assert (article.record, article.text) == ("1", f"{NEWS}\n{MORE}")
    assert article.fields == {"title": "投资增长", "issued": date(2026, 3, 5)}


def test_a_table_of_figures_is_no_list_of_articles_and_says_so():
    (article,) = read("a.csv", "地区,数量\n中原区,487\n".encode())
    assert article.reason.startswith("its first row names no column 正文")
    (article,) = read("a.xlsx", xlsx({"表1": [("地区", "数量"), ("中原区", 487)]}))
    assert article.reason.startswith("its first row names no column 正文")


def test_the_sheets_that_hold_articles_are_read():
    sheets = {"说明": [("填表说明",)], "三月": [("正文",), (NEWS,)], "四月": [("内容",), (MORE,)]}
    assert [(a.record, a.text) for a in read("a.xlsx", xlsx(sheets))] == [
        ("三月 row 2", NEWS), ("四月 row 2", MORE),
    ]  # fmt: skip


def test_a_cell_that_is_wrong_costs_the_cell_and_an_empty_text_its_row():
    lines = "date,url,text\n8 July,www.a.cn,甲12人\n2026-03-05,,\n"
    first, second = read("a.csv", lines.encode())
    assert (first.text, first.fields) == ("甲12人", {})
    assert [note.partition(":")[0] for note in first.notes] == ["date", "url"]
    assert second.reason.startswith("its text is empty")


def test_the_body_and_each_attachment_are_articles():
    data = mail(NEWS, ("二月.docx", docx(MORE)), ("图.png", b"\x89PNG"), ("名单.csv", b"text\n12\n"))
    body, word, picture, row = read("a.eml", data)
    assert (body.record, body.text.strip()) == (None, NEWS)
    assert body.fields == {"title": "报送2026年2月数据", "issued": date(2026, 3, 5)}
    assert (word.record, word.text, word.reason) == ("二月.docx", MORE, None)
    assert (picture.record, picture.text) == ("图.png", "")
    assert picture.reason.startswith("is a picture (.png), which is not read; recognise its text")
    assert (row.record, row.text) == ("名单.csv/row 2", "12")


def test_what_is_attached_is_of_the_mail_s_day_unless_it_says_another(tmp_path):
    page = docx("甲县日报 2026年2月11日", MORE)
    (tmp_path / "a.eml").write_bytes(mail(NEWS, ("二月.docx", docx(MORE)), ("甲.docx", page)))
    said = {source.path: source.issued for source in read_sources(tmp_path)}
    assert said == {
        "a.eml": date(2026, 3, 5), "a.eml#二月.docx": date(2026, 3, 5), "a.eml#甲.docx": date(2026, 2, 11)
    }  # fmt: skip
    (tmp_path / "a.yaml").write_text("issued: 2026-03-02", encoding="utf-8")
    assert {source.path: source.issued for source in read_sources(tmp_path)} == {
        "a.eml": date(2026, 3, 2), "a.eml#二月.docx": date(2026, 3, 2), "a.eml#甲.docx": date(2026, 3, 2),
    }  # fmt: skip


def test_the_day_in_the_name_of_a_mail_is_not_that_of_what_is_attached(tmp_path):
    attached = ("二月.docx", docx(MORE)), ("20260211.docx", docx(f"{MORE}一。"))
    (tmp_path / "20260401.eml").write_bytes(mail(NEWS, *attached))
    assert [source.issued for source in read_sources(tmp_path)] == [
        *[date(2026, 3, 5)] * 2,
        date(2026, 2, 11),
    ]


def test_an_attached_mail_that_cannot_be_opened_is_left_out_alone():
    head = "Subject: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
    broken = "--x\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=y\n\n"
    last = '--x\nContent-Disposition: attachment; filename="附件.txt"\n\n'
    parts = f"{head}{NEWS}\n{broken}{NEWS}\n{last}{MORE}\n--x--\n"
    body, damaged, attached = read("a.eml", parts.encode())
    assert (body.text, attached.text) == (NEWS, MORE)
    assert damaged.reason.startswith("cannot be read: UnicodeEncodeError in formats/mail.py")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_mail_that_does_not_say_its_encoding_is_read(encoding):
    assert only("a.eml", b"Subject: a\n\n" + NEWS.encode(encoding)).text == NEWS


def test_of_a_header_that_no_mail_program_writes_the_beginning_is_read_and_the_rest_said():
    article = only("a.eml", b"Subject: " + b"word " * 9000 + b"\n\n" + NEWS.encode())
    assert (article.text, article.fields["title"]) == (NEWS, " ".join(["word"] * 2000))
    assert article.notes == ("left out: all but 10000 of the 45000 characters of Subject",)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_headers_of_bytes_are_read_as_the_text_is(encoding):
    head = "Subject: 报送：二月数据\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
    part = '\n--x\nContent-Disposition: attachment; filename="附件.txt"\n\n'
    body, attached = read("a.eml", f"{head}{NEWS}{part}{MORE}\n--x--\n".encode(encoding))
    assert (body.fields, body.text) == ({"title": "报送：二月数据"}, NEWS)
    assert (attached.record, attached.text) == ("附件.txt", MORE)


def test_headers_of_a_mail_and_what_it_quotes_are_no_text():
    article = only("a.eml", mail(f"{NEWS}\n> 上次报的是10亿元\n"))
    assert article.text.strip() == NEWS


def test_a_mail_of_markup_alone_is_read_and_its_table_kept():
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in TABLE)
    article = only("a.eml", mail("", html=f"<p>{NEWS}</p><table>{cells}</table>"))
    assert article.text == f"{NEWS}\n{ROWS}"


def test_a_mail_within_a_mail_is_read_and_not_without_end():
    data = mail(NEWS)
    for _ in range(6):
        data = mail(MORE, ("转发.eml", data))
    found = read("a.eml", data)
    assert [a.record for a in found][:2] == [None, "转发.eml"]
    assert found[-1].reason.startswith("is a mail within mails")


def test_what_is_no_mail_says_so():
    (article,) = read("a.eml", NEWS.encode())
    assert article.reason.startswith("is no mail")


def test_marks_of_markdown_leave_the_text_and_its_tables_stay():
    marked = "---\ntitle: 二月经济运行\n发布日期: 2026/3/5\n---\n# 二月\n\n全市**487**个[小区](http://a.cn/1)。\n\n"
    marked += "| 指标 | 绝对数（亿元） | 增长（%） |\n|---|---|---|\n"
    marked += "| 地区生产总值 | 1024.5 | 5.6 |\n| 第一产业 | 88.1 | 3.2 |\n"
    article = only("a.md", marked.encode())
    assert article.text == f"二月\n全市487个小区。\n{ROWS}"
    assert article.fields == {"title": "二月经济运行", "issued": date(2026, 3, 5)}


@pytest.mark.parametrize("name", ["a.txt", "a", "公报 2026.7.8", "a.TXT.GZ", "二月.docx", "a.jsonl.gz"])
def test_names_of_these_kinds_are_read(name):
    assert refusal(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.doc", "is a text document (.doc), which is not read; save it as .docx in Word or WPS"),
        ("报送.wps", "save it as .docx in Word or WPS"),
        ("a.et", "save it as .xlsx"),
        ("a.ofd", "is a print layout (.ofd), which is not read; save or print it as PDF"),
        ("a.JPG", "recognise its text (OCR)"),
        ("a.zip", "unpack it"),
        ("a.json", "name it .jsonl"),
        ("a.yml", "with the ending .yaml"),
        ("~$报送.docx", "marks a document that is open in an office program"),
        ("a.dwg", f"what is read ends with {', '.join(READ)}"),
    ],
)
def test_names_of_other_kinds_are_refused_with_what_to_do(name, reason):
    assert reason in refusal(name)


def test_what_is_refused_is_never_read():
    assert not set(REFUSED) & {*MODULES, *READ}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(NEWS), "is a Word document with the name of a text; give its name the ending .docx"),
        (xlsx({"a": [("text",), (NEWS,)]}), "give its name the ending .xlsx"),
        (b"%PDF-1.7\n", "is a PDF with the name of a text"),
        (f"\n<!DOCTYPE html><p>{NEWS}".encode(), "give its name the ending .html"),
        (mail(NEWS), "is a mail with the name of a text; give its name the ending .eml"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "put its text here instead"),
    ],
)
def test_a_text_that_is_none_says_what_it_is(data, reason):
    (article,) = read("a.txt", data)
    assert reason in article.reason


@pytest.mark.parametrize("text", [NEWS, f"来源: 某报\n时间: 2026-03-05\n{NEWS}", f"注意: {NEWS}\nmessage-id"])
def test_a_text_with_colons_is_a_text(text):
    assert only("a.txt", text.encode()).text == text


@pytest.mark.parametrize("data", [NEWS.encode(), docx(NEWS), mail(NEWS), f"<html><p>{NEWS}</p>".encode()])
def test_what_is_piped_in_is_told_by_its_content(data):
    assert [a.text.strip() for a in piped(data)] == [NEWS]


NAMES = [f"a{suffix}" for suffix in (*MODULES, *RECORDS, ".jsonl.gz", ".txt.gz")]


@given(st.sampled_from(NAMES), st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_read_or_said_to_be_unreadable(name, data):
    try:
        found = read(name, data)
    except UnreadableError as error:
        assert str(error)
    else:
        assert all(bool(a.text.strip()) != bool(a.reason) for a in found)
