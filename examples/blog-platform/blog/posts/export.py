"""All that an author has written, as a site of ssg in a ZIP file: `ssg build` takes it as it is.

| file | content |
|---|---|
| `ssg.toml` | settings: the name of the author, tags |
| `content/_index.md` | what the author says about themselves |
| `content/SLUG.md` | each post, with its earlier addresses; drafts have `draft = true` |
| `drafts/SLUG.md` | changes of a post that are not published; they are no pages |
| `static/media/NAME` | pictures, at the addresses that the texts have |

It is made piece by piece while it is sent: neither all posts nor all pictures are in memory.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from blog.account import Account
from blog.pictures import pictures
from blog.platform import Platform
from blog.posts import own_posts, posts
from blog.posts.content import PostContent
from blog.posts.own_posts import OwnPost
from blog.posts.portable_markdown import portable

_POSTS_AT_ONCE = 20

_SETTINGS = """\
# Build this site with `ssg build`, or look at it with `ssg serve` (pip install ssg).
title = {title}
base_url = "https://example.org/"   # the address at which you publish it

[markdown]
raw_html = false       # HTML in a text is shown as it is written, as it was before
check_anchors = false  # links go to wherever they went
"""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of the archive."""

    name: str
    data: bytes
    is_packed: bool = False
    """Whether it is compressed already, as pictures are."""


class _Pipe(io.RawIOBase):
    """Takes what is written until it is sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What has been written since the last call."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def export(platform: Platform, account: Account) -> Iterator[bytes]:
    """The bytes of the archive, in pieces."""
    pipe = _Pipe()
    now = datetime.fromtimestamp(platform.clock(), UTC).timetuple()[:6]
    with ZipFile(cast(IO[bytes], pipe), "w") as archive:
        for file in files(platform, account):
            entry = ZipInfo(file.name, now)
            entry.compress_type = ZIP_STORED if file.is_packed else ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.data)
            yield pipe.taken()
    yield pipe.taken()


def files(platform: Platform, account: Account) -> Iterator[ExportedFile]:
    """The files of the archive, one after the other."""
    with platform.database.reading() as connection:
        author = posts.author(connection, account.name)
        names = [row["name"] for row in pictures.of_account(connection, account.id)]
    name, about = (author.name, author.about) if author else (account.display_name, "")
    yield _text("ssg.toml", _SETTINGS.format(title=_toml(name)))
    yield _text("content/_index.md", _page({"title": name}, about))
    yield from _posts(platform, account)
    for picture in names:
        with platform.database.reading() as connection:
            data = pictures.find(connection, picture)
        if data is not None:
            yield ExportedFile(f"static/media/{picture}", data, is_packed=True)


def _posts(platform: Platform, account: Account) -> Iterator[ExportedFile]:
    after: tuple[str, str] = ("", "")
    while True:
        with platform.database.reading() as connection:
            found = own_posts.after(connection, account.id, after, _POSTS_AT_ONCE)
            old = own_posts.old_slugs(connection, [post.id for post in found])
        if not found:
            return
        for post in found:
            yield from _post(post, old.get(post.id, []))
        after = found[-1].created_at, found[-1].id


def _post(post: OwnPost, old: list[str]) -> Iterator[ExportedFile]:
    is_draft = post.status != "published"
    is_new = post.status == "draft"
    content = post.shown if is_new else post.content
    facts: dict[str, Any] = {
        "date": post.published_at or post.publish_at or post.created_at,
        "updated": post.edited_at,
        "draft": is_draft or None,
        "aliases": [f"/{slug}/" for slug in old],
    }
    yield _text(f"content/{content.slug}.md", _page(_front_matter(content) | facts, content.text))
    if post.draft and not is_new:
        draft = _page(_front_matter(post.draft), post.draft.text)
        yield _text(f"drafts/{content.slug}.md", draft)


def _front_matter(content: PostContent) -> dict[str, Any]:
    return {
        "title": content.title,
        "description": content.description,
        "slug": content.slug,
        "tags": content.tags,
    }


def _page(facts: dict[str, Any], text: str) -> str:
    lines = [f"{name} = {_toml(value)}" for name, value in facts.items() if value]
    return "\n".join(["+++", *lines, "+++", "", portable(text).rstrip("\n"), ""])


def _text(name: str, text: str) -> ExportedFile:
    return ExportedFile(name, text.encode())


def _toml(value: Any) -> str:
    """A text, a list of texts or a truth value, which TOML writes as JSON does."""
    return json.dumps(value, ensure_ascii=False)
