"""Render one page at a time, and go on if a render takes long or never ends.

Theory of operation. A renderer is not safe for two threads, and Python runs one thread at a time
anyway. So each render takes a turn, with the one renderer that is open. A template with an endless
loop would never end its turn. Therefore a turn that has lasted for a second is overtaken: the next
one gets a renderer of its own, and one of the two is closed later. A turn that reaches the limit is
interrupted: Python raises an exception in its thread as soon as that runs Python code. Its renderer
is closed, because its state is unknown. A thread that waits in C code goes on until that returns.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

OVERTAKEN_SECONDS = 1.0
"""How long a render takes until the next one begins beside it."""

R = TypeVar("R")
T = TypeVar("T")


class SlowRenderError(Exception):
    """A render took longer than the limit."""


class _InterruptedRender(BaseException):
    """Is raised in the thread of such a render. No `except Exception` of a site catches it."""


@dataclass(slots=True, eq=False)
class _Turn(Generic[R]):
    """One render. It owns its renderer until it ends."""

    renderer: R | None = None
    thread_id: int = field(default_factory=threading.get_ident)
    started_at: float = 0.0

    def take_renderer(self) -> R | None:
        """Return the renderer, which is no longer owned by this turn."""
        renderer, self.renderer = self.renderer, None
        return renderer


class RenderTurns(Generic[R]):
    """The renderers of one site: one, and further ones beside renders that take long."""

    def __init__(
        self,
        open_renderer: Callable[[], R],
        close_renderer: Callable[[R], None],
        limit_seconds: float,
        overtaken_seconds: float = OVERTAKEN_SECONDS,
    ) -> None:
        self._open_renderer = open_renderer
        self._close_renderer = close_renderer
        self._limit_seconds = limit_seconds
        self._overtaken_seconds = min(overtaken_seconds, limit_seconds)
        self._idle: R | None = open_renderer()
        self._under_way: list[_Turn[R]] = []  # the oldest first
        self._is_watched = False
        self._change = threading.Condition()

    def __call__(self, work: Callable[[R], T]) -> T:
        """Do `work` with a renderer. Raises SlowRenderError if it takes longer than the limit."""
        turn: _Turn[R] = _Turn()
        try:
            return self._take(turn, work)
        except _InterruptedRender:
            with suppress(RuntimeError):  # not held, unless it was raised just after the acquiring
                self._change.release()
            self._close(turn.take_renderer())
            message = f"it took longer than {self._limit_seconds:g} s"
            raise SlowRenderError(message) from None

    def close(self) -> None:
        """Close the renderer that is idle."""
        with self._change:
            idle, self._idle = self._idle, None
        self._close(idle)

    def _take(self, turn: _Turn[R], work: Callable[[R], T]) -> T:
        self._begin(turn)
        try:
            if turn.renderer is None:
                turn.renderer = self._open_renderer()
            return work(turn.renderer)
        finally:
            self._close(self._end(turn))

    def _begin(self, turn: _Turn[R]) -> None:
        """Wait for a turn. It gets the idle renderer, if there is one."""
        with self._change:
            while (seconds := self._seconds_to_wait()) > 0:
                self._change.wait(seconds)
            if not self._is_watched:
                threading.Thread(target=self._watch, name="ssg-render-watch", daemon=True).start()
                self._is_watched = True
            turn.renderer, self._idle = self._idle, None
            turn.started_at = time.monotonic()
            self._under_way.append(turn)

    def _seconds_to_wait(self) -> float:
        """How long to wait until the newest turn may be overtaken."""
        if not self._under_way:
            return 0.0
        return self._under_way[-1].started_at + self._overtaken_seconds - time.monotonic()

    def _end(self, turn: _Turn[R]) -> R | None:
        """End a turn. Returns its renderer if that has to be closed."""
        with self._change:
            if turn not in self._under_way:  # interrupted, but the exception may not be raised yet
                _raise_in(turn.thread_id, None)
                return turn.take_renderer()
            self._under_way.remove(turn)
            self._change.notify()
            if self._idle is not None:
                return turn.take_renderer()
            self._idle = turn.take_renderer()
        return None

    def _watch(self) -> None:
        """Interrupt turns that reach the limit. Ends when none is under way."""
        while True:
            with self._change:
                if not self._under_way:
                    self._is_watched = False
                    return
                due = self._under_way[0].started_at + self._limit_seconds
                if due <= time.monotonic():
                    _raise_in(self._under_way.pop(0).thread_id, _InterruptedRender)
                    self._change.notify()
                    continue
            time.sleep(max(0.0, due - time.monotonic()))

    def _close(self, renderer: R | None) -> None:
        if renderer is not None:
            self._close_renderer(renderer)


def _raise_in(thread_id: int, error: type[BaseException] | None) -> None:
    """Raise an exception in a thread; None takes back one that is not raised yet."""
    what = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), what)
