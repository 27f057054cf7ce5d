"""Folders of other sites that services may fetch pictures from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.images.picture import Picture
from ssg.targets.routing.remote_pictures import RemoteFolder, remote_folders

ROW = Picture(
    "", "", "", "", 1, 1, "jpeg", is_animated=False, has_alpha=False, focus="", color="",
    placeholder="", problem="",
)  # fmt: skip


def folders(*paths: str) -> tuple[RemoteFolder, ...]:
    return remote_folders(ROW._replace(path=path) for path in paths)


def test_pictures_of_a_site_share_their_deepest_folder() -> None:
    found = folders(
        "/own.jpg", "https://B.example/x/a.jpg", "https://b.example/x/y/b.jpg",
        "https://b.example/x/y/c.jpg", "http://c.example:8080/a.jpg",
    )  # fmt: skip
    assert found == (
        RemoteFolder("http", "c.example:8080", "/"),
        RemoteFolder("https", "b.example", "/x/"),
    )
    assert folders("/own.jpg") == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://b.example.evil.example/x/a.jpg", "https://bXexample/x/a.jpg",
        "https://evil.example/https://b.example/x/a.jpg", "http://b.example/x/a.jpg",
        "https://b.example/other/a.jpg", "https://b.example@evil.example/x/a.jpg",
    ],
)  # fmt: skip
def test_an_expression_allows_no_other_address(address: str) -> None:
    (folder,) = folders("https://b.example/x/a.jpg")
    assert re.search(folder.expression, "https://b.example/x/a.jpg?v=1")
    assert not re.search(folder.expression, address)


@given(st.lists(st.from_regex(r"https://[ab]\.example(/[a-c]{1,2}){1,4}\.jpg", fullmatch=True)))
def test_every_picture_is_in_a_folder(paths: list[str]) -> None:
    expressions = [folder.expression for folder in folders(*paths)]
    assert len(expressions) <= 2
    assert all(any(re.search(one, path) for one in expressions) for path in paths)
