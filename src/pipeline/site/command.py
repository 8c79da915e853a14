"""`wenshu site build|serve`."""

from __future__ import annotations

import sys
from argparse import Namespace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.project import project_of


def run(args: Namespace) -> int:
    """Run `wenshu site` with its parsed arguments; the exit code."""
    project = project_of(args)
    if args.action == "build":
        from pipeline.site import build

        print(one_line(str(build(project.output, project.catalog, anew=True) / "index.html")))
        return 0
    return serve(project.output / "site", args.port)


def serve(site: Path, port: int) -> int:
    """Serve the site on this machine alone, until it is stopped; a site built meanwhile is served at once."""
    if not (site / "index.html").is_file():
        raise WenshuError(f"{one_line(str(site))} is not there yet; `wenshu site build` makes it")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(site)))
    except OSError as error:
        raise WenshuError(f"port {port} cannot be had: {error.strerror}; give another --port") from error
    with server:
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()
    return 0


class _Handler(SimpleHTTPRequestHandler):
    """Files below the site, with the types that the site's files have."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".csv": "text/csv; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".jsonld": "application/ld+json",
        ".md": "text/markdown; charset=utf-8",
        ".cff": "text/yaml; charset=utf-8",
        ".parquet": "application/vnd.apache.parquet",
    }

    def log_message(self, format: str, *args: object) -> None:
        if args and str(args[1] if len(args) > 1 else "").startswith(("4", "5")):
            print(one_line(format % args), file=sys.stderr)
