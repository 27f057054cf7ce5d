"""Sessions: what lets somebody in, and all that must not."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.accounts import cookies, csrf, sessions
from blog.accounts.commands import make_admin
from ssg.redirects.matching.roles import roles_of
from tests.platform.client import PASSWORD, SECRET, SITE_URL, START, RunningApi, Visitor

DAY = 24 * 3600


def _token(visitor: Visitor) -> str:
    return visitor.client.cookies["nf_jwt"]


def _with_token(api: RunningApi, *tokens: str) -> str | None:
    """Who a request with these cookies comes from."""
    header = "; ".join(f"nf_jwt={token}" for token in tokens)
    answer = api.browser().get("/api/session", headers={b"Cookie": header.encode()})
    assert answer.status_code == 200
    user = answer.json()["user"]
    return user["user"] if user else None


# -- its beginning and its end ---------------------------------------------------------------------


def test_each_log_in_has_a_new_session_and_ends_the_last_one(api: RunningApi) -> None:
    ana = api.author("ana")
    first = _token(ana)
    ana.log_in("ana")
    assert _token(ana) != first
    assert _with_token(api, _token(ana)) == "ana"
    assert _with_token(api, first) is None


def test_a_session_that_somebody_planted_is_not_used_for_log_in(api: RunningApi) -> None:
    eve, ana = api.author("eve"), api.author("ana")
    victim = api.visitor()
    planted = _token(eve)
    victim.client.cookies.set("nf_jwt", planted, domain="127.0.0.1", path="/")
    victim.log_in("ana")
    assert victim.get("/api/session").json()["user"]["user"] == "ana"
    assert _with_token(api, planted) is None, "the planted session has ended"
    assert _with_token(api, _token(ana)) == "ana"


def test_a_token_is_worth_nothing_after_log_out(api: RunningApi) -> None:
    ana = api.author("ana")
    token = _token(ana)
    assert ana.send("DELETE", "/api/session").status_code == 204
    assert "nf_jwt" not in ana.client.cookies
    assert _with_token(api, token) is None


def test_a_new_password_ends_all_sessions_also_copies_of_this_one(api: RunningApi) -> None:
    ana, other = api.author("ana"), api.visitor()
    other.log_in("ana")
    old = [_token(ana), _token(other)]
    value = {"old": PASSWORD, "new": "a wholly new password"}
    answer = ana.send("PUT", "/api/me/password", value)
    assert answer.status_code == 200
    assert [_with_token(api, token) for token in old] == [None, None]
    assert _with_token(api, _token(ana)) == "ana"
    assert other.log_in("ana").status_code == 401
    assert other.log_in("ana", "a wholly new password").status_code == 200


@pytest.mark.parametrize("column", ["suspended", "deleted"])
def test_an_account_that_is_suspended_or_deleted_has_no_session(
    api: RunningApi, column: str
) -> None:
    ana = api.author("ana")
    with api.platform.database.writing() as connection:
        connection.change(f"UPDATE account SET {column} = 1")  # noqa: S608 a name of ours
    assert ana.get("/api/me").status_code == 401
    answer = ana.log_in("ana")
    assert answer.json() == {"error": "The name or the password is wrong."}


def test_a_session_ends_after_two_weeks_without_use(api: RunningApi) -> None:
    ana = api.author("ana")
    api.clock.advance(sessions.LIFETIME_SECONDS - 1)
    token = _token(ana)
    assert _with_token(api, token) == "ana"
    api.clock.advance(2 * sessions.LIFETIME_SECONDS)
    assert _with_token(api, token) is None


def test_a_session_that_is_used_is_renewed_once_a_day(api: RunningApi) -> None:
    ana = api.author("ana")
    first = _token(ana)
    api.clock.advance(DAY - 1)
    assert "set-cookie" not in ana.get("/api/me").headers
    api.clock.advance(2)
    answer = ana.get("/api/me")
    assert answer.headers["set-cookie"].startswith("nf_jwt=")
    assert _token(ana) != first
    assert "set-cookie" not in ana.get("/api/me").headers
    api.clock.advance(sessions.LIFETIME_SECONDS - 1)
    assert ana.get("/api/me").status_code == 200
    assert _with_token(api, first) is None, "the old token is as old as it says"


def test_log_out_does_not_renew(api: RunningApi) -> None:
    ana = api.author("ana")
    token = ana.get("/api/session").json()["csrf"]
    api.clock.advance(DAY + 1)
    answer = ana.client.delete("/api/session", headers={"X-CSRF-Token": token})
    assert answer.status_code == 204
    assert [header.partition(";")[0] for header in answer.headers.get_list("set-cookie")] == [
        'nf_jwt=""'
    ]
    assert "nf_jwt" not in ana.client.cookies


# -- cookies ---------------------------------------------------------------------------------------


def _attributes(header: str) -> set[str]:
    return {part.strip().lower() for part in header.split(";")[1:]}


def test_scripts_cannot_read_the_cookie_and_other_sites_cannot_use_it(api: RunningApi) -> None:
    ana = api.visitor()
    value = {"user": "ana", "password": PASSWORD}
    answer = ana.send("POST", "/api/accounts", value)
    for header in answer.headers.get_list("set-cookie"):
        attributes = _attributes(header)
        assert {"httponly", "samesite=lax", "path=/"} <= attributes
        assert "secure" not in attributes, "there is no HTTPS on this machine"
        assert not any(one.startswith("domain") for one in attributes)


def test_with_https_cookies_are_for_https_and_this_host_alone(https_api: RunningApi) -> None:
    answer = _sign_up_with_https(https_api)
    headers = answer.headers.get_list("set-cookie")
    assert {header.partition("=")[0] for header in headers} == {
        "nf_jwt",
        "__Host-session",
        "device",
        "visitor",
    }
    for header in headers:
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= _attributes(header)


def _sign_up_with_https(api: RunningApi, user: str = "ana") -> Any:
    client = api.browser()
    client.base_url = api.platform.settings.site_url
    token = client.get("/api/session").json()["csrf"]
    return client.post(
        "/api/accounts",
        json={"user": user, "password": PASSWORD},
        headers={"X-CSRF-Token": token, "Origin": api.platform.settings.site_url},
    )


def test_a_sibling_domain_cannot_slip_a_session_to_anybody(https_api: RunningApi) -> None:
    """It can set `nf_jwt` for the whole domain, but not a cookie with the prefix `__Host-`."""
    ana = _sign_up_with_https(https_api).cookies["__Host-session"]
    eve = _sign_up_with_https(https_api, "eve").cookies["nf_jwt"]

    def user(cookie: str) -> Any:
        answer = https_api.browser().get("/api/session", headers={"Cookie": cookie})
        return (answer.json()["user"] or {}).get("user")

    assert user(f"nf_jwt={eve}") is None
    assert user(f"nf_jwt={eve}; __Host-session={ana}") == "ana"
    assert user(f"__Host-session={ana}; nf_jwt={eve}") == "ana"


def test_of_two_different_sessions_none_counts(api: RunningApi) -> None:
    ana, eve = _token(api.author("ana")), _token(api.author("eve"))
    assert _with_token(api, ana, eve) is None
    assert _with_token(api, eve, ana) is None
    assert _with_token(api, ana, ana) == "ana"


# -- tokens ----------------------------------------------------------------------------------------


def _claims(api: RunningApi, token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    return f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(claims)}."


_FORGERIES: dict[str, Callable[[dict[str, Any], str], str]] = {
    "none": lambda claims, _: _unsigned(claims),
    "NONE": lambda claims, _: _unsigned(claims, "NoNe"),
    "none with the old signature": lambda claims, token: (
        _unsigned(claims) + token.rpartition(".")[2]
    ),
    "another secret": lambda claims, _: jwt.encode(claims, "x" * 40, "HS256"),
    "HS384": lambda claims, _: jwt.encode(claims, SECRET, "HS384"),
    "HS512": lambda claims, _: jwt.encode(claims, SECRET, "HS512"),
    "RS256 in the header only": lambda claims, token: (
        f"{_part({'alg': 'RS256'})}.{_part(claims)}.{token.rpartition('.')[2]}"
    ),
    "no signature": lambda _, token: token.rpartition(".")[0] + ".",
    "two parts": lambda _, token: token.rpartition(".")[0],
    "cut signature": lambda _, token: token[:-1],
    "longer signature": lambda _, token: token + "A",
    "padding": lambda _, token: token + "=",
    "other bits of the last letter": lambda _, token: token[:-1] + _next_letter(token[-1]),
    "characters that decoders skip": lambda _, token: token + "!",
    "a critical header": lambda claims, _: jwt.encode(
        claims, SECRET, "HS256", headers={"crit": ["b64"], "b64": False}
    ),
    "without expiry": lambda claims, _: jwt.encode(
        {name: value for name, value in claims.items() if name != "exp"}, SECRET, "HS256"
    ),
    "expiry as text": lambda claims, _: jwt.encode({**claims, "exp": "9" * 12}, SECRET, "HS256"),
    "expired": lambda claims, _: jwt.encode({**claims, "exp": int(START) - 1}, SECRET, "HS256"),
    "session as number": lambda claims, _: jwt.encode({**claims, "sid": 1}, SECRET, "HS256"),
    "a session that is not there": lambda claims, _: jwt.encode(
        {**claims, "sid": "x"}, SECRET, "HS256"
    ),
    "another account": lambda claims, _: jwt.encode({**claims, "sub": "x"}, SECRET, "HS256"),
    "empty": lambda _, __: "",
    "not ASCII": lambda _, __: "é.é.é",
    "JSON bomb": lambda _, token: f"{_part({'alg': 'HS256'})}.{'W' * 50_000}.{token[-43:]}",
}


def _next_letter(letter: str) -> str:
    """The letter that differs in the bits that are not part of the signature."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return letters[letters.index(letter) ^ 1]


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")  # the forger's business
@pytest.mark.parametrize("forge", _FORGERIES.values(), ids=_FORGERIES)
def test_a_token_that_is_not_ours_lets_nobody_in(
    api: RunningApi, forge: Callable[[dict[str, Any], str], str]
) -> None:
    token = _token(api.author("ana"))
    forged = forge(_claims(api, token), token)
    assert forged != token
    assert _with_token(api, forged) is None
    assert _with_token(api, token) == "ana"


def test_an_unknown_key_id_changes_nothing(api: RunningApi) -> None:
    """There is one key, so `kid`, which may hold a path or SQL, is never looked at."""
    claims = _claims(api, _token(api.author("ana")))
    for key in ["../../dev/null", "' OR 1=1 --"]:
        assert _with_token(api, jwt.encode(claims, SECRET, "HS256", {"kid": key})) == "ana"
        forged = jwt.encode(claims, "x" * 40, "HS256", {"kid": key})
        assert _with_token(api, forged) is None


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=200))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert sessions.claims_of(text, SECRET, START) is None


def test_redirect_rules_read_the_roles_of_the_token(api: RunningApi) -> None:
    ana = api.author("ana")
    assert roles_of(_token(ana), SECRET, START) == {"author"}
    make_admin(api.platform, "ana")
    ana.log_in("ana")
    assert roles_of(_token(ana), SECRET, START) == {"author", "admin"}
    assert roles_of(_token(ana), SECRET, START + sessions.LIFETIME_SECONDS) == frozenset()


# -- requests of other sites -----------------------------------------------------------------------


def _headers(**values: str) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in values.items()}


@pytest.mark.parametrize(
    "headers",
    [
        _headers(Origin="https://evil.example"),
        _headers(Origin="null"),
        _headers(Origin=""),
        _headers(Origin="http://127.0.0.1:8011"),
        _headers(Origin="https://127.0.0.1:8010"),
        _headers(Origin="http://127.0.0.1:8010.evil.example"),
        _headers(Sec_Fetch_Site="cross-site"),
        _headers(Sec_Fetch_Site="same-site"),
        _headers(Origin=SITE_URL + "/"),
    ],
    ids=str,
)
def test_a_request_of_another_site_is_refused_even_with_the_token(
    api: RunningApi, headers: dict[str, str]
) -> None:
    ana = api.author("ana")
    token = ana.get("/api/session").json()["csrf"]
    answer = ana.client.patch(
        "/api/me", json={"name": "Eve"}, headers={"X-CSRF-Token": token, **headers}
    )
    assert answer.status_code == 403
    assert ana.get("/api/me").json()["name"] == "Ana"


@pytest.mark.parametrize("headers", [{}, {"Origin": SITE_URL}, {"Sec-Fetch-Site": "none"}], ids=str)
def test_a_request_without_the_token_is_refused(api: RunningApi, headers: dict[str, str]) -> None:
    ana = api.author("ana")
    answer = ana.client.patch("/api/me", json={"name": "Eve"}, headers=headers)
    assert answer.status_code == 403
    assert ana.get("/api/me").json()["name"] == "Ana"


def test_the_token_of_another_session_is_refused(api: RunningApi) -> None:
    ana, eve, stranger = api.author("ana"), api.author("eve"), api.visitor()
    visitor_token = stranger.get("/api/session").json()["csrf"]
    for token in [eve.get("/api/session").json()["csrf"], visitor_token, "", "é", "0" * 64]:
        answer = ana.client.patch(
            "/api/me",
            json={"name": "Eve"},
            headers={"X-CSRF-Token": token.encode(), "Origin": SITE_URL},
        )
        assert answer.status_code == 403


def test_log_in_itself_needs_the_token_of_the_visitor(api: RunningApi) -> None:
    """Else another site could log a visitor in to an account of its own."""
    api.author("eve")
    victim = api.visitor()
    value = {"user": "eve", "password": PASSWORD}
    assert victim.client.post("/api/session", json=value).status_code == 403
    token = api.visitor().get("/api/session").json()["csrf"]
    answer = victim.client.post("/api/session", json=value, headers={"X-CSRF-Token": token})
    assert answer.status_code == 403
    data = {**value, "csrf": token}
    assert victim.client.post("/account/login", data=data).status_code == 403


def test_the_token_of_a_visitor_ends_with_log_in(api: RunningApi) -> None:
    visitor = api.visitor()
    visitor.get("/api/session")
    assert csrf.VISITOR_COOKIE in visitor.client.cookies
    visitor.sign_up("ana")
    assert csrf.VISITOR_COOKIE not in visitor.client.cookies


def test_public_json_gives_nobody_a_cookie(api: RunningApi) -> None:
    """Caches keep it: a cookie in it would be that of all readers."""
    answer = api.browser().get("/api/newest")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


def test_the_host_cookie_has_the_prefix_that_browsers_guard() -> None:
    assert cookies.HOST_COOKIE.startswith("__Host-")
