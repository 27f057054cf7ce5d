from __future__ import annotations

from collections.abc import Mapping

import pytest

from blog.moderation import reports
from blog.moderation.reports import MAX_OF_POST, MAX_OPEN, MAX_TEXT_CHARACTERS
from tests.platform.client import START, RunningApi
from tests.platform.pages.forms import form_of
from tests.platform.posts.stored import store_post
from tests.platform.signed_in import SignedIn, author

REPORTS = "/account/reports"
SEEN = {"post:ana/seen", "posts-by:ana", "tag:sea", "newest"}


@pytest.fixture
def admin(api: RunningApi) -> SignedIn:
    """An administrator, and a visible post of ana."""
    author(api, "ana", display_name="Ana Lima")
    with api.platform.database.writing() as connection:
        store_post(connection, "ana", "seen", tags="sea", title="Seen", text="Words of <ana>.")
    return author(api, "root", is_admin=True)


def is_visible(api: RunningApi) -> bool:
    one = api.visitor().get("/api/posts/ana/seen").status_code == 200
    tagged = api.visitor().get("/api/tags/sea/posts").status_code == 200
    newest = bool(api.visitor().get("/api/newest").json()["items"])
    assert one == tagged == newest
    return one


def decide(admin: SignedIn, **values: str) -> Mapping[str, str]:
    answer = admin.submit(REPORTS, values, "/account/settings")
    return {"status": str(answer.status_code), "words": form_of(answer).words}


def test_a_visitor_reports_a_post(api: RunningApi, admin: SignedIn) -> None:
    visitor = api.visitor()
    form = "/account/report?user=ana&slug=seen"
    assert "Seen" in visitor.get(form).text
    values = {"user": "ana", "slug": "seen", "reason": "This is <b>spam</b>."}
    answer = visitor.submit("/account/report", values, form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/reported")
    page = admin.get(REPORTS)
    assert "This is &lt;b&gt;spam&lt;/b&gt;." in page.text
    assert "Words of &lt;ana&gt;." in page.text
    assert "a visitor" in page.text


def test_a_report_without_a_reason_comes_back(api: RunningApi, admin: SignedIn) -> None:
    visitor = api.visitor()
    form = "/account/report?user=ana&slug=seen"
    for reason, message in (
        ("  ", "Say what is wrong."),
        ("x" * 1001, "Use at most 1000 characters."),
    ):
        values = {"user": "ana", "slug": "seen", "reason": reason}
        answer = visitor.submit("/account/report", values, form)
        assert answer.status_code == 422
        assert form_of(answer).errors == {"reason": message}
        assert form_of(answer).fields["reason"] == reason
    answer = visitor.client.post("/account/report", data={**values, "csrf": "old"})
    assert answer.status_code == 403
    assert form_of(answer).fields["reason"] == reason


def test_only_visible_posts_are_reported(api: RunningApi, admin: SignedIn) -> None:
    assert api.visitor().get("/account/report?user=ana&slug=none").status_code == 404
    assert api.visitor().get("/account/report").status_code == 404
    value = {"user": "ana", "slug": "none", "reason": "Bad."}
    assert api.visitor().send("POST", "/api/reports", value).status_code == 404


def test_reports_are_limited(api: RunningApi, admin: SignedIn) -> None:
    visitor = api.visitor()
    value = {"user": "ana", "slug": "seen", "reason": "Bad."}
    statuses = [visitor.send("POST", "/api/reports", value).status_code for _ in range(11)]
    assert statuses == [201] * 10 + [429]


def test_the_same_report_of_an_account_counts_once(api: RunningApi, admin: SignedIn) -> None:
    ben = author(api, "ben")
    value = {"user": "ana", "slug": "seen", "reason": "Bad."}
    for _ in range(2):
        assert ben.send_token("POST", "/api/reports", value).status_code == 201
    [post] = admin.get("/api/admin/reports").json()["items"]
    assert [(one["reporter"], one["reason"]) for one in post["reports"]] == [("ben", "Bad.")]


def test_the_same_report_of_visitors_counts_once(api: RunningApi, admin: SignedIn) -> None:
    values = {"user": "ana", "slug": "seen", "reason": "Bad."}
    for _ in range(2):
        answer = api.visitor().submit(
            "/account/report", values, "/account/report?user=ana&slug=seen"
        )
        assert answer.status_code == 303
    [post] = admin.get("/api/admin/reports").json()["items"]
    assert len(post["reports"]) == 1


def test_nobody_fills_the_list_with_reports_of_one_post(api: RunningApi, admin: SignedIn) -> None:
    with api.platform.database.writing() as connection:
        store_post(connection, "ana", "long", text="é" * 50_000)
        ids = {row["slug"]: row["id"] for row in connection.rows("SELECT slug, id FROM post")}
        for number in range(2 * MAX_OPEN):
            reports.add(connection, ids["long"], None, f"Bad {number}.", START + number)
        reports.add(connection, ids["seen"], None, "Bad.", START + 3 * MAX_OPEN)
    first, second = admin.get("/api/admin/reports").json()["items"]
    assert (first["slug"], second["slug"]) == ("long", "seen")
    said = [report["reason"] for report in first["reports"]]
    assert said == [f"Bad {number}." for number in range(MAX_OF_POST)]
    assert first["markdown"] == "é" * MAX_TEXT_CHARACTERS


def test_a_report_is_closed(api: RunningApi, admin: SignedIn) -> None:
    api.visitor().send("POST", "/api/reports", {"user": "ana", "slug": "seen", "reason": "Bad."})
    [post] = admin.get("/api/admin/reports").json()["items"]
    report = post["reports"][0]["id"]
    assert decide(admin, action="close", report=report)["status"] == "303"
    assert "There is no open report." in admin.get(REPORTS).text
    assert decide(admin, action="close", report=report)["status"] == "404"
    assert is_visible(api)


def test_a_hidden_post_is_gone_for_all_but_its_author(api: RunningApi, admin: SignedIn) -> None:
    api.visitor().send("POST", "/api/reports", {"user": "ana", "slug": "seen", "reason": "Bad."})
    api.purges.clear()
    decide(admin, action="hide", user="ana", slug="seen", reason="It is <spam>.")
    assert not is_visible(api)
    assert set(api.purges) == SEEN
    ana = author(api, "ana")
    for path in ("/account/posts", "/account/write?post=seen"):
        assert "The reason: It is &lt;spam&gt;." in ana.get(path).text
    assert "There is no open report." in admin.get(REPORTS).text
    api.purges.clear()
    decide(admin, action="show", user="ana", slug="seen")
    assert is_visible(api)
    assert set(api.purges) == SEEN


def test_an_author_cannot_show_a_hidden_post(api: RunningApi, admin: SignedIn) -> None:
    decide(admin, action="hide", user="ana", slug="seen", reason="No.")
    ana = author(api, "ana")
    fields = form_of(ana.get("/account/write?post=seen")).fields
    values = {name: fields[name] for name in ("title", "text", "tags", "post", "revision")}
    submitted = {**values, "text": "New words.", "do": "publish"}
    assert ana.submit("/account/write", submitted).status_code == 303
    assert not is_visible(api)


def test_a_suspended_user_is_logged_out_and_gone(api: RunningApi, admin: SignedIn) -> None:
    ana = author(api, "ana")
    decide(admin, action="suspend", user="ana", reason="Threats.")
    assert not is_visible(api)
    assert {"user:ana", "tag:sea", "newest"} <= set(api.purges)
    assert ana.get("/api/me/posts").status_code == 401
    assert api.visitor().get("/api/users/ana").status_code == 404
    assert "Ana Lima" in admin.get(REPORTS).text
    api.purges.clear()
    decide(admin, action="restore", user="ana")
    assert is_visible(api)
    assert {"user:ana", "tag:sea", "newest"} <= set(api.purges)
    assert ana.get("/api/me/posts").status_code == 401, "the old session stays ended"


def test_administrators_cannot_be_suspended(api: RunningApi, admin: SignedIn) -> None:
    found = decide(admin, action="suspend", user="root", reason="x")
    assert found["status"] == "403"
    assert "An administrator cannot be suspended." in found["words"]
    assert admin.get(REPORTS).status_code == 200


def test_unknown_posts_users_and_actions_are_refused(api: RunningApi, admin: SignedIn) -> None:
    assert decide(admin, action="hide", user="ana", slug="none")["status"] == "404"
    assert decide(admin, action="suspend", user="nobody")["status"] == "404"
    assert decide(admin, action="explode", user="ana")["status"] == "400"


def test_programs_of_administrators_do_the_same(api: RunningApi, admin: SignedIn) -> None:
    def send(path: str) -> int:
        return admin.send_token("POST", f"/api/admin/{path}", {"reason": "Why."}).status_code

    assert (send("posts/ana/seen/hide"), is_visible(api)) == (200, False)
    assert (send("posts/ana/seen/show"), is_visible(api)) == (200, True)
    assert (send("users/ana/suspend"), is_visible(api)) == (200, False)
    assert (send("users/ana/restore"), is_visible(api)) == (200, True)
    with api.platform.database.reading() as connection:
        rows = connection.rows("SELECT action, admin, reason FROM decision ORDER BY decided_at")
    assert sorted(row["action"] for row in rows) == ["hide", "restore", "show", "suspend"]
    assert {(row["admin"], row["reason"]) for row in rows} == {("root", "Why.")}


@pytest.mark.parametrize(
    "path", ["posts/ana/seen/hide", "posts/ana/seen/show", "users/ana/suspend", "users/ana/restore"]
)
def test_only_administrators_decide(api: RunningApi, admin: SignedIn, path: str) -> None:
    ben = author(api, "ben")
    assert ben.send_token("POST", f"/api/admin/{path}", {}).status_code == 403
    assert ben.get("/api/admin/reports").status_code == 403
    assert ben.get(REPORTS).status_code == 403
    assert api.visitor().get(REPORTS).status_code == 303
    assert is_visible(api)
