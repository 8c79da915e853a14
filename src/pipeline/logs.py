"""What a run tells of itself on stderr: lines for people, or a JSON object a line for machines.

An event has a name and what there is to say of it. Machines get all of them; people get those
that they are not told otherwise, by the display, by the list of issues or by the result.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import WenshuError, masked, one_line
from pipeline.language import translated

INFO, WARNING, ERROR = logging.INFO, logging.WARNING, logging.ERROR

RUN: ContextVar[str | None] = ContextVar("run", default=None)
"""The run that is at work."""

_LOG = logging.getLogger("pipeline")
_LOG.addHandler(logging.NullHandler())  # who calls the library and asks for no log gets none


def tell(event: str, message: str, /, *, level: int = INFO, people: bool = False, **said: Any) -> None:
    """Tell of an event. people: whether they see the message. said: what else machines are told."""
    _LOG.log(level, "%s", message, extra={"event": event, "people": people, "said": said, "run": RUN.get()})


@contextmanager
def on_stderr(form: str) -> Iterator[None]:
    """Have events come out on stderr while this lasts. form: text or json.

    In JSON so do warnings, and what other libraries log as warnings or worse. Held
    twice, the outer one counts.
    """
    if any(isinstance(handler, _Stderr) for handler in _LOG.handlers):
        yield
        return
    handler, level = _Stderr(sys.stderr), _LOG.level
    handler.setFormatter(_Json() if form == "json" else _Plain())
    if form != "json":
        handler.addFilter(lambda record: getattr(record, "people", True))
    others = logging.getLogger() if form == "json" else None
    _LOG.addHandler(handler)
    _LOG.setLevel(INFO)
    _LOG.propagate = False
    if others:
        others.addHandler(handler)
        logging.captureWarnings(True)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(level)
        _LOG.propagate = True
        if others:
            others.removeHandler(handler)
            logging.captureWarnings(False)


def in_json(work: Callable[[], int], *, stopped: int, failed: int) -> int:
    """The exit code of a command that tells of itself in JSON, of what goes wrong with it too.

    stopped: the code after Ctrl-C. failed: the code where it could not be done.
    """
    with on_stderr("json"):
        try:
            return work()
        except KeyboardInterrupt:
            tell("stopped", "stopped", level=WARNING)
            return stopped
        except (WenshuError, OSError) as error:
            tell("error", str(error), level=ERROR)
        except Exception as error:  # a fault of ours, with all that helps to find it
            _LOG.exception("%r", error, extra={"event": "fault", "run": RUN.get()})
        return failed


class _Stderr(logging.StreamHandler[Any]):
    """Ours, among other handlers."""


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"wenshu: {one_line(translated(masked(record.getMessage())))}"


class _Json(logging.Formatter):
    """One object a line, in ASCII: whatever stands in a text, it is no line and no terminal's command."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "run": getattr(record, "run", None) or RUN.get(),
            "message": record.getMessage(),
            **getattr(record, "said", {}),
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        shown = {name: masked(value) if isinstance(value, str) else value for name, value in said.items()}
        return json.dumps(shown, default=str)
