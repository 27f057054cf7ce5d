"""Worker processes: one pool for all stages of a build.

They start when a stage first has enough to do, and stay until the build ends. A worker is told a
function once for each stage, so what the function holds in its process, such as an open site
database, serves all items of the stage and goes with it.
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
"""Fewer items are done sooner than other processes start."""
MAX_WAITING_RESULTS = 32
"""So many results for each worker may wait for the one that is to come before them."""

_TASKS = Path("/proc/self/task")
_PRELOADED = ["ssg.build.render.page_writer"]
"""What a process imports once, where workers cannot be forked off this one."""


@contextlib.contextmanager
def workers(count: int | None = None) -> Iterator[Workers]:
    """The workers of one build. None of them outlives the `with`, however it ends."""
    pool = Workers(count or _processors())
    try:
        yield pool
    finally:
        pool.stop()


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def order(self, function: object, item: object) -> None:
        self.pipe.send_bytes(pickle.dumps((function, item)))

    def answer(self) -> Any:
        """The result of the last order. Raises what the function raised."""
        try:
            result, error = pickle.loads(self.pipe.recv_bytes())  # noqa: S301 our own process
        except EOFError:
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
        """End it now. One that waits for an order has nothing to lose."""
        self.pipe.close()
        self.process.terminate()
        self.process.join()
        self.process.close()


class Workers:
    """Calls functions in worker processes. Not for two threads at once."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._crew: list[_Worker] = []
        self._is_busy = False

    @property
    def is_running(self) -> bool:
        """Whether the workers of an earlier stage are there."""
        return bool(self._crew)

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
        rest = iter(items)
        first = list(islice(rest, alone_below))
        all_items = chain(first, rest)
        if len(first) < alone_below or self._count < 2 or self._is_busy:
            return map(function, all_items)
        return self._spread(function, all_items)

    def stop(self) -> None:
        """End all workers. The next stage would start others."""
        for worker in self._crew:
            worker.stop()
        self._crew.clear()

    def _spread(
        self, function: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Every worker has one item at a time, and another one before any result is looked at."""
        self._is_busy = True
        waiting, done, expected = enumerate(items), dict[int, _Result](), 0
        busy: dict[Any, tuple[_Worker, int]] = {}
        try:
            idle, informed = self._start(), set[_Worker]()
            while True:
                room = max(0, MAX_WAITING_RESULTS * self._count - len(done))
                for worker, (number, item) in zip(idle[:room], waiting, strict=False):
                    worker.order(None if worker in informed else function, item)
                    informed.add(worker)
                    busy[worker.pipe] = worker, number
                if expected not in done and not busy:
                    return
                for pipe in connection.wait(busy, 0 if expected in done else None):
                    worker, number = busy[pipe]
                    done[number] = worker.answer()
                    del busy[pipe]
                if expected in done:
                    yield done.pop(expected)
                    expected += 1
                idle = [worker for worker in self._crew if worker.pipe not in busy]
        finally:
            self._is_busy = False
            if busy:
                self.stop()

    def _start(self) -> list[_Worker]:
        if not self._crew:
            context = _context()
            for _ in range(self._count):
                self._crew.append(_hire(context))
        return list(self._crew)


def _hire(context: BaseContext) -> _Worker:
    ours, theirs = context.Pipe()
    # A forked process has a copy of our end, too: with that open it would not notice our end.
    copy = ours if context.get_start_method() == "fork" else None
    process = context.Process(target=_work, args=(theirs, copy), daemon=True)  # type: ignore[attr-defined]  # every context has it
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _context() -> BaseContext:
    """How to start processes. A copy of this one is ready at once.

    But it has none of the other threads, and would wait forever for a lock that one of them holds.
    """
    if sys.platform != "linux":
        return get_context("spawn")
    if threading.active_count() == 1 and len(list(_TASKS.iterdir())) == 1:
        return get_context("fork")
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# -- in a worker -----------------------------------------------------------------------------------


def _work(pipe: Connection, copy: Connection | None) -> None:
    """Do what is asked for until the build's process is gone. Ctrl-C is its business."""
    gc.freeze()  # what is here already stays
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
    order: bytes, function: Callable[[Any], Any] | None
) -> tuple[Callable[[Any], Any] | None, bytes]:
    try:
        told, item = pickle.loads(order)  # noqa: S301 from the build's own process
        function = function if told is None else told
        return function, pickle.dumps((function(item), None))  # type: ignore[misc]  # told at first
    except Exception as error:
        return function, pickle.dumps((None, _portable(error)))


def _portable(error: Exception) -> Exception:
    """An error that reaches the other process, whatever it is made of."""
    text = "".join(traceback.format_exception(error))
    error.add_note(f"in a worker process:\n{text}")
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 our own
    except Exception:
        return RuntimeError(text)
    return error
