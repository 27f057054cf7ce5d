"""The build's clock."""

from __future__ import annotations

import datetime as dt

import pytest

from ssg.build.clock import build_time
from ssg.model.errors import ConfigError


def test_source_date_epoch_is_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    time = build_time("Europe/Paris")
    assert time == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert time.isoformat() == "2023-11-14T23:13:20+01:00"


def test_else_it_is_now_in_whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    time = build_time("UTC")
    assert time.microsecond == 0
    assert abs(time - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("epoch", ["", "soon", "1.5", "9" * 30])
def test_an_epoch_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ConfigError, match="SOURCE_DATE_EPOCH is not a number of seconds"):
        build_time("UTC")
