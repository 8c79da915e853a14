"""The screen of articles: the list, one article with its sidecar, and uploads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pipeline.desk.articles import ReadArticle
from pipeline.desk.desk import Desk
from pipeline.desk.routes import Form, GoneError, change, page
from pipeline.desk.sidecars import (
    FIELDS,
    add_file,
    largest_upload,
    read_sidecar,
    refuse_mirror,
    write_sidecar,
)
from pipeline.texts.source import find_sources

_PAGE = 100
"""Articles of one page of the list."""
_READ = 20
"""Articles that no run has seen and that are read for the list."""
_ORDER = {"quarantined": 0, "new": 1}
"""Statuses that come first in the list: they need a look."""

Row = Mapping[str, Any]
"""An article in the list, as the table `documents` has it; its status is new where no run has read it."""


@page("/articles")
def _articles(desk: Desk, request: Request) -> str:
    wanted, status = request.query_params.get("q", ""), request.query_params.get("status", "")
    rows = _rows(desk)
    chosen = [
        row
        for row in rows
        if status in ("", row["status"]) and wanted.lower() in f"{row['path']} {row['title'] or ''}".lower()
    ]
    typed = request.query_params.get("page", "1")
    number = int(typed) if typed.isdecimal() and len(typed) < 7 else 1
    number = min(max(number, 1), len(chosen) // _PAGE + 1)
    return desk.page(
        "articles.html", "/articles", rows=chosen[(number - 1) * _PAGE : number * _PAGE], total=len(chosen),
        counts=Counter(row["status"] for row in rows), wanted=wanted, status=status, page=number,
        pages=-(-len(chosen) // _PAGE) or 1, mirror=desk.project.raw_url,
    )  # fmt: skip


def _rows(desk: Desk) -> list[Row]:
    """The articles of every file, those first that need a look: quarantined ones and new ones."""
    raw = desk.project.raw
    files = [path.relative_to(raw).as_posix() for path in find_sources(raw)] if raw.is_dir() else []
    by_file: dict[str, list[Row]] = {}
    for path, row in desk.latest_release().documents().items():
        by_file.setdefault(path.partition("#")[0], []).append(row)
    rows = [row for file in files for row in by_file.get(file, ())]
    new = [file for file in files if file not in by_file]
    rows += (_new_row(file, desk.article(file) if n < _READ else None) for n, file in enumerate(new))
    return sorted(rows, key=lambda row: _ORDER.get(row["status"], len(_ORDER)))


def _new_row(path: str, article: ReadArticle | None) -> Row:
    source = article.source if article else None
    cells = {name: getattr(source, name, None) for name in ("title", "publisher", "reason")}
    status = "quarantined" if source and source.status == "quarantined" else "new"
    return {**cells, "path": path, "issue_date": source and source.issued, "status": status}


def _article(desk: Desk, path: str) -> ReadArticle:
    article = desk.article(path)
    if article is None:
        raise GoneError
    return article


@page("/articles/{path:path}")
def _article_page(desk: Desk, request: Request) -> str:
    article = _article(desk, request.path_params["path"])
    sidecar, seen = read_sidecar(article.path)
    values = {name: getattr(article.source, name) for name in FIELDS}
    return desk.page(
        "article.html", "/articles", article=article, paragraphs=tuple(article.paragraphs()),
        sidecar=sidecar, seen=seen, original=article.is_pdf,
        derived={name: "" if value is None else str(value) for name, value in values.items()},
        mirror=desk.project.raw_url,
    )  # fmt: skip


@page("/original/{path:path}")
def _original(desk: Desk, request: Request) -> Response:
    """The file itself, where a browser shows it without running anything of it."""
    article = _article(desk, request.path_params["path"])
    if not article.is_pdf:
        raise GoneError
    policy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    return FileResponse(
        article.path, media_type="application/pdf", headers={"Content-Security-Policy": policy}
    )


@change("/api/sidecar")
def _sidecar(desk: Desk, form: Form) -> dict[str, Any]:
    desk.require_officer()
    refuse_mirror(desk.project)
    article = _article(desk, str(form.get("path", "")))
    return {"file": write_sidecar(article.path, form, str(form.get("seen", ""))).name}


# A file comes in base64, with its name.
@change("/api/upload", lambda desk: largest_upload(desk.project) * 4 // 3 + 4096)
def _upload(desk: Desk, form: Form) -> dict[str, Any]:
    desk.require_officer()
    path = add_file(desk.project, str(form.get("name", "")), str(form.get("content", "")))
    article = desk.article(path.name)
    reason = article.source.reason if article and article.source.status == "quarantined" else None
    return {"path": path.name, "address": f"/articles/{quote(path.name)}", "reason": reason}
