"""Routes of the desk: pages, and changes asked for in JSON, each answered by a function.

A screen registers its functions by the decorators `page` and `change`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pipeline.desk.desk import Desk
from pipeline.desk.pages import refusal
from pipeline.errors import WenshuError, masked, one_line
from pipeline.language import in_terminal_language, translate
from pipeline.safe_files import ConflictError

ROUTES: list[BaseRoute] = []
"""Of every screen that was imported; the application's state has the `desk` that answers."""

Form: TypeAlias = Mapping[str, Any]
"""What a page sends: the fields of a form."""
Page: TypeAlias = Callable[[Desk, Request], str | Response]
Change: TypeAlias = Callable[[Desk, Form], Mapping[str, Any]]

_LARGEST = 256 * 1024
"""Bytes of a change, unless it brings a file."""


def text_of(form: Form, name: str) -> str:
    """The text of a form's field; empty where the page sent none."""
    return str(form.get(name) or "").strip()


class GoneError(ConflictError):
    """What a request names is not there, or not any more."""

    def __init__(self) -> None:
        super().__init__("that is not there any more; load the page again")


def page(*paths: str) -> Callable[[Page], Page]:
    """Answer these addresses with the pages that a function makes."""

    def register(make: Page) -> Page:
        def endpoint(request: Request) -> Response:
            made = make(request.app.state.desk, request)
            return HTMLResponse(made) if isinstance(made, str) else made

        ROUTES.extend(Route(path, endpoint) for path in paths)
        return make

    return register


def change(path: str, largest: Callable[[Desk], int] = lambda _: _LARGEST) -> Callable[[Change], Change]:
    """Have a function make a change: a JSON object in, a JSON object out, 413 for more than `largest`."""

    def register(make: Change) -> Change:
        async def endpoint(request: Request) -> Response:
            desk = request.app.state.desk
            body, most = bytearray(), largest(desk)
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    return _error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"that is larger than {most} bytes")
            try:
                form = json.loads(body)
            except (ValueError, RecursionError):
                form = None
            if not isinstance(form, dict):
                return _error(HTTPStatus.BAD_REQUEST, "that is no JSON object")
            try:
                return JSONResponse(dict(await run_in_threadpool(make, desk, form)))
            except OSError as error:
                raise WenshuError(f"{error.filename}: {error.strerror}") from error

        ROUTES.append(Route(path, endpoint, methods=["POST"]))
        return make

    return register


def explain(request: Request, error: Exception) -> Response:
    """The answer to a request that fails: in JSON to a change, else a page.

    409 for what changed or went meanwhile, 422 for what is wrong in a form, 404 for a page of nothing.
    """
    if request.method == "POST":
        conflict = isinstance(error, ConflictError)
        return _error(HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    if isinstance(error, GoneError):
        return HTMLResponse(refusal("gone"), HTTPStatus.NOT_FOUND)
    return HTMLResponse(refusal(text=_message(str(error))), HTTPStatus.CONFLICT)


def _error(status: HTTPStatus, message: str) -> Response:
    return JSONResponse({"error": _message(message)}, status)


def _message(text: str) -> str:
    return in_terminal_language(translate(one_line(masked(text))))
