"""Articles: every format of raw/, one text at a time, and what is wrong with one of them."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from offices import pdf
from sampling import sampled

from pipeline.settings import ReadOptions
from pipeline.texts.articles import articles
from pipeline.texts.decode import UnreadableError
from pipeline.texts.formats import Article
from pipeline.texts.source import Source, document_id, read_file, read_sources

NEWS = "全市完成投资12.5亿元，同比增长8%。"
MORE = "新增绿化面积70万平方米，改造小区487个。"
PAGE = f"""<html><head><title>投资增长</title><meta property="og:site_name" content="某报">
<meta property="article:published_time" content="2020-07-08T10:00:00+08:00"></head><body>
<nav><a href="/">首页 365天</a></nav><article><h1>投资增长</h1><p>{NEWS}</p><p>{MORE}</p></article>
<footer>版权所有 2020 电话12345</footer></body></html>"""


packed = partial(gzip.compress, mtime=0)
"""The same bytes on every run: cases are named after them."""


def line(**said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def read(name: str, data: bytes, largest: int = 100_000) -> list[Article]:
    return list(articles(io.BytesIO(data), name, ReadOptions(largest=largest)))


def stored(raw: Path, name: str, data: bytes) -> list[Source]:
    raw.mkdir(exist_ok=True)
    (raw / name).write_bytes(data)
    return list(read_file(raw / name, raw))


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", NEWS.encode(), NEWS),
        ("a", NEWS.encode("gb18030"), NEWS),
        ("a.txt.gz", packed(NEWS.encode()), NEWS),
        ("A.TXT.GZ", packed(NEWS.encode("utf-16")), NEWS),
        ("a.jsonl", line(text=NEWS), NEWS),
        ("a.ndjson.gz", packed(line(text=NEWS)), NEWS),
        ("a.pdf", pdf(NEWS), NEWS),
        ("a.pdf", pdf(NEWS, MORE), f"{NEWS}\n{MORE}"),
        ("a.pdf.gz", packed(pdf(NEWS)), NEWS),
    ],
)
def test_every_format_gives_its_text(name, data, text):
    assert [(a.text, a.reason) for a in read(name, data)] == [(text, None)]


def test_a_web_page_gives_its_article_and_nothing_around_it(tmp_path):
    (source,) = stored(tmp_path / "raw", "a.html", PAGE.encode())
    assert NEWS in source.text
    assert MORE in source.text
    assert "12345" not in source.text
    assert "<" not in source.text
    assert (source.title, source.publisher, source.issued) == ("投资增长", "某报", date(2020, 7, 8))


def test_a_line_says_what_is_known_of_its_article(tmp_path):
    said = line(id="7", date="20200708", title="投资增长", url="https://a.cn/7", text=NEWS)
    first, second = stored(tmp_path / "raw", "a.jsonl", said + b"\n" + line(id=8, text=MORE))
    assert (first.path, first.document_id) == ("a.jsonl#7", document_id("a.jsonl", "7"))
    assert (first.title, first.url, first.issued) == ("投资增长", "https://a.cn/7", date(2020, 7, 8))
    assert (second.path, second.title, second.issued) == ("a.jsonl#8", None, None)


def test_a_line_without_an_id_is_named_by_its_address_or_its_number():
    names = [a.record for a in read("a.jsonl", line(url="http://a.cn", text=NEWS) + line(text=MORE))]
    assert names == ["http://a.cn", "line 2"]


def test_a_sidecar_speaks_for_all_lines_but_not_against_them(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.yaml").write_text("publisher: 某报\ntitle: 文集\n", encoding="utf-8")
    first, second = stored(raw, "a.jsonl", line(id=1, title="投资增长", text=NEWS) + line(id=2, text=MORE))
    assert [(s.publisher, s.title) for s in (first, second)] == [("某报", "投资增长"), ("某报", "文集")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{\n", "line 2: is not JSON"),
        (b"[1]\n", "line 2: is no object"),
        (b'{"id": 1}\n', "line 2: has no text"),
        (line(text=7), "line 2: has no text"),
        (line(text=" "), "line 2: its text is empty"),
        (b'{"text": "\xff"}\n', "line 2: is not UTF-8"),
        (b"[" * 100_000 + b"\n", "line 2: "),
        (b"x" * 250_000 + b"\n", "line 2 holds more than the 100000 bytes"),
    ],
)
def test_one_line_that_is_wrong_does_not_touch_the_others(bad, reason):
    first, wrong, last = read("a.jsonl", line(text=NEWS) + bad + line(text=MORE))
    assert (first.text, wrong.text, last.text) == (NEWS, "", MORE)
    assert wrong.reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt.gz", b"no gzip", "is damaged: Not a gzipped file"),
        ("a.txt.gz", packed(NEWS.encode() * 99)[:-20], "ends in the middle of its packed data"),
        ("a.pdf", b"%PDF-1.4 and no more", "is no PDF that can be opened"),
        ("a.pdf", pdf(" "), "is a scan without text"),
        ("a.html", b"<html><body></body></html>", "holds no article"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.txt.gz", packed(b""), "is empty"),
    ],
)
def test_a_file_that_is_wrong_says_so(tmp_path, name, data, reason):
    (source,) = stored(tmp_path / "raw", name, data)
    assert (source.status, source.text) == ("quarantined", "")
    assert reason in source.reason


@pytest.mark.parametrize("said", [{"date": "8 July"}, {"url": "javascript:alert(1)"}, {"title": ["a"]}])
def test_a_field_of_a_line_that_is_wrong_costs_the_field(said):
    (article,) = read("a.jsonl", line(text=NEWS, **said))
    assert (article.text, article.fields) == (NEWS, {})
    assert article.notes[0].startswith(f"{next(iter(said))}: ")


def test_a_line_may_speak_chinese():
    (article,) = read("a.jsonl", line(编号=7, 标题="投资增长", 发布日期="2026年3月5日", 正文=NEWS))
    assert (article.record, article.text) == ("7", NEWS)
    assert article.fields == {"title": "投资增长", "issued": date(2026, 3, 5)}


@pytest.mark.parametrize(
    ("lines", "read", "said"),
    [
        ([line(text=f"{NEWS}{n}") for n in range(9)], 5, "holds too many articles, more than the 5"),
        ([b"{}\n"] * 1002 + [line(text=NEWS)], 0, "over 1000 articles that cannot be read"),
    ],
)
def test_of_a_file_without_an_end_the_rest_is_left_out(tmp_path, lines, read, said):
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    *found, last = read_sources(tmp_path, ReadOptions(articles=5 if read else 9999))
    assert sum(source.status == "read" for source in found) == read
    assert len(found) <= 1000
    assert (last.path, last.status) == ("a.jsonl", "quarantined")
    assert said in last.reason


def test_what_was_read_before_the_damage_stays(tmp_path):
    whole = packed(b"".join(line(id=n, text=f"{NEWS}{n * 7919 % 104729}") for n in range(999)))
    *read, last = stored(tmp_path / "raw", "a.jsonl.gz", whole[: len(whole) // 2])
    assert len(read) > 100
    assert {source.status for source in read} == {"read"}
    assert (last.path, last.status) == ("a.jsonl.gz", "quarantined")


def test_a_missing_library_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "pipeline.texts.formats.pdf", raising=False)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    (article,) = read("a.pdf", pdf(NEWS))
    assert article.reason == "needs pypdfium2: pip install pypdfium2"


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz"])
@pytest.mark.parametrize("filling", sampled([b"0", b"\n"]))
def test_a_file_packed_to_fill_memory_is_given_up_early(name, filling):
    bomb = packed(filling * 40_000_000)
    tracemalloc.start()
    with pytest.raises(UnreadableError, match=r"holds more than|unpacks to more than"):
        read(name, bomb, largest=1_000_000)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_file_of_articles_may_be_larger_than_any_text(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"".join(line(id=n, text=f"{NEWS}{n}") for n in range(100)))
    assert len(read_sources(tmp_path, ReadOptions(largest=1000))) == 100
