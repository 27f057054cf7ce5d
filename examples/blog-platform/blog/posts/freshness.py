"""Which tags a change purges: exactly those of the pages that it changes.

| page | tags |
|---|---|
| a post, also at its earlier addresses | `post:USER/SLUG`, `user:USER` |
| an author, their posts, their feed | `posts-by:USER`, `user:USER` |
| the posts with a tag | `tag:TAG` |
| the newest and the most read posts | `newest` |

An edit changes the time of the last edit, which each list shows. So each list that has a post
changes with it, whatever was edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from blog.posts.post import Post

HOME = "newest"


@dataclass(frozen=True, slots=True)
class VisiblePost:
    """A post that everybody can see, and where."""

    post: Post
    text: str
    old_slugs: frozenset[str] = frozenset()
    """Earlier addresses, which lead to the present one."""
    is_on_home: bool = False
    """Whether it is one of the newest or the most read posts."""


@dataclass(frozen=True, slots=True)
class VisibleAuthor:
    """An author whom everybody can see, and where."""

    user: str
    name: str
    about: str
    tags: frozenset[str] = frozenset()
    """The tags of the posts that everybody can see."""
    is_on_home: bool = False


def tags_of_change(before: VisiblePost | None, after: VisiblePost | None) -> frozenset[str]:
    """The tags of the pages that a change of a post changes. None is a post that nobody sees."""
    states = [state for state in (before, after) if state]
    if before == after:
        return frozenset()
    addresses = {(state.post.user, state.post.slug) for state in states}
    has_moved = len(states) == 1 or len(addresses) == 2
    return frozenset(tag for state in states for tag in _tags(state, has_moved=has_moved))


def _tags(state: VisiblePost, *, has_moved: bool) -> Iterator[str]:
    post = state.post
    yield f"post:{post.user}/{post.slug}"
    yield f"posts-by:{post.user}"
    yield from (f"tag:{tag}" for tag in post.tags)
    if has_moved:
        yield from (f"post:{post.user}/{slug}" for slug in state.old_slugs)
    if state.is_on_home:
        yield HOME


def tags_of_author_change(
    before: VisibleAuthor | None, after: VisibleAuthor | None
) -> frozenset[str]:
    """The tags of the pages that a change of an author changes. Lists show the author's name."""
    states = [state for state in (before, after) if state]
    if before == after:
        return frozenset()
    tags = {f"user:{state.user}" for state in states}
    if len(states) == 1 or len({state.name for state in states}) == 2:
        tags |= {f"tag:{tag}" for state in states for tag in state.tags}
        tags |= {HOME for state in states if state.is_on_home}
    return frozenset(tags)
