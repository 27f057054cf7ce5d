"""What somebody has typed into the page of writing, and what it shows of a post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from blog.pages.shell import text
from blog.posts.own_posts import OwnPost
from blog.posts.slug import slug_of
from blog.refusal import invalid

LABELS = {
    "title": "Title",
    "text": "Text",
    "description": "Description",
    "tags": "Tags",
    "slug": "Address",
    "picture": "Picture",
    "at": "Time",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


@dataclass(frozen=True, slots=True)
class WritingForm:
    """The fields as they are typed: they are shown again if something is wrong with them."""

    post: str = ""
    """The id of a post; empty for a new one."""
    revision: str = ""
    """The one that the page has shown."""
    title: str = ""
    description: str = ""
    text: str = ""
    tags: str = ""
    slug: str = ""
    at: str = ""
    alt: str = ""
    """What is on the picture that is chosen."""
    key: str = ""
    """Of a new post: a form that is submitted twice begins one post."""

    @property
    def known_revision(self) -> int:
        """The revision as a number; 0, which no post has, if it is none."""
        digits = self.revision
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0

    @property
    def content(self) -> Mapping[str, str]:
        """The words of the post."""
        names = ("title", "description", "text", "tags", "slug")
        return {name: getattr(self, name) for name in names}


def typed(values: Mapping[str, Any]) -> WritingForm:
    """What was submitted."""
    names = ("post", "revision", "title", "description", "tags", "slug", "at", "alt", "key")
    fields = {name: text(values, name).strip() for name in names}
    return WritingForm(text=text(values, "text").replace("\r\n", "\n"), **fields)


def shown(post: OwnPost) -> WritingForm:
    """A post as its author edits it."""
    content = post.shown
    return WritingForm(
        post.id,
        str(post.revision),
        content.title,
        content.description,
        content.text,
        ", ".join(content.tags),
        "" if has_automatic_slug(post) else content.slug,
        (post.publish_at or "")[:16],
    )


def has_automatic_slug(post: OwnPost) -> bool:
    """Whether the address still follows the title, as long as nobody has seen it."""
    derived = slug_of(post.shown.title) or "post"
    is_derived = re.fullmatch(re.escape(derived) + r"(-\d+)?", post.shown.slug)
    return not post.published_at and is_derived is not None


def time_of(form: WritingForm, now: float) -> float:
    """When to publish, in seconds since 1970. Raises RefusalError."""
    if not _TIME.fullmatch(form.at):
        raise invalid({"at": "Write a day and a time, such as 2027-01-31T09:30."})
    try:
        at = datetime.fromisoformat(form.at).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        raise invalid({"at": "There is no such time."}) from None
    if at <= now:
        raise invalid({"at": "This time has passed."})
    return at


def picture_markdown(alt: str, url: str) -> str:
    """The Markdown that shows a picture."""
    words = re.sub(r"([\\\[\]])", r"\\\1", " ".join(alt.split()))
    return f"![{words}]({url})"
