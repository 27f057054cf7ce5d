"""Printing: results go to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ssg.build.report import problem_json
from ssg.model.errors import Problem, summarize

out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_problems(problems: Iterable[Problem], *, as_json: bool = False) -> None:
    """Print each error on a line of its own, in the order of files and lines."""
    found = tuple(problems)
    shown = summarize(found)
    if as_json:
        print_json({"errors": [problem_json(problem) for problem in found]})
    for problem in shown:
        print_problem(problem, "error")
    if len(found) > 1:
        err.print(f"[red]{len(found):,} errors[/]; nothing was written")


def print_warnings(warnings: Iterable[Problem]) -> None:
    """Print each warning on a line of its own, in the order of files and lines."""
    for warning in summarize(warnings):
        print_problem(warning, "warning")


def print_problem(problem: Problem, kind: str) -> None:
    """Print `content/post.md:3:8: error: what is wrong. What to do`."""
    style = {"error": "red bold", "warning": "yellow bold"}[kind]
    where = f"{problem.where}: " if problem.where else ""
    hint = f". {problem.hint}" if problem.hint else ""
    err.print(f"{escape(where)}[{style}]{kind}[/]: {escape(problem.full_message + hint)}")


def print_table(rows: Iterable[Sequence[str]], titles: Sequence[str] = ()) -> None:
    """Print columns. A terminal wraps long cells; in a pipe, each row is one line."""
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
