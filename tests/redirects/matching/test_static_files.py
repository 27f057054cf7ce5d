"""Which static file answers a path."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.matching.static_files import answered_paths, candidate_files, file_finder


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/", ("index.html",)),
        ("/a", ("a", "a.html", "a/index.html")),
        ("/a/", ("a/index.html", "a.html")),
        ("/a/b/", ("a/b/index.html", "a/b.html")),
        ("/a.html", ("a.html",)),
        ("/a.css", ("a.css",)),
        ("/feed.xml", ("feed.xml", "feed.xml.html", "feed.xml/index.html")),
        ("/..", ()),
        ("/a/../b", ()),
        ("//etc/passwd", ()),
        ("/a//b", ()),
        ("//", ()),
        ("/a\0", ()),
    ],
)
def test_candidates(path: str, names: tuple[str, ...]) -> None:
    assert candidate_files(path) == names


def test_the_first_candidate_that_exists_answers() -> None:
    find_file = file_finder({"a.html", "a/index.html"})
    assert find_file("/a") == "a.html"
    assert find_file("/a/") == "a/index.html"
    assert find_file("/b") is None


@pytest.mark.parametrize("name", ["_redirects", "_headers", "netlify.toml"])
def test_files_for_the_host_are_not_served(name: str) -> None:
    assert file_finder({name})(f"/{name}") is None


@given(st.text("ab./\\\0", max_size=12))
def test_no_candidate_leaves_the_publish_folder(path: str) -> None:
    for name in candidate_files("/" + path):
        inside = (Path("/public") / name).relative_to("/public")
        assert ".." not in inside.parts


@given(
    st.lists(st.sampled_from(["a", "b", "index.html", "a.html", "c.css"]), max_size=3),
    st.text("/", max_size=1),
)
def test_a_file_knows_every_path_that_it_answers(parts: list[str], end: str) -> None:
    path = f"/{'/'.join(parts)}{end}"
    for name in candidate_files(path):
        assert path in answered_paths(name)
