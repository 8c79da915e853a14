"""From a request to an answer: pages, and changes asked for in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from pipeline.desk.pages import page
from pipeline.errors import WenshuError, masked, one_line
from pipeline.language import language, one_language, translated
from pipeline.yamlwriting import ConflictError

LARGEST = 256 * 1024
"""Bytes of a change, unless it brings a file."""


class MissingError(Exception):
    """What an address names is not there."""


def shown(make: Callable[[Request], str | Response]) -> Callable[[Request], Any]:
    """The endpoint of a page, made in a thread of its own; what the user has to mend is told in one."""

    async def endpoint(request: Request) -> Response:
        try:
            made = await run_in_threadpool(make, request)
        except MissingError:
            return HTMLResponse(page("refused.html", language(), why="gone"), HTTPStatus.NOT_FOUND)
        except WenshuError as error:
            said = _in_words(str(error))
            return HTMLResponse(page("refused.html", language(), said=said), HTTPStatus.CONFLICT)
        return HTMLResponse(made) if isinstance(made, str) else made

    return endpoint


def changed(
    make: Callable[[Mapping[str, Any]], Mapping[str, Any]], largest: int = LARGEST
) -> Callable[[Request], Any]:
    """The endpoint of a change: a JSON object in, a JSON object out.

    What the user can mend is answered with its message and 422, what somebody else changed
    meanwhile with 409, more than `largest` bytes with 413.
    """

    async def endpoint(request: Request) -> Response:
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
            return JSONResponse(dict(await run_in_threadpool(make, said)))
        except ConflictError as error:
            return _error(HTTPStatus.CONFLICT, str(error))
        except WenshuError as error:
            return _error(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        except MissingError:
            return _error(HTTPStatus.NOT_FOUND, "that is not there any more; load the page again")
        except OSError as error:
            return _error(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error.filename}: {error.strerror}")

    return endpoint


def _error(status: HTTPStatus, message: str) -> Response:
    return JSONResponse({"error": _in_words(message)}, status)


def _in_words(message: str) -> str:
    return one_language(translated(one_line(masked(message))))
