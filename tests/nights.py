"""Nights for tests that look at no site, whose pages are a third of what a small night computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.night.run import Run
from pipeline.night.run_night import Perform, call_stage, run_night
from pipeline.night.stage_results import SiteResult
from pipeline.project import Project


def night(project: Project, perform: Perform = call_stage, **more: Any) -> Run:
    """A night but for the site and what is sent to a URL. perform, more: as of `run_night`."""

    def without_site(name: str, stage: Callable[[], Any]) -> Any:
        return SiteResult() if name == "site" else perform(name, stage)

    return run_night(project, without_site, **more)
