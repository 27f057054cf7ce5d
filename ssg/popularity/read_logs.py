"""Reads logs of any format into one count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from ssg.model.errors import Location, LogError, Problem
from ssg.popularity.exports import EXPORTS
from ssg.popularity.log_format import (
    FORMATS,
    SAMPLE_LINES,
    export_format,
    line_format,
    may_be_export,
)
from ssg.popularity.log_lines import LINE_FORMATS, NOT_A_REQUEST, LineFormat
from ssg.popularity.open_log import STDIN, lines_of, open_log
from ssg.popularity.request_count import RequestCount

SHOWN_LINES = 3
"""The number of malformed lines that are told; the others are counted."""
MAX_EXPORT = 256_000_000
"""Characters of an export, which is read as a whole."""


@dataclass(slots=True)
class ReadReport:
    """What was read: lines by the format of their log, and those that are malformed."""

    formats: dict[str, str] = field(default_factory=dict)
    """The format of each log."""
    lines: int = 0
    malformed: int = 0
    warnings: list[Problem] = field(default_factory=list)

    def add_malformed(self, log: str, number: int) -> None:
        """Count a malformed line, and tell it if it is one of the first."""
        self.malformed += 1
        if self.malformed <= SHOWN_LINES:
            message = f"the line is not in the format {self.formats[log]}"
            self.warnings.append(Problem(message, Location(log, number)))


def read_logs(logs: Sequence[str], count: RequestCount, form: str | None = None) -> ReadReport:
    """Read all logs into a count. `form` is the format of all; None finds that of each.

    Raises LogError with every file that is not a log.
    """
    report = ReadReport()
    problems: list[Problem] = []
    for log in logs:
        try:
            _read(log, count, form, report)
        except LogError as error:
            problems += error.problems
    if problems:
        raise LogError(problems)
    if report.malformed > SHOWN_LINES:
        more = report.malformed - SHOWN_LINES
        report.warnings.append(Problem(f"{more:,} more lines are malformed"))
    return report


def _read(log: str, count: RequestCount, form: str | None, report: ReadReport) -> None:
    with open_log(log) as blocks:
        first = next(blocks, "")
        name = form or line_format(list(islice(lines_of([first]), SAMPLE_LINES)))
        if not first.strip() and form is None:
            return  # a log that was rotated, and nobody has come since
        if name is not None and name in LINE_FORMATS:
            report.formats[log] = name
            _count_lines(log, lines_of(chain([first], blocks)), LINE_FORMATS[name], count, report)
        elif name in EXPORTS or may_be_export(first):
            _count_export(log, _whole(log, first, blocks), name, count, report)
        else:
            raise _not_a_log(log, form)


def _count_lines(
    log: str, lines: Iterator[str], form: LineFormat, count: RequestCount, report: ReadReport
) -> None:
    """Count the lines of a log. Raises LogError if most of them are malformed."""
    parse, minute_of, add, number, before = form.parse, form.minute, count.add, 0, report.malformed
    for number, line in enumerate(lines, 1):
        found = parse(line)
        if found is NOT_A_REQUEST:
            continue
        minute = minute_of(found.time) if found else None
        if found and minute is not None:
            add(found, minute)
        elif line.strip():
            report.add_malformed(log, number)
    report.lines += number
    if 2 * (report.malformed - before) > number:
        raise _not_a_log(log, form.name)


def _whole(log: str, first: str, blocks: Iterator[str]) -> str:
    parts, size = [first], len(first)
    for block in blocks:
        size += len(block)
        if size > MAX_EXPORT:
            raise LogError(Problem("the export is too large", Location(log)))
        parts.append(block)
    return "".join(parts).removeprefix("\ufeff")


def _count_export(
    log: str, text: str, form: str | None, count: RequestCount, report: ReadReport
) -> None:
    name = form or export_format(text)
    export = EXPORTS[name](text) if name else None
    if name is None or export is None:
        raise _not_a_log(log, form)
    report.formats[log] = name
    report.lines += len(export.pages) + len(export.malformed)
    for number in export.malformed:
        report.add_malformed(log, number)
    if count.since is not None:
        message = "an export has no times of requests: --since does not apply to it"
        report.warnings.append(Problem(message, Location(log)))
    for minute in (export.first, export.last):
        if minute is not None:
            count.see(minute)
    for target, requests in export.pages:
        count.add_read(target, requests)


def _not_a_log(log: str, form: str | None) -> LogError:
    place = Location("standard input" if log == STDIN else log)
    if form:
        hint = "Leave --format out to find the format by the content"
        return LogError(Problem(f"this is not a log in the format {form}", place, hint))
    return LogError(Problem("this is not a log", place, f"ssg reads {', '.join(FORMATS)}"))
