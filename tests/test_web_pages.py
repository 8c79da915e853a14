"""Web pages: the article alone, whatever a government site or a newspaper puts around it."""

from __future__ import annotations

import io
from datetime import date

import pytest
from offices import MORE, NEWS, ROWS, TABLE

from pipeline.texts.articles import articles
from pipeline.texts.formats import Article
from pipeline.texts.formats.main_text import CONTAINERS

AROUND = """
<div class="header"><a href="/">首页</a><a href="/zw">政务公开</a><a href="/hd">互动 12345</a></div>
<div class="dqwz">您当前的位置：<a href="/">首页</a> &gt; <a href="/zw">要闻</a></div>
"""
RELATED = """
<div class="xgxw"><h3>相关链接</h3><ul>
<li><a href="/1">我市新开工项目306个</a></li><li><a href="/2">接待游客99万人次</a></li>
<li><a href="/3">完成投资88亿元</a></li>
</ul></div>
<div>上一篇：<a href="/4">全市新增就业7.7万人</a></div>
"""
FOOT = "<div class='footer'>主办：市政府 电话：12345 备案号 2020 访问量：123456</div>"
META = """
<meta name="ArticleTitle" content="投资增长"><meta name="PubDate" content="2026-03-05 10:00">
<meta name="ContentSource" content="市统计局"><meta name="Url" content="https://a.cn/7">
"""


def page(body: str, head: str = "") -> bytes:
    head = f"<head><title>投资增长_某市人民政府</title>{head}</head>"
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>".encode()


def read(data: bytes) -> Article:
    (article,) = articles(io.BytesIO(data), "a.html")
    return article


def within(selector: str, content: str) -> str:
    """The content in an element that a selector names."""
    kind = {"#": "id", ".": "class"}.get(selector[0])
    return f'<div {kind}="{selector[1:]}">{content}</div>' if kind else f"<{selector}>{content}</{selector}>"


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_known_container_gives_its_article_and_nothing_around_it(container):
    body = within(container, f"<p>{NEWS}</p><p>{MORE}</p>{RELATED}")
    article = read(page(AROUND + body + RELATED + FOOT))
    assert article.text == f"{NEWS}\n{MORE}"


def test_a_page_without_a_known_container_gives_no_related_headlines():
    body = f"<div class='w1'><h1>投资增长</h1><p>{NEWS * 3}</p><p>{MORE * 3}</p></div>"
    article = read(page(AROUND + body + RELATED + FOOT))
    assert NEWS in article.text
    assert MORE in article.text
    for figure in ("306", "99万", "88亿", "7.7万", "12345", "123456"):
        assert figure not in article.text


def test_what_was_left_out_is_said():
    article = read(page(AROUND + within("#zoom", f"<p>{NEWS}</p>{RELATED}<p>浏览次数：25次</p>") + FOOT))
    (note,) = article.notes
    assert note.startswith("left out: ")
    assert "characters around the article" in note
    assert "相关链接" in note
    assert "浏览次数：25次" in note


def test_meta_tags_say_what_is_known():
    article = read(page(within(".TRS_Editor", f"<p>{NEWS}</p>"), META))
    assert article.fields == {
        "title": "投资增长", "issued": date(2026, 3, 5), "publisher": "市统计局", "url": "https://a.cn/7",
    }  # fmt: skip


def test_what_a_page_shows_stands_in_for_meta_tags():
    head = "<div>来源：市统计局 发布时间：2026年3月5日 字号：大 中 小</div>"
    article = read(page(f"<h1>一季度投资增长</h1>{head}{within('#zoom', f'<p>{NEWS}</p>')}"))
    assert article.fields == {"title": "一季度投资增长", "issued": date(2026, 3, 5), "publisher": "市统计局"}


def test_two_dates_on_a_page_are_none():
    shown = "<div>时间：2026-03-05</div><div>时间：2026-03-06</div>"
    assert "issued" not in read(page(shown + within("#zoom", f"<p>{NEWS}</p>"))).fields


def test_tables_stay_tables_and_layout_tables_are_none():
    cells = "".join("<tr>" + "".join(f"<td><p>{c}</p></td>" for c in row) + "</tr>" for row in TABLE)
    layout = f"<table><tr><td><p>{NEWS}</p><table>{cells}</table></td></tr></table>"
    assert read(page(within("#zoom", layout))).text == f"{NEWS}\n{ROWS}"


def test_a_head_over_two_columns_is_said_over_both_and_a_figure_once():
    rows = "<tr><td>指标</td><td colspan=2>全年</td></tr><tr><td>投资</td><td colspan=2>12.5</td></tr>"
    text = read(page(within("#zoom", f"<p>{NEWS}</p><table>{rows}</table>"))).text
    assert text == f"{NEWS}\n指标 | 全年 | 全年\n投资 | 12.5 |"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var n=30;</script>", "<style>p{width:30px}</style>", "<!-- 30人 -->", "<del>30人</del>",
        "<p style='display: none'>30人</p>", "<select><option>30人</option></select>", "<p hidden>30人</p>",
    ],
)  # fmt: skip
def test_what_a_page_does_not_show_is_not_read(hidden):
    assert read(page(within("#zoom", f"<p>{NEWS}</p>{hidden}"))).text == NEWS


def test_an_empty_container_is_passed_over():
    assert read(page(within(".TRS_Editor", " ") + within("#zoom", f"<p>{NEWS}</p>"))).text == NEWS


def test_a_page_in_gb2312_is_read():
    data = page(within("#zoom", f"<p>{NEWS}</p>"), '<meta charset="gb2312">').decode().encode("gb18030")
    assert read(data).text == NEWS


def test_markup_nested_without_end_is_read_or_refused_and_no_fault():
    article = read(page("<div>" * 20_000 + NEWS))
    assert (NEWS in article.text) != bool(article.reason)


def test_a_page_of_navigation_alone_is_refused_with_what_to_do():
    article = read(page(AROUND + RELATED + FOOT))
    assert article.text == ""
    assert "save its text as .txt" in article.reason
