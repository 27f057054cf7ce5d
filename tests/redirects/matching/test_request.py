"""Reading a request for redirect rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.matching.request import RedirectRequest, read_cookies, read_request

from .test_roles import NOW, SECRET, claims, token


def test_a_request_without_anything() -> None:
    assert read_request("/a", "", {}) == RedirectRequest("/a")


def test_everything_on_which_a_rule_can_depend() -> None:
    jwt = token(claims(["admin"]))
    headers = {"cookie": f"beta=1; nf_jwt={jwt}", "accept-language": "de-CH;q=0.9, en"}
    request = read_request(
        "/caf%C3%A9",
        "q=a+b&q=c%26&empty=",
        headers,
        origin="https://example.com",
        country="CH",
        jwt_secret=SECRET,
        now_seconds=NOW,
    )
    assert request == RedirectRequest(
        path="/caf%C3%A9",
        query=(("q", "a b"), ("q", "c&"), ("empty", "")),
        cookies={"beta": "1", "nf_jwt": jwt},
        country="CH",
        language="de-CH",
        roles=frozenset({"admin"}),
        origin="https://example.com",
    )


def test_cookies_win_over_headers() -> None:
    headers = {"cookie": "nf_lang=fr; nf_country=ca", "accept-language": "de"}
    request = read_request("/", "", headers, country="CH")
    assert (request.language, request.country) == ("fr", "ca")


def test_cookies() -> None:
    assert read_cookies('a=1; b="two"; a=3; nothing; c=') == {"a": "1", "b": "two", "c": ""}


@given(
    st.text(), st.text(), st.dictionaries(st.sampled_from(["cookie", "accept-language"]), st.text())
)
def test_any_request_can_be_read(path: str, query: str, headers: dict[str, str]) -> None:
    assert read_request(path, query, headers, jwt_secret=SECRET).path == path
