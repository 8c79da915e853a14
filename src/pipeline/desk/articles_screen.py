"""The screen of articles: what there is, what is known of each, as a reader sees it; and new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pipeline.desk.answers import MissingError, Screen
from pipeline.desk.article_cache import Article
from pipeline.desk.desk import Desk
from pipeline.desk.sidecars import FIELDS, largest_upload, refuse_mirror, sidecar_of, take_in, write_sidecar
from pipeline.texts.source import find_sources

SCREEN = Screen()
_PAGE = 100
"""Articles of one page of the list."""
_READ = 20
"""Articles that no night has seen and that are read for the list."""
_ORIGINALS = {".pdf": "application/pdf"}
"""Originals that a browser shows by itself, and its type."""


Row = Mapping[str, Any]
"""An article in the list, as the table `documents` has it; its status is new where no night has read it."""


def _largest(desk: Desk) -> int:
    """Bytes of an upload: a file's in base64, and its name."""
    return largest_upload(desk.project) * 4 // 3 + 4096


@SCREEN.page("/articles")
def _screen(desk: Desk, request: Request) -> str:
    raw, known = desk.project.raw, desk.released().documents()
    files = [path.relative_to(raw).as_posix() for path in find_sources(raw)] if raw.is_dir() else []
    wanted, status = request.query_params.get("q", ""), request.query_params.get("status", "")
    rows = _rows(desk, files, known)
    chosen = [
        row
        for row in rows
        if status in ("", row["status"]) and wanted.lower() in f"{row['path']} {row['title'] or ''}".lower()
    ]
    number = request.query_params.get("page", "1")
    page = min(max(int(number) if number.isdecimal() and len(number) < 7 else 1, 1), len(chosen) // _PAGE + 1)
    counts = Counter(row["status"] for row in rows)
    return desk.page(
        "articles.html", "/articles", rows=chosen[(page - 1) * _PAGE : page * _PAGE], total=len(chosen),
        counts=counts, wanted=wanted, status=status, page=page, pages=-(-len(chosen) // _PAGE) or 1,
        mirror=desk.project.raw_url,
    )  # fmt: skip


def _rows(desk: Desk, files: list[str], known: Mapping[str, Row]) -> list[Row]:
    """Every file's articles, those first that need a look: quarantined ones and new ones."""
    of_file: dict[str, list[Row]] = {}
    for path, row in known.items():
        of_file.setdefault(path.partition("#")[0], []).append(row)
    fresh = [file for file in files if file not in of_file]
    rows = [row for file in files for row in of_file.get(file, ())]
    rows += (_fresh(file, desk.articles.article(file) if n < _READ else None) for n, file in enumerate(fresh))
    return sorted(rows, key=lambda row: _ORDER.get(row["status"], len(_ORDER)))


_ORDER = {"quarantined": 0, "new": 1}


def _fresh(path: str, article: Article | None) -> Row:
    source = article.source if article else None
    said = {name: getattr(source, name, None) for name in ("title", "publisher", "reason")}
    status = "quarantined" if source and source.status == "quarantined" else "new"
    return {**said, "path": path, "issue_date": source and source.issued, "status": status}


@SCREEN.page("/articles/{path:path}")
def _article(desk: Desk, request: Request) -> str:
    path = request.path_params["path"]
    article = desk.articles.article(path)
    if article is None:
        raise MissingError
    said, seen = sidecar_of(article.path)
    derived = {
        name: "" if (found := getattr(article.source, name)) is None else str(found) for name in FIELDS
    }
    return desk.page(
        "article.html", "/articles", article=article, paragraphs=tuple(article.paragraphs()), said=said,
        seen=seen, derived=derived, fields=FIELDS, original=article.path.suffix.lower() in _ORIGINALS,
        mirror=desk.project.raw_url,
    )  # fmt: skip


@SCREEN.page("/original/{path:path}")
def _original(desk: Desk, request: Request) -> Response:
    """The file itself, where a browser shows it without running anything of it."""
    article = desk.articles.article(request.path_params["path"])
    if article is None or (kind := _ORIGINALS.get(article.path.suffix.lower())) is None:
        raise MissingError
    policy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    return FileResponse(article.path, media_type=kind, headers={"Content-Security-Policy": policy})


@SCREEN.change("/api/sidecar")
def _sidecar(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    desk.decider()
    refuse_mirror(desk.project)
    article = desk.articles.article(str(said.get("path", "")))
    if article is None:
        raise MissingError
    return {"file": write_sidecar(article.path, said, str(said.get("seen", ""))).name}


@SCREEN.change("/api/upload", _largest)
def _upload(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    desk.decider()
    path: Path = take_in(desk.project, str(said.get("name", "")), str(said.get("content", "")))
    article = desk.articles.article(path.name)
    reason = article.source.reason if article and article.source.status == "quarantined" else None
    return {"path": path.name, "address": f"/articles/{quote(path.name)}", "reason": reason}
