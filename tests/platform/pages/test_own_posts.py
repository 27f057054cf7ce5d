from __future__ import annotations

from tests.platform.client import RunningApi
from tests.platform.pages.forms import form_of
from tests.platform.posts.stored import store_post
from tests.platform.signed_in import author

POSTS = "/account/posts"


def test_all_states_of_posts_are_listed(api: RunningApi) -> None:
    ana = author(api, "ana")
    with api.platform.database.writing() as connection:
        store_post(connection, "ana", "seen", title="Seen <b>")
        store_post(connection, "ana", "begun", status="draft", published_at=None, title="")
        times = {"publish_at": "2027-02-01T10:00:00Z", "published_at": None}
        store_post(connection, "ana", "later", status="scheduled", **times)
        store_post(connection, "ana", "away", status="unpublished")
        store_post(connection, "ana", "bad", hidden=1)
    author(api, "ben")
    page = ana.get(POSTS)
    words = form_of(page).words
    assert "Seen &lt;b&gt;" in page.text
    for part in (
        "published at 2027-01-15 08:00 UTC",
        "Without a title draft",
        "appears at 2027-02-01 10:00 UTC",
        "unpublished",
        "An administrator has hidden this post",
    ):
        assert part in words
    assert page.text.count('action="/account/posts/unpublish"') == 3
    assert 'href="/ana/seen/"' in page.text
    assert 'href="/ana/bad/"' not in page.text
    assert "not written anything" in author(api, "ben").get(POSTS).text


def test_a_post_is_unpublished_and_deleted(api: RunningApi) -> None:
    ana, ben = author(api, "ana"), author(api, "ben")
    with api.platform.database.writing() as connection:
        post = store_post(connection, "ana", "seen", tags="sea")
    for action in ("unpublish", "delete"):
        assert (
            ben.submit(f"{POSTS}/{action}", {"post": post}, "/account/settings").status_code == 404
        )
    assert api.visitor().get("/api/posts/ana/seen").status_code == 200
    answer = ana.submit(f"{POSTS}/unpublish", {"post": post}, POSTS)
    assert "Nobody but you sees the post" in ana.get(answer.headers["location"]).text
    assert api.visitor().get("/api/posts/ana/seen").status_code == 404
    assert {"post:ana/seen", "posts-by:ana", "tag:sea"} <= set(api.purges)
    ask = f"{POSTS}/delete?post={post}"
    assert "deleted for good" in ana.get(ask).text
    answer = ana.submit(f"{POSTS}/delete", {"post": post}, ask)
    assert "The post is deleted." in ana.get(answer.headers["location"]).text
    assert ana.get("/api/me/posts").json()["total"] == 0
    assert ana.get(ask).status_code == 404


def test_many_posts_have_pages(api: RunningApi) -> None:
    ana = author(api, "ana")
    with api.platform.database.writing() as connection:
        for number in range(51):
            store_post(
                connection, "ana", f"post-{number:02}", created_at=f"2027-01-15T08:00:{number:02}Z"
            )
    first, second = ana.get(POSTS).text, ana.get(f"{POSTS}?page=2").text
    assert "Post-50" in first
    assert "Post-00" not in first
    assert "Post-00" in second
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert ana.get(f"{POSTS}?page=x").text == first
