"""Moderation and pictures in both databases, also when several requests come at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from blog.pictures import pictures
from tests.platform.client import RunningApi, running_api
from tests.platform.pictures.files import corners, picture
from tests.platform.pictures.test_uploads import send_body
from tests.platform.signed_in import SignedIn, author
from tests.services import running_postgres

AT_ONCE = 6


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def api(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApi]:
    with ExitStack() as stack:
        changes: dict[str, Any] = {}
        if request.param == "postgresql":
            changes["database_url"] = stack.enter_context(running_postgres()).url
        yield stack.enter_context(running_api(tmp_path_factory.mktemp("api"), **changes))


def at_once(requests: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(requests)) as pool:
        return [future.result(60) for future in [pool.submit(one) for one in requests]]


def published(writer: SignedIn, title: str, tag: str) -> dict[str, Any]:
    value = {"title": title, "text": "Words.", "tags": [tag]}
    post = writer.send_token("POST", "/api/me/posts", value).json()
    path = f"/api/me/posts/{post['id']}/publish"
    found: dict[str, Any] = writer.send_token("POST", path, {"revision": post["revision"]}).json()
    return found


def seen(api: RunningApi, user: str, slug: str, tag: str) -> tuple[bool, bool]:
    """Whether visitors see a post at its address, and in the list of its tag."""
    visitor = api.visitor()
    tagged = visitor.get(f"/api/tags/{tag}/posts")
    items = tagged.json()["items"] if tagged.status_code == 200 else []
    is_there = visitor.get(f"/api/posts/{user}/{slug}").status_code == 200
    return is_there, any(item["slug"] == slug for item in items)


def test_reports_and_decisions(api: RunningApi) -> None:
    ana, admin = author(api, "ana"), author(api, "root", is_admin=True)
    published(ana, "First", "sea")
    report = {"user": "ana", "slug": "first", "reason": "It is <spam>\0."}
    assert api.visitor().send("POST", "/api/reports", report).status_code == 201
    [post] = admin.get("/api/admin/reports").json()["items"]
    assert post["reports"][0]["reason"] == "It is <spam>."
    hide = "/api/admin/posts/ana/first/hide"
    assert admin.send_token("POST", hide, {"reason": "Spam."}).status_code == 200
    assert seen(api, "ana", "first", "sea") == (False, False)
    assert "The reason: Spam." in ana.get("/account/posts").text
    assert admin.get("/api/admin/reports").json()["items"] == []
    assert "First" in admin.get("/account/reports").text
    show = "/api/admin/posts/ana/first/show"
    assert admin.send_token("POST", show).status_code == 200
    assert seen(api, "ana", "first", "sea") == (True, True)


def test_a_hidden_post_stays_hidden_whatever_its_author_does_meanwhile(api: RunningApi) -> None:
    eve, admin = author(api, "eve"), author(api, "root", is_admin=True)
    post = published(eve, "Bad", "storm")
    path = f"/api/me/posts/{post['id']}"

    def edit(number: int) -> int:
        revision = eve.get(path).json()["revision"]
        value = {"title": f"Bad {number}", "text": "More.", "tags": ["storm"], "revision": revision}
        saved = eve.send_token("PUT", f"{path}/draft", {**value, "slug": "bad", "description": ""})
        if saved.status_code != 200:
            return int(saved.status_code)
        revision = saved.json()["revision"]
        return int(eve.send_token("POST", f"{path}/publish", {"revision": revision}).status_code)

    def hide() -> int:
        return int(admin.send_token("POST", "/api/admin/posts/eve/bad/hide", {}).status_code)

    edits: list[Callable[[], Any]] = [partial(edit, number) for number in range(AT_ONCE)]
    statuses = at_once([*edits[:3], hide, *edits[3:]])
    assert statuses[3] == 200
    assert set(statuses) <= {200, 409}
    assert seen(api, "eve", "bad", "storm") == (False, False)


def test_who_is_suspended_while_publishing_is_not_seen(api: RunningApi) -> None:
    dan, admin = author(api, "dan"), author(api, "root", is_admin=True)

    def publish(number: int) -> str:
        return str(published(dan, f"Post {number}", "wind").get("slug", ""))

    def suspend() -> int:
        return int(admin.send_token("POST", "/api/admin/users/dan/suspend", {}).status_code)

    begun: list[Callable[[], Any]] = [partial(_tried, publish, number) for number in range(4)]
    assert at_once([*begun[:2], suspend, *begun[2:]])[2] == 200
    assert api.visitor().get("/api/tags/wind/posts").status_code == 404
    assert api.visitor().get("/api/users/dan").status_code == 404
    with api.platform.database.reading() as connection:
        assert connection.rows("SELECT tag FROM post_tag WHERE tag = 'wind'") == []


def _tried(publish: Callable[[int], str], number: int) -> str:
    try:
        return publish(number)
    except KeyError:  # the answer is that nobody is logged in any more
        return ""


def test_pictures_are_kept_and_removed(api: RunningApi) -> None:
    pia, ben = author(api, "pia"), author(api, "ben")
    data = corners("PNG")
    answers = at_once([partial(send_body, one, data) for one in (pia, ben) * 3])
    assert [answer.status_code for answer in answers] == [201] * 6
    [url] = {answer.json()["url"] for answer in answers}
    served = api.visitor().get(url)
    assert served.content[8:12] == b"WEBP"
    with api.platform.database.writing() as connection:
        assert pictures.bytes_of(connection, "pia") == len(served.content)
    other = send_body(pia, picture(size=(90, 90))).json()["url"]
    names = [item["url"] for item in pia.get("/api/me/pictures").json()["items"]]
    assert set(names) == {url, other}
    removals = [
        partial(one.send_token, "DELETE", f"/api/me/pictures/{url.removeprefix('/media/')}")
        for one in (pia, ben)
    ]
    assert [answer.status_code for answer in at_once(list(removals))] == [204, 204]
    assert api.visitor().get(url).status_code == 404
    assert api.visitor().get(other).status_code == 200


def test_two_owners_who_remove_a_picture_at_once_leave_nothing(api: RunningApi) -> None:
    pia, ben = author(api, "pia"), author(api, "ben")
    for size in range(40, 52):
        data = picture(size=(size, 40))
        [name] = {send_body(one, data).json()["url"].removeprefix("/media/") for one in (pia, ben)}
        path = f"/api/me/pictures/{name}"
        removals = [partial(one.send_token, "DELETE", path) for one in (pia, ben)]
        again = partial(send_body, pia, data)
        statuses = [answer.status_code for answer in at_once([*removals, again])]
        assert statuses == [204, 204, 201]
    with api.platform.database.reading() as connection:
        unowned = """SELECT name FROM picture
                     WHERE name NOT IN (SELECT picture FROM picture_owner)"""
        assert connection.rows(unowned) == []
