"""`wenshu publish`: send the releases and the site to a URL."""

from __future__ import annotations

from argparse import Namespace

from pipeline.commands.releases import NO_RELEASE
from pipeline.errors import WenshuError, one_line
from pipeline.project import project_from_args
from pipeline.releases.remote_publishing import send
from pipeline.remote import require_no_credentials


def run(args: Namespace) -> int:
    """Run `wenshu publish` with its parsed arguments; the exit code."""
    project = project_from_args(args)
    url = args.url or project.publish_to
    if url is None:
        raise WenshuError("no URL to publish to; give one, or set url in [publish] of wenshu.toml")
    version = send(project.output, require_no_credentials(url))
    if version is None:
        raise WenshuError(NO_RELEASE)
    print(f"{version}  {one_line(url)}")
    return 0
