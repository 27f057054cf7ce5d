"""Purging Vercel by its API, against a fake of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ssg.model.errors import PurgeError
from ssg.targets.load_target import purger_for
from ssg.targets.vercel.purger import VercelPurger
from tests.targets.purge.fake_host import FakeClock, FakeHost, fake_host

TOKEN = "vercel_secret"  # noqa: S105 of a fake host
MANY = [f"page:{number:010x}" for number in range(40)]


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host() as running:
        yield running


def purger(host: FakeHost, clock: FakeClock | None = None, **more: str) -> VercelPurger:
    environment = {
        "VERCEL_TOKEN": TOKEN,
        "VERCEL_PROJECT_ID": "prj_1",
        "VERCEL_API_URL": host.url,
        **more,
    }
    return VercelPurger(environment, clock=(clock or FakeClock()).clock)


def test_tags_of_the_project_become_stale(host: FakeHost) -> None:
    report = purger(host, VERCEL_ORG_ID="team_a b").purge(["site", "page:0123456789", "site"])
    (received,) = host.received
    assert (received.method, received.path) == (
        "POST",
        "/v1/edge-cache/invalidate-by-tags?projectIdOrName=prj_1&teamId=team_a+b",
    )
    assert received.headers["authorization"] == f"Bearer {TOKEN}"
    assert received.json == {"tags": ["site", "page:0123456789"]}
    assert (report.host, report.tags) == ("Vercel", ("site", "page:0123456789"))


def test_the_account_of_a_person_is_not_a_team(host: FakeHost) -> None:
    purger(host, VERCEL_ORG_ID="abc123").purge(["site"])
    assert host.received[0].path.endswith("?projectIdOrName=prj_1")


def test_a_request_has_at_most_sixteen_tags(host: FakeHost) -> None:
    assert purger(host).purge(MANY).requests == 3
    sent = [received.json["tags"] for received in host.received]
    assert list(map(len, sent)) == [16, 16, 8]
    assert [tag for batch in sent for tag in batch] == MANY


def test_everything_is_another_address(host: FakeHost) -> None:
    assert purger(host).purge_everything().everything
    assert host.received[0].path == "/v1/edge-cache/purge-all?projectIdOrName=prj_1"


def test_a_busy_api_is_asked_again_after_the_time_that_it_says(host: FakeHost) -> None:
    clock = FakeClock()
    host.will_answer(429, retry_after="7")
    purger(host, clock).purge(["site"])
    assert (clock.slept, len(host.received)) == ([7.0], 2)


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (401, "VERCEL_TOKEN is not a valid token of Vercel"),
        (403, "VERCEL_TOKEN may not purge this project; VERCEL_ORG_ID names the team"),
        (404, "Vercel knows no project VERCEL_PROJECT_ID for this token"),
    ],
)
def test_an_error_says_what_to_do_and_no_secret(host: FakeHost, status: int, hint: str) -> None:
    host.will_answer(status)
    with pytest.raises(PurgeError) as caught:
        purger(host).purge(["site"])
    assert hint in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("missing", ["VERCEL_TOKEN", "VERCEL_PROJECT_ID"])
def test_a_variable_that_is_missing_is_named(missing: str) -> None:
    environment = {"VERCEL_TOKEN": TOKEN, "VERCEL_PROJECT_ID": "prj_1"}
    del environment[missing]
    with pytest.raises(PurgeError, match=missing):
        purger_for("vercel", environment)


def test_no_tags_are_refused(host: FakeHost) -> None:
    with pytest.raises(PurgeError):
        purger(host).purge([])
    assert host.received == []
