"""The users and posts of the demo are such as people could write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frontmatter
import pytest

from blog.accounts.names import checked_about, checked_display_name, checked_name
from blog.demo.fill import FOLDER, fill
from blog.demo.scenes import SCENES, draw
from blog.pictures.encoding import encode_picture
from blog.posts.content import checked_content
from tests.platform.client import RunningApi

POSTS = sorted(FOLDER.glob("*/[!_]*.md"))
ABOUTS = sorted(FOLDER.glob("*/_about.md"))


def test_there_are_five_users_with_twenty_five_posts(api: RunningApi) -> None:
    passwords: Mapping[str, str] = fill(api.platform)
    assert (len(passwords), len(POSTS)) == (5, 25)
    visitor = api.visitor()
    user, password = next(iter(passwords.items()))
    assert visitor.send("POST", "/api/session", {"user": user, "password": password}).is_success
    newest = visitor.get("/api/newest?limit=20").json()["items"]
    times = [item["published_at"] for item in newest]
    assert (len(times), times) == (20, sorted(times, reverse=True))
    first = newest[0]
    text = visitor.get(f"/api/posts/{first['user']}/{first['slug']}").json()["markdown"]
    assert "scene:" not in text
    assert fill(api.platform) == {}


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_a_post_keeps_to_the_limits(path: Any) -> None:
    post: Any = frontmatter.load(str(path))
    values = {name: post[name] for name in ("title", "description", "tags")}
    content = checked_content({**values, "text": post.content, "slug": path.stem})
    assert content.slug == path.stem
    assert content.tags == tuple(post["tags"])


@pytest.mark.parametrize("path", ABOUTS, ids=lambda path: path.parent.name)
def test_an_account_keeps_to_the_limits(path: Any) -> None:
    about: Any = frontmatter.load(str(path))
    name = path.parent.name
    assert checked_name(name) == name
    assert checked_display_name(about["name"], name) == about["name"]
    assert checked_about(about.content) == about.content


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_is_the_same_at_each_run_and_can_be_uploaded(name: str) -> None:
    drawn = draw(name)
    assert draw(name) == drawn
    assert encode_picture(drawn).width == 1200
