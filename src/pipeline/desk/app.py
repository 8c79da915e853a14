"""Addresses and screens: what is shown at each, and what each change does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.desk import (
    articles_screen,
    catalog_screens,
    decisions_screen,
    morning_screen,
    queue_screen,
    releases_screen,
)
from pipeline.desk.answers import MissingError, changed, shown
from pipeline.desk.desk import Desk
from pipeline.desk.officers import keep_officer
from pipeline.desk.pages import ASSETS
from pipeline.web.environment import asset

__all__ = ["Desk", "application"]


def application(desk: Desk) -> Starlette:
    """The desk as an ASGI application; `access.Access` stands before it."""
    return Starlette(
        routes=[
            Route("/assets/{name}", shown(_asset)),
            Route("/api/officer", changed(partial(_officer, desk)), methods=["POST"]),
            *morning_screen.routes(desk),
            *queue_screen.routes(desk),
            *catalog_screens.routes(desk),
            *decisions_screen.routes(desk),
            *articles_screen.routes(desk),
            *releases_screen.routes(desk),
        ]
    )


def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise MissingError
    face, kind = ASSETS[name]
    return Response(asset(face, name), media_type=kind)


def _officer(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"officer": keep_officer(desk.home, str(said.get("name", "")))}
