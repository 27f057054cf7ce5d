from __future__ import annotations

from typing import Any

import pytest

from blog.accounts import accounts
from blog.accounts.commands import make_admin, set_password
from blog.refusal import RefusalError
from tests.platform.client import PASSWORD, RunningApi, Visitor


def test_an_account_shows_what_is_its_own(api: RunningApi) -> None:
    assert api.author("ana").get("/api/me").json() == {
        "user": "ana",
        "name": "Ana",
        "roles": ["author"],
        "about": "",
        "joined_at": "2027-01-15T08:00:00Z",
    }


def test_a_change_of_the_profile_is_seen_at_once(api: RunningApi) -> None:
    ana = api.author("ana")
    api.purges.clear()
    answer = ana.send("PATCH", "/api/me", {"about": "I sail."})
    assert (answer.json()["name"], answer.json()["about"]) == ("Ana", "I sail.")
    assert api.purges == ["user:ana"]
    assert ana.send("PATCH", "/api/me", {"name": "Ana Lima"}).json()["about"] == "I sail."
    assert ana.get("/api/users/ana").json()["name"] == "Ana Lima"


@pytest.mark.parametrize(
    "value", [{}, {"name": 1}, {"roles": ["admin"]}, {"is_admin": True}, {"name": "A", "x": 1}]
)
def test_only_what_may_be_changed_is_changed(api: RunningApi, value: dict[str, Any]) -> None:
    ana = api.author("ana")
    before = ana.get("/api/me").json()
    assert ana.send("PATCH", "/api/me", value).status_code == 422
    assert ana.get("/api/me").json() == before


# -- the password ----------------------------------------------------------------------------------


def test_the_password_is_changed_by_who_knows_it(api: RunningApi) -> None:
    ana = api.author("ana")
    value = {"old": "wrong password", "new": "a wholly new password"}
    answer = ana.send("PUT", "/api/me/password", value)
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"old": "This is not your password."}
    answer = ana.send("PUT", "/api/me/password", {"old": PASSWORD, "new": "short"})
    assert list(answer.json()["fields"]) == ["new"]
    answer = ana.send("PUT", "/api/me/password", {"old": PASSWORD, "new": value["new"]})
    assert answer.json()["csrf"] == ana.get("/api/session").json()["csrf"]
    assert api.visitor().log_in("ana").status_code == 401
    assert api.visitor().log_in("ana", value["new"]).status_code == 200


def test_a_log_in_that_began_before_the_password_changed_does_not_succeed(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.author("ana")
    verified = api.platform.passwords.matches

    def changed_meanwhile(password: str, stored: str) -> bool:
        answer = verified(password, stored)
        set_password(api.platform, "ana", "a wholly new password")
        return answer

    monkeypatch.setattr(api.platform.passwords, "matches", changed_meanwhile)
    answer = api.visitor().log_in("ana")
    assert answer.status_code == 409
    with api.platform.database.reading() as connection:
        assert connection.rows("SELECT id FROM session") == []


# -- its end ---------------------------------------------------------------------------------------


def _publish(visitor: Visitor, title: str, tags: list[str]) -> None:
    post = visitor.send("POST", "/api/me/posts", {"title": title, "text": "T", "tags": tags}).json()
    answer = visitor.send(
        "POST", f"/api/me/posts/{post['id']}/publish", {"revision": post["revision"]}
    )
    assert answer.status_code == 200, answer.text


def test_nothing_of_an_account_stays_but_its_name(api: RunningApi) -> None:
    ana, ben = api.author("ana"), api.author("ben")
    _publish(ana, "First post", ["sea", "wind"])
    ana.send("POST", "/api/me/posts", {"title": "A draft", "text": ""})
    _publish(ben, "Other", ["sea"])
    report = {"user": "ben", "slug": "other", "reason": "It is rude."}
    assert ana.send("POST", "/api/reports", report).status_code < 300
    api.purges.clear()

    answer = ana.send("DELETE", "/api/me", {"password": "wrong password"})
    assert answer.status_code == 422
    answer = ana.send("DELETE", "/api/me", {"password": PASSWORD})
    assert answer.status_code == 204
    assert "nf_jwt" not in ana.client.cookies
    assert set(api.purges) == {"user:ana", "tag:sea", "tag:wind", "newest"}

    for path in ["/api/users/ana", "/api/posts/ana/first-post", "/api/tags/wind/posts"]:
        assert ana.get(path).status_code == 404
    assert [post["user"] for post in ana.get("/api/newest").json()["items"]] == ["ben"]
    with api.platform.database.reading() as connection:
        row = connection.row("SELECT * FROM account WHERE name = 'ana'")
        counts = {
            table: len(connection.rows(f"SELECT * FROM {table}"))  # noqa: S608 names of ours
            for table in ["post", "draft", "session", "post_tag", "report"]
        }
        reporters = [row["reporter"] for row in connection.rows("SELECT reporter FROM report")]
    assert row is not None
    assert (row["display_name"], row["about"], row["password"], row["deleted"]) == ("", "", "", 1)
    assert counts == {"post": 1, "draft": 0, "session": 1, "post_tag": 1, "report": 1}
    assert reporters == [None]


def test_the_name_of_a_deleted_account_is_given_to_nobody(api: RunningApi) -> None:
    ana = api.author("ana")
    ana.send("DELETE", "/api/me", {"password": PASSWORD})
    for user in ["ana", "an-a"]:
        answer = api.visitor().send("POST", "/api/accounts", {"user": user, "password": PASSWORD})
        assert list(answer.json()["fields"]) == ["user"]
    assert api.visitor().log_in("ana").status_code == 401
    with pytest.raises(RefusalError):
        set_password(api.platform, "ana", "a wholly new password")
    with pytest.raises(RefusalError):
        make_admin(api.platform, "ana")


def test_an_account_that_ends_in_the_middle_of_a_request_gets_nothing_new(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its session was found before it ended."""
    ana = api.author("ana")

    def delete_first(connection: Any, account: str) -> None:
        connection.change("UPDATE account SET deleted = 1 WHERE id = :id", id=account)
        accounts.check_active(connection, account)

    monkeypatch.setattr("blog.posts.writing.check_active", delete_first)
    answer = ana.send("POST", "/api/me/posts", {"title": "T", "text": ""})
    assert answer.status_code == 401


# -- commands --------------------------------------------------------------------------------------


def test_an_administrator_is_made_by_a_command(api: RunningApi) -> None:
    ana = api.author("ana")
    make_admin(api.platform, "Ana")
    assert ana.get("/api/session").json()["user"]["roles"] == ["author", "admin"]
    with pytest.raises(RefusalError, match="no account 'nobody'"):
        make_admin(api.platform, "nobody")


def test_a_forgotten_password_is_set_by_a_command(api: RunningApi) -> None:
    ana = api.author("ana")
    set_password(api.platform, "ana", "a wholly new password")
    assert ana.get("/api/me").status_code == 401, "all sessions have ended"
    assert ana.log_in("ana", "a wholly new password").status_code == 200
    with pytest.raises(RefusalError) as caught:
        set_password(api.platform, "ana", "short")
    assert list(caught.value.fields) == ["password"]
