"""Nights for tests that look at no site, whose pages are a third of what a small night computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline import night as nights
from pipeline.night import Perform, Run, plainly
from pipeline.night.results import Shown
from pipeline.project import Project


def night(project: Project, perform: Perform = plainly, **more: Any) -> Run:
    """A night but for the site and what is sent to a URL. perform, more: as of `pipeline.night.night`."""

    def without_site(name: str, stage: Callable[[], Any]) -> Any:
        return Shown() if name == "site" else perform(name, stage)

    return nights.night(project, without_site, **more)
