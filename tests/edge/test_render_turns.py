"""Renders in turns, some of which take long or never end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from ssg.edge.render_turns import RenderTurns, SlowRenderError


class Renderer:
    """Counts those that are open and those that render at once."""

    def __init__(self) -> None:
        self.is_open = True
        self.users = 0

    def close(self) -> None:
        assert self.is_open, "closed once"
        assert not self.users, "nobody uses it"
        self.is_open = False

    def use(self, work: Callable[[], str]) -> str:
        assert self.is_open
        self.users += 1
        assert self.users == 1, "it is not for two threads"
        try:
            return work()
        finally:
            self.users -= 1


class Turns:
    """Turns in which each render is on a thread of its own."""

    def __init__(self, limit_seconds: float = 30.0, overtaken_seconds: float = 0.1) -> None:
        self.renderers: list[Renderer] = []
        self.cannot_open = False
        self.turns = RenderTurns(self._open, Renderer.close, limit_seconds, overtaken_seconds)
        self._pool = ThreadPoolExecutor(16)

    def _open(self) -> Renderer:
        if self.cannot_open:
            raise OSError("no such file")
        self.renderers.append(Renderer())
        return self.renderers[-1]

    def start(self, work: Callable[[], str]) -> Future[str]:
        return self._pool.submit(self.turns, lambda renderer: renderer.use(work))

    @property
    def open_count(self) -> int:
        return sum(renderer.is_open for renderer in self.renderers)


def endless() -> str:
    while True:
        pass


def spin(seconds: float) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
    return "spun"


def test_quick_renders_share_one_renderer() -> None:
    turns = Turns(overtaken_seconds=20)
    found = [turns.start(lambda n=n: str(n)) for n in range(200)]  # type: ignore[misc]
    assert [each.result(20) for each in found] == [str(n) for n in range(200)]
    assert len(turns.renderers) == 1


def test_a_long_render_is_overtaken_and_ends_as_it_should() -> None:
    turns, gate = Turns(), threading.Event()
    long = turns.start(lambda: str(gate.wait(20)))
    assert [turns.start(lambda: "short").result(20) for _ in range(20)] == ["short"] * 20
    assert not long.done()
    assert turns.open_count == 2
    gate.set()
    assert long.result(20) == "True"
    assert turns.open_count == 1, "one of the two is closed"
    assert turns.start(lambda: "after").result(20) == "after"
    assert len(turns.renderers) == 2


def test_an_endless_render_is_interrupted_and_its_renderer_is_closed() -> None:
    turns = Turns(limit_seconds=0.3)
    hanging = [turns.start(endless) for _ in range(3)]
    assert turns.start(lambda: "page").result(20) == "page"
    for each in hanging:
        with pytest.raises(SlowRenderError, match=r"longer than 0\.3 s"):
            each.result(20)
    assert turns.start(lambda: "page").result(20) == "page"
    assert turns.open_count == 1


def test_renders_that_end_at_the_limit_leave_nothing_locked() -> None:
    """The exception may come at any step of the end of a turn."""
    turns = Turns(limit_seconds=0.002, overtaken_seconds=0.001)
    ended = interrupted = 0
    for number in range(600):
        seconds = number % 60 / 15_000  # from nothing to twice the limit
        try:
            turns.start(lambda seconds=seconds: spin(seconds)).result(20)  # type: ignore[misc]
            ended += 1
        except SlowRenderError:
            interrupted += 1
    assert ended
    assert interrupted
    turns.turns.close()
    assert turns.open_count == 0


def test_a_renderer_that_cannot_be_opened_blocks_no_turn() -> None:
    turns, gate = Turns(), threading.Event()
    long = turns.start(lambda: str(gate.wait(20)))
    turns.cannot_open = True
    for _ in range(3):
        with pytest.raises(OSError, match="no such file"):
            turns.start(lambda: "page").result(20)
    gate.set()
    assert long.result(20) == "True"
    assert turns.start(lambda: "page").result(20) == "page"
