"""What visitors can see: authors, and their posts that are published."""

from __future__ import annotations

from dataclasses import dataclass

MAX_ON_HOME = 20
"""The most that the home page shows of the newest posts, and of the most read ones."""
MAX_AT_ONCE = 10
"""How many of them can disappear at the same moment, without any page becoming old."""


@dataclass(frozen=True, slots=True)
class Author:
    """An account, as everybody sees it."""

    id: str
    user: str
    """The first part of the addresses."""
    name: str
    about: str
    joined_at: str
    posts: int
    """The number of posts that everybody can see."""


@dataclass(frozen=True, slots=True)
class Post:
    """A published post, without its text."""

    user: str
    name: str
    """The name of the author, for people."""
    slug: str
    title: str
    description: str
    tags: tuple[str, ...]
    published_at: str
    edited_at: str | None
    reads: int


@dataclass(frozen=True, slots=True)
class PostList:
    """A part of a list of posts."""

    items: tuple[tuple[Post, str | None], ...]
    """Each with its text, if the texts are wanted."""
    total: int


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a list is wanted."""

    limit: int
    offset: int = 0
    has_texts: bool = False
