"""Tokens of links and cookies: what is signed, for whom and how long."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.edge.drafts.draft_bar import with_draft_bar
from ssg.edge.drafts.draft_token import (
    COOKIE_SECONDS,
    MAX_LINK_SECONDS,
    cookie_value,
    is_page_path,
    is_valid_cookie,
    is_valid_link,
    link_token,
)

SECRET, OTHER = b"s" * 32, b"t" * 32
NOW = 1_800_000_000.5
SOON = int(NOW) + 600
PATH = "/ana/hello/"


def test_a_link_opens_its_path_until_it_expires() -> None:
    token = link_token(SECRET, PATH, SOON)
    assert is_valid_link(SECRET, PATH, token, NOW)
    assert is_valid_link(SECRET, PATH, token, SOON - 0.1)
    assert not is_valid_link(SECRET, PATH, token, SOON)
    assert not is_valid_link(SECRET, "/ana/other/", token, NOW)
    assert not is_valid_link(OTHER, PATH, token, NOW)


def test_a_link_is_no_cookie_and_a_cookie_no_link() -> None:
    token, cookie = link_token(SECRET, "", SOON), cookie_value(SECRET, SOON)
    assert is_valid_cookie(SECRET, cookie, NOW)
    assert not is_valid_cookie(SECRET, token, NOW)
    assert not is_valid_link(SECRET, "", cookie, NOW)


def test_nothing_counts_for_longer_than_its_time() -> None:
    later = int(NOW) + MAX_LINK_SECONDS + 60
    assert not is_valid_link(SECRET, PATH, link_token(SECRET, PATH, later), NOW)
    later = int(NOW) + COOKIE_SECONDS + 60
    assert not is_valid_cookie(SECRET, cookie_value(SECRET, later), NOW)


@example("\xe9")
@given(st.text(max_size=80) | st.from_regex(r"[0-9]{1,12}\.[0-9a-f]{64}", fullmatch=True))
def test_what_is_not_signed_is_not_valid(token: str) -> None:
    assert not is_valid_cookie(SECRET, token, NOW)
    assert not is_valid_link(SECRET, PATH, token, NOW)


@given(st.integers(0, 74), st.sampled_from("0123456789abcdef.x"))
def test_a_changed_digit_is_noticed(place: int, digit: str) -> None:
    token = link_token(SECRET, PATH, SOON)
    changed = token[:place] + digit + token[place + 1 :]
    assert is_valid_link(SECRET, PATH, changed, NOW) == (changed == token)


@pytest.mark.parametrize("path", ["/", "/a", "/ana/hello/", "/a/b.html", "/h%C3%A9/", "/a:b@c/"])
def test_paths_of_pages(path: str) -> None:
    assert is_page_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "", "a", "//evil.example/", "/a//b", "/\\evil.example", "/a\\b", "/a b", "/a\nb", "/a?b",
        "/a#b", "/../a", "/a/..", "/./a", "/%2e%2E/a", "http://evil.example/", "/é", "/\t/evil",
        "/" + "x" * 2000,
    ],
)  # fmt: skip
def test_other_texts_are_no_paths(path: str) -> None:
    assert not is_page_path(path)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/ana/hello/", "../../_ssg/draft?leave=%2Fana%2Fhello%2F"),
        ("/ana", "./_ssg/draft?leave=%2Fana"),
    ],
)
def test_the_bar_has_a_link_that_leaves(path: str, link: str) -> None:
    page = with_draft_bar(b"<body><p>x</p></body></html>", path)
    assert page.startswith(b"<body><p>x</p><div")
    assert page.endswith(b"</div></body></html>")
    assert f'href="{link}"'.encode() in page
