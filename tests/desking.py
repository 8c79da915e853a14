"""A desk that listens on loopback, for the tests, and who visits it without a browser."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from nights import night
from officer import project

from pipeline.desk.server import DeskServer
from pipeline.night.run import Run
from pipeline.project import load_project

OFFICER = "张三"
TOWNS = "青石 柳塘 云岭 临川 白河 东湾 西坪 北桥 南岗 中集 长兴 永安".split()


def one_night(root: Path, hour: int) -> Run:
    return night(project(root), now=dt.datetime(2026, 11, 10, hour, tzinfo=dt.UTC))


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def markets() -> str:
    """A sentence a town, whose parts do not make its whole."""
    return "\n".join(
        f"{town}镇列入提升计划的{60 + 3 * n}个农贸市场，{10 + n}个基本改造完成，{20 + n}个进入收尾阶段，"
        f"{31 + n}个近期全部开工。\n"
        for n, town in enumerate(TOWNS)
    )


class Visitor:
    """Somebody with the link, whose browser says where its requests come from."""

    def __init__(self, served: DeskServer, root: Path) -> None:
        self.served, self.root, self.port = served, root, served.port
        self.cookie = ""

    def enter(self) -> Visitor:
        link = urlsplit(self.served.link())
        answer = self.ask("GET", f"{link.path}?{link.query}")
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return self

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, form: object, **headers: str) -> Answer:
        """headers: with underscores for hyphens; an empty one is left out."""
        ours = {"Content_Type": "application/json", "Sec_Fetch_Site": "same-origin"}
        return self.ask("POST", path, json.dumps(form).encode(), ours | headers)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        sent = {"Cookie": self.cookie, **{n.replace("_", "-"): v for n, v in (headers or {}).items()}}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {n: v for n, v in sent.items() if v})
            answer = connection.getresponse()
            return Answer(
                answer.status,
                {n.lower(): v for n, v in answer.getheaders()},
                answer.read().decode("utf-8", "replace"),
            )
        finally:
            connection.close()


class Form(HTMLParser):
    """What a page's form holds, as a browser would send it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, object] = {}
        self._choice = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "select":
            self._choice = attributes["name"] or ""
            self.fields[self._choice] = ""
        elif tag == "option" and "selected" in attributes and self._choice:
            before = str(self.fields[self._choice])
            self.fields[self._choice] = f"{before} {attributes['value']}".strip()
        elif tag == "input" and "name" in attributes:
            name, box = attributes["name"] or "", attributes.get("type") == "checkbox"
            self.fields[name] = "checked" in attributes if box else attributes.get("value") or ""


@contextmanager
def opened(root: Path, **options: Any) -> Iterator[Visitor]:
    """A desk on the project in this folder, and a visitor who came in by its link."""
    home = root / ".home"
    home.mkdir(exist_ok=True)
    (home / "officer.txt").write_text(OFFICER, encoding="utf-8")
    served = DeskServer(load_project(cwd=root), home=home, **options)
    ready = Event()
    thread = Thread(target=served.serve, args=(lambda link: ready.set(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        visitor = Visitor(served, root)
        yield visitor if options else visitor.enter()
    finally:
        served.stop()
        thread.join(10)


def open_cards(desk: Visitor) -> int:
    return len(desk.served.desk.cards())
