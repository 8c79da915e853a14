"""Notification of a run's outcome: a command of the project, with the summary on its stdin."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path

from pipeline.errors import encode_escaped, one_line
from pipeline.night.messages.summary import headline, html, text
from pipeline.night.run import Run
from pipeline.project import Project

_TIMEOUT = 60.0
"""Seconds that the command may take."""


def send_notification(project: Project, run: Run) -> str:
    """Run the project's notify command, where it has one; returns what went wrong, or nothing.

    The command is started without a shell. Its stdin is the run's summary as plain text, or a
    whole mail where the project has recipients; WENSHU_OUTCOME, WENSHU_VERSION, WENSHU_HEADLINE
    and WENSHU_RUN (the folder of the run's report) are in its environment. Of a command that fails
    only the first word is reported: its arguments and its output may hold secrets.
    """
    if not project.notify:
        return ""
    variables = {
        "WENSHU_OUTCOME": run.outcome,
        "WENSHU_VERSION": run.version or "",
        "WENSHU_HEADLINE": headline(run),
        "WENSHU_RUN": str(run.folder),
    }
    try:
        subprocess.run(
            project.notify,
            input=mail_message(run, project.notify_to) if project.notify_to else encode_escaped(text(run)),
            env=os.environ | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        why = f"ended with code {error.returncode}"
    except subprocess.TimeoutExpired:
        why = f"took longer than {_TIMEOUT:.0f} s"
    except OSError as error:
        why = f"could not be started: {error.strerror}"
    else:
        return ""
    name = one_line(Path(project.notify[0]).name)
    return f"the notification was not sent: {name} {why}; try it by hand, and see [notify] in wenshu.toml"


def mail_message(run: Run, to: Sequence[str]) -> bytes:
    """A mail about the run, as text and as HTML, as `sendmail -t` takes it."""
    message = EmailMessage()
    message["Subject"] = f"wenshu: {headline(run)}"
    message["To"] = ", ".join(to)
    message["Date"] = localtime()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(encode_escaped(text(run)).decode())
    message.add_alternative(encode_escaped(html(run)).decode(), subtype="html")
    return message.as_bytes()
