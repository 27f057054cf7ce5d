"""The log of `ssg serve`: a line for each request, as text or as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import asdict
from typing import Any

from rich.markup import escape

from ssg.cli.console import err
from ssg.edge.events import (
    AccessRecord,
    AnswerSource,
    EdgeLog,
    EdgeRecord,
    Notice,
    NoticeLevel,
    RenderRecord,
    SourceRecord,
    VariantOutcome,
    VariantRecord,
)

_SOURCE_STYLES = {
    AnswerSource.HIT: "green",
    AnswerSource.MISS: "yellow",
    AnswerSource.COLLAPSED: "yellow",
    AnswerSource.STALE: "magenta",
    AnswerSource.REFRESH: "magenta",
    AnswerSource.ERROR: "red",
}
_LEVEL_STYLES = {
    NoticeLevel.INFO: "dim",
    NoticeLevel.WARNING: "yellow bold",
    NoticeLevel.ERROR: "red bold",
}


def printer(*, as_json: bool, quiet: bool) -> EdgeLog:
    """Make a log that prints text to standard error, or lines of JSON to standard output."""

    def show(record: EdgeRecord) -> None:
        if quiet and not is_failure(record):
            return
        if as_json:
            sys.stdout.write(json_line(record))
            sys.stdout.flush()
        elif line := text_line(record):
            err.print(line)

    return show


def is_failure(record: EdgeRecord) -> bool:
    """Whether a record is printed with `--quiet`."""
    if isinstance(record, Notice):
        return record.level is not NoticeLevel.INFO
    if isinstance(record, VariantRecord):
        return record.outcome is VariantOutcome.FAILED
    return isinstance(record, RenderRecord) and record.failure is not None


def json_line(record: EdgeRecord) -> str:
    """A record as one line of JSON."""
    kinds = {
        AccessRecord: "request",
        RenderRecord: "render",
        SourceRecord: "source",
        VariantRecord: "variant",
        Notice: "notice",
    }
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    values: dict[str, Any] = {"time": now, "event": kinds[type(record)], **asdict(record)}
    return json.dumps(values, ensure_ascii=False) + "\n"


def text_line(record: EdgeRecord) -> str:
    """A record as a line with Rich's markup; '' for what was done without a failure."""
    if isinstance(record, AccessRecord):
        return _access_line(record)
    if isinstance(record, RenderRecord):
        return _failure_line(record)
    if isinstance(record, SourceRecord):
        return ""  # the failure of its page says why
    if isinstance(record, VariantRecord):
        return _variant_line(record)
    level = f"[{_LEVEL_STYLES[record.level]}]{record.level}[/]: "
    return (level if record.level is not NoticeLevel.INFO else "") + escape(record.message)


def _access_line(record: AccessRecord) -> str:
    style = _SOURCE_STYLES.get(record.source, "dim")
    status = f"[red]{record.status}[/]" if record.status >= 500 else str(record.status)
    return (
        f"{status} {record.method} {escape(record.path)} [{style}]{record.source}[/] "
        f"{record.milliseconds:.1f} ms {record.body_bytes} bytes"
    )


def _variant_line(record: VariantRecord) -> str:
    """The address of a variant does not say which picture it is of."""
    picture, name = escape(record.picture), escape(record.name)
    if record.outcome is VariantOutcome.FAILED:
        return f"[red bold]error[/]: {picture}: {name}: {escape(record.problem)}"
    return f"[dim]{name} is of {picture}, {record.outcome} in {record.milliseconds:.1f} ms[/]"


def _failure_line(record: RenderRecord) -> str:
    failure = record.failure
    return "" if failure is None else f"[red bold]error[/]: {escape(str(failure))}"
