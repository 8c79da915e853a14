"""The data dictionary: what every column means, as CSV and as a page for people."""

from __future__ import annotations

import csv
import io
import re
from html import escape

from pipeline.releases.metadata import TITLE, Draft
from pipeline.releases.writers.csv import FORMULA
from pipeline.tables import Column, Table, Words

_COLUMNS = (
    "table", "column", "position", "type", "nullable", "key", "title_zh", "title_en", "meaning_zh",
    "meaning_en", "unit", "vocabulary", "references", "concept",
)  # fmt: skip

_NOTES = (
    (
        "csv",
        "encoding",
        "UTF-8，带 BOM；换行为 LF；逗号分隔；列的次序固定。",
        "UTF-8 with BOM, lines end in LF, cells are separated by commas, columns are in a fixed order.",
    ),
    (
        "csv",
        "empty cells",
        '空单元格为无值；"" 为空文字。',
        'An empty cell is no value; "" is an empty text.',
    ),
    ("csv", "numbers", "精确的十进制数，不用指数。", "Exact decimals, never an exponent."),
    (
        "csv",
        "escaped cells",
        "文字单元格以 = + - @ 制表符 回车 换行 或其全角形式开头的，前加一个撇号 '；"
        "以撇号后接上述字符开头的也加一个。还原：文字单元格以一个或多个撇号后接上述字符开头的，"
        "去掉第一个撇号。数字列从不加。",
        "A text cell that begins with = + - @, tab, CR, LF or a fullwidth form of these has one apostrophe ' "
        "put before it, and so has one that begins with apostrophes followed by such a character. To undo "
        "it: where a text cell begins with one or more apostrophes followed by such a character, drop the "
        "first. Cells of number columns are never changed.",
    ),
    (
        "xlsx",
        "long numbers",
        "超过 15 位有效数字的数在 XLSX 中为文字，以免被舍入。",
        "Numbers of more than 15 significant digits are text in the XLSX, which would round them.",
    ),
    (
        "xlsx",
        "long texts",
        "超过 32767 个字符的文字在 XLSX 中截断并以 … 结尾；CSV 与 Parquet 是全的。",
        "Texts of more than 32,767 characters are cut in the XLSX and end in …; CSV and Parquet have them "
        "whole.",
    ),
)
"""How the files are written: file, matter, Chinese, English."""
_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;margin:2rem auto;
max-width:75rem;padding:0 1rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8886}
code{font-size:.9em}
[lang=en]{opacity:.8}
"""
_HEADS = (("列", "column"), ("类型", "type"), ("名称", "title"), ("含义", "meaning"), ("单位", "unit"))


def as_csv(draft: Draft) -> str:
    """The file dictionary.csv. Lines without a table say how the files are written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for table in draft.tables:
        targets = {
            column: f"{key.table}.{target}"
            for key in table.foreign_keys
            for column, target in zip(key.columns, key.references, strict=True)
        }
        for position, column in enumerate(table.columns, 1):
            cells = (
                table.name, column.name, str(position), column.type,
                "false" if column.required else "true", "true" if column.name in table.key else "false",
                *column.title, *column.meaning, column.unit or "", " ".join(column.vocabulary),
                targets.get(column.name, ""), column.concept or "",
            )  # fmt: skip
            writer.writerow(map(_safe, cells))
    for kind, matter, zh, en in _NOTES:
        writer.writerow((*[""] * 6, kind, matter, _safe(zh), _safe(en), *[""] * 4))
    return "\ufeff" + text.getvalue()


def as_page(draft: Draft) -> str:
    """The file dictionary.html, which needs no other."""
    links = "".join(f'<li><a href="#{table.name}">{_both(table.title)}</a></li>' for table in draft.tables)
    notes = "".join(f"<li><b>{escape(kind)}</b> {_both(Words(zh, en))}</li>" for kind, _, zh, en in _NOTES)
    return (
        '<!doctype html>\n<html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>数据字典 Data dictionary · wenshu {escape(draft.version)}</title>"
        f"<style>{_STYLE}</style></head>"
        f'<body><main><h1>数据字典 <span lang="en">Data dictionary</span></h1><p>{_both(TITLE)} '
        f"{escape(draft.version)}</p><nav><ul>{links}</ul></nav>"
        + "".join(map(_section, draft.tables))
        + '<section><h2>文件写法 <span lang="en">How the files are written</span></h2>'
        + f"<ul>{notes}</ul></section>"
        "</main></body></html>\n"
    )


def _section(table: Table) -> str:
    heads = "".join(f'<th scope="col">{_both(Words(*head))}</th>' for head in _HEADS)
    rows = "".join(_row(table, column) for column in table.columns)
    return (
        f'<section id="{escape(table.name)}"><h2>{_both(table.title)} <code>{escape(table.name)}</code></h2>'
        f'<p>{_both(table.description)}</p><div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _row(table: Table, column: Column) -> str:
    key = " 🔑" if column.name in table.key else ""
    values = f"<br><code>{escape(' · '.join(column.vocabulary))}</code>" if column.vocabulary else ""
    optional = "" if column.required else '<br>可空 <span lang="en">nullable</span>'
    return (
        f'<tr><th scope="row"><code>{escape(column.name)}</code>{key}</th><td>{column.type}{optional}</td>'
        f"<td>{_both(column.title)}</td><td>{_both(column.meaning)}{values}</td>"
        f"<td>{escape(column.unit or '')}</td></tr>"
    )


def _both(words: Words) -> str:
    return f'{escape(words.zh)} <span lang="en">{escape(words.en)}</span>'


def _safe(cell: str) -> str:
    """The cell, as safe in a spreadsheet as the tables' own."""
    return f"'{cell}" if re.match(FORMULA, cell) else cell
