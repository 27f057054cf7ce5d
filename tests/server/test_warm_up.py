"""Critical live pages are in the cache of a server soon after a deploy, and can be purged there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ssg.server.warm_up import WarmUp
from tests.build.live.live_site import FILES, build_live
from tests.json_api import JsonApi, json_api
from tests.server.started import started
from tests.server.test_follow import until


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with json_api(posts=3) as running:
        yield running


def test_listed_pages_are_rendered_after_a_deploy_with_the_data_of_then(
    tmp_path: Path, api: JsonApi
) -> None:
    env = {"API_URL": api.url}
    built = build_live(tmp_path, FILES, env, target="server")
    assert built.report.live.critical == 3
    assert not any(name.startswith("user1/") for name in built.files)
    api.posts["user1", "post1"]["title"] = "published after the build"
    api.forget()
    with started(tmp_path, "dist", **env) as server:
        until(lambda: "/posts/user1/post3" in api.targets)
        first = server.get("/user1/post1/")
        assert first[2].startswith(b"published after the build|")
        asked = sorted(one for one in api.targets if one.startswith("/posts/"))
        assert asked == [f"/posts/user1/post{number}" for number in (1, 2, 3)]  # each once


class _Pages:
    """A cache that notes what it is asked for, and waits."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go_on = threading.Event()

    def wait(self, _: str, key: str) -> None:
        self.asked.append(key)
        assert self.go_on.wait(10)


def test_the_next_release_ends_the_warm_up_of_the_last_one() -> None:
    warm_up, old, new = WarmUp(), _Pages(), _Pages()
    first = warm_up.start(_as_cache(old), ["/a/", "/b/"])
    until(lambda: old.asked == ["/a/"])
    second = warm_up.start(_as_cache(new), ["/é/"])
    old.go_on.set()
    new.go_on.set()
    for thread in (first, second):
        assert thread
        thread.join(10)
    assert (old.asked, new.asked) == (["/a/"], ["/%C3%A9/"])


def test_without_pages_there_is_no_thread() -> None:
    assert WarmUp().start(_as_cache(_Pages()), []) is None


def _as_cache(pages: _Pages) -> Any:
    return pages
