"""A night, or training, as a process of its own, and how far it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import IO, Any, Literal

from pipeline.errors import WenshuError
from pipeline.language import in_terminal_language, translate

Kind = Literal["run", "dry", "train"]
KINDS: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "--log-format", "json"),
    "dry": ("run", "--log-format", "json", "--dry"),
    "train": ("train",),
}
"""What can be started, and the command that it is."""
_MOST = 2_000
"""Events that are kept of a run."""
_COMMAND = "import sys; from pipeline.cli import main; sys.exit(main())"


@dataclass
class Started:
    """A run that was started here."""

    number: int
    kind: Kind
    events: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What it said on stdout."""
    code: int | None = None
    """Its exit code; None while it is at work."""


class Running:
    """Runs of one project, one at a time. Safe for several threads."""

    def __init__(self, arguments: Sequence[str]) -> None:
        """arguments: --config and the like, by which a command finds the project."""
        self._arguments = tuple(arguments)
        self._changed = Condition()
        self._last: Started | None = None
        self._process: subprocess.Popen[str] | None = None

    @property
    def last(self) -> Started | None:
        """The run that was started last."""
        return self._last

    @property
    def at_work(self) -> bool:
        """Whether a run has not ended yet."""
        return self._last is not None and self._last.code is None

    def start(self, kind: Kind) -> Started:
        """Start a run. Raises `WenshuError` where one is at work."""
        with self._changed:
            if self.at_work:
                raise WenshuError("a run is at work already; wait for it to end")
            number = self._last.number + 1 if self._last else 1
            self._process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, *KINDS[kind], *self._arguments],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                text=True, encoding="utf-8", errors="replace", start_new_session=True,
            )  # fmt: skip
            started = self._last = Started(number, kind)
        assert self._process.stdout is not None and self._process.stderr is not None
        readers = [
            Thread(target=self._listen, args=(started, self._process.stderr, True), daemon=True),
            Thread(target=self._listen, args=(started, self._process.stdout, False), daemon=True),
        ]
        for reader in readers:
            reader.start()
        Thread(target=self._wait, args=(started, self._process, readers), daemon=True).start()
        return started

    def stop(self) -> None:
        """Have a run that is at work end as Ctrl-C ends it; the next one goes on from there."""
        import signal

        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def wait(self, started: Started, after: int, patience: float) -> list[dict[str, Any]]:
        """The events of a run from a place on, at the latest after so many seconds."""
        with self._changed:
            self._changed.wait_for(
                lambda: len(started.events) > after or started.code is not None, timeout=patience
            )
            return started.events[after:]

    def _listen(self, started: Started, stream: IO[str], events: bool) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    if not events:
                        started.said.append(line.rstrip("\n"))
                    elif len(started.events) < _MOST:
                        started.events.append(_event(line))
                    self._changed.notify_all()

    def _wait(self, started: Started, process: subprocess.Popen[str], readers: Sequence[Thread]) -> None:
        code = process.wait()
        for reader in readers:
            reader.join()
        with self._changed:
            started.code = code
            self._changed.notify_all()


def _event(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        said = {"event": "line", "message": line.removeprefix("wenshu: ").rstrip("\n")}
    return said | {"message": in_terminal_language(translate(str(said.get("message", ""))))}
