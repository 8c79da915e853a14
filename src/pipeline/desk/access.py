"""Who may use the desk: whoever was given its link, from this machine, by its own pages.

A page of elsewhere that is open in the same browser can send requests here too. It is told apart by
three things: it reaches the desk by another name (DNS rebinding), it has no cookie, for SameSite=Strict
keeps that at home, and the browser says where a change comes from.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""What this machine may be called in a request."""
READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""
JSON = "application/json"

_HOST = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9.-]{1,253}))(?::(?P<port>\d{1,5}))?"
)
HEADERS = {
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
"""Of every answer, unless it says otherwise itself."""


class Tokens:
    """The links and the sessions of one desk; all of them end with its process."""

    def __init__(self) -> None:
        self._links: set[str] = set()
        self._sessions: set[str] = set()

    def link(self) -> str:
        """A new token for the printed link, good for one use."""
        token = secrets.token_urlsafe(24)
        self._links.add(token)
        return token

    def admit(self, token: str) -> str | None:
        """The session that a link's token opens; None where it is wrong or used."""
        known = next((one for one in self._links if secrets.compare_digest(one, token)), None)
        if known is None:
            return None
        self._links.discard(known)
        session = secrets.token_urlsafe(32)
        self._sessions.add(session)
        return session

    def knows(self, session: str) -> bool:
        """Whether a session was opened here."""
        return any(secrets.compare_digest(one, session) for one in self._sessions)


class Access:
    """Lets through what comes from the desk's own pages, and answers the rest."""

    def __init__(
        self,
        app: ASGIApp,
        tokens: Tokens,
        *,
        port: int,
        host: str = "127.0.0.1",
        password: str | None = None,
        page: Callable[[str], str] = lambda said: said,
        spent: Callable[[], None] = lambda: None,
    ) -> None:
        """port, host: where it listens. password: asked of everybody where that is not this machine alone.

        page: the page that says why nothing is shown, by a word for that: see refused.html. spent: told
        when a link comes that was used before, so that the terminal can show another.
        """
        self._app, self._tokens, self._page, self._spent = app, tokens, page, spent
        self._host, self._password = host, password
        self.cookie = f"wenshu-desk-{port}"  # a cookie is not kept to a port: two desks need two names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refused := self._refused(scope, headers):
            await self._guarded(refused, scope, receive, send)
        elif token := _token(scope):
            await self._guarded(self._opened(token, headers), scope, receive, send)
        elif not self._in(headers):
            await self._guarded(self._answer(HTTPStatus.FORBIDDEN, "no_link"), scope, receive, send)
        else:
            await self._guarded(self._app, scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to what comes from elsewhere; None where it may go on."""
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._is_ours(host):
            return self._answer(HTTPStatus.MISDIRECTED_REQUEST, "wrong_host")
        if self._password is not None and not _bears(headers.get("authorization", ""), self._password):
            answer = self._answer(HTTPStatus.UNAUTHORIZED, "password")
            answer.headers["WWW-Authenticate"] = 'Basic realm="wenshu desk", charset="UTF-8"'
            return answer
        if scope["method"] in READING:
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        here = f"{scope.get('scheme', 'http')}://{host}"
        if (site or "same-origin") != "same-origin" or (origin or here) != here or not (site or origin):
            return self._answer(HTTPStatus.FORBIDDEN, "elsewhere")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            return self._answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "no_json")
        return None

    def _is_ours(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if not match:
            return False
        name = (match["six"] or match["name"]).lower()
        if name in LOOPBACK or name == self._host.lower():
            return True
        # Open to others, it is reached by an address of this machine; a name would be somebody's choice.
        return self._host not in LOOPBACK and _is_address(name)

    def _opened(self, token: str, headers: Headers) -> Response:
        session = self._tokens.admit(token)
        if session is None and not self._in(headers):
            self._spent()
            return self._answer(HTTPStatus.FORBIDDEN, "spent")
        # A page and no redirect: that would come from wherever the link was, and the cookie would stay home.
        answer = HTMLResponse(
            '<!doctype html><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/">'
            '<a href="/">→</a>'
        )
        if session:
            answer.set_cookie(self.cookie, session, httponly=True, samesite="strict", path="/")
        return answer

    def _in(self, headers: Headers) -> bool:
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        return self.cookie in cookies and self._tokens.knows(cookies[self.cookie].value)

    def _answer(self, status: HTTPStatus, said: str) -> Response:
        return HTMLResponse(self._page(said), status)

    async def _guarded(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, headed)


def _token(scope: Scope) -> str | None:
    asked = (
        parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20) if scope["path"] == "/" else {}
    )
    return next(iter(asked.get("token", [])), None)


def _bears(authorization: str, password: str) -> bool:
    scheme, _, said = authorization.partition(" ")
    try:
        _, _, given = base64.b64decode(said, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return scheme.lower() == "basic" and secrets.compare_digest(given.encode(), password.encode())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
