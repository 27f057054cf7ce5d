"""Renders of a state machine that are held once they have read their content."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

_here = threading.local()


@dataclass
class Held:
    """A render that has read its content, and goes on when it is told to."""

    has_read: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


class HeldRenders:
    """A part of a state machine: runs renders, or holds them while `hold` is set."""

    hold: bool
    held: list[Held]

    def spawn(self, work: Callable[[], None]) -> None:
        """Run a render, or hold it once it has read its content."""
        if not self.hold:
            work()
            return
        held = Held()
        held.thread = threading.Thread(target=self._run_held, args=(held, work), daemon=True)
        held.thread.start()
        assert held.has_read.wait(20)
        if held.thread.is_alive():
            self.held.append(held)

    def pause(self) -> None:
        """Call when a render has read its content."""
        held: Held | None = getattr(_here, "held", None)
        if held is not None:
            held.has_read.set()
            assert held.may_go_on.wait(60)

    def release_oldest(self) -> None:
        """Let the oldest render that is held come to its end."""
        held = self.held.pop(0)
        held.may_go_on.set()
        assert held.thread is not None
        held.thread.join(20)

    def _run_held(self, held: Held, work: Callable[[], None]) -> None:
        _here.held = held
        try:
            work()
        finally:
            held.has_read.set()  # it found the page stored
