"""One pool of processes: order, bounds, errors, ends."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from ssg.build.render import workers as rooms
from ssg.build.render.workers import MAX_WAITING_RESULTS, workers
from ssg.model.errors import Location, Problem, RenderError, SsgError


def _square(number: int) -> int:
    return number * number


def _slow_first(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)
    return number


def _process(_: int) -> int:
    time.sleep(0.001)
    return os.getpid()


def _fail(number: int) -> int:
    if number == 5:
        raise RenderError([Problem("no", Location("a.md", 3)), Problem("nor this", None, "Do")])
    return number


class _LocalError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def _fail_oddly(_: int) -> int:
    raise _LocalError(1, 2)


def _die(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


class _Counter:
    """Counts what it was asked in its process."""

    def __init__(self, start: int) -> None:
        self.count = start

    def __call__(self, _: int) -> tuple[int, int]:
        self.count += 1
        return os.getpid(), self.count


def test_results_come_in_the_order_of_items() -> None:
    with workers(3) as pool:
        assert list(pool.map(_slow_first, range(200))) == list(range(200))


def test_few_items_are_done_in_this_process() -> None:
    with workers(2) as pool:
        assert set(pool.map(_process, range(9), 10)) == {os.getpid()}
        assert os.getpid() not in set(pool.map(_process, range(10), 10))


def test_one_processor_starts_no_other_process() -> None:
    with workers(1) as pool:
        assert set(pool.map(_process, range(50))) == {os.getpid()}


def test_the_processes_of_one_stage_serve_the_next() -> None:
    with workers(2) as pool:
        first, second = (set(pool.map(_process, range(100))) for _ in range(2))
        assert first == second
        assert len(first) == 2


def test_a_function_keeps_its_state_for_one_stage() -> None:
    with workers(2) as pool:
        for start in (0, 1000):
            found = list(pool.map(_Counter(start), range(20)))
            pids = {pid for pid, _ in found}
            counts = {pid: [count for one, count in found if one == pid] for pid in pids}
            assert all(
                told == list(range(start + 1, start + 1 + len(told))) for told in counts.values()
            )


def test_items_are_taken_as_results_are() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    with workers(2) as pool:
        results = pool.map(_square, items())
        assert next(results) == 0
        assert len(taken) <= 2 * MAX_WAITING_RESULTS + 4
        assert [next(results) for _ in range(3)] == [1, 4, 9]


def test_results_that_wait_for_an_earlier_one_are_bounded() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    with workers(2) as pool:
        assert next(pool.map(_slow_first, items())) == 0
        assert len(taken) <= 2 * MAX_WAITING_RESULTS + 4


def test_a_stage_within_a_stage_is_done_in_this_process() -> None:
    with workers(2) as pool:
        outer = pool.map(_square, range(20))
        assert next(outer) == 0
        assert set(pool.map(_process, range(20))) == {os.getpid()}
        assert list(outer) == [number * number for number in range(1, 20)]


def test_an_error_tells_where_in_the_worker_it_was_raised() -> None:
    with workers(2) as pool, pytest.raises(RenderError) as caught:
        list(pool.map(_fail, range(20)))
    assert [str(problem) for problem in caught.value.problems] == ["a.md:3: no", "nor this. Do"]
    assert str(caught.value) == "a.md:3: no\nnor this. Do"
    assert "in _fail" in caught.value.__notes__[0]


def test_an_error_that_cannot_travel_is_told_as_text() -> None:
    with workers(2) as pool, pytest.raises(RuntimeError, match="1 and 2"):
        list(pool.map(_fail_oddly, range(20)))


def test_a_function_that_cannot_travel_is_an_error() -> None:
    with workers(2) as pool:
        with pytest.raises((pickle.PicklingError, AttributeError)):
            list(pool.map(lambda number: number, range(20)))
        assert list(pool.map(_square, range(9))) == [number * number for number in range(9)]


def test_a_worker_that_dies_is_an_error_and_no_hang() -> None:
    with workers(2) as pool:
        with pytest.raises(SsgError, match=r"ended by signal 9.*memory"):
            list(pool.map(_die, range(20)))
        assert list(pool.map(_square, range(9))) == [number * number for number in range(9)]


def test_workers_end_with_the_build() -> None:
    with workers(2) as pool:
        pids = set(pool.map(_process, range(50)))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes copied")
def test_a_process_with_threads_is_not_copied() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert rooms._context().get_start_method() == "forkserver"
        with workers(2) as pool:
            assert list(pool.map(partial(pow, 2), range(20))) == [2**n for n in range(20)]
    finally:
        stop.set()
        thread.join()


SLEEPERS = """
    import os, sys, time
    from ssg.build.render.workers import workers

    def sleep(number):
        time.sleep(0.01 if number < 4 else 1)
        return os.getpid()

    if __name__ == "__main__":
        with workers(2) as pool:
            for pid in pool.map(sleep, range(99)):
                print(pid, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_process_that_started_them(how: signal.Signals) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SLEEPERS)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert child.stdout
    pids = {int(child.stdout.readline()) for _ in range(4)}
    child.send_signal(how)
    assert child.wait(20) != 0
    limit = time.monotonic() + 20
    while any(map(_lives, pids)) and time.monotonic() < limit:
        time.sleep(0.01)
    assert not any(map(_lives, pids))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
