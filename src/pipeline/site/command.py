"""`wenshu site build|serve`."""

from __future__ import annotations

import mimetypes
import os
from argparse import Namespace
from contextlib import closing
from pathlib import Path, PurePath

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from pipeline.errors import WenshuError, one_line
from pipeline.project import project_from_args
from pipeline.releases.metadata import MEDIA_TYPES
from pipeline.site.build import build_of
from pipeline.web.local_server import LocalServer

_TYPES = {
    ".js": "text/javascript",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".cff": "text/yaml",
    ".parquet": MEDIA_TYPES["parquet"],
}
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
_HOSTS = ["127.0.0.1", "localhost"]
"""The names of this machine in a request. A request by another name comes from a web page of another site."""


def run(args: Namespace) -> int:
    """Run `wenshu site` with its parsed arguments; the exit code."""
    project = project_from_args(args)
    if args.action == "build":
        print(one_line(str(build_of(project, anew=True).path / "index.html")))
        return 0
    site = project.output / "site"
    if not (site / "index.html").is_file():
        raise WenshuError(f"{one_line(str(site))} is not there yet; `wenshu site build` makes it")
    with closing(LocalServer(port=args.port)) as server:
        print(f"http://127.0.0.1:{server.port}/", flush=True)
        server.serve(site_application(site))
    return 0


class _Pages(StaticFiles):
    """The files of the site: no lists of folders, no hidden files."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file of a path; none for hidden files and for what is outside of the site."""
        hidden = any(part.startswith(".") for part in PurePath(path).parts)
        return ("", None) if hidden else super().lookup_path(path)

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers.update(_HEADERS)
        return answer


def site_application(site: Path) -> Starlette:
    """The site for this machine alone; a site that is built meanwhile is served at once."""
    for suffix, kind in _TYPES.items():
        mimetypes.add_type(kind, suffix)
    pages = _Pages(directory=site, html=True, follow_symlink=True)
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)
    return Starlette(routes=[Mount("/", pages)], middleware=[hosts])
