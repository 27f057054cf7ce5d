from __future__ import annotations

import pytest

from tests.platform.client import PASSWORD, RunningApi


def test_who_signs_up_is_logged_in(api: RunningApi) -> None:
    visitor = api.visitor()
    visitor.sign_up("ana", "Ana Lima")
    user = visitor.get("/api/session").json()["user"]
    assert user == {"user": "ana", "name": "Ana Lima", "roles": ["author"]}


def test_a_stranger_is_nobody_and_has_a_token(api: RunningApi) -> None:
    answer = api.visitor().get("/api/session").json()
    assert answer["user"] is None
    assert len(answer["csrf"]) == 64


def test_log_out_and_log_in(api: RunningApi) -> None:
    ana = api.author("ana")
    assert ana.send("DELETE", "/api/session").status_code == 204
    assert ana.get("/api/session").json()["user"] is None
    assert ana.get("/api/me").status_code == 401
    answer = ana.log_in("Ana ")
    assert answer.status_code == 200
    assert answer.json()["user"]["user"] == "ana"
    assert ana.get("/api/me").json()["name"] == "Ana"


@pytest.mark.parametrize(("user", "password"), [("ana", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_have_one_answer(
    api: RunningApi, user: str, password: str
) -> None:
    api.author("ana")
    answer = api.visitor().log_in(user, password)
    assert answer.status_code == 401
    assert answer.json() == {"error": "The name or the password is wrong."}
    assert "nf_jwt" not in answer.headers.get("set-cookie", "")


def test_the_token_of_the_answer_is_that_of_the_new_session(api: RunningApi) -> None:
    api.author("ana")
    visitor = api.visitor()
    token = visitor.log_in("ana").json()["csrf"]
    assert token == visitor.get("/api/session").json()["csrf"]
