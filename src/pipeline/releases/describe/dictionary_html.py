"""The data dictionary as a page: self-contained, for people."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pipeline.releases.describe.dictionary_csv import NOTES
from pipeline.releases.describe.facts import TITLE, DataFile
from pipeline.tables import Column, Table, Words

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

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


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file dictionary.html."""
    links = "".join(f'<li><a href="#{table.name}">{_both(table.title)}</a></li>' for table in draft.tables)
    notes = "".join(f"<li><b>{escape(kind)}</b> {_both(Words(zh, en))}</li>" for kind, _, zh, en in NOTES)
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
