"""The desk as an application: every screen's addresses, what pages load besides, and who decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from pipeline.desk import (
    articles_screen,
    catalog_screens,
    decisions_screen,
    morning_screen,
    queue_screen,
    releases_screen,
)
from pipeline.desk.answers import MissingError, Screen
from pipeline.desk.desk import Desk
from pipeline.desk.officers import keep_officer
from pipeline.desk.pages import ASSETS
from pipeline.web.environment import asset

SCREEN = Screen()
_SCREENS = (
    morning_screen, queue_screen, catalog_screens, decisions_screen, articles_screen, releases_screen,
)  # fmt: skip


def application(desk: Desk) -> Starlette:
    """The desk as an ASGI application; `access.Access` stands before it."""
    made = Starlette(
        routes=[*SCREEN.routes, *(route for screen in _SCREENS for route in screen.SCREEN.routes)]
    )
    made.state.desk = desk
    return made


@SCREEN.page("/assets/{name}", "/favicon.ico")
def _asset(desk: Desk, request: Request) -> Response:
    """A style, a script or the icon, which browsers also ask for by a name of their own."""
    name = request.path_params.get("name", "icon.svg")
    if name not in ASSETS:
        raise MissingError
    face, kind = ASSETS[name]
    return Response(asset(face, name), media_type=kind)


@SCREEN.change("/api/officer")
def _officer(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"officer": keep_officer(desk.home, str(said.get("name", "")))}
