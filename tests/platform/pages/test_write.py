from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.exc import OperationalError

from blog.posts import writing
from blog.posts.own_posts import OwnPost
from tests.platform.client import SITE_URL, RunningApi, Visitor
from tests.platform.pages.forms import ShownForm, form_of
from tests.platform.pictures.files import corners, png_of_size
from tests.platform.signed_in import SignedIn, author

WRITE = "/account/write"
TYPED = {
    "title": "Tides & <moons>",
    "text": "High **water**\n\nat noon.",
    "tags": "sea, Moon light",
    "description": "About tides.",
    "slug": "tides",
}


def submit(
    visitor: SignedIn, do: str, *, picture: tuple[str, bytes] | None = None, **fields: str
) -> Response:
    """Press a button of the form, which a browser sends with its file field."""
    files = {"picture": picture or ("", b"")}
    data = {"csrf": visitor.token, "do": do, **fields}
    return visitor.client.post(
        WRITE, data=data, files=files, headers={"Origin": SITE_URL}, follow_redirects=False
    )


def followed(visitor: SignedIn, answer: Response) -> ShownForm:
    assert answer.status_code == 303, answer.text
    return form_of(visitor.get(answer.headers["location"]))


def begun(visitor: SignedIn, **fields: str) -> ShownForm:
    """A new post that is saved."""
    return followed(visitor, submit(visitor, "save", **{**TYPED, **fields}))


def stored_fields(shown: ShownForm) -> dict[str, str]:
    names = ("title", "text", "tags", "description", "slug", "post", "revision")
    return {name: shown.fields[name] for name in names}


def visible(api: RunningApi, path: str) -> Any:
    answer = api.visitor().get(f"/api/posts/{path}")
    return answer.json() if answer.status_code == 200 else None


def test_who_is_not_logged_in_is_led_to_the_log_in(api: RunningApi) -> None:
    answer = api.visitor().get(f"{WRITE}?post=abc")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/account/login?next=%2Faccount%2Fwrite%3Fpost%3Dabc"


def test_a_draft_is_saved_and_nobody_else_sees_it(api: RunningApi) -> None:
    ana = author(api, "ana")
    shown = begun(ana)
    assert "The draft is saved." in shown.words
    expected = {**TYPED, "tags": "sea, moon-light", "revision": shown.fields["revision"]}
    assert stored_fields(shown) == {**expected, "post": shown.fields["post"]}
    assert visible(api, "ana/tides") is None
    assert api.purges == []
    ben = author(api, "ben")
    assert ben.get(f"{WRITE}?post={shown.fields['post']}").status_code == 404


def test_a_preview_shows_the_text_and_stores_nothing(api: RunningApi) -> None:
    ana = author(api, "ana")
    answer = submit(ana, "preview", **TYPED, post="", revision="")
    assert answer.status_code == 200
    assert "<p>High <strong>water</strong></p>" in answer.text
    assert answer.text.index("<strong>water") < answer.text.index("<form")
    assert {name: form_of(answer).fields[name] for name in TYPED} == TYPED
    assert ana.get("/api/me/posts").json()["total"] == 0


def test_a_post_is_published_edited_and_renamed(api: RunningApi) -> None:
    ana = author(api, "ana")
    shown = followed(ana, submit(ana, "publish", **TYPED))
    assert "The post is published." in shown.words
    assert visible(api, "ana/tides")["markdown"] == TYPED["text"]
    assert {"post:ana/tides", "posts-by:ana", "tag:sea", "newest"} <= set(api.purges)
    edited = form_of(ana.get(f"{WRITE}?post=tides"))
    assert edited.fields["slug"] == "tides"
    fields = stored_fields(edited) | {"slug": "spring-tides", "text": "New."}
    saved = followed(ana, submit(ana, "save", **fields))
    assert "This draft is not what visitors see." in saved.words
    assert visible(api, "ana/tides")["markdown"] == TYPED["text"]
    followed(ana, submit(ana, "publish", **stored_fields(saved)))
    assert visible(api, "ana/tides")["slug"] == "spring-tides"
    assert visible(api, "ana/spring-tides")["markdown"] == "New."


def test_an_address_follows_the_title_until_somebody_has_seen_it(api: RunningApi) -> None:
    ana = author(api, "ana")
    shown = begun(ana, title="First", slug="")
    assert shown.fields["slug"] == ""
    shown = followed(ana, submit(ana, "publish", **stored_fields(shown) | {"title": "Second"}))
    assert visible(api, "ana/second")
    assert form_of(ana.get(f"{WRITE}?post=second")).fields["slug"] == "second"


def test_a_post_is_published_later(api: RunningApi) -> None:
    ana = author(api, "ana")
    shown = followed(ana, submit(ana, "schedule", **TYPED, at="2027-01-15T08:30"))
    assert "The post is scheduled. It appears at 2027-01-15 08:30 UTC." in shown.words
    assert visible(api, "ana/tides") is None
    assert form_of(ana.get(f"{WRITE}?post=tides")).fields["at"] == "2027-01-15T08:30"


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("", "Write a day and a time, such as 2027-01-31T09:30."),
        ("tomorrow", "Write a day and a time, such as 2027-01-31T09:30."),
        ("2027-02-30T08:30", "There is no such time."),
        ("2027-01-15T07:59", "This time has passed."),
        ("9999-12-31T23:59", "This is too far in the future."),
    ],
)
def test_a_wrong_time_is_marked(api: RunningApi, at: str, message: str) -> None:
    answer = submit(author(api, "ana"), "schedule", **TYPED, at=at)
    assert answer.status_code == 422
    shown = form_of(answer)
    assert shown.errors == {"at": message}
    assert shown.fields["at"] == at
    assert shown.fields["text"] == TYPED["text"]


def test_all_mistakes_are_marked_at_their_fields(api: RunningApi) -> None:
    ana = author(api, "ana")
    wrong = {
        "title": "T" * 201,
        "text": "x" * 100_001,
        "tags": "a,b,c,d,e,f,g,h,i",
        "description": "d" * 301,
        "slug": "No Such",
    }
    answer = submit(ana, "publish", **wrong)
    assert answer.status_code == 422
    shown = form_of(answer)
    assert set(shown.errors) == {"title", "text", "tags", "description", "slug"}
    assert {name: shown.fields[name] for name in wrong} == wrong
    assert answer.text.count('aria-invalid="true"') == 5
    assert 'aria-describedby="hint-slug error-slug"' in answer.text


def test_a_post_without_title_is_saved_but_not_published(api: RunningApi) -> None:
    ana = author(api, "ana")
    answer = submit(ana, "publish", **TYPED | {"title": "", "slug": ""})
    shown = form_of(answer)
    assert shown.errors == {"title": "A post needs a title."}
    assert ana.get("/api/me/posts").json()["total"] == 1
    again = submit(ana, "publish", **stored_fields(shown) | {"title": "Tides"})
    assert again.status_code == 303
    assert ana.get("/api/me/posts").json()["total"] == 1


def test_two_windows_show_both_texts(api: RunningApi) -> None:
    ana = author(api, "ana")
    first = stored_fields(begun(ana))
    submit(ana, "save", **first | {"text": "From the other window."})
    answer = submit(ana, "save", **first | {"text": "From this window."})
    assert answer.status_code == 409
    shown = form_of(answer)
    assert shown.fields["text"] == "From this window."
    assert "From the other window." in shown.words
    followed(ana, submit(ana, "save", **stored_fields(shown)))
    assert form_of(ana.get(f"{WRITE}?post=tides")).fields["text"] == "From this window."


@pytest.mark.parametrize("action", ["save", "publish", "schedule"])
def test_a_form_that_is_submitted_twice_is_one_post(api: RunningApi, action: str) -> None:
    ana = api.author()
    new = form_of(ana.get("/account/write")).fields
    form = {**new, "title": "Twice", "text": "Once.", "do": action, "at": "2027-02-01T10:00"}
    addresses = {_submitted(ana, form) for _ in range(2)}
    (address,) = addresses
    assert len(_posts(ana)) == 1
    post = re.search("post=([0-9a-f]+)", address)
    assert post
    shown = form_of(ana.get(f"/account/write?post={post[1]}")).fields
    edited = {**shown, "text": "Twice.", "do": action}
    assert {_submitted(ana, edited) for _ in range(2)} == addresses
    assert len(_posts(ana)) == 1


def test_a_form_that_publishes_at_the_same_moment_is_no_conflict(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = api.author()
    publish = writing.publish

    def publish_twice(*values: Any) -> OwnPost:
        publish(*values)
        return publish(*values)

    monkeypatch.setattr(writing, "publish", publish_twice)
    form = {"title": "A", "text": "B", "do": "publish"}
    assert ana.submit("/account/write", form).status_code == 303


def test_the_form_of_a_post_that_is_done_begins_another_one(api: RunningApi) -> None:
    """Somebody goes back in the history of the browser, and writes the next post there."""
    ana = api.author()
    form = {**form_of(ana.get("/account/write")).fields, "title": "A", "text": "One."}
    _submitted(ana, {**form, "do": "save"})
    _submitted(ana, {**form, "text": "Two.", "do": "save"})
    assert len(_posts(ana)) == 2


def _submitted(visitor: Visitor, form: Mapping[str, str]) -> str:
    answer = visitor.submit("/account/write", form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _posts(visitor: Visitor) -> Sequence[Any]:
    items: Sequence[Any] = visitor.get("/api/me/posts").json()["items"]
    return items


def test_what_was_written_survives_the_end_of_the_session(api: RunningApi) -> None:
    ana = author(api, "ana")
    fields = stored_fields(begun(ana))
    old_token = ana.token
    ana.client.cookies.clear()
    answer = submit(ana, "publish", **fields | {"text": "Hours of work."})
    assert answer.status_code == 401
    assert form_of(answer).fields["text"] == "Hours of work."
    assert 'href="/account/login"' in answer.text
    again = author(api, "ana")
    again.token = old_token
    answer = submit(again, "publish", **stored_fields(form_of(answer)))
    assert answer.status_code == 403
    shown = form_of(answer)
    again.token = shown.fields["csrf"]
    followed(again, submit(again, "publish", **stored_fields(shown)))
    assert visible(api, "ana/tides")["markdown"] == "Hours of work."


def test_what_was_written_survives_a_database_that_is_away(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("no connection"))

    monkeypatch.setattr(writing, "create", fail)
    answer = submit(author(api, "ana"), "save", **TYPED)
    assert answer.status_code == 503
    assert form_of(answer).fields["text"] == TYPED["text"]


def test_a_post_of_another_account_is_neither_saved_nor_shown(api: RunningApi) -> None:
    fields = stored_fields(begun(author(api, "ana")))
    ben = author(api, "ben")
    answer = submit(ben, "publish", **fields | {"text": "Mine now."})
    assert answer.status_code == 404
    assert form_of(answer).fields["text"] == "Mine now."
    assert "High **water**" not in answer.text
    assert form_of(author(api, "ana").get(f"{WRITE}?post=tides")).fields["text"] == TYPED["text"]


def test_a_picture_comes_to_the_end_of_the_text(api: RunningApi) -> None:
    ana = author(api, "ana")
    picture = ("sea.jpg", corners("JPEG"))
    answer = submit(ana, "picture", picture=picture, **TYPED, alt="The [open] sea")
    shown = followed(ana, answer)
    before, _, last = shown.fields["text"].rstrip().rpartition("\n\n")
    assert before == TYPED["text"]
    assert last.startswith("![The \\[open\\] sea](/media/")
    assert ana.get(last.partition("(")[2].rstrip(")")).status_code == 200


def test_a_file_that_is_no_picture_is_marked_and_the_text_is_kept(api: RunningApi) -> None:
    ana = author(api, "ana")
    for file in (png_of_size(30_000, 30_000), b"<svg onload=alert(1)>"):
        answer = submit(ana, "save", picture=("x.png", file), **TYPED)
        assert answer.status_code == 422
        shown = form_of(answer)
        assert set(shown.errors) == {"picture"}
        assert shown.fields["text"] == TYPED["text"]
    nothing = submit(ana, "picture", **TYPED)
    assert form_of(nothing).errors == {"picture": "Choose a file."}


def test_a_text_of_the_greatest_length_can_be_saved(api: RunningApi) -> None:
    shown = begun(author(api, "ana"), text="\n" + "海" * 99_998 + ".")
    assert shown.fields["text"] == "\n" + "海" * 99_998 + "."


def test_saving_too_often_is_refused_with_the_text(api: RunningApi) -> None:
    ana = author(api, "ana")
    for _ in range(120):
        last = submit(ana, "save", **TYPED, post="none")
    assert last.status_code == 404
    answer = submit(ana, "save", **TYPED)
    assert answer.status_code == 429
    assert form_of(answer).fields["text"] == TYPED["text"]


def test_a_text_that_is_far_too_long_comes_back(api: RunningApi) -> None:
    text = "x" * 2_000_000
    answer = submit(author(api, "ana"), "save", title="Tides", text=text)
    assert answer.status_code == 422
    assert set(form_of(answer).errors) == {"text"}
    assert form_of(answer).fields["text"] == text
