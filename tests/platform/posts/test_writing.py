"""Writing and publishing, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platform.client import RunningApi
from tests.platform.posts.writer import Writer, log_in


def _status(api: RunningApi, slug: str) -> int:
    return api.visitor().get(f"/api/posts/ana/{slug}").status_code


def _public(api: RunningApi, slug: str) -> Any:
    answer = api.visitor().get(f"/api/posts/ana/{slug}")
    assert answer.status_code == 200, slug
    return answer.json()


def test_a_request_that_is_sent_again_changes_nothing_more(api: RunningApi, ana: Writer) -> None:
    """Its answer was lost: a program, such as the editor, cannot know that it arrived."""
    first, again = (ana.create(title="A", key="k1") for _ in range(2))
    assert first == again
    assert ana.create(title="A")["id"] != first["id"]
    assert ana.create(title="A", key="k2")["id"] != first["id"]
    assert ana.create(title="B", key="k1")["id"] != first["id"]
    other = log_in(api, "ben")
    assert other.create(title="A", key="k1")["id"] != first["id"]
    saved, again = (ana.save(first, text="More.") for _ in range(2))
    assert saved == again


def test_a_draft_is_seen_by_its_author_alone(api: RunningApi, ana: Writer) -> None:
    post = ana.create(title="Hello, Wörld!", text="A\r\nB", tags=["Sea", "café"], description="D")
    assert post == {
        "id": post["id"],
        "user": "ana",
        "title": "Hello, Wörld!",
        "text": "A\nB",
        "tags": ["sea", "cafe"],
        "description": "D",
        "slug": "hello-world",
        "status": "draft",
        "hidden": False,
        "revision": 2,
        "changed": True,
        "address": None,
        "created_at": "2027-01-15T08:00:00Z",
        "saved_at": "2027-01-15T08:00:00Z",
        "publish_at": None,
        "published_at": None,
        "edited_at": None,
        "reads": 0,
    }
    assert ana.get(f"/api/me/posts/{post['id']}").json() == post
    assert _status(api, "hello-world") == 404
    assert api.purges == []


def test_publishing_shows_the_post_everywhere(api: RunningApi, ana: Writer) -> None:
    post = ana.published(tags=["sea", "sun"])
    assert (post["status"], post["changed"], post["address"]) == (
        "published",
        False,
        "/ana/first-post/",
    )
    assert (_public(api, "first-post")["markdown"], post["edited_at"]) == ("Hi.", None)
    for path in (
        "/api/users/ana/posts",
        "/api/tags/sea/posts",
        "/api/tags/sun/posts",
        "/api/newest",
    ):
        assert [one["slug"] for one in api.visitor().get(path).json()["items"]] == ["first-post"]
    assert sorted(api.purges) == [
        "newest",
        "post:ana/first-post",
        "posts-by:ana",
        "tag:sea",
        "tag:sun",
    ]


def test_an_edit_is_a_draft_until_it_is_published(api: RunningApi, ana: Writer) -> None:
    post = ana.published(tags=["sea"])
    api.purges.clear()
    api.clock.advance(60)
    draft = ana.save(post, text="New.", tags=["sky"])
    assert (draft["text"], draft["status"], draft["changed"]) == ("New.", "published", True)
    assert (_public(api, "first-post")["markdown"], api.purges) == ("Hi.", [])
    assert _status(api, "first-post") == 200
    ana.publish(draft)
    public = _public(api, "first-post")
    assert (public["markdown"], public["tags"]) == ("New.", ["sky"])
    assert (public["published_at"], public["edited_at"]) == (
        "2027-01-15T08:00:00Z",
        "2027-01-15T08:01:00Z",
    )
    assert {"tag:sea", "tag:sky"} < set(api.purges)
    assert api.visitor().get("/api/tags/sea/posts").status_code == 404


def test_what_is_saved_again_is_no_change(api: RunningApi, ana: Writer) -> None:
    post = ana.published()
    api.purges.clear()
    assert ana.save(post) == post
    changed = ana.save(post, text="Other")
    assert ana.save(changed, text="Hi.")["changed"] is False
    again = ana.publish(ana.get(f"/api/me/posts/{post['id']}").json())
    assert (again["edited_at"], api.purges) == (None, [])


def test_two_windows_do_not_overwrite_each_other(api: RunningApi, ana: Writer) -> None:
    post = ana.create()
    ana.save(post, text="From one window")
    for method, path, value in (
        ("PUT", "draft", {"title": "T", "text": "From another", "revision": post["revision"]}),
        ("POST", "publish", {"revision": post["revision"]}),
    ):
        answer = ana.send(method, f"/api/me/posts/{post['id']}/{path}", value)
        assert answer.status_code == 409
        assert answer.json()["fields"] == {"revision": str(post["revision"] + 1)}
        assert "Nothing is lost" in answer.json()["error"]
    now = ana.get(f"/api/me/posts/{post['id']}").json()
    assert (now["text"], now["status"]) == ("From one window", "draft")
    assert api.purges == []


def test_unpublishing_and_publishing_again(api: RunningApi, ana: Writer) -> None:
    post = ana.published(tags=["sea"])
    tags = set(api.purges)
    api.purges.clear()
    gone = ana.unpublish(post)
    assert (gone["status"], gone["address"], _status(api, "first-post")) == (
        "unpublished",
        None,
        404,
    )
    assert set(api.purges) == tags
    assert api.visitor().get("/api/tags/sea/posts").status_code == 404
    api.clock.advance(60)
    back = ana.publish(gone)
    assert (back["published_at"], back["edited_at"]) == (post["published_at"], None)
    assert _public(api, "first-post")["tags"] == ["sea"]


def test_unpublishing_twice_changes_nothing(api: RunningApi, ana: Writer) -> None:
    post = ana.unpublish(ana.published())
    api.purges.clear()
    assert ana.unpublish(post) == post
    draft = ana.create(title="Draft")
    assert ana.unpublish(draft) == draft
    assert api.purges == []


def test_deleting(api: RunningApi, ana: Writer) -> None:
    post = ana.published(tags=["sea"])
    api.purges.clear()
    assert ana.send("DELETE", f"/api/me/posts/{post['id']}").status_code == 204
    assert {"post:ana/first-post", "posts-by:ana", "tag:sea", "newest"} == set(api.purges)
    assert _status(api, "first-post") == 404
    assert ana.get(f"/api/me/posts/{post['id']}").status_code == 404
    assert ana.published()["slug"] == "first-post"


def test_a_new_slug_leads_from_the_old_one(api: RunningApi, ana: Writer) -> None:
    post = ana.published()
    api.purges.clear()
    post = ana.publish(ana.save(post, slug="second"))
    assert {"post:ana/first-post", "post:ana/second"} < set(api.purges)
    assert _public(api, "first-post")["slug"] == _public(api, "second")["slug"] == "second"
    api.purges.clear()
    post = ana.publish(ana.save(post, slug="third"))
    assert {"post:ana/first-post", "post:ana/second", "post:ana/third"} < set(api.purges)
    assert {_public(api, slug)["slug"] for slug in ("first-post", "second", "third")} == {"third"}


def test_a_slug_can_be_taken_back(api: RunningApi, ana: Writer) -> None:
    post = ana.published()
    post = ana.publish(ana.save(post, slug="second"))
    post = ana.publish(ana.save(post, slug="first-post"))
    assert post["address"] == "/ana/first-post/"
    assert {_public(api, slug)["slug"] for slug in ("first-post", "second")} == {"first-post"}


def test_a_published_post_takes_an_old_address_of_another(api: RunningApi, ana: Writer) -> None:
    moved = ana.publish(ana.save(ana.published(), slug="second"))
    draft = ana.create(title="First post")
    assert (draft["slug"], _public(api, "first-post")["slug"]) == ("first-post", "second")
    api.purges.clear()
    taken = ana.publish(draft)
    assert "post:ana/second" not in api.purges
    assert _public(api, "first-post")["slug"] == "first-post"
    ana.unpublish(taken)
    assert _status(api, "first-post") == 404
    assert _public(api, moved["slug"])["slug"] == "second"


def test_an_unpublished_post_is_gone_at_its_old_addresses_too(api: RunningApi, ana: Writer) -> None:
    post = ana.publish(ana.save(ana.published(), slug="second"))
    api.purges.clear()
    ana.unpublish(post)
    assert {"post:ana/first-post", "post:ana/second"} < set(api.purges)
    assert (_status(api, "first-post"), _status(api, "second")) == (404, 404)


def test_a_slug_belongs_to_one_post_of_an_author(ana: Writer, bo: Writer) -> None:
    first, second, third = (ana.create(title="Same title") for _ in range(3))
    assert [post["slug"] for post in (first, second, third)] == [
        "same-title",
        "same-title-2",
        "same-title-3",
    ]
    assert bo.create(title="Same title")["slug"] == "same-title"
    value = {"title": "T", "text": "", "slug": "same-title"}
    for answer in (
        ana.send("POST", "/api/me/posts", value),
        ana.send("PUT", f"/api/me/posts/{third['id']}/draft", {**value, "revision": 2}),
    ):
        assert answer.status_code == 422
        assert answer.json()["fields"] == {"slug": "Another post of yours has this address."}


def test_a_slug_can_be_taken_before_a_draft_is_published(ana: Writer) -> None:
    post = ana.published(title="One")
    draft = ana.save(post, slug="wanted")
    ana.published(title="Wanted")
    path = f"/api/me/posts/{post['id']}/publish"
    answer = ana.send("POST", path, {"revision": draft["revision"]})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["slug"])
    assert ana.get(f"/api/me/posts/{post['id']}").json() == draft


def test_the_slug_of_a_draft_follows_its_title(ana: Writer) -> None:
    post = ana.create(title="")
    assert post["slug"] == "post"
    assert ana.save(post, title="Now with a title", slug="")["slug"] == "now-with-a-title"
    published = ana.published(title="Stays")
    assert ana.save(published, title="Another title", slug="")["slug"] == "stays"


def test_a_post_at_a_time(api: RunningApi, ana: Writer) -> None:
    post = ana.publish(ana.create(tags=["sea"]), at="2027-01-15T09:00:00Z")
    assert (post["status"], post["publish_at"]) == ("scheduled", "2027-01-15T09:00:00Z")
    assert (_status(api, "first-post"), api.purges) == (404, [])
    assert ana.unpublish(post)["status"] == "draft"


def test_a_time_that_has_passed_is_now(api: RunningApi, ana: Writer) -> None:
    post = ana.publish(ana.create(), at="2027-01-15T07:00:00Z")
    assert (post["status"], post["published_at"]) == ("published", "2027-01-15T08:00:00Z")
    assert _status(api, "first-post") == 200


@pytest.mark.parametrize("at", ["tomorrow", "2027-13-01T00:00:00Z", "2099-01-01T00:00:00Z"])
def test_a_wrong_time_is_told(ana: Writer, at: str) -> None:
    post = ana.create()
    value = {"revision": post["revision"], "at": at}
    answer = ana.send("POST", f"/api/me/posts/{post['id']}/publish", value)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["at"])
    published = ana.publish(post)
    value = {"revision": published["revision"], "at": "2027-02-01T00:00:00Z"}
    assert ana.send("POST", f"/api/me/posts/{post['id']}/publish", value).status_code == 422


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": "a\u2067b"}, "title"),
        ({"title": "a\ud800b"}, "title"),
        ({"title": "a\uffffb"}, "title"),
        ({"title": "a\ufdd0b"}, "title"),
        ({"title": "a\u2028b"}, "title"),
        ({"description": "x" * 301}, "description"),
        ({"description": "a\u0007b"}, "description"),
        ({"text": "x" * 100_001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "\udfff"}, "text"),
        ({"tags": [f"tag{number}" for number in range(9)]}, "tags"),
        ({"tags": ["---"]}, "tags"),
        ({"tags": "sea"}, "tags"),
        ({"title": 1}, "title"),
        ({"slug": "posts"}, "slug"),
        ({"slug": "page"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": "-a"}, "slug"),
        ({"slug": "ä"}, "slug"),
        ({"slug": "a/b"}, "slug"),
        ({"slug": "x" * 101}, "slug"),
    ],
)
def test_what_cannot_be_a_post_is_told(ana: Writer, content: dict[str, Any], field: str) -> None:
    answer = ana.send("POST", "/api/me/posts", {"title": "T", "text": "", **content})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert ana.get("/api/me/posts").json() == {"items": [], "total": 0}


def test_a_title_has_letters_of_all_scripts(api: RunningApi, ana: Writer) -> None:
    title = "日本 שלום 👩‍💻 \U0001fae8 नमस्ते"
    assert _public(api, ana.published(title=title)["slug"])["title"] == title


def test_all_mistakes_are_told_at_once(ana: Writer) -> None:
    value = {"title": "x" * 300, "text": "\0", "slug": "A B"}
    assert set(ana.send("POST", "/api/me/posts", value).json()["fields"]) == {
        "title",
        "text",
        "slug",
    }


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\u200b\u00a0\u0301"}, "title"),
        ({"text": " \n"}, "text"),
        ({"text": "a\n" * 10_001}, "text"),
        ({"text": "[a]: https://e.org/" + "x" * 100 + "\n\n" + "[a] " * 20_000}, "text"),
    ],
)
def test_what_cannot_be_a_page_can_be_a_draft(
    api: RunningApi, ana: Writer, content: dict[str, Any], field: str
) -> None:
    post = ana.create(**content)
    value = {"revision": post["revision"]}
    answer = ana.send("POST", f"/api/me/posts/{post['id']}/publish", value)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert ana.get(f"/api/me/posts/{post['id']}").json() == post
    assert api.purges == []


def test_a_list_of_all_posts(api: RunningApi, ana: Writer, bo: Writer) -> None:
    bo.create(title="Not hers")
    posts: list[Any] = []
    for number in range(3):
        api.clock.advance(1)
        posts.insert(0, ana.create(title=f"P{number}"))
    for post in posts:
        del post["text"]
    assert ana.get("/api/me/posts").json() == {"items": posts, "total": 3}
    assert ana.get("/api/me/posts?limit=1&offset=1").json()["items"] == posts[1:2]


def test_a_hidden_post_says_so_to_its_author(api: RunningApi, ana: Writer) -> None:
    post = ana.published()
    with api.platform.database.writing() as connection:
        connection.change("UPDATE post SET hidden = 1 WHERE id = :id", id=post["id"])
    seen = ana.get(f"/api/me/posts/{post['id']}").json()
    assert (seen["hidden"], seen["address"], seen["status"]) == (True, None, "published")
    again = ana.publish(ana.save(seen, text="Better"))
    assert (again["hidden"], _status(api, "first-post")) == (True, 404)
