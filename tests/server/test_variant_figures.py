"""What the server tells of variants of pictures: its log, and its metrics."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from ssg.edge.events import VariantOutcome, VariantRecord
from ssg.server.access_log import line_of
from ssg.server.metrics import Metrics
from ssg.server.settings import AccessLog

MADE = VariantRecord("/b.jpg", "0123-640.webp", VariantOutcome.MADE, 80.0)
FAILED = VariantRecord("/b.jpg", "0123-640.webp", VariantOutcome.FAILED, 10.0, "it is cut off")


def now() -> dt.datetime:
    return dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


def test_only_failures_are_in_the_log() -> None:
    assert line_of(MADE, AccessLog.TEXT, now) == line_of(MADE, AccessLog.JSON, now) == ""
    assert line_of(FAILED, AccessLog.NONE, now) == "error: /b.jpg: 0123-640.webp: it is cut off"
    told = json.loads(line_of(FAILED, AccessLog.JSON, now))
    assert (told["event"], told["picture"], told["problem"]) == (
        "variant",
        "/b.jpg",
        "it is cut off",
    )


def test_variants_are_counted_with_their_time() -> None:
    pytest.importorskip("prometheus_client")
    metrics = Metrics()
    log = metrics.counted(lambda _: None)
    for record in (MADE, MADE, FAILED):
        log(record)
    read = metrics.registry.get_sample_value
    assert read("ssg_variants_made_total") == 2
    assert read("ssg_variant_seconds_count", {"outcome": "made"}) == 2
    assert read("ssg_variant_seconds_sum", {"outcome": "made"}) == pytest.approx(0.16)
    assert read("ssg_variant_seconds_count", {"outcome": "failed"}) == 1
