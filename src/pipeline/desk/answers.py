"""The addresses of the desk: pages, and changes asked for in JSON, each answered by a function."""

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
from pipeline.desk.pages import page
from pipeline.errors import WenshuError, masked, one_line
from pipeline.language import in_terminal_language, language, translate
from pipeline.safe_files import ConflictError

Show: TypeAlias = Callable[[Desk, Request], str | Response]
Change: TypeAlias = Callable[[Desk, Mapping[str, Any]], Mapping[str, Any]]

_LARGEST = 256 * 1024
"""Bytes of a change, unless it brings a file."""
_GONE = "that is not there any more; load the page again"


class MissingError(Exception):
    """What an address names is not there."""


class Screen:
    """The addresses of a screen; the application's state has the `desk` that answers."""

    def __init__(self) -> None:
        self.routes: list[BaseRoute] = []

    def page(self, *paths: str) -> Callable[[Show], Show]:
        """Have a function answer with pages at these addresses, in a thread of its own."""

        def answered(show: Show) -> Show:
            async def endpoint(request: Request) -> Response:
                return await _shown(show, request)

            self.routes += (Route(path, endpoint) for path in paths)
            return show

        return answered

    def change(
        self, path: str, largest: Callable[[Desk], int] = lambda _: _LARGEST
    ) -> Callable[[Change], Change]:
        """Have a function make a change: a JSON object in, a JSON object out, 413 for more than `largest`."""

        def answered(change: Change) -> Change:
            async def endpoint(request: Request) -> Response:
                return await _changed(change, request, largest(request.app.state.desk))

            self.routes.append(Route(path, endpoint, methods=["POST"]))
            return change

        return answered


async def _shown(show: Show, request: Request) -> Response:
    """A page; what the user has to mend is told in one."""
    try:
        made = await run_in_threadpool(show, request.app.state.desk, request)
    except MissingError:
        return HTMLResponse(page("refused.html", language(), why="gone"), HTTPStatus.NOT_FOUND)
    except WenshuError as error:
        said = _in_words(str(error))
        return HTMLResponse(page("refused.html", language(), said=said), HTTPStatus.CONFLICT)
    return HTMLResponse(made) if isinstance(made, str) else made


async def _changed(change: Change, request: Request, largest: int) -> Response:
    """What the user can mend is answered with its message and 422, what somebody else changed with 409."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            return _error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"that is larger than {largest} bytes")
    try:
        said = json.loads(body)
        if not isinstance(said, dict):
            raise ValueError
    except (ValueError, RecursionError):
        return _error(HTTPStatus.BAD_REQUEST, "that is no JSON object")
    try:
        return JSONResponse(dict(await run_in_threadpool(change, request.app.state.desk, said)))
    except ConflictError as error:
        return _error(HTTPStatus.CONFLICT, str(error))
    except WenshuError as error:
        return _error(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except MissingError:
        return _error(HTTPStatus.NOT_FOUND, _GONE)
    except OSError as error:
        return _error(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error.filename}: {error.strerror}")


def _error(status: HTTPStatus, message: str) -> Response:
    return JSONResponse({"error": _in_words(message)}, status)


def _in_words(message: str) -> str:
    return in_terminal_language(translate(one_line(masked(message))))
