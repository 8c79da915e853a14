"""Things that may lie in raw/: mistakes of people, faults of programs, attacks."""

# ruff: noqa: E501 - a table, in which Chinese counts twice

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile_records import TEXT, Entry, mails, packed, records
from offices import MORE, NEWS, TABLE, docx, mail, pdf, xlsx

from pipeline.texts.formats import REFUSED

OWN_FILE = "file:" + "/" * 3 + "etc/passwd"


def entries() -> Iterator[Entry]:
    """All of them."""
    yield from texts()
    yield from names()
    yield from special()
    yield from sidecars()
    yield from formats()
    yield from documents()
    yield from pages()
    yield from mails()
    yield from records()
    yield from packed()


def texts() -> Iterator[Entry]:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        yield Entry(f"text/{encoding}.txt", f"{encoding}：{NEWS}".encode(encoding), "read")
    for encoding, said in (("utf-32", "is UTF-32"), ("utf-16-le", "is neither UTF-8 nor GB18030")):
        yield Entry(f"text/{encoding}.txt", TEXT.decode().encode(encoding), said=said)
    yield Entry("text/big5.txt", "全市完成投資".encode("big5") * 9, said="makes no sense as GB18030")
    yield Entry(
        "text/shift-jis.txt", "全市投資億円".encode("shift-jis") * 9, said="makes no sense as GB18030"
    )
    yield Entry("text/empty.txt", b"", said="is empty")
    yield Entry("text/blank.txt", b" \n\t\r\n" * 99, said="holds nothing but space")
    yield Entry("text/mark.txt", b"\xef\xbb\xbf", said="holds nothing but space")
    yield Entry("text/zeros.txt", b"\0" * 999, said="control characters")
    yield Entry("text/controls.txt", bytes(range(1, 32)) * 99, said="control characters")
    yield Entry("text/cut.txt", TEXT[:-1], said="is neither UTF-8 nor GB18030")
    yield Entry("text/overlong.txt", TEXT + b"\xc0\xaf", said="UTF-8")
    yield Entry("text/surrogate.txt", TEXT + b"\xed\xa0\x80", said="UTF-8")
    yield Entry("text/noise.txt", bytes((n * 97 + n * n * 31) % 251 for n in range(5000)))
    yield Entry("text/escape.txt", f"\x1b[2J\x1b]0;x\x07{NEWS}".encode() * 9, "read")
    yield Entry("text/bidi.txt", f"\u202e{NEWS}\u2066\u200b".encode(), "read")
    yield Entry("text/html.txt", f"<script>alert(1)</script>{NEWS}&lt;b&gt;".encode(), "read")
    yield Entry("text/formula.txt", f"=HYPERLINK(1)\n@SUM(1)\n-1+1\n{NEWS}a".encode(), "read")
    yield Entry("text/braces.txt", f"{{0}} %s %(a)d ${{HOME}} {{{{x}}}} {NEWS}b".encode(), "read")
    yield Entry("text/line.txt", ("甲" * 200_000 + NEWS).encode(), "read")
    yield Entry("text/lines.txt", b"\n" * 200_000 + NEWS.encode() + b"c", "read")
    yield Entry("text/returns.txt", NEWS.replace("，", "\r").encode() * 3, "read")
    yield Entry("text/number.txt", b"9" * 20_000, "read")
    yield Entry("text/twice.txt", f"两：{NEWS}".encode(), "read")
    yield Entry("text/zwice.txt", f"两：{NEWS}".encode(), "duplicate", "the same text as")
    for number, text in enumerate(
        ("0余亿0", "1亿亿亿亿亿9亿", f"新建高标准农田{'9' * 20}万亩", "13月45日", "1/0", "0比0")
    ):
        yield Entry(f"text/odd{number}.txt", text.encode(), "read")


def names() -> Iterator[Entry]:
    for suffix, (_, todo) in REFUSED.items():
        yield Entry(f"names/a{suffix}", TEXT, said=todo)
    for suffix in ("xyz", "exe", "py", "dbf", "wpd"):
        yield Entry(f"names/b.{suffix}", TEXT, said="what is read ends with")
    odd = (
        "a\nb.txt", "a\tb.txt", "'a\".txt", "-rf.txt", "--help", " .txt", "a b.txt", "a.txt ", "%00.txt", "😀.txt",
        "\u202etxt.exe.txt", "<script>.txt", "=cmd.txt", "a#b.txt", "CON.txt", "a..txt", "$(id).txt", "`id`.txt",
        "a|b.txt", "*.txt", "?.txt", "[a].txt", "a\\b.txt", "{0}.txt", "％.txt", "ａ.txt", "長" * 80, "A.TXT",
    )  # fmt: skip
    for name in odd:
        yield Entry(f"names/{name}", f"{name}：{NEWS}".encode(), "read")
    yield Entry("names/~$a.docx", TEXT, said="close it there and delete this file")
    yield Entry("names/.~lock.a.txt#", TEXT, "unseen")
    yield Entry("names/.hidden.txt", TEXT, "unseen")
    yield Entry("names/.git/config", TEXT, "unseen")


def special() -> Iterator[Entry]:
    yield Entry("special/pipe.txt", os.mkfifo, said="is no plain file")
    yield Entry("special/socket.txt", bound, said="is no plain file")
    for name, place in (("zero", "/dev/zero"), ("random", "/dev/random"), ("passwd", "/etc/passwd")):
        yield Entry(f"special/{name}.txt", linked(place), said="is a symlink out of raw/")
    yield Entry("special/above.txt", linked("../.."), said="is a symlink out of raw/")
    yield Entry("special/itself.txt", linked("itself.txt"), said="a symlink to itself")
    yield Entry("special/gone.txt", linked("nowhere.txt"), said="No such file")
    yield Entry("special/round", linked("."), said="is a folder that cannot be entered")
    yield Entry("special/folder.txt/a.txt", f"甲：{NEWS}".encode(), "read")
    yield Entry("special/folder.docx/a.txt", f"乙：{NEWS}".encode(), "read")


def sidecars() -> Iterator[Entry]:
    yield Entry("side/alone.yaml", b"title: a", said="is a sidecar without its text")
    bombs = "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    wrong: dict[str, bytes | Callable[[Path], object]] = {
        "anchors": ("a: &a [x]\n" + bombs).encode(), "object": b"!!python/object/apply:os.system [id]",
        "round": b"&a [*a]", "deep": b"[" * 5000, "binary": bytes(range(256)), "list": b"- 1\n- 2\n",
        "large": b"# " + b"x" * 2_000_000, "tabs": b"\ttitle: a", "colons": "标题：甲：乙\nregion: 甲: 乙".encode(),
        "folder": Path.mkdir, "pipe": os.mkfifo, "out": linked("/etc/passwd"), "device": linked("/dev/zero"),
        "date": b"issued: 2026-13-45", "region": "region: 无此县".encode(), "key": b"titel: a",
        "number": b"title: 1e999999999", "example": b"example: maybe", "url": b"url: javascript:alert(1)",
    }  # fmt: skip
    for name, content in wrong.items():
        yield Entry(f"side/{name}.txt", f"{name}：{NEWS}".encode(), "read")
        yield Entry(f"side/{name}.yaml", content, "unseen")


SOUND: dict[str, bytes] = {
    ".docx": docx(f"文档：{NEWS}", TABLE),
    ".xlsx": xlsx({"甲": [("标题", "正文"), ("一", f"表格：{NEWS}")]}),
    ".pdf": pdf(f"印刷：{NEWS}"),
    ".eml": mail(f"信：{NEWS}"),
    ".html": f"<html><body><article><p>网页：{NEWS * 3}</p></article></body></html>".encode(),
    ".csv": f"标题,正文\n一,行：{NEWS}\n".encode(),
    ".jsonl": json.dumps({"text": f"条：{NEWS}"}).encode(),
    ".md": f"# 甲\n\n记：{NEWS}\n".encode(),
    ".txt.gz": gzip.compress(f"压：{NEWS}".encode()),
}


def formats() -> Iterator[Entry]:
    noise = bytes((n * 89 + n * n * 7) % 253 for n in range(4000))
    for suffix, sound in SOUND.items():
        yield Entry(f"format/sound{suffix}", sound, "read")
        yield Entry(f"format/empty{suffix}", b"", said="is empty")
        yield Entry(f"format/noise{suffix}", noise, said="is ")
        yield Entry(f"format/other{suffix}", SOUND[".pdf" if suffix != ".pdf" else ".docx"], said="is ")
    for suffix in (".docx", ".xlsx", ".pdf", ".eml", ".txt.gz"):
        yield Entry(f"format/text{suffix}", TEXT, said="is ")
        yield Entry(f"format/cut{suffix}", SOUND[suffix][: len(SOUND[suffix]) // 2])
    for suffix in (".xls", ".ods", ".tsv", ".mht"):
        yield Entry(f"format/noise{suffix}", noise, said="is ")
        yield Entry(f"format/empty{suffix}", b"", said="is empty")


def documents() -> Iterator[Entry]:
    bomb = b"0" * 32_000_000
    for suffix, inner in ((".docx", "word/document.xml"), (".xlsx", "xl/sharedStrings.xml")):
        yield Entry(
            f"office/bomb{suffix}", repacked(SOUND[suffix], {inner: bomb}), said="more than a document"
        )
    none = repacked(SOUND[".docx"], {}, without="word/document.xml")
    yield Entry("office/none.docx", none, said="is no Word document that can be opened")
    none = repacked(SOUND[".xlsx"], {}, without="xl/workbook.xml")
    yield Entry("office/none.xlsx", none, said="is empty")
    laughs = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 9}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    laughs = f"{laughs}]><a>&i;</a>"
    wrong = repacked(SOUND[".docx"], {"word/document.xml": laughs.encode()})
    yield Entry("office/laughs.docx", wrong, said="is no Word document that can be opened")
    entity = b"<!DOCTYPE a [<!ENTITY x SYSTEM '%s'>]><a>&x;</a>" % OWN_FILE.encode()
    yield Entry(
        "office/entity.docx", repacked(SOUND[".docx"], {"word/document.xml": entity}), said="is no Word"
    )
    yield Entry("office/out.docx", repacked(docx(f"越：{NEWS}"), {"../../out.txt": TEXT}), "read")
    yield Entry(
        "office/columns.xlsx", xlsx({"甲": [("指标", "数值"), ("一", 12)]}), said="names no column 正文"
    )
    yield Entry("office/blank.xlsx", xlsx({"甲": []}), said="is empty")
    yield Entry(
        "office/formula.xlsx", xlsx({"甲": [("正文",), ('=HYPERLINK("http://x")',)]}), said="is empty"
    )
    yield Entry(
        "office/wide.xlsx", xlsx({"甲": [("正文", *range(3000)), (f"宽：{NEWS}", *range(3000))]}), "read"
    )
    sheets = {str(n): [("正文",), (f"{n}页：{NEWS}",)] for n in range(60)}
    yield Entry("office/sheets.xlsx", xlsx(sheets), "read")
    yield Entry("office/old.docx", b"\xd0\xcf\x11\xe0" + bytes(999), said="save it as .docx")
    yield Entry("office/password.xlsx", b"\xd0\xcf\x11\xe0" + bytes(999), said="is no workbook")
    yield Entry("pdf/blank.pdf", pdf(" "), said="is a scan without text")
    yield Entry("pdf/pages.pdf", pdf(*[f"第{n}页共{n}人" for n in range(300)]), "read")
    yield Entry("pdf/none.pdf", pdf(), said="is no PDF that can be opened")
    yield Entry("pdf/loop.pdf", pdf(NEWS).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]"), said="is a damaged PDF")
    yield Entry("pdf/many.pdf", pdf(f"数：{NEWS}").replace(b"/Count 1", b"/Count 999999999"), "")
    script = b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    yield Entry("pdf/script.pdf", pdf(f"码：{NEWS}").replace(b"/Catalog", script), "")


def pages() -> Iterator[Entry]:
    around: dict[str, tuple[str, str]] = {
        "deep": ("<div>" * 3000, ""), "attributes": (f"<p {' '.join(f'a{n}=1' for n in range(5000))}>", ""),
        "unclosed": ("<p><b><i>", ""), "comment": (f"<!--{'x' * 9999}-->", ""), "cdata": ("<![CDATA[x]]>", ""),
        "frames": ("<iframe src=file:/" "//etc/passwd></iframe>", ""), "entities": ("", "&#x0;&#xD800;&#99999999;"),
        "svg": ("<svg onload=alert(1)>", "</svg>"), "table": ("", f"<table>{'<tr><td>1' * 2000}</table>"),
        "forms": ("<form action=http://x><input value=9></form>", ""), "base": ("<base href=http://x>", ""),
        "styled": ("<p style=display:none>暗9个</p>", ""), "zero": ("\0", ""), "tags": ("<b>" * 5000, ""),
        "charset": ("<meta charset=no-such>", ""), "date": ("<meta name=PubDate content='2026-99-99'>", ""),
    }  # fmt: skip
    for name, (before, after) in around.items():
        status = "" if name in ("deep", "tags", "svg") else "read"
        yield Entry(f"page/{name}.html", page(f"{before}{story(name)}{after}"), status)
    yield Entry(
        "page/gb.html", page(f"<meta charset=gb2312>{story('gb')}").decode().encode("gb18030"), "read"
    )
    yield Entry("page/links.html", page("".join(f"<a href=/{n}>标题{n}</a>" for n in range(500))), "")
    for name, body in (
        ("script", "<script>document.write('12个')</script>"),
        ("refresh", "<meta http-equiv=refresh>"),
    ):
        yield Entry(f"page/{name}.html", page(body), said="holds no article")


def page(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()


def story(name: str) -> str:
    return f"<article><p>{name}：{NEWS}{MORE}{NEWS}</p></article>"


def repacked(archive: bytes, more: dict[str, bytes], without: str = "") -> bytes:
    """A ZIP with other members."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != without and name not in more:
                new.writestr(name, old.read(name))
        for name, data in more.items():
            new.writestr(name, data)
    return made.getvalue()


def linked(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def bound(path: Path) -> None:
    """A socket; its name may be no longer than 108 bytes."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def lay(raw: Path) -> dict[str, Entry]:
    """Put all of them into a folder."""
    laid = {}
    for entry in entries():
        path = raw / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entry.content, bytes):
            path.write_bytes(entry.content)
        else:
            entry.content(path)
        assert entry.name not in laid, entry.name
        laid[entry.name] = entry
    return laid


UNREADABLE = {"halves": b"\xff\xfe\x00\xd8" * 9, "empty": b"", "random": os.urandom(4096)}
"""Files of which nothing can be read."""
BESIDE = {
    "letter": "读者来信，没有数字。",
    "where": "朝阳区设置3个集中隔离点。\n",
    "one": "2020年7月8日，郑州市中原区共设置3个集中隔离点。\n",
    "two": "2020年7月8日，郑州市中原区共设置4个集中隔离点。\n",
}
"""Texts beside a page that say nothing, do not say where, or contradict each other."""
