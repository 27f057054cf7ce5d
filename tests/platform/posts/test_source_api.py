from __future__ import annotations

from typing import Any

import pytest

from tests.platform.client import START, RunningApi
from tests.platform.posts.stored import insert, store_account, store_post


@pytest.fixture
def ana(api: RunningApi) -> str:
    with api.platform.database.writing() as connection:
        return store_account(connection, "ana", display_name="Ana Lima", about="*Hi*")


def _store(api: RunningApi, author: str, slug: str, **values: Any) -> str:
    with api.platform.database.writing() as connection:
        return store_post(connection, author, slug, **values)


def _change(api: RunningApi, statement: str, **values: object) -> None:
    with api.platform.database.writing() as connection:
        assert connection.change(statement, **values)


def _slugs(api: RunningApi, path: str) -> list[str]:
    answer = api.visitor().get(path)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


def test_a_published_post(api: RunningApi, ana: str) -> None:
    _store(api, ana, "first-post", title="First <b>", description="D", tags="sea sun", reads=12)
    answer = api.visitor().get("/api/posts/ana/first-post")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "user": "ana",
            "name": "Ana Lima",
            "slug": "first-post",
            "title": "First <b>",
            "description": "D",
            "tags": ["sea", "sun"],
            "published_at": "2027-01-15T08:00:00Z",
            "edited_at": None,
            "reads": 12,
            "markdown": "Text of *first-post*.",
        },
    )
    assert answer.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "values",
    [{"status": "draft"}, {"status": "scheduled"}, {"status": "unpublished"}, {"hidden": 1}],
)
def test_a_post_that_visitors_cannot_see_is_nowhere(
    api: RunningApi, ana: str, values: dict[str, Any]
) -> None:
    post = _store(api, ana, "secret", tags="sea", **values)
    _change(api, "INSERT INTO old_address VALUES (:a, 'old', :p)", a=ana, p=post)
    for path in ("/api/posts/ana/secret", "/api/posts/ana/old", "/api/tags/sea/posts"):
        assert api.visitor().get(path).status_code == 404
    for path in ("/api/users/ana/posts", "/api/newest", "/api/popular"):
        assert _slugs(api, path) == []
    assert api.visitor().get("/api/users/ana").json()["posts"] == 0


@pytest.mark.parametrize("column", ["suspended", "deleted"])
def test_an_author_who_is_gone_takes_everything_along(
    api: RunningApi, ana: str, column: str
) -> None:
    _store(api, ana, "post", tags="sea")
    _change(api, f"UPDATE account SET {column} = 1 WHERE id = :id", id=ana)  # noqa: S608 a column above
    for path in ("/api/posts/ana/post", "/api/users/ana", "/api/users/ana/posts"):
        assert api.visitor().get(path).status_code == 404
    for path in ("/api/tags/sea/posts", "/api/newest", "/api/popular"):
        assert _slugs(api, path) == []


def test_what_is_not_there_is_not_kept_either(api: RunningApi, ana: str) -> None:
    for path in ("/api/posts/ana/no", "/api/posts/no/no", "/api/users/no", "/api/tags/no/posts"):
        answer = api.visitor().get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-cache")
        assert answer.json()["error"].startswith("There is no such ")


@pytest.mark.parametrize("name", ["%00", "%ff", "A", "a" * 101, "a%20b", "ä", "%ed%a0%80"])
def test_what_cannot_be_a_name_is_not_there(api: RunningApi, name: str) -> None:
    for path in (f"/api/posts/ana/{name}", f"/api/users/{name}", f"/api/tags/{name}/posts"):
        assert api.visitor().get(path).status_code == 404


def test_an_old_address_answers_the_post_with_its_present_slug(api: RunningApi, ana: str) -> None:
    post = _store(api, ana, "new")
    _change(api, "INSERT INTO old_address VALUES (:a, 'old', :p)", a=ana, p=post)
    assert api.visitor().get("/api/posts/ana/old").json()["slug"] == "new"


def test_a_post_goes_before_the_old_address_of_another(api: RunningApi, ana: str) -> None:
    moved, taken = _store(api, ana, "moved"), _store(api, ana, "taken")
    _change(api, "INSERT INTO old_address VALUES (:a, 'taken', :p)", a=ana, p=moved)
    assert api.visitor().get("/api/posts/ana/taken").json()["slug"] == "taken"
    _change(api, "UPDATE post SET status = 'unpublished' WHERE id = :id", id=taken)
    assert api.visitor().get("/api/posts/ana/taken").json()["slug"] == "moved"


def test_lists_are_sorted_and_come_in_parts(api: RunningApi, ana: str) -> None:
    for number in range(5):
        time = f"2027-01-0{number + 1}T00:00:00Z"
        _store(api, ana, f"p{number}", tags="sea", published_at=time, reads=10 * (number % 3))
    expected = ["p4", "p3", "p2", "p1", "p0"]
    assert _slugs(api, "/api/users/ana/posts") == expected
    assert _slugs(api, "/api/tags/sea/posts") == expected
    assert _slugs(api, "/api/newest?limit=3") == expected[:3]
    assert _slugs(api, "/api/popular") == ["p2", "p4", "p1", "p3", "p0"]
    for path in ("/api/users/ana/posts", "/api/tags/sea/posts"):
        assert _slugs(api, f"{path}?limit=2&offset=2") == expected[2:4]
        assert _slugs(api, f"{path}?limit=2&offset=9") == []
        assert api.visitor().get(f"{path}?limit=1").json()["total"] == 5


def test_a_user_has_the_number_of_visible_posts(api: RunningApi, ana: str) -> None:
    _store(api, ana, "one")
    _store(api, ana, "two", status="draft")
    value = {"user": "ana", "name": "Ana Lima", "about": "*Hi*", "posts": 1}
    value |= {"joined_at": "2027-01-15T08:00:00Z"}
    assert api.visitor().get("/api/users/ana").json() == value
    listed = api.visitor().get("/api/users/ana/posts").json()
    assert (listed["user"], listed["total"], len(listed["items"])) == (value, 1, 1)


def test_texts_come_only_if_they_are_asked_for(api: RunningApi, ana: str) -> None:
    for number in range(22):
        _store(api, ana, f"p{number}", tags="sea")
    for path in ("/api/users/ana/posts", "/api/tags/sea/posts", "/api/newest"):
        assert "markdown" not in api.visitor().get(path).json()["items"][0]
        full = api.visitor().get(f"{path}?full=1&limit=100").json()["items"]
        assert len(full) == 20
        assert all(item["markdown"] == f"Text of *{item['slug']}*." for item in full)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 20_000, "a" * 20_000),
        ("a" * 20_001, "a" * 20_000 + "\n\n…"),
        ("a" * 15_000 + "\n\n" + "b" * 9_000, "a" * 15_000 + "\n\n…"),
        ("a\n\n" + "b" * 30_000, "a\n\n" + "b" * 19_997 + "\n\n…"),
    ],
)
def test_long_texts_of_lists_end_early(api: RunningApi, ana: str, text: str, expected: str) -> None:
    _store(api, ana, "long", text=text)
    found = api.visitor().get("/api/newest?full=1").json()["items"][0]["markdown"]
    assert found == expected
    assert api.visitor().get("/api/posts/ana/long").json()["markdown"] == text


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=", "limit=-1", "full=2"]
)
def test_a_wrong_parameter_is_told(api: RunningApi, query: str) -> None:
    answer = api.visitor().get(f"/api/newest?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(
        f"{query.split('=', maxsplit=1)[0]} is not a number from "
    )


def test_an_answer_is_sent_again_only_if_it_differs(api: RunningApi, ana: str) -> None:
    post = _store(api, ana, "post")
    first = api.visitor().get("/api/posts/ana/post")
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for told in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = api.visitor().get("/api/posts/ana/post", **{"If-None-Match": told})
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["cache-control"]) == (tag, "no-cache")
    _change(api, "UPDATE post SET title = 'x' WHERE id = :id", id=post)
    changed = api.visitor().get("/api/posts/ana/post", **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_posts_of_one_second_have_a_fixed_order(api: RunningApi, ana: str) -> None:
    with api.platform.database.writing() as connection:
        for slug in ("b", "c", "a"):
            store_post(connection, ana, slug, tags="sea")
        insert(connection, "post_tag", [{"tag": "sun", "published_at": "2027", "post": f"{ana}/a"}])
    for path in ("/api/users/ana/posts", "/api/tags/sea/posts", "/api/newest", "/api/popular"):
        assert _slugs(api, path) == ["c", "b", "a"]
    assert api.clock.now == START
