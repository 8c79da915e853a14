"""The log of a run on stderr: text lines for people, or JSON lines for machines.

An event has a name, a message and fields. The JSON log has every event; the text log leaves out those
that the display, the list of issues or the result shows anyway.
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
from pipeline.language import translate

INFO, WARNING, ERROR = logging.INFO, logging.WARNING, logging.ERROR

CURRENT_RUN: ContextVar[str | None] = ContextVar("run", default=None)
"""The run that is in progress."""

_LOG = logging.getLogger("pipeline")
_LOG.addHandler(logging.NullHandler())  # silent unless a program that uses the library asks for a log


def log_event(event: str, message: str, /, *, level: int = INFO, people: bool = False, **fields: Any) -> None:
    """Log an event. people: whether the text log shows its message. fields: added to the JSON object."""
    extra = {"event": event, "people": people, "fields": fields, "run": CURRENT_RUN.get()}
    _LOG.log(level, "%s", message, extra=extra)


@contextmanager
def log_to_stderr(form: str) -> Iterator[None]:
    """Log to stderr within the block. form: text or json.

    In JSON, Python warnings and other libraries' warnings and errors are logged too. An inner block
    changes nothing.
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


def run_with_json_log(work: Callable[[], int], *, stopped: int, failed: int) -> int:
    """Run a command with a JSON log, its errors included; returns its exit code.

    stopped: the code after Ctrl-C. failed: the code after an error.
    """
    with log_to_stderr("json"):
        try:
            return work()
        except KeyboardInterrupt:
            log_event("stopped", "stopped", level=WARNING)
            return stopped
        except (WenshuError, OSError) as error:
            log_event("error", str(error), level=ERROR)
        except Exception as error:  # a bug, logged with its traceback
            _LOG.exception("%r", error, extra={"event": "fault", "run": CURRENT_RUN.get()})
        return failed


class _Stderr(logging.StreamHandler[Any]):
    """A type of its own, by which our handler is recognized."""


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"wenshu: {one_line(translate(masked(record.getMessage())))}"


class _Json(logging.Formatter):
    """One object a line, in ASCII, so that no text breaks a line or controls a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "run": getattr(record, "run", None) or CURRENT_RUN.get(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        safe = {name: masked(value) if isinstance(value, str) else value for name, value in entry.items()}
        return json.dumps(safe, default=str)
