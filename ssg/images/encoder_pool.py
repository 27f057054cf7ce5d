"""A pool of encoder processes.

Theory of operation. A pool has a number of workers. A job takes one, which starts its process if it
has none, writes the job to it and waits for the result. A process that takes too long is killed; it
and one that ends by itself are replaced for the next job. A picture whose process ended is tried
once more in a new one, because somebody may have killed the first. So a picture can fail, but
nothing else can.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import BinaryIO, Self, cast

import ssg
from ssg.images.encoding_job import EncodingJob, EncodingResult, read_result
from ssg.images.picture_error import PictureError
from ssg.model.images.settings import MAX_PIXELS

MEMORY_BYTES = 2 << 30
"""Of address space: enough for a PNG of 100 million pixels with transparency."""
JOBS_OF_A_PROCESS = 500
"""A process is replaced after that many, in case that a library loses memory."""

_END_SECONDS = 2.0
_COMMAND = ("-P", "-m", "ssg.images.encoder_process")


class EncoderPool:
    """Does jobs in up to `processes` processes at once. Threads may share it."""

    def __init__(
        self,
        processes: int = 1,
        seconds: float = 60,
        max_pixels: int = MAX_PIXELS,
        memory_bytes: int = MEMORY_BYTES,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        """`seconds` is the time that one job may take; `command` are arguments of Python."""
        self.processes = processes
        limits = (
            f"--seconds={seconds}", f"--max-pixels={max_pixels}", f"--memory-bytes={memory_bytes}"
        )  # fmt: skip
        self._workers: LifoQueue[_Worker] = LifoQueue()
        for _ in range(processes):
            self._workers.put(_Worker((sys.executable, *command, *limits), seconds))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def make(self, job: EncodingJob) -> EncodingResult:
        """Do a job, as soon as a worker is free. Raises PictureError."""
        return self.make_next(lambda: job)

    def make_next(self, next_job: Callable[[], EncodingJob]) -> EncodingResult:
        """Do a job that is chosen once a worker is free."""
        worker = self._workers.get()
        try:
            return worker.run(next_job())
        finally:
            self._workers.put(worker)

    def warm(self) -> None:
        """Start a process if a worker is free, and do not wait for it."""
        if not self._workers.empty():
            worker = self._workers.get()
            worker.start()
            self._workers.put(worker)

    def close(self) -> None:
        """Wait for the jobs that are under way, and end all processes."""
        workers = [self._workers.get() for _ in range(self.processes)]
        for worker in workers:
            worker.end()
            self._workers.put(worker)


class _Worker:
    """One process at a time, and what becomes of it."""

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        self._command = command
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._parent = 0
        self._jobs = 0
        self._status = 0
        """Of the process that ended last: a signal if it is negative."""

    def start(self) -> subprocess.Popen[bytes]:
        """The process; a new one if there is none, or if that of before a fork is not ours."""
        if self._process is None or self._parent != os.getpid():
            self._parent = os.getpid()
            self._process = subprocess.Popen(  # noqa: S603 our own module
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=_environment(),
            )  # fmt: skip
            self._jobs = 0
        return self._process

    def run(self, job: EncodingJob) -> EncodingResult:
        """Do a job, in a second process if the first one ends before it is done."""
        try:
            result = self._attempt(job) or self._attempt(job)
        except PictureError:
            raise
        except BaseException:
            self.end(is_orderly=False)  # what it still writes is of no use to the next job
            raise
        if result is None:
            raise PictureError(_end_reason(self._status))
        self._jobs += 1
        if self._jobs >= JOBS_OF_A_PROCESS:
            self.end()
        return result

    def _attempt(self, job: EncodingJob) -> EncodingResult | None:
        """Do a job; None if the process ends instead. Raises PictureError if it is too slow."""
        process, is_late = self.start(), threading.Event()

        def kill() -> None:
            is_late.set()
            process.kill()

        timer = threading.Timer(self._seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            stdin = cast("BinaryIO", process.stdin)
            stdin.write(job.to_line())
            stdin.flush()
            return read_result(cast("BinaryIO", process.stdout))
        except (EOFError, BrokenPipeError):
            with suppress(subprocess.TimeoutExpired):
                self._status = process.wait(_END_SECONDS)
            self.end(is_orderly=False)
            if is_late.is_set():
                raise PictureError(f"takes longer than {self._seconds:g} seconds") from None
            return None
        finally:
            timer.cancel()

    def end(self, is_orderly: bool = True) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        if not is_orderly:
            process.kill()
        try:
            process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _end_reason(status: int) -> str:
    """What to say about a picture during which the process ended twice."""
    if status < 0:
        return f"makes the decoder crash ({signal.Signals(-status).name})"
    return f"cannot be decoded: encoder processes end with status {status}. Is Pillow installed?"


def _environment() -> dict[str, str]:
    """The variables of this process, with the paths from which it imports."""
    paths = [str(Path(ssg.__file__).parents[1]), *filter(None, sys.path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
