"""The log of the server: requests go to standard output if they are wanted, the rest to the other.

Failures of renders and notices are always told, in the same form as requests.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ssg.edge.events import (
    AccessRecord,
    EdgeLog,
    EdgeRecord,
    Notice,
    NoticeLevel,
    RenderRecord,
    SourceRecord,
    VariantOutcome,
    VariantRecord,
)
from ssg.server.settings import AccessLog

Clock = Callable[[], dt.datetime]
ToldRecord = AccessRecord | RenderRecord | VariantRecord | Notice


def log_of(form: AccessLog, now: Clock = lambda: dt.datetime.now(dt.UTC)) -> EdgeLog:
    """A log that writes a line for each record. A reader that has gone away ends no request."""

    def write(record: EdgeRecord) -> None:
        if isinstance(record, AccessRecord) and form is AccessLog.NONE:
            return
        line = line_of(record, form, now)
        stream = sys.stdout if isinstance(record, AccessRecord) else sys.stderr
        if line:
            try:
                stream.write(line + "\n")
                stream.flush()
            except (OSError, ValueError):  # closed, or its disk is full
                pass

    return write


def first_only(log: EdgeLog) -> EdgeLog:
    """The log of a worker other than the first: what all of them would say is said by that one."""

    def write(record: EdgeRecord) -> None:
        if not isinstance(record, Notice) or record.level is not NoticeLevel.INFO:
            log(record)

    return write


def line_of(record: EdgeRecord, form: AccessLog, now: Clock) -> str:
    """The line of a record; empty if there is nothing to tell.

    Why a source failed is told with the page that needed it.
    """
    if isinstance(record, SourceRecord):
        return ""
    if isinstance(record, RenderRecord) and record.failure is None:
        return ""
    if isinstance(record, VariantRecord) and record.outcome is not VariantOutcome.FAILED:
        return ""
    time = now().isoformat(timespec="milliseconds")
    if form is AccessLog.JSON:
        return json.dumps({"time": time, **_values(record)}, ensure_ascii=False)
    return _text(record, time)


def _values(record: ToldRecord) -> dict[str, Any]:
    match record:
        case AccessRecord():
            return {
                "event": "request",
                "method": record.method,
                "path": record.path,
                "status": record.status,
                "bytes": record.body_bytes,
                "seconds": round(record.milliseconds / 1000, 6),
                "source": record.source,
                "request_id": record.request_id,
                "client": record.client,
            }
        case RenderRecord():
            return {"event": "render", **asdict(record)}
        case VariantRecord():
            return {"event": "variant", **asdict(record)}
        case Notice():
            return {"event": "notice", **asdict(record)}


def _text(record: ToldRecord, time: str) -> str:
    match record:
        case AccessRecord():
            return (
                f"{time} {record.status} {record.method} {record.path} {record.source} "
                f"{record.milliseconds:.1f} ms {record.body_bytes} bytes "
                f"{record.client} {record.request_id}"
            )
        case RenderRecord():
            return f"error: {record.path}: {record.failure or ''}"
        case VariantRecord():
            return f"error: {record.picture}: {record.name}: {record.problem}"
        case Notice():
            level = "" if record.level is NoticeLevel.INFO else f"{record.level}: "
            return f"{level}{record.message}"
