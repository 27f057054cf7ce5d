"""Several processes that serve one socket, and the process that looks after them (POSIX).

The parent opens the socket, forks the workers, and then waits for signals and ends of workers. It
starts no thread and opens no database, so a fork copies nothing that cannot be shared. A worker
that ends is replaced after a pause; the pause doubles while workers end soon after their start.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

from ssg.edge.events import EdgeLog, Notice, NoticeLevel

CAN_FORK = hasattr(os, "fork")
FIRST_PAUSE_SECONDS = 0.1
MAX_PAUSE_SECONDS = 10.0
LASTING_SECONDS = 10.0
"""A worker that lived that long has not failed at its start."""
MARGIN_SECONDS = 3.0
"""A worker that has not ended this long after the grace period is killed."""
_PARENT_SECONDS = 0.5

Handler = Callable[[int, FrameType | None], None]


def pause_before_restart(failures: int) -> float:
    """How long to wait after this many ends in a row, each soon after its start."""
    return min(FIRST_PAUSE_SECONDS * float(2**failures), MAX_PAUSE_SECONDS)


@dataclass(slots=True)
class Worker:
    """One place for a process: who is in it, or when the next one starts."""

    number: int
    pid: int = 0
    started_at: float = 0.0
    failures: int = 0
    due_at: float = 0.0

    def ended(self, now: float) -> float:
        """Note that its process has ended; returns the pause until the next one."""
        self.failures = 0 if now - self.started_at > LASTING_SECONDS else self.failures + 1
        pause = pause_before_restart(max(0, self.failures - 1))
        self.pid, self.due_at = 0, now + pause
        return pause


@dataclass(slots=True)
class Supervisor:
    """Keeps `count` workers running until it is told to stop; `work` runs in each of them."""

    count: int
    work: Callable[[int], None]
    log: EdgeLog
    grace_seconds: float
    on_end: Callable[[int], None] = lambda _: None
    """Called with the process id of each worker that has ended."""
    _workers: list[Worker] = field(default_factory=list)
    _kill_at: float | None = None
    """When workers are killed; None while nothing stops."""

    def run(self) -> int:
        """Run until a signal stops it; returns the status to exit with."""
        self._workers = [Worker(number) for number in range(self.count)]
        with _signals() as wait:
            while self._kill_at is None or self._running():
                self._start_due()
                for number in wait(self._seconds_until_due()):
                    self._handle(number)
                self._reap()
                self._kill_late()
        return 0

    def _running(self) -> list[Worker]:
        return [worker for worker in self._workers if worker.pid]

    def _start_due(self) -> None:
        now = time.monotonic()
        if self._kill_at is None:
            for worker in self._workers:
                if not worker.pid and worker.due_at <= now:
                    worker.pid, worker.started_at = self._fork(worker.number), now

    def _seconds_until_due(self) -> float | None:
        """How long nothing is due; None if only a signal can bring something to do."""
        waiting = [worker.due_at for worker in self._workers if not worker.pid]
        due = [self._kill_at] if self._kill_at is not None else waiting
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _handle(self, number: int) -> None:
        if number == getattr(signal, "SIGHUP", None):
            self._tell(number)
        elif number in {signal.SIGINT, signal.SIGTERM}:
            is_first = self._kill_at is None
            now = time.monotonic()
            if is_first:
                self._kill_at = now + self.grace_seconds + MARGIN_SECONDS
                self._tell(signal.SIGTERM)
            elif number == signal.SIGINT:
                self._kill_at = now

    def _tell(self, number: int) -> None:
        for worker in self._running():
            with suppress(ProcessLookupError):
                os.kill(worker.pid, number)

    def _kill_late(self) -> None:
        if self._kill_at is not None and time.monotonic() >= self._kill_at:
            self._tell(signal.SIGKILL)
            self._kill_at = time.monotonic() + MARGIN_SECONDS

    def _reap(self) -> None:
        """Note the ends of workers. As process 1 of a container, it also reaps what it adopted."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for worker in self._workers:
                if worker.pid == pid:
                    self._note_end(worker, pid, os.waitstatus_to_exitcode(status))

    def _note_end(self, worker: Worker, pid: int, code: int) -> None:
        self.on_end(pid)
        pause = worker.ended(time.monotonic())
        if self._kill_at is None:
            how = f"by signal {-code}" if code < 0 else f"with status {code}"
            text = f"worker {worker.number} (process {pid}) has ended {how}"
            self.log(Notice(NoticeLevel.ERROR, f"{text}; another one starts in {pause:g} s"))

    def _fork(self, number: int) -> int:
        gc.freeze()  # a collection in a worker would copy all that it shares with the others
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            _become_worker(parent)
            self.work(number)
            status = 0
        except BaseException as error:  # a worker must never run the code of its parent
            self.log(Notice(NoticeLevel.ERROR, f"worker {number}: {type(error).__name__}: {error}"))
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)


def _become_worker(parent: int) -> None:
    """Leave the parent's signals, and end when it has been killed."""
    signal.set_wakeup_fd(-1)
    for number in _handled():
        is_reload = number == getattr(signal, "SIGHUP", None)  # it opens the newest release anyway
        signal.signal(number, signal.SIG_IGN if is_reload else signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="ssg-parent", daemon=True).start()


def _handled() -> list[int]:
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGCHLD")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


@contextmanager
def _signals() -> Iterator[Callable[[float | None], list[int]]]:
    """Collect signals; yields what waits for some seconds, and returns those that have come."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    before: dict[int, signal.Handlers | int | Handler | None] = {
        number: signal.signal(number, lambda *_: None) for number in _handled()
    }
    wakeup = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def wait(seconds: float | None) -> list[int]:
        select.select([reader], [], [], seconds)
        try:
            return list(os.read(reader, 4096))
        except BlockingIOError:
            return []

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)
