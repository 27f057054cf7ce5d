"""The progress of a command: a bar on a terminal, a line for each stage in a pipe."""

from __future__ import annotations

import time
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ssg.cli.console import err

REDRAW_SECONDS = 0.1


class ProgressDisplay:
    """Shows the stages of a command and their progress."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._start = time.perf_counter()
        self._bar: Progress | None = None
        if err.is_terminal and not quiet:
            columns = (TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn())
            # Without auto_refresh it has no thread, so worker processes can be forked.
            self._bar = Progress(
                *columns, TimeElapsedColumn(), console=err, transient=True, auto_refresh=False
            )
        self._drawn = self._start

    def __enter__(self) -> ProgressDisplay:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def begin(self, stage: str, total: int) -> None:
        if self._bar:
            for task in self._bar.task_ids:
                self._bar.remove_task(task)
            self._bar.add_task(stage, total=total or None)
            self._bar.refresh()
        elif not self._quiet:
            seconds = f"{time.perf_counter() - self._start:6.2f} s  " if self._verbose else ""
            counted = f" ({total})" if total else ""
            err.print(f"{seconds}{stage}{counted}")

    def advance(self, steps: int) -> None:
        if self._bar:
            self._bar.advance(self._bar.task_ids[-1], steps)
            if time.perf_counter() - self._drawn > REDRAW_SECONDS:
                self._drawn = time.perf_counter()
                self._bar.refresh()
