"""URL paths: slugs, canonical forms, files, quoting; nothing leaves the publish folder."""

from __future__ import annotations

import posixpath
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.urls import (
    base_path,
    canonical_path,
    decode_path,
    output_file,
    path_problem,
    quote_path,
    slugify,
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, Wörld!", "hello-wörld"),
        ("  --- ", ""),
        ("C++", "c"),
        ("v1.2", "v1.2"),
        ("...hidden", "hidden"),
        ("snake_case", "snake_case"),
        ("Straße", "straße"),
        ("日本語 の テスト", "日本語-の-テスト"),
        ("हिन्दी", "हिन्दी"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("e\u0301te\u0301", "été"),
        ("I ❤️ you", "i-you"),
        ("a/b", "a-b"),
        ("", ""),
    ],
)
def test_a_slug_keeps_letters_of_every_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == slug
    assert path_problem(f"/{slug[:50]}/") is None
    assert unicodedata.is_normalized("NFC", slug)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "/"),
        ("/", "/"),
        ("about", "/about/"),
        ("/about", "/about/"),
        ("//a///b//", "/a/b/"),
        ("feed.xml", "/feed.xml"),
        ("blog/feed.xml", "/blog/feed.xml"),
        ("v1.2/", "/v1.2/"),
        (".well-known", "/.well-known/"),
        ("e\u0301", "/é/"),
    ],
)
def test_a_path_has_one_form(text: str, path: str) -> None:
    assert canonical_path(text) == path


@given(st.text())
def test_a_canonical_path_is_canonical_already(text: str) -> None:
    path = canonical_path(text)
    assert canonical_path(path) == path
    assert path.startswith("/")
    assert "//" not in path


@given(st.text(alphabet=st.sampled_from("./a%\\:\0é ")))
def test_a_path_without_a_problem_stays_in_the_publish_folder(text: str) -> None:
    path = canonical_path(text)
    if path_problem(path) is None:
        file = posixpath.normpath(posixpath.join("/public", output_file(path)))
        assert file.startswith("/public/")
        assert posixpath.relpath(file, "/public") == output_file(path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/../x/", "leaves the publish folder"),
        ("/a/./b/", "leaves the publish folder"),
        ("/a\\b/", r"contains '\\'"),
        ("/a?b/", "contains '?'"),
        ("/a#b/", "contains '#'"),
        ("/a%2e/", "contains '%'"),
        ("/a\nb/", r"contains '\n'"),
        ("/C:/", "contains ':'"),
        (f"/{'é' * 128}/", "longer than 255 bytes"),
    ],
)
def test_what_cannot_be_a_path_is_told(path: str, words: str) -> None:
    assert words in (path_problem(path) or "")


def test_a_segment_may_fill_what_a_file_system_takes() -> None:
    assert path_problem("/" + "x" * 255 + "/") is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_quoted_path_comes_back(text: str) -> None:
    quoted = quote_path(text)
    assert quoted.isascii()
    assert decode_path(quoted) == text


@pytest.mark.parametrize("raw", ["/%ff/", "/a%00b", "/%c3%28/"])
def test_a_path_that_is_no_text_is_none(raw: str) -> None:
    assert decode_path(raw) is None


def test_a_path_is_decoded_once() -> None:
    assert decode_path("/%252e%252e/") == "/%2e%2e/"


@pytest.mark.parametrize(
    ("url", "base"),
    [("https://x.org", ""), ("https://x.org/", ""), ("https://x.org/docs/", "/docs")],
)
def test_a_base_path_has_no_last_slash(url: str, base: str) -> None:
    assert base_path(url) == base
