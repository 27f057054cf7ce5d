"""Worker processes: one pool for all stages of a build.

The workers start when a stage first has enough items, and live until the build ends. On Linux they
are forks, if this process has no other thread, so nothing is imported twice.

`Workers.map` sends each worker the function once for each stage, and then one item at a time. So a
function that opens the site database in its process keeps it open for all items of the stage. The
results arrive in any order, and are given out in the order of the items; the number of results that
wait for an earlier one is bounded. Each worker receives its next item before any result is given
out, so that the workers do not wait for this process.

No worker outlives the build: a worker ends when its pipe closes, even if the build was killed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from ssg.build.render.gc_tuning import ALLOCATIONS_PER_COLLECTION
from ssg.model.errors import Problem, SsgError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

ALONE_BELOW = 4
"""Fewer items than this are done faster than processes start."""
MAX_WAITING_RESULTS = 32
"""Results for each worker that may wait for an earlier one."""

_TASKS = Path("/proc/self/task")
_PRELOADED = ["ssg.build.render.page_writer"]
"""What the fork server imports, if workers cannot be forks of this process."""


@contextlib.contextmanager
def workers(count: int | None = None) -> Iterator[Workers]:
    """The workers of one build. None of them outlives the `with` block."""
    pool = Workers(count or _processors())
    try:
        yield pool
    finally:
        pool.stop()


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def send(self, function: object, item: object) -> None:
        data = pickle.dumps((function, item))
        try:
            self.pipe.send_bytes(data)
        except ConnectionError:
            raise SsgError(self._death()) from None

    def receive(self) -> Any:
        """The result of the last item. Raises what the function raised."""
        try:
            result, error = pickle.loads(self.pipe.recv_bytes())  # noqa: S301 our own process
        except (EOFError, ConnectionError):
            raise SsgError(self._death()) from None
        if error is not None:
            raise error
        return result

    def _death(self) -> Problem:
        self.process.join()
        code = self.process.exitcode or 0
        how = f"by signal {-code}" if code < 0 else f"with status {code}"
        return Problem(f"a worker process ended {how}", None, "It may have run out of memory")

    def stop(self) -> None:
        """End the process now."""
        self.pipe.close()
        self.process.terminate()
        self.process.join()
        self.process.close()


class Workers:
    """Calls functions in worker processes. Not for two threads at once."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._workers: list[_Worker] = []
        self._is_busy = False

    @property
    def count(self) -> int:
        """The number of processes that work at once."""
        return self._count

    @property
    def is_running(self) -> bool:
        """Whether an earlier stage has started the workers."""
        return bool(self._workers)

    def map(
        self,
        function: Callable[[_Item], _Result],
        items: Iterable[_Item],
        alone_below: int = ALONE_BELOW,
    ) -> Iterator[_Result]:
        """The results of a function, in the order of the items, as they are asked for.

        Fewer than `alone_below` items are done in this process. Function, items and results travel
        between processes, so they must be picklable and should be small. An error of the function
        is raised here, with the worker's traceback as its note.
        """
        remaining = iter(items)
        first = list(islice(remaining, alone_below))
        all_items = chain(first, remaining)
        if len(first) < alone_below or self._count < 2 or self._is_busy:
            return map(function, all_items)
        return self._parallel_map(function, all_items)

    def stop(self) -> None:
        """End all workers. The next stage starts new ones."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _parallel_map(
        self, function: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Give each worker one item at a time, and the next one before any result is given out."""
        self._is_busy = True
        waiting, done, expected = enumerate(items), dict[int, _Result](), 0
        busy: dict[Any, tuple[_Worker, int]] = {}
        try:
            idle, has_function = self._start(), set[_Worker]()
            while True:
                room = max(0, MAX_WAITING_RESULTS * self._count - len(done))
                for worker, (number, item) in zip(idle[:room], waiting, strict=False):
                    worker.send(None if worker in has_function else function, item)
                    has_function.add(worker)
                    busy[worker.pipe] = worker, number
                if expected not in done and not busy:
                    return
                for pipe in connection.wait(busy, 0 if expected in done else None):
                    worker, number = busy[pipe]
                    done[number] = worker.receive()
                    del busy[pipe]
                if expected in done:
                    yield done.pop(expected)
                    expected += 1
                idle = [worker for worker in self._workers if worker.pipe not in busy]
        finally:
            self._is_busy = False
            if busy:
                self.stop()

    def _start(self) -> list[_Worker]:
        if not self._workers:
            context = _context()
            for _ in range(self._count):
                self._workers.append(_start_worker(context))
        return list(self._workers)


def _start_worker(context: BaseContext) -> _Worker:
    ours, theirs = context.Pipe()
    # A fork has a copy of our end of the pipe. While that is open, it does not notice our end.
    copy = ours if context.get_start_method() == "fork" else None
    process = context.Process(target=_work, args=(theirs, copy), daemon=True)  # type: ignore[attr-defined]  # every context has it
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _context() -> BaseContext:
    """How to start processes. A fork is ready at once.

    But it has no other threads, and would wait forever for a lock that one of them holds.
    """
    if sys.platform != "linux":
        return get_context("spawn")
    if threading.active_count() == 1 and len(list(_TASKS.iterdir())) == 1:
        return get_context("fork")
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def _processors() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# -- in a worker -----------------------------------------------------------------------------------


def _work(pipe: Connection, copy: Connection | None) -> None:
    """Process items until the build's process ends. That process handles Ctrl-C."""
    gc.freeze()  # objects from before the fork stay alive
    gc.set_threshold(ALLOCATIONS_PER_COLLECTION)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if copy is not None:
        copy.close()
    function: Callable[[Any], Any] | None = None
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, answer = _answer(pipe.recv_bytes(), function)
            pipe.send_bytes(answer)


def _answer(
    message: bytes, function: Callable[[Any], Any] | None
) -> tuple[Callable[[Any], Any] | None, bytes]:
    try:
        new_function, item = pickle.loads(message)  # noqa: S301 from the build's own process
        function = function if new_function is None else new_function
        return function, pickle.dumps((function(item), None))  # type: ignore[misc]  # sent first
    except Exception as error:
        return function, pickle.dumps((None, _portable(error)))


def _portable(error: Exception) -> Exception:
    """An error that can be pickled. Others become a RuntimeError with their traceback."""
    text = "".join(traceback.format_exception(error))
    error.add_note(f"in a worker process:\n{text}")
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 our own
    except Exception:
        return RuntimeError(text)
    return error
