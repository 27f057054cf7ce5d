"""The lines that `ssg serve` prints while it runs."""

from __future__ import annotations

import json

import pytest
from rich.text import Text

from ssg.cli.serve_log import json_line, printer, text_line
from ssg.edge.events import (
    AccessRecord,
    AnswerSource,
    EdgeRecord,
    Notice,
    NoticeLevel,
    RenderRecord,
    SourceOutcome,
    SourceRecord,
    VariantOutcome,
    VariantRecord,
)
from ssg.edge.policy import RenderKind, StoreVerdict
from ssg.model.live.data_request import DataRequest
from ssg.runtime.http import Failure

HIT = AccessRecord("GET", "/[b]/", 200, AnswerSource.HIT, 0.4321, 99)
RENDER = RenderRecord("/a/", RenderKind.MISS, 200, StoreVerdict.STORE, 3.0)
FAILED = RenderRecord(
    "/a/", RenderKind.MISS, 500, StoreVerdict.STATUS, 3.0, Failure("no x", "page.html", 7)
)
SOURCE = SourceRecord(DataRequest("api", "/x"), 0, SourceOutcome.FAILED, 5.0, "api is away")
MADE = VariantRecord("/[b].jpg", "0123-640.webp", VariantOutcome.MADE, 83.21)
BROKEN = VariantRecord("/b.jpg", "0123-640.webp", VariantOutcome.FAILED, 1.0, "it is cut off")
INFO, WARNING = Notice(NoticeLevel.INFO, "all well"), Notice(NoticeLevel.WARNING, "[b] is odd")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (HIT, "200 GET /[b]/ hit 0.4 ms 99 bytes"),
        (RENDER, ""),
        (FAILED, "error: page.html:7: no x"),
        (SOURCE, ""),
        (MADE, "0123-640.webp is of /[b].jpg, made in 83.2 ms"),
        (BROKEN, "error: /b.jpg: 0123-640.webp: it is cut off"),
        (INFO, "all well"),
        (WARNING, "warning: [b] is odd"),
    ],
)
def test_text_is_one_line_and_markup_in_it_is_text(record: EdgeRecord, expected: str) -> None:
    assert Text.from_markup(text_line(record)).plain == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            HIT,
            {"event": "request", "method": "GET", "path": "/[b]/", "status": 200, "source": "hit",
             "milliseconds": 0.4321, "body_bytes": 99, "request_id": "", "client": ""},
        ),
        (
            FAILED,
            {"event": "render", "path": "/a/", "kind": "miss", "status": 500, "verdict": "status",
             "milliseconds": 3.0,
             "failure": {"message": "no x", "template": "page.html", "line": 7}},
        ),
        (
            BROKEN,
            {"event": "variant", "picture": "/b.jpg", "name": "0123-640.webp", "outcome": "failed",
             "milliseconds": 1.0, "problem": "it is cut off"},
        ),
        (WARNING, {"event": "notice", "level": "warning", "message": "[b] is odd"}),
    ],
)  # fmt: skip
def test_json_is_one_line_with_everything(record: EdgeRecord, expected: dict[str, object]) -> None:
    line = json_line(record)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    values = json.loads(line)
    assert values.pop("time").endswith("+00:00")
    assert values == expected


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        (False, [HIT, RENDER, FAILED, MADE, BROKEN, INFO, WARNING]),
        (True, [FAILED, BROKEN, WARNING]),
    ],
)
def test_quiet_never_hides_failures(
    quiet: bool, expected: list[EdgeRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    show = printer(as_json=True, quiet=quiet)
    for record in (HIT, RENDER, FAILED, MADE, BROKEN, INFO, WARNING):
        show(record)
    printed = capsys.readouterr()
    assert printed.err == ""
    events = [json.loads(line)["event"] for line in printed.out.splitlines()]
    assert events == [json.loads(json_line(record))["event"] for record in expected]


def test_text_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    printer(as_json=False, quiet=False)(HIT)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "200 GET /[b]/ hit 0.4 ms 99 bytes\n")


def test_a_request_to_a_source_is_a_line_of_json() -> None:
    line = json.loads(json_line(SOURCE))
    assert (line["event"], line["outcome"], line["problem"]) == ("source", "failed", "api is away")
    assert line["request"]["path"] == "/x"
