from __future__ import annotations

import re

import pytest

from tests.platform.client import PASSWORD, SITE_URL, RunningApi

SIGN_UP = {"user": "ana", "name": "Ana Lima", "password": PASSWORD}


def test_an_account_from_its_beginning_to_its_end_without_scripts(api: RunningApi) -> None:
    ana = api.visitor()
    answer = ana.submit("/account/signup", SIGN_UP)
    assert (answer.status_code, answer.headers["location"]) == (303, "/write/")
    assert "Ana Lima" in ana.get("/account/settings").text

    answer = ana.submit("/account/settings", {"name": "Ana L.", "about": "I *sail*."})
    assert answer.headers["location"] == "/account/settings?saved=profile"
    html = ana.get(answer.headers["location"]).text
    assert "Your profile is saved." in html
    assert "I *sail*.</textarea>" in html

    new = "a wholly new password"
    values = {"old": PASSWORD, "new": new}
    answer = ana.submit("/account/password", values, page="/account/settings")
    assert answer.headers["location"] == "/account/settings?saved=password"
    assert ana.get("/account/settings").status_code == 200, "this browser stays logged in"

    answer = ana.submit("/account/logout", {}, page="/account/settings")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    answer = ana.get("/account/settings")
    assert answer.headers["location"] == "/account/login?next=%2Faccount%2Fsettings"

    values = {"user": "ana", "password": new, "next": "/account/settings"}
    answer = ana.submit("/account/login", values)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/settings")

    answer = ana.submit("/account/delete", {"password": new})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert ana.get("/api/session").json()["user"] is None
    answer = ana.submit("/account/login", {"user": "ana", "password": new})
    assert answer.status_code == 422


def test_a_form_with_mistakes_comes_back_with_all_of_them(api: RunningApi) -> None:
    values = {"user": "a_b", "name": "Ana\u202e", "password": "short", "next": "/me/"}
    answer = api.visitor().submit("/account/signup", values)
    assert answer.status_code == 422
    assert 'role="alert" tabindex="-1" autofocus' in answer.text
    for name, value in [("user", 'value="a_b"'), ("name", "value="), ("password", "")]:
        assert f'aria-describedby="hint-{name} error-{name}" aria-invalid="true"' in answer.text
        assert f'<a href="#field-{name}">' in answer.text
        assert value in answer.text
    assert 'name="next" value="/me/"' in answer.text
    assert "short" not in answer.text, "a password is not sent back"


def test_a_wrong_password_says_nothing_about_the_name(api: RunningApi) -> None:
    api.author("ana")
    wrong = {"password": "wrong password"}
    texts = [
        api.visitor().submit("/account/login", {"user": user, **wrong}).text
        for user in ["ana", "eve"]
    ]
    for text in texts:
        assert "The name or the password is wrong." in text
    without = [_without_token(text).replace("eve", "ana") for text in texts]
    assert without[0] == without[1]


def _without_token(html: str) -> str:
    before, _, after = html.partition('name="csrf" value="')
    return before + after[64:]


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "https://evil.example"])
def test_log_in_leads_to_no_other_site(api: RunningApi, path: str) -> None:
    ana = api.author("ana")
    assert ana.get(f"/account/login?next={path}").headers["location"] == "/me/"
    visitor = api.visitor()
    values = {"user": "ana", "password": PASSWORD, "next": path}
    assert visitor.submit("/account/login", values).headers["location"] == "/me/"
    values = {"user": "ben", "name": "", "password": PASSWORD, "next": path}
    assert api.visitor().submit("/account/signup", values).headers["location"] == "/write/"


def test_forms_tell_browsers_what_their_fields_are(api: RunningApi) -> None:
    ana = api.visitor()
    login, signup = ana.get("/account/login").text, ana.get("/account/signup").text
    assert 'autocomplete="username"' in login
    assert 'autocomplete="current-password"' in login
    assert 'autocomplete="new-password"' in signup
    ana.sign_up("ana")
    settings = ana.get("/account/settings").text
    assert settings.count('autocomplete="username"') == 1
    for html in [login, signup, settings]:
        assert "<label for=" in html


def test_values_are_escaped(api: RunningApi) -> None:
    evil = '"><script>alert(1)</script>'
    visitor = api.visitor()
    for path in ["/account/signup", "/account/login"]:
        answer = visitor.submit(path, {"user": evil, "name": evil, "password": "x", "next": evil})
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    visitor.sign_up("eve", "<script>alert(1)</script>")
    assert "<script>alert" not in visitor.get("/account/settings").text


def test_a_part_is_the_form_alone(api: RunningApi) -> None:
    answer = api.visitor().get("/account/login", **{"X-Part": "1"})
    assert answer.text.startswith("<h1>Log in</h1>")
    assert answer.headers["cache-control"] == "private, no-store"
    answer = api.visitor().get("/account/settings", **{"X-Part": "1"})
    assert answer.status_code == 401
    assert "/account/login?next=%2Faccount%2Fsettings" in answer.text


@pytest.mark.parametrize("path", ["/account/login", "/account/signup"])
def test_a_form_whose_cookie_is_lost_comes_back_and_works(api: RunningApi, path: str) -> None:
    api.author("ana")
    visitor = api.visitor()
    user = "ana" if path == "/account/login" else "ben"
    values = {"user": user, "name": "", "password": PASSWORD, "next": "/write/"}
    data = {**values, "csrf": "0" * 64}
    answer = visitor.client.post(path, data=data, headers={"Origin": SITE_URL})
    assert answer.status_code == 403
    assert "This form is too old." in answer.text
    assert f'value="{user}"' in answer.text
    found = re.search(r'name="csrf" value="(\w+)"', answer.text)
    assert found
    answer = visitor.client.post(
        path,
        data={**values, "csrf": found[1]},
        headers={"Origin": SITE_URL},
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/write/")


@pytest.mark.parametrize("path", ["/account/login", "/account/signup"])
def test_a_form_of_another_site_gets_no_form_back(api: RunningApi, path: str) -> None:
    data = {"user": "ana", "password": PASSWORD}
    answer = api.browser().post(path, data=data, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "<form" not in answer.text
    assert "set-cookie" not in answer.headers


def test_a_form_that_was_opened_before_log_in_is_not_accepted_after_it(api: RunningApi) -> None:
    ana = api.visitor()
    old = ana.get("/api/session").json()["csrf"]
    ana.sign_up("ana")
    answer = ana.client.post(
        "/account/settings", data={"csrf": old, "name": "X"}, follow_redirects=False
    )
    assert answer.status_code == 403
    assert "This form is too old." in answer.text
