"""Processes that may be lost: each does one work at a time, within bounds, and is replaced where it dies.

The bounds are the kernel's own, so that they hold whatever runs in the process: a loop in C,
a library that takes all memory. What a process was at when it was lost is known.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import forkserver, get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, NamedTuple, TypeVar

from pipeline.settings import Limits

W = TypeVar("W")
R = TypeVar("R")

_METHOD = "spawn" if sys.platform in ("win32", "darwin") else "forkserver"
_LOADED = ["pipeline.night.reader", "pyarrow.compute"]
"""What every process needs, loaded once for all."""

_MIB = 2**20


class Lost(NamedTuple):
    """A work over which its process died."""

    reason: str


class Pool(Generic[W, R]):
    """So many processes that call one function, which is sent to each as it starts."""

    def __init__(self, function: Callable[[W], R], number: int, limits: Limits) -> None:
        self._function, self._number, self._limits = function, number, limits
        self._idle: list[_Process] = []
        self._busy: dict[Connection, tuple[_Process, W]] = {}

    def map(
        self, works: Iterable[W], apart: Callable[[W], list[W]] = lambda _: []
    ) -> Iterator[tuple[W, R | Lost]]:
        """What comes of each work, in any order; works are taken as they are needed.

        apart: what to do instead of a work over which a process was lost; nothing where it was
        that work and no other. Raises what the function raises.
        """
        again: deque[W] = deque()
        works = iter(works)
        try:
            while True:
                while self._idle or len(self._busy) < self._number:
                    work = again.popleft() if again else next(works, None)
                    if work is None:
                        break
                    self._send(work)
                if not self._busy:
                    return
                came = [
                    self._received(pipe) for pipe in wait(list(self._busy)) if isinstance(pipe, Connection)
                ]
                for work, result in came:
                    if isinstance(result, Lost) and (instead := apart(work)):
                        again += instead
                    else:
                        yield work, result
        finally:
            self._end()

    def _send(self, work: W) -> None:
        process = self._idle.pop() if self._idle else _Process(self._function, self._limits)
        self._busy[process.pipe] = (process, work)
        process.send(work)

    def _received(self, pipe: Connection) -> tuple[W, R | Lost]:
        process, work = self._busy.pop(pipe)
        try:
            result, error = pipe.recv()
        except (EOFError, OSError):
            return work, Lost(process.epitaph(self._limits))
        if error is not None:
            process.end()
            raise error
        self._idle.append(process)
        return work, result

    def _end(self) -> None:
        for process in (*self._idle, *(process for process, _ in self._busy.values())):
            process.end()
        self._idle, self._busy = [], {}


class _Process:
    """One process, and the pipe to it."""

    def __init__(self, function: Callable[[Any], Any], limits: Limits) -> None:
        context: Any = get_context(_METHOD)
        if _METHOD == "forkserver":
            forkserver.set_forkserver_preload(_LOADED)
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, function, limits), daemon=True)
        self._process.start()
        theirs.close()

    def send(self, work: object) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it died, as its silence says
            self.pipe.send(work)

    def epitaph(self, limits: Limits) -> str:
        """Why it died."""
        self._process.join()
        self.pipe.close()
        code = self._process.exitcode or 0
        if -code == signal.SIGPROF:
            return f"takes more than the {limits.seconds} seconds of [limits] seconds"
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"ends the process that reads it ({how}), which has the {limits.memory} MiB of [limits] memory"

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, function: Callable[[Any], Any], limits: Limits) -> None:
    """A process at work. Ctrl-C is its parent's to hear, and without its parent it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries cry there as they die
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory * _MIB, limits.memory * _MIB))
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
        answer: tuple[Any, Exception | None]
        try:
            answer = function(work), None
        except Exception as error:
            if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
                os._exit(1)  # nothing is left to say it with
            answer = None, error
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(answer)


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
