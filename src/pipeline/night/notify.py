"""Word of a run to whoever is to know: a command of the project's own, with the summary on its stdin."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from pipeline.errors import one_line
from pipeline.night.summary import headline, markdown
from pipeline.project import Project

if TYPE_CHECKING:
    from pipeline.night import Run

_PATIENCE = 60.0
"""Seconds that the command may take."""


def tell(project: Project, run: Run) -> str:
    """Run the project's notify command, where it has one; what went wrong with it, or nothing.

    The command is started as its words say, by no shell. Its stdin is the run's summary in
    Markdown; WENSHU_OUTCOME, WENSHU_VERSION, WENSHU_HEADLINE and WENSHU_RUN (the folder of
    the run's report) are in its environment. A night is over by then: nothing undoes it.
    """
    if not project.notify:
        return ""
    said = {
        "WENSHU_OUTCOME": run.outcome,
        "WENSHU_VERSION": run.version or "",
        "WENSHU_HEADLINE": headline(run),
        "WENSHU_RUN": str(run.folder),
    }
    try:
        subprocess.run(
            project.notify,
            input=markdown(run).encode("utf-8", "replace"),
            env=os.environ | said,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or b""
        last = told.decode("utf-8", "replace").strip().splitlines()[-1:]
        why = last[0] if last else str(error)
        return f"the notification was not sent: {one_line(why)}; see [notify] in wenshu.toml"
    return ""
