"""Word of a run to whoever is to know: a command of the project's own, with the summary on its stdin."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import encode_escaped, one_line
from pipeline.night.summary import headline, html, text
from pipeline.project import Project

if TYPE_CHECKING:
    from pipeline.night import Run

_PATIENCE = 60.0
"""Seconds that the command may take."""


def tell(project: Project, run: Run) -> str:
    """Run the project's notify command, where it has one; what went wrong with it, or nothing.

    The command is started as its words say, by no shell. Its stdin is the run's summary, as plain
    text, or as a whole mail where the project says to whom; WENSHU_OUTCOME, WENSHU_VERSION,
    WENSHU_HEADLINE and WENSHU_RUN (the folder of the run's report) are in its environment. A night
    is over by then: nothing undoes it. Of a command that fails its first word is told, and no other
    one, nor what it printed: either may hold what nobody else is to know.
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
            input=mail(run, project.notify_to) if project.notify_to else encode_escaped(text(run)),
            env=os.environ | said,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        why = f"ended with code {error.returncode}"
    except subprocess.TimeoutExpired:
        why = f"took longer than {_PATIENCE:.0f} s"
    except OSError as error:
        why = f"could not be started: {error.strerror}"
    else:
        return ""
    name = one_line(Path(project.notify[0]).name)
    return f"the notification was not sent: {name} {why}; try it by hand, and see [notify] in wenshu.toml"


def mail(run: Run, to: Sequence[str]) -> bytes:
    """A mail of the run with a part as text and one as HTML, as `sendmail -t` takes it."""
    message = EmailMessage()
    message["Subject"] = f"wenshu: {headline(run)}"
    message["To"] = ", ".join(to)
    message["Date"] = localtime()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(encode_escaped(text(run)).decode())
    message.add_alternative(encode_escaped(html(run)).decode(), subtype="html")
    return message.as_bytes()
