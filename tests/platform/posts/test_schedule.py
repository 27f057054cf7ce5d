"""Posts that are published at a time. The tests move the clock."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from blog.posts import schedule
from tests.platform.client import RunningApi, running_api
from tests.platform.posts.writer import Writer, log_in
from tests.services import wait_until

AT = "2027-01-15T09:00:00Z"


def _slugs(api: RunningApi) -> list[str]:
    return [one["slug"] for one in api.visitor().get("/api/newest").json()["items"]]


def test_a_post_appears_at_its_time(api: RunningApi, ana: Writer) -> None:
    ana.publish(ana.create(tags=["sea"]), at=AT)
    api.clock.advance(3599)
    assert (schedule.publish_due(api.platform), _slugs(api)) == (0, [])
    api.clock.advance(1)
    assert (schedule.publish_due(api.platform), _slugs(api)) == (1, ["first-post"])
    public = api.visitor().get("/api/posts/ana/first-post").json()
    assert (public["published_at"], public["edited_at"]) == (AT, None)
    assert api.visitor().get("/api/tags/sea/posts").json()["total"] == 1


def test_the_application_publishes_and_purges_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "MAX_WAIT_SECONDS", 0.05)
    with running_api(tmp_path) as api:
        ana = log_in(api, "ana")
        ana.publish(ana.create(tags=["sea"]), at=AT)
        api.clock.advance(3600)
        assert wait_until(lambda: "tag:sea" in api.purges, 5)
        assert _slugs(api) == ["first-post"]
        assert sorted(api.purges) == ["newest", "post:ana/first-post", "posts-by:ana", "tag:sea"]


def test_a_failing_database_only_delays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "MAX_WAIT_SECONDS", 0.02)
    tries: list[int] = []
    real = schedule.publish_due

    def fails_twice(platform: object) -> int:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("the database is away")
        return real(platform)  # type: ignore[arg-type]

    monkeypatch.setattr(schedule, "publish_due", fails_twice)
    with running_api(tmp_path) as api:
        ana = log_in(api, "ana")
        ana.publish(ana.create(), at=AT)
        api.clock.advance(3600)
        assert wait_until(lambda: _slugs(api) == ["first-post"], 5)


def test_what_was_due_while_nothing_ran_is_published_at_the_start(
    tmp_path: Path,
) -> None:
    with running_api(tmp_path) as api:
        ana = log_in(api, "ana")
        ana.publish(ana.create(), at="2027-01-15T08:00:05Z")
        with api.platform.database.writing() as connection:
            connection.change("UPDATE post SET publish_at = '2027-01-15T07:59:00Z'")
    with running_api(tmp_path) as api:
        assert wait_until(lambda: _slugs(api) == ["first-post"], 5)


def test_a_later_draft_is_not_published_with_it(api: RunningApi, ana: Writer) -> None:
    post = ana.publish(ana.create(), at=AT)
    draft = ana.save(post, text="Not yet.")
    api.clock.advance(3600)
    schedule.publish_due(api.platform)
    assert api.visitor().get("/api/posts/ana/first-post").json()["markdown"] == "Hi."
    mine = ana.get(f"/api/me/posts/{post['id']}").json()
    assert (mine["status"], mine["text"], mine["changed"]) == ("published", "Not yet.", True)
    assert mine["revision"] == draft["revision"] + 1


def test_a_post_that_was_public_before_is_edited_at_that_time(api: RunningApi, ana: Writer) -> None:
    post = ana.unpublish(ana.published())
    ana.publish(ana.save(post, text="New"), at=AT)
    api.clock.advance(4000)
    schedule.publish_due(api.platform)
    public = api.visitor().get("/api/posts/ana/first-post").json()
    assert (public["published_at"], public["edited_at"]) == ("2027-01-15T08:00:00Z", AT)


def test_several_processes_publish_a_post_once(api: RunningApi, ana: Writer) -> None:
    for number in range(5):
        ana.publish(ana.create(title=f"P{number}"), at=AT)
    api.clock.advance(3600)
    published: list[int] = []
    threads = [
        threading.Thread(target=lambda: published.append(schedule.publish_due(api.platform)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(published) == 5
    assert len(_slugs(api)) == 5


@pytest.mark.parametrize(
    ("at", "seconds"), [(AT, 10.0), ("2027-01-15T08:00:04Z", 4.0), (None, 10.0)]
)
def test_a_process_wakes_when_the_next_post_is_due(
    api: RunningApi, ana: Writer, at: str | None, seconds: float
) -> None:
    if at:
        ana.publish(ana.create(), at=at)
    assert schedule.seconds_to_next(api.platform) == seconds
