"""A run, or training, as a process of its own, and its progress."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import IO, Any, Literal

from pipeline.errors import WenshuError
from pipeline.language import in_terminal_language, translate

Kind = Literal["run", "dry", "train"]
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "--log-format", "json"),
    "dry": ("run", "--log-format", "json", "--dry"),
    "train": ("train",),
}
"""The command of each kind of run."""
_MOST = 2_000
"""Events that are kept of a run."""
_COMMAND = "import sys; from pipeline.cli import main; sys.exit(main())"


@dataclass
class StartedRun:
    """A run that was started here."""

    kind: Kind
    events: list[dict[str, Any]] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    """Lines of its stdout."""
    code: int | None = None
    """Its exit code; None while it is running."""


class Running:
    """Runs of one project, one at a time. Safe for several threads."""

    def __init__(self, arguments: Sequence[str]) -> None:
        """arguments: --config and the like, by which a command finds the project."""
        self._arguments = tuple(arguments)
        self._changed = Condition()
        self._process: subprocess.Popen[str] | None = None
        self.last: StartedRun | None = None
        """The run that was started last."""

    @property
    def at_work(self) -> bool:
        """Whether a run has not ended yet."""
        return self.last is not None and self.last.code is None

    def start(self, kind: Kind) -> None:
        """Start a run. Raises `WenshuError` where one is running."""
        with self._changed:
            if self.at_work:
                raise WenshuError("a run is at work already; wait for it to end")
            self._process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, *COMMANDS[kind], *self._arguments],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                text=True, encoding="utf-8", errors="replace", start_new_session=True,
            )  # fmt: skip
            self.last = StartedRun(kind)
            Thread(target=self._follow, args=(self.last, self._process), daemon=True).start()

    def stop(self) -> None:
        """Have the run end as Ctrl-C ends it; the next one goes on from there."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def wait(self, run: StartedRun, after: int, timeout: float) -> list[dict[str, Any]]:
        """The events of a run after so many, as soon as there are some or it ends; at most `timeout` s."""
        with self._changed:
            self._changed.wait_for(lambda: len(run.events) > after or run.code is not None, timeout)
            return run.events[after:]

    def _follow(self, run: StartedRun, process: subprocess.Popen[str]) -> None:
        """Read both streams of a process until it ends."""
        assert process.stdout is not None and process.stderr is not None
        reader = Thread(target=self._read_events, args=(run, process.stderr), daemon=True)
        reader.start()
        with process.stdout:
            for line in process.stdout:
                run.output.append(line.rstrip("\n"))
        reader.join()
        code = process.wait()
        with self._changed:
            run.code = code
            self._changed.notify_all()

    def _read_events(self, run: StartedRun, stderr: IO[str]) -> None:
        with stderr:
            for line in stderr:
                with self._changed:
                    if len(run.events) < _MOST:
                        run.events.append(_event(line))
                        self._changed.notify_all()


def _event(line: str) -> dict[str, Any]:
    """A line of a command's log; a line that is no JSON object as a message."""
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        event = {"event": "line", "message": line.removeprefix("wenshu: ").rstrip("\n")}
    return event | {"message": in_terminal_language(translate(str(event.get("message", ""))))}
