from __future__ import annotations

import logging

import pytest

from blog.purge import outbox, purger
from tests.platform.client import SITE_URL, RunningApi
from tests.services import wait_until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purger, "SECONDS_BETWEEN_TRIES", 0.01)


def _note(api: RunningApi, *tags: str) -> None:
    with api.platform.database.writing() as connection:
        outbox.note(connection, tags, (SITE_URL,), api.clock.now)


def _is_pending(api: RunningApi) -> bool:
    with api.platform.database.reading() as connection:
        return outbox.pending(connection, SITE_URL, 1) is not None


def test_what_cannot_be_purged_is_sent_again_and_told_once(
    api: RunningApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "blog.purge")
    api.fail_purges.append("the answer was 503")
    _note(api, "post:ana/first", "tag:sea")
    assert wait_until(lambda: bool(caplog.messages), 10)
    assert not wait_until(lambda: len(caplog.messages) > 1, 0.2)
    assert caplog.messages == [f"not purged at {SITE_URL} yet: the answer was 503"]
    assert (api.purges, _is_pending(api)) == ([], True)
    api.fail_purges.clear()
    assert wait_until(lambda: not _is_pending(api), 10)
    assert sorted(api.purges) == ["post:ana/first", "tag:sea"]


def test_another_failure_is_told(api: RunningApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "blog.purge")
    api.fail_purges.append("the answer was 503")
    _note(api, "tag:sea")
    assert wait_until(lambda: len(caplog.messages) == 1, 10)
    api.fail_purges[0] = "no answer"
    assert wait_until(lambda: len(caplog.messages) == 2, 10)
    assert caplog.messages[1] == f"not purged at {SITE_URL} yet: no answer"
