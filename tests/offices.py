"""Articles as offices have them: files made by the programs' own formats, for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from io import BytesIO

import openpyxl
from docx import Document

NEWS = "全市完成投资12.5亿元，同比增长8%。"
MORE = "新增绿化面积70万平方米，改造小区487个。"
TABLE = (
    ("指标", "绝对数（亿元）", "增长（%）"),
    ("地区生产总值", "1024.5", "5.6"),
    ("第一产业", "88.1", "3.2"),
)
ROWS = "指标 | 绝对数（亿元） | 增长（%）\n地区生产总值 | 1024.5 | 5.6\n第一产业 | 88.1 | 3.2"
"""The table as a text has it."""


def docx(*blocks: str | Sequence[Sequence[str]], title: str | None = None) -> bytes:
    """A Word document of paragraphs and tables."""
    document = Document()
    if title:
        document.add_heading(title, 0)
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            table = document.add_table(len(block), len(block[0]))
            for cells, row in zip(block, table.rows, strict=True):
                for text, cell in zip(cells, row.cells, strict=True):
                    cell.text = text
    return saved(document)


def xlsx(sheets: dict[str, Iterable[Sequence[object]]]) -> bytes:
    """A workbook of sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def mail(body: str, *attachments: tuple[str, bytes], html: str | None = None) -> bytes:
    """A mail with what is attached to it."""
    message = EmailMessage()
    message["Subject"], message["Date"] = "报送2026年2月数据", "Thu, 05 Mar 2026 09:30:00 +0800"
    message["From"], message["To"] = "统计科 <stat@example.org>", "news@example.org"
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in attachments:
        message.add_attachment(data, "application", "octet-stream", filename=name)
    return message.as_bytes()


def saved(document: object) -> bytes:
    """What a document's own save() writes."""
    file = BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF whose pages show these texts, line below line, in a font that every reader knows by name."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts["
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>]>>",
    ]
    for number, text in enumerate(pages):
        lines = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in text.split("\n"))
        shown = f"BT /F 12 Tf 16 TL 50 700 Td {lines} ET"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Resources<</Font<</F 3 0 R>>>>/Contents "
            f"{5 + 2 * number} 0 R>>",
            f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    return (
        out + f"{head}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()
    )
