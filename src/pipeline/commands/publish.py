"""`wenshu publish`, and what a night does about a project's URL."""

from __future__ import annotations

from argparse import Namespace

from pipeline.errors import WenshuError, one_line
from pipeline.logs import tell
from pipeline.project import Project, project_of
from pipeline.releases.elsewhere import fetch, send
from pipeline.releases.shelf import Shelf


def run(args: Namespace) -> int:
    """Run `wenshu publish` with its parsed arguments; the exit code."""
    project = project_of(args)
    url = args.url or project.publish_to
    if url is None:
        raise WenshuError("no URL to publish to; give one, or set url in [publish] of wenshu.toml")
    version = send(project.output, url)
    if version is None:
        raise WenshuError("nothing was released yet; `wenshu run` makes the first release")
    print(f"{version}  {one_line(url)}")
    return 0


def bring(project: Project) -> None:
    """Before a night: on a new machine, go on from what is published at the project's URL."""
    if not project.publish_to or Shelf(project.output).latest():
        return
    if version := fetch(project.publish_to, project.output):
        place = one_line(project.publish_to)
        tell("going_on", f"going on from {version} of {place}", people=True, version=version, url=place)


def published(project: Project) -> str:
    """After a release: publish it to the project's URL; what went wrong in one line, else empty."""
    try:
        if project.publish_to:
            send(project.output, project.publish_to)
    except (WenshuError, OSError) as error:
        return f"not published elsewhere: {one_line(str(error))}; mend this, then `wenshu publish`"
    return ""
