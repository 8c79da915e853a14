"""The desk as an application: the routes of every screen, assets, and the officer's name."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

# Each registers its routes.
from pipeline.desk import (  # noqa: F401
    articles_screen,
    catalog_screens,
    decisions_screen,
    morning_screen,
    queue_screen,
    releases_screen,
)
from pipeline.desk.desk import Desk
from pipeline.desk.pages import PACKAGE
from pipeline.desk.routes import ROUTES, Form, GoneError, change, explain, page
from pipeline.errors import WenshuError
from pipeline.web.environment import asset

_ASSETS = {
    "desk.css": (PACKAGE, "text/css; charset=utf-8"),
    "desk.js": (PACKAGE, "text/javascript; charset=utf-8"),
    "icon.svg": ("pipeline.site", "image/svg+xml"),
}
"""Files that pages load: package and type."""


def application(desk: Desk) -> Starlette:
    """The desk as an ASGI application, to be put behind `access.Access`."""
    made = Starlette(routes=ROUTES, exception_handlers={WenshuError: explain})
    made.state.desk = desk
    return made


@page("/assets/{name}", "/favicon.ico")
def _asset(desk: Desk, request: Request) -> Response:
    """A style, a script or the icon, which browsers also ask for by a name of their own."""
    name = request.path_params.get("name", "icon.svg")
    if name not in _ASSETS:
        raise GoneError
    package, media_type = _ASSETS[name]
    return Response(asset(package, name), media_type=media_type)


@change("/api/officer")
def _officer(desk: Desk, form: Form) -> dict[str, Any]:
    return {"officer": desk.keep_officer(str(form.get("name", "")))}
