"""What the commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ssg.build.report import BuildReport, problem_json
from ssg.model.errors import Location, Problem
from ssg.model.pluralize import counted

MEGABYTE = 1_000_000
REDRAW_SECONDS = 0.1

out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def print_json(value: Any) -> None:
    """JSON on standard output, and nothing else."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_problems(problems: Iterable[Problem], *, as_json: bool = False) -> None:
    """Every problem on a line of its own, in the order of files and lines."""
    ordered = sorted(problems, key=_place)
    if as_json:
        print_json({"errors": [problem_json(problem) for problem in ordered]})
    for problem in ordered:
        print_problem(problem, "error")
    if len(ordered) > 1:
        err.print(f"[red]{len(ordered)} errors[/]; nothing was written")


def print_problem(problem: Problem, kind: str) -> None:
    """`content/post.md:3:8: error: what is wrong. What to do`."""
    style = {"error": "red bold", "warning": "yellow bold"}[kind]
    where = f"{problem.where}: " if problem.where else ""
    hint = f". {problem.hint}" if problem.hint else ""
    err.print(f"{escape(where)}[{style}]{kind}[/]: {escape(problem.message + hint)}")


def _place(problem: Problem) -> tuple[str, int, int]:
    where = problem.where or Location("")
    return where.path, where.line or 0, where.column or 0


class Watching:
    """Shows a build's stages: a bar on a terminal, a plain line per stage in a pipe."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._start = time.perf_counter()
        self._bar: Progress | None = None
        if err.is_terminal and not quiet:
            columns = (TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn())
            # Without a thread of its own: worker processes can be copied off a process with none.
            self._bar = Progress(
                *columns, TimeElapsedColumn(), console=err, transient=True, auto_refresh=False
            )
        self._drawn = self._start

    def __enter__(self) -> Watching:
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


def print_report(report: BuildReport, *, verbose: bool = False) -> None:
    """The figures at the end of a build."""
    for warning in sorted(report.warnings, key=_place):
        print_problem(warning, "warning")
    for skipped in report.skipped:
        err.print(f"skipped content/{escape(skipped.source)}: {escape(skipped.reason)}")
    print_table(_report_rows(report, verbose))


def _report_rows(report: BuildReport, verbose: bool) -> Iterable[tuple[str, str]]:
    yield "pages", f"{report.critical:,} critical, {_deferred(report)}"
    yield "rendered", _rendered(report)
    yield "time", f"{report.seconds:.2f} s"
    if verbose:
        yield "", ", ".join(f"{name} {seconds:.2f}" for name, seconds in report.stages)
    yield "publish", f"{report.output} ({counted(report.files, 'file')})"
    yield "manifest", str(report.manifest)
    if report.builder:
        yield "builder", report.builder
    if report.size:
        about = "about " if report.size.zipped_is_estimate else ""
        yield (
            "size",
            (
                f"{about}{_mb(report.size.zipped)} of {_mb(report.size.zipped_limit)} zipped, "
                f"{_mb(report.size.unzipped)} of {_mb(report.size.unzipped_limit)} unzipped"
            ),
        )
    if report.target == "netlify":
        yield (
            "redirects",
            f"{counted(len(report.routes.rules), 'rule')}, "
            f"{len(report.routes.covering)} for deferred pages",
        )
    yield "target", f"{report.target}, build {report.build_id}"


def _rendered(report: BuildReport) -> str:
    """What this build had to do, and what it left as it was."""
    changed = counted(len(report.changed), "file")
    files = f"{changed} changed" if report.kept else "everything is new"
    return f"{counted(report.rendered, 'page')}, {report.kept:,} kept; {files}"


def _deferred(report: BuildReport) -> str:
    text = f"{report.deferred:,} deferred"
    if report.page_limit is None or not report.deferred:
        return text
    over = report.deferred > report.page_limit
    note = ": past it the host caches less" if over else ""
    return f"{text} of {report.page_limit:,} per deploy{note}"


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"


def print_table(rows: Iterable[Sequence[str]], titles: Sequence[str] = ()) -> None:
    """Columns of text. A terminal folds long ones; in a pipe each row is one line, whole."""
    rows = [list(row) for row in rows]
    if not out.is_terminal:
        _print_plain([list(titles), *rows] if titles else rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=bool(titles))
    for title in titles or [""] * max(map(len, rows), default=0):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    out.print(table)


def _print_plain(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        out.print("  ".join(cells).rstrip(), markup=False)
