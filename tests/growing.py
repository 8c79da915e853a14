"""What is made to look like more than it is: texts of one piece again and again, and files of one fault."""

# ruff: noqa: E501 - a table, in which Chinese counts twice

from __future__ import annotations

import json
from collections.abc import Callable

from docx import Document
from offices import NEWS, docx, mail, pdf, saved, xlsx

PIECES = (
    *"1: 12（ 改造小区487个， 同比增长8%， 其中 “ （ 1、 第1、 万 亿 的 9 |1 甲1乙 1. 增长 百分之 1- 1/ 每3米".split(),
    *"（亿元）1 突破1的 [1] 1×1 2020.01 半 数天 1小时1分 O0 ① 〇 零 两 三四 十 百 千 一百 三成 三分之一 1/3 1%".split(),
    *"1‰ １ １，２ 1,000 1,1,1 -1 −1 +1 ± ~ 1~2 1至2 1—2 从1到2 由1增至2 1比1 1∶1 1＝1 1= 1+1= 1+1=2 占1% 占比1".split(),
    *"比上年增长1% 较去年同期下降1个百分点 环比 分别为1、2、3 分别增长1%、2% 合计1 共1 总计1 其中：1个 包括1 即1 余1".split(),
    *"1余 1多 近1 约1 超1 不足1 1以上 1左右 1年 1月 1日 2020年 2020年1月1日 去年 今年 本月 上半年 一季度 1—3月 截至1月末".split(),
    *"第一 第1 其一 首个 12345热线 六厂前街 1号 1楼 M03 A1 1A 1e9 0x1 1米 1平方米 1公里/小时 1元/吨 1亿元 1万亿元 ￥1 $1".split(),
    *"1人 1人次 1户1人 1个1个 甲、乙、丙1个 ，，， 。。。 、、、 ；1； ：1： “1” 《1》 【1】 （1） ((1 )) （（ ）） 「1」".split(),
    *"a 甲 甲乙丙丁 全市 中原区 郑州市中原区 河南省郑州市 老旧小区 改造老旧小区 完成 完成投资 实现 实现增加值".split(),
    *"1个百分点 翻1番 1倍 增1倍 是1的2倍 每1人1元 人均1元 每百户1辆 计划1，完成1 目标1 力争达到1 不1 没有1 未达1".split(),
    "1 ", "\n1", "a\n1\n", "\u200b1", "1\u3000", "三 ", "\n", " ", "1\t", "| 1 | 2 |\n", "\n甲 1 2\n", "指标 | 1\n", "\r1", "\ufeff1",
    "事故37起，死亡33人。其中，甲业30起，死亡26人；乙业5起，死亡5人；丙业2起，死亡2人。",
    "第1条 ", "1. 甲\n", "一、甲\n", "（一）甲1\n", "注：1\n", "表1 甲（亿元）\n", "年份 2019 2020\n", "—1\n—2\n",
)  # fmt: skip
"""Of each a text is made of nothing else."""


def html(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><article><p>{NEWS}</p>{body}</article></body></html>".encode()


def runs(number: int) -> bytes:
    """A Word document of one paragraph in so many pieces."""
    document = Document()
    paragraph = document.add_paragraph()
    for _ in range(number):
        paragraph.add_run("共9个，")
    return saved(document)


def lines(*said: object) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in said)


Make = Callable[[int], bytes]
FILES: dict[str, tuple[int, Make]] = {
    "attributes.html": (40_000, lambda n: html(f"<p {' '.join(f'a{k}=1' for k in range(n))}>共9个")),
    "nested.html": (150, lambda n: html("<div>" * n + "共9个" + "</div>" * n)),
    "open.html": (800, lambda n: html("<b>" * n + "共9个")),
    "tables.html": (60, lambda n: html("<table><tr><td>" * n + "9" + "</table>" * n)),
    "rows.html": (400, lambda n: html(f"<table>{'<tr><td>甲<td>9</tr>' * n}</table>")),
    "columns.html": (1500, lambda n: html(f"<table><tr>{'<td>9' * n}</table>")),
    "paragraphs.html": (400, lambda n: html("".join(f"<p>共{k}个小区。</p>" for k in range(n)))),
    "links.html": (800, lambda n: html("".join(f"<a href=/{k}>标题{k}</a>" for k in range(n)))),
    "entities.html": (4000, lambda n: html("&amp;&#20849;&#x39;" * n)),
    "comments.html": (2000, lambda n: html("<!--共9个-->" * n)),
    "breaks.html": (1500, lambda n: html("共9个<br>" * n)),
    "metas.html": (800, lambda n: html("共9个", "<meta name=PubDate content=2026>" * n)),
    "spans.html": (800, lambda n: html("<span style=x>共</span>9" * n)),
    "text.html": (40_000, lambda n: html("共9个" * n)),
    "scripts.html": (800, lambda n: html("<script>x</script>" * n)),
    "lists.html": (100, lambda n: html("<ul><li>9" * n)),
    "pages.pdf": (25, lambda n: pdf(*[f"第{k}页共{k}人" for k in range(n)])),
    "lines.pdf": (300, lambda n: pdf("\n".join(f"第{k}行共{k}人" for k in range(n)))),
    "line.pdf": (3000, lambda n: pdf("共9个" * n)),
    "letters.pdf": (1500, lambda n: pdf("\n".join("9" * n))),
    "paragraphs.docx": (300, lambda n: docx(*[f"共{k}个小区。" for k in range(n)])),
    "rows.docx": (60, lambda n: docx([("甲", str(k)) for k in range(n)])),
    "runs.docx": (400, runs),
    "rows.xlsx": (1500, lambda n: xlsx({"甲": [("正文",), *[(f"共{k}个",) for k in range(n)]]})),
    "columns.xlsx": (2000, lambda n: xlsx({"甲": [("正文", *range(n)), ("共9个", *range(n))]})),
    "sheets.xlsx": (25, lambda n: xlsx({str(k): [("正文",), (f"共{k}个",)] for k in range(n)})),
    "attachments.eml": (100, lambda n: mail(NEWS, *[(f"{k}.txt", b"9") for k in range(n)])),
    "quotes.eml": (4000, lambda n: mail("> 共9个\n" * n + NEWS)),
    "headers.eml": (1500, lambda n: b"X-A: b\n" * n + b"Subject: a\n\n9"),
    "subject.eml": (4000, lambda n: b"Subject: " + b"=?utf-8?q?a?= " * (n // 8) + b"\n\n9"),
    "folded.eml": (3000, lambda n: b"Subject: a\n" + b" b\n" * n + b"\n9"),
    "parts.eml": (
        200,
        lambda n: b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n9\n" * n + b"--x--",
    ),
    "rows.md": (300, lambda n: "| 甲 | 乙 |\n|--|--|\n".encode() + b"| 1 | 2 |\n" * n),
    "stars.md": (1500, lambda n: b"*9" * n),
    "brackets.md": (1500, lambda n: b"[9" * n),
    "ticks.md": (1500, lambda n: b"`9 " * n),
    "nested.md": (60, lambda n: b"".join(b" " * (k % 40) + b"- 9\n" for k in range(n))),
    "quotes.md": (60, lambda n: b">" * n + b"9"),
    "rows.csv": (3000, lambda n: "正文\n".encode() + "共9个\n".encode() * n),
    "columns.csv": (20_000, lambda n: ("正文" + ",a" * n + "\n共9个\n").encode()),
    "quoted.csv": (20_000, lambda n: '正文\n"'.encode() + b'""' * n + b'"\n'),
    "lines.jsonl": (3000, lambda n: lines(*[{"text": f"共{k}个"} for k in range(n)])),
    "keys.jsonl": (20_000, lambda n: lines({"text": "共9个", **{str(k): k for k in range(n)}})),
    "nested.jsonl": (20_000, lambda n: b"[" * n),
    "text.jsonl": (100_000, lambda n: lines({"text": "共9个" * n})),
    "cards.txt": (8000, lambda n: "卡号6222021234567890128，".encode() * n),
    "digits.txt": (200_000, lambda n: b"9" * n),
    "phones.txt": (20_000, lambda n: b"13800138000 " * n),
    "identities.txt": (20_000, lambda n: b"110101199003070011 " * n),
    "lines.txt": (100_000, lambda n: b"9\n" * n),
}
"""How many pieces of what a file has, and the file."""
