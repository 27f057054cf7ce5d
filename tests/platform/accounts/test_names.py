from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blog.accounts.names import (
    RESERVED,
    checked_about,
    checked_display_name,
    checked_name,
    is_possible,
    normalised,
    skeleton,
)
from blog.refusal import RefusalError
from tests.platform.client import PASSWORD, RunningApi

NAMES = st.from_regex(r"[a-z][a-z0-9]{2,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


def _problem(text: str) -> str:
    with pytest.raises(RefusalError) as caught:
        checked_name(text)
    assert caught.value.status == 422
    return caught.value.fields["user"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("ana", "ana"), (" Ana ", "ana"), ("ANA-LIMA", "ana-lima"), ("r2d2", "r2d2"), ("a" * 30,) * 2],
)
def test_names(text: str, name: str) -> None:
    assert checked_name(text) == name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "A name has 3 to 30 characters."),
        ("an", "A name has 3 to 30 characters."),
        ("a" * 31, "A name has 3 to 30 characters."),
        ("2ana", "A name begins with a letter"),
        ("-ana", "A name begins with a letter"),
        ("ana-", "hyphens stand alone"),
        ("ana--lima", "hyphens stand alone"),
        ("ana_lima", "letters, digits and hyphens only"),
        ("ana lima", "letters, digits and hyphens only"),
        ("ana/../x", "letters, digits and hyphens only"),
        ("ana\n", ""),
        ("аna", "“а” (cyrillic small letter a) is not one of the letters a to z."),
        ("ana\u200b", "zero width space is not one of the letters a to z."),
        ("josé", "“é” (latin small letter e with acute)"),
        ("ａｎａ", "“ａ” (fullwidth latin small letter a)"),
        ("\u212aim", "(kelvin sign) is not"),
        ("ıgor", "“ı” (latin small letter dotless i)"),
        ("\ue000na", "U+E000"),
        ("admin", "belongs to the site"),
        ("Adm1n", "belongs to the site"),
        ("a-d-m-i-n", "belongs to the site"),
        ("10gin", "begins with a letter"),
        ("iogin", "belongs to the site"),
        ("vvrite", "belongs to the site"),
    ],
)
def test_what_is_not_a_name_is_told_why(text: str, problem: str) -> None:
    if problem:
        assert problem in _problem(text)
    else:
        assert checked_name(text) == "ana"


@given(NAMES)
def test_a_name_is_normal_already_and_looks_like_itself(text: str) -> None:
    assert normalised(text) == text
    assert is_possible(text)
    assert normalised(f" {text.upper()} ") == text


@given(st.text(max_size=40))
def test_whatever_is_accepted_has_the_form_of_addresses(text: str) -> None:
    try:
        name = checked_name(text)
    except RefusalError:
        return
    assert re.fullmatch(r"[a-z][a-z0-9-]{2,29}", name)
    assert "--" not in name
    assert not name.endswith("-")
    assert name not in RESERVED
    assert checked_name(name) == name
    assert normalised(text) == name


@given(NAMES)
def test_a_skeleton_is_its_own_skeleton(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)


@given(NAMES, st.data())
def test_a_name_that_looks_alike_has_the_same_skeleton(name: str, data: st.DataObject) -> None:
    pairs = [("o", "0"), ("l", "1"), ("i", "l"), ("s", "5"), ("m", "rn"), ("w", "vv"), ("", "-")]
    seen, shown = data.draw(st.sampled_from(pairs))
    assume(seen in name)
    places = [match.start() for match in re.finditer(re.escape(seen), name)]
    place = data.draw(st.sampled_from(places))
    other = name[:place] + shown + name[place + len(seen) :]
    assert skeleton(other) == skeleton(name)


def test_paths_of_the_site_are_reserved(api: RunningApi) -> None:
    """No user's page takes the place of one of the site, or of the API."""
    app = api.client.app
    first = {route.path.split("/")[1] for route in app.routes}  # type: ignore[attr-defined]
    assert {"api", "account", "media"} <= first
    site = "about feed login me search settings shell signup tags write"
    assert first | set(site.split()) <= RESERVED


def test_of_names_that_look_alike_one_is_given(api: RunningApi) -> None:
    api.author("paulina")
    for user in ["paulina", "PAULINA", "pau1ina", "paullna", "pau-lina"]:
        answer = api.visitor().send("POST", "/api/accounts", {"user": user, "password": PASSWORD})
        assert answer.status_code == 422
        fields = answer.json()["fields"]
        assert fields == {"user": "This name, or one that looks like it, is taken."}


def test_all_that_is_wrong_is_said_at_once(api: RunningApi) -> None:
    value = {"user": "x", "name": "\u202e", "password": "short"}
    answer = api.visitor().send("POST", "/api/accounts", value)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"user", "name", "password"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Ana Lima", "Ana Lima"), ("  Ana \t Lima\n", "Ana Lima"), ("", "ana"), ("e\u0301", "é")],
)
def test_display_names(text: str, shown: str) -> None:
    assert checked_display_name(text, "ana") == shown


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "\x00", "\x1b[1m", "\ud800", "x" * 61])
def test_display_names_hide_nothing(text: str) -> None:
    with pytest.raises(RefusalError):
        checked_display_name(text, "ana")


def test_about_has_lines_and_a_limit() -> None:
    assert checked_about(" a\r\nb\tc ") == "a\nb\tc"
    for text in ["a\x07", "\ud800", "x" * 2001]:
        with pytest.raises(RefusalError):
            checked_about(text)
