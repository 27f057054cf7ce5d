"""What an author changes about themselves changes on all pages that show it, and on no others."""

from __future__ import annotations

from tests.platform.client import RunningApi, Visitor
from tests.platform.posts.writer import Writer

PASSWORD = "correct horse battery"  # noqa: S105 a password of a test


def _signed_up(api: RunningApi) -> Visitor:
    visitor = api.visitor()
    value = {"user": "carla", "name": "Carla", "password": PASSWORD}
    answer = visitor.send("POST", "/api/accounts", value)
    assert answer.status_code < 300, answer.text
    return visitor


def test_who_signs_up_appears_at_once(api: RunningApi) -> None:
    _signed_up(api)
    assert api.purges == ["user:carla"]
    assert api.visitor().get("/api/users/carla").json()["name"] == "Carla"


def test_a_new_name_is_shown_by_all_lists(api: RunningApi, ana: Writer) -> None:
    ana.published(tags=["sea"])
    ana.create(tags=["draft"])
    api.purges.clear()
    ana.value("PATCH", "/api/me", {"name": "Ana", "about": ""})
    assert sorted(api.purges) == ["newest", "tag:sea", "user:ana"]
    api.purges.clear()
    ana.value("PATCH", "/api/me", {"name": "Ana", "about": "I write."})
    assert api.purges == ["user:ana"]
    api.purges.clear()
    ana.value("PATCH", "/api/me", {"name": "Ana", "about": "I write."})
    assert api.purges == []


def test_an_account_ends_with_its_posts(api: RunningApi) -> None:
    visitor = _signed_up(api)
    content = {"title": "First post", "text": "Hi.", "tags": ["sea"]}
    post = visitor.send("POST", "/api/me/posts", content).json()
    path = f"/api/me/posts/{post['id']}/publish"
    assert visitor.send("POST", path, {"revision": post["revision"]}).status_code == 200
    api.purges.clear()
    answer = visitor.send("DELETE", "/api/me", {"password": PASSWORD})
    assert answer.status_code < 300, answer.text
    assert sorted(api.purges) == ["newest", "tag:sea", "user:carla"]
    for path in ("/api/posts/carla/first-post", "/api/users/carla", "/api/tags/sea/posts"):
        assert api.visitor().get(path).status_code == 404
    with api.platform.database.reading() as connection:
        for table in ("post", "draft", "post_tag", "old_address"):
            assert connection.rows(f"SELECT * FROM {table}") == []  # noqa: S608 a table above
