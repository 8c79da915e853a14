"""A pool of processes that may die: each does one work at a time within limits, and is replaced if it dies.

The kernel enforces the limits, so that they hold for whatever runs in a process: a loop in C, or a
library that takes all memory. `concurrent.futures` does not tell over which work a process died.
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
_PRELOADED = ["pipeline.night.reader", "pyarrow.compute"]
"""Modules that every process needs, imported once for all."""

_MIB = 2**20


class DeadProcess(NamedTuple):
    """The result of a work over which its process died."""

    reason: str


class ProcessPool(Generic[W, R]):
    """Processes that call one function, which each is sent as it starts."""

    def __init__(self, function: Callable[[W], R], processes: int, limits: Limits) -> None:
        self._function, self._processes, self._limits = function, processes, limits
        self._idle: list[_Process] = []
        self._busy: dict[Connection, tuple[_Process, W]] = {}

    def map(
        self, works: Iterable[W], split: Callable[[W], list[W]] = lambda _: []
    ) -> Iterator[tuple[W, R | DeadProcess]]:
        """The works with their results, in any order; works are taken as they are needed.

        split: what to do instead of a work over which a process died; nothing where that work alone
        is to blame. Raises what the function raises.
        """
        retries: deque[W] = deque()
        works = iter(works)
        try:
            while True:
                while self._idle or len(self._busy) < self._processes:
                    work = retries.popleft() if retries else next(works, None)
                    if work is None:
                        break
                    self._send(work)
                if not self._busy:
                    return
                ready = [pipe for pipe in wait(list(self._busy)) if isinstance(pipe, Connection)]
                for work, result in [self._receive(pipe) for pipe in ready]:
                    if isinstance(result, DeadProcess) and (parts := split(work)):
                        retries += parts
                    else:
                        yield work, result
        finally:
            for process in (*self._idle, *(process for process, _ in self._busy.values())):
                process.kill()
            self._idle, self._busy = [], {}

    def _send(self, work: W) -> None:
        process = self._idle.pop() if self._idle else _Process(self._function, self._limits)
        self._busy[process.pipe] = (process, work)
        process.send(work)

    def _receive(self, pipe: Connection) -> tuple[W, R | DeadProcess]:
        process, work = self._busy.pop(pipe)
        try:
            result, error = pipe.recv()
        except (EOFError, OSError):
            return work, DeadProcess(process.exit_reason(self._limits))
        if error is not None:
            process.kill()
            raise error
        self._idle.append(process)
        return work, result


class _Process:
    """A process, and the pipe to it."""

    def __init__(self, function: Callable[[Any], Any], limits: Limits) -> None:
        context: Any = get_context(_METHOD)
        if _METHOD == "forkserver":
            forkserver.set_forkserver_preload(_PRELOADED)
        self.pipe, child_pipe = context.Pipe()
        self._process = context.Process(target=_serve, args=(child_pipe, function, limits), daemon=True)
        self._process.start()
        child_pipe.close()

    def send(self, work: object) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it died, which receiving will show
            self.pipe.send(work)

    def exit_reason(self, limits: Limits) -> str:
        """Why it died."""
        self._process.join()
        self.pipe.close()
        code = self._process.exitcode or 0
        if -code == signal.SIGPROF:
            return f"takes more than the {limits.seconds} seconds of [limits] seconds"
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"ends the process that reads it ({how}), which has the {limits.memory} MiB of [limits] memory"

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, function: Callable[[Any], Any], limits: Limits) -> None:
    """The main function of a process. It ignores Ctrl-C, and ends with its parent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries write there as they crash
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
                os._exit(1)  # no memory is left to report it
            answer = None, error
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(answer)


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
