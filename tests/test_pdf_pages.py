"""PDF: columns in their order, running heads and feet left out, scans that say so."""

from __future__ import annotations

import io
import sys

import pytest
from offices import MORE, NEWS, pdf

from pipeline.settings import ReadOptions
from pipeline.texts.articles import articles
from pipeline.texts.formats import Article
from pipeline.texts.formats.page_layout import Glyph, lines

LEFT = [f"左栏第{n}行说的是全市经济运行情况" for n in "一二三四五六"]
RIGHT = [f"右栏第{n}行说的是全市民生保障情况" for n in "一二三四五六"]


def glyphs(text: str, left: float, top: float, size: float = 10) -> list[Glyph]:
    """A line of text as it is printed at a place."""
    return [Glyph(c, left + n * size, top - size, left + (n + 1) * size, top) for n, c in enumerate(text)]


def printed(*texts: tuple[str, float, float]) -> list[str]:
    return lines([glyph for text, left, top in texts for glyph in glyphs(text, left, top)])


def read(data: bytes) -> Article:
    (article,) = articles(io.BytesIO(data), "a.pdf")
    return article


def test_columns_are_read_one_after_the_other_however_they_were_drawn():
    rows = [
        (text, x, 700 - 15 * n)
        for n, pair in enumerate(zip(LEFT, RIGHT, strict=True))
        for text, x in zip(pair, (50, 300), strict=True)
    ]
    title, foot = (
        ("全市经济社会发展情况通报", 180.0, 750.0),
        ("以上各项数据均为初步核算结果数请以年报为准", 120.0, 500.0),
    )
    assert printed(title, *rows, foot) == [title[0], *LEFT, *RIGHT, foot[0]]


def test_a_table_is_read_line_by_line():
    rows = [
        ("指标", "全年"),
        ("生产总值", "1024.5"),
        ("第一产业", "88.1"),
        ("第二产业", "400.2"),
        ("第三产业", "536.2"),
    ]
    cells = [
        (text, x, 700 - 15 * n) for n, row in enumerate(rows) for text, x in zip(row, (50, 300), strict=True)
    ]
    assert printed(*cells) == ["  ".join(row) for row in rows]


def test_a_line_drawn_in_pieces_is_one_line():
    assert printed(("共487", 50, 700), ("个小区", 100.5, 700)) == ["共487个小区"]


@pytest.mark.parametrize("pages", [2, 5])
def test_heads_and_feet_of_pages_are_left_out_and_said(pages):
    texts = [
        ("统计月报 第3期", *(f"{c}段共{n}{k}0人。" for k, c in enumerate("甲乙丙丁", 1)), f"— {n} —")
        for n in range(1, pages + 1)
    ]
    article = read(pdf(*map("\n".join, texts)))
    assert article.text == "\n".join(line for page in texts for line in page[1:-1])
    assert article.notes[0].startswith("left out: heads and feet of pages: 统计月报")


def test_lines_that_open_pages_alike_are_no_heads_where_they_count_something_else():
    pages = [
        (f"第{n}批建设项目完成投资", *(f"{c}段共{n}{k}0人。" for k, c in enumerate("甲乙丙丁", 1)))
        for n in (1, 11, 22)
    ]
    article = read(pdf(*map("\n".join, pages)))
    assert article.text == "\n".join(line for page in pages for line in page)
    assert not article.notes


def test_a_title_in_larger_type_is_no_part_of_the_paragraph_below_it():
    title = glyphs("全市重点项目年度报告通报", 60, 760, size=16)
    body = [glyphs(text, 50, 720 - 15 * n) for n, text in enumerate(LEFT)]
    assert lines([glyph for line in (title, *body) for glyph in line]) == [
        "全市重点项目年度报告通报", f"\n{LEFT[0]}", *LEFT[1:]
    ]  # fmt: skip


def test_a_short_page_loses_nothing():
    assert read(pdf(NEWS, NEWS, NEWS)).text == "\n".join([NEWS] * 3)


def test_a_scan_says_that_it_needs_ocr():
    reason = read(pdf(" ")).reason
    assert reason.startswith("is a scan without text")
    assert "[read] in wenshu.toml: ocr = " in reason


def test_a_scan_is_recognised_by_the_command_that_the_project_names():
    code = f"sys.stdout.buffer.write({MORE!r}.encode())"
    script = f"import sys; assert sys.stdin.buffer.read(4) == b'%PDF'; {code}"
    (article,) = articles(io.BytesIO(pdf(" ")), "a.pdf", ReadOptions(ocr=(sys.executable, "-c", script)))
    assert (article.text, article.reason) == (MORE, None)
    assert article.notes == ("recognised from a picture (OCR): compare it",)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("no-such-ocr",), "No such file"),
        ((sys.executable, "-c", "import sys; sys.exit('没有语言包')"), "没有语言包"),
        ((sys.executable, "-c", ""), "finds no text"),
    ],
)
def test_an_ocr_command_that_fails_is_said(command, why):
    (article,) = articles(io.BytesIO(pdf(" ")), "a.pdf", ReadOptions(ocr=command))
    assert why in article.reason
