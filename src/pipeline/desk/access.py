"""Who may use the desk: whoever was given its link, from this machine, by its own pages.

A page of another site that is open in the same browser can send requests here too. Three things tell
it apart: it reaches the desk by another host name (DNS rebinding), it has no cookie, for SameSite=Strict
keeps that from it, and the browser says where a change comes from.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import secrets
import sys
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.desk.pages import refusal
from pipeline.language import localized

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Host names of this machine in a request."""
_READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""

_HOST = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9.-]{1,253}))(?::(?P<port>\d{1,5}))?"
)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Of every response, unless it sets its own."""


class Access:
    """Passes requests of the desk's own pages on to `app`, and answers all others.

    Its links and sessions end with the process.
    """

    app: ASGIApp

    def __init__(self, port: int, host: str = "127.0.0.1", password: str | None = None) -> None:
        """port, host: where the desk listens. password: asked of everybody where others can reach it."""
        self._port, self._host, self._password = port, host, password
        self._cookie = f"wenshu-desk-{port}"  # cookies do not tell ports apart: two desks need two names
        self._links: set[str] = set()
        self._sessions: set[str] = set()

    def link(self) -> str:
        """A new address that opens the desk once."""
        token = secrets.token_urlsafe(24)
        self._links.add(token)
        name = "127.0.0.1" if self._host in ("127.0.0.1", "0.0.0.0", "localhost") else self._host
        name = f"[{name}]" if ":" in name else name
        return f"http://{name}:{self._port}/?token={token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                response = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    response.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        app: ASGIApp = self.app
        if refused := self._refused(scope, headers):
            app = refused
        elif token := _token(scope):
            app = self._opened(token, headers)
        elif not self._has_session(headers):
            app = _refusal(HTTPStatus.FORBIDDEN, "no_link")
        await app(scope, receive, send_with_headers)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        """The response to a request from elsewhere; None for one of the desk's own."""
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._is_own_name(host):
            return _refusal(HTTPStatus.MISDIRECTED_REQUEST, "wrong_host")
        if self._password is not None and not _has_password(headers, self._password):
            response = _refusal(HTTPStatus.UNAUTHORIZED, "password")
            response.headers["WWW-Authenticate"] = 'Basic realm="wenshu desk", charset="UTF-8"'
            return response
        if scope["method"] in _READING:
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        here = f"{scope.get('scheme', 'http')}://{host}"
        if (site or "same-origin") != "same-origin" or (origin or here) != here or not (site or origin):
            return _refusal(HTTPStatus.FORBIDDEN, "elsewhere")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "no_json")
        return None

    def _is_own_name(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if not match:
            return False
        name = (match["six"] or match["name"]).lower()
        if name in LOOPBACK or name == self._host.lower():
            return True
        # Open to others, it is reached by an address of this machine; a name would be somebody's choice.
        return self._host not in LOOPBACK and _is_address(name)

    def _opened(self, token: str, headers: Headers) -> Response:
        """The response to a link: a session where it is new."""
        if token not in self._links and not self._has_session(headers):
            message = localized("那个链接已经用过；新的链接", "that link was used; here is another")
            print(f"{message}  {self.link()}", file=sys.stderr, flush=True)
            return _refusal(HTTPStatus.FORBIDDEN, "spent")
        # A page and no redirect: that would count as of the site that the link was on, without the cookie.
        response = HTMLResponse(
            '<!doctype html><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/">'
            '<a href="/">→</a>'
        )
        if token in self._links:
            self._links.remove(token)
            session = secrets.token_urlsafe(32)
            self._sessions.add(session)
            response.set_cookie(self._cookie, session, httponly=True, samesite="strict", path="/")
        return response

    def _has_session(self, headers: Headers) -> bool:
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        return self._cookie in cookies and cookies[self._cookie].value in self._sessions


def _refusal(status: HTTPStatus, why: str) -> Response:
    return HTMLResponse(refusal(why), status)


def _token(scope: Scope) -> str | None:
    query = scope["query_string"].decode("latin-1") if scope["path"] == "/" else ""
    return next(iter(parse_qs(query, max_num_fields=20).get("token", [])), None)


def _has_password(headers: Headers, password: str) -> bool:
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    try:
        _, _, given = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return scheme.lower() == "basic" and secrets.compare_digest(given.encode(), password.encode())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
