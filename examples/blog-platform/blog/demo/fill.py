"""Fills an empty database with the users and posts of the folder `demo`.

Each user has a folder, in which `_about.md` is about them and each other file is a post. The form
is that of an export: Markdown with front matter. `scene:NAME` stands for a picture.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter

from blog.accounts.names import skeleton
from blog.clock import text_of_time
from blog.database import Connection
from blog.demo.scenes import draw
from blog.pictures import pictures
from blog.pictures.encoding import encode_picture
from blog.platform import Platform
from blog.purge import outbox

FOLDER = Path(__file__).parents[2] / "demo"
_DAY_SECONDS = 24 * 3600
_SCENE = re.compile(r"scene:([a-z]+)")
_ABOUT = "_about.md"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the folder, who gets a password."""

    id: str
    name: str
    folder: Path
    password: str


def fill(platform: Platform) -> Mapping[str, str]:
    """Make users and their posts if there is no user yet; returns the passwords by name."""
    now = platform.clock()
    with platform.database.writing() as connection:
        if connection.rows("SELECT id FROM account LIMIT 1"):
            return {}
        folders = sorted(FOLDER.iterdir())
        users = [_add_user(connection, platform, folder, now) for folder in folders]
        tags = {"newest"}
        for user in users:
            tags |= _add_posts(connection, user, now)
        outbox.note(connection, tags, platform.settings.purge_urls, now)
    return {user.name: user.password for user in users}


def _add_user(connection: Connection, platform: Platform, folder: Path, now: float) -> DemoUser:
    user = DemoUser(secrets.token_hex(8), folder.name, folder, secrets.token_urlsafe(12))
    about = frontmatter.load(str(folder / _ABOUT))
    connection.change(
        """INSERT INTO account (id, name, skeleton, display_name, about, password, joined_at)
           VALUES (:id, :name, :skeleton, :display_name, :about, :password, :joined_at)""",
        id=user.id,
        name=user.name,
        skeleton=skeleton(user.name),
        display_name=about["name"],
        about=about.content,
        password=platform.passwords.hashed(user.password),
        joined_at=text_of_time(now - 90 * _DAY_SECONDS),
    )
    return user


def _add_posts(connection: Connection, user: DemoUser, now: float) -> set[str]:
    """Add the posts of a user; returns the tags of the pages that show them."""
    purged = {f"user:{user.name}", f"posts-by:{user.name}"}
    for path in sorted(user.folder.glob("[!_]*.md")):
        post: Any = frontmatter.load(str(path))
        published = text_of_time(now - post["days_ago"] * _DAY_SECONDS - len(post.content))
        values = {
            "id": secrets.token_hex(8),
            "author": user.id,
            "slug": path.stem,
            "title": post["title"],
            "description": post["description"],
            "tags": " ".join(post["tags"]),
            "text": _with_pictures(connection, user, post.content, now),
            "published": published,
            "reads": post["reads"],
        }
        connection.change(_POST, **values)
        connection.change_many(
            "INSERT INTO post_tag (tag, published_at, post) VALUES (:tag, :published, :post)",
            [{"tag": tag, "published": published, "post": values["id"]} for tag in post["tags"]],
        )
        purged |= {f"post:{user.name}/{path.stem}", *(f"tag:{tag}" for tag in post["tags"])}
    return purged


_POST = """
    INSERT INTO post (id, author, slug, status, title, description, tags, text, created_at,
                      published_at, reads)
    VALUES (:id, :author, :slug, 'published', :title, :description, :tags, :text, :published,
            :published, :reads)"""


def _with_pictures(connection: Connection, user: DemoUser, text: str, now: float) -> str:
    """The text with addresses of pictures, which are drawn and kept."""

    def address(found: re.Match[str]) -> str:
        picture = encode_picture(draw(found[1]))
        pictures.add(connection, picture, user.id, now)
        return f"/media/{picture.name}"

    return _SCENE.sub(address, text)
