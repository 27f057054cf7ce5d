"""How often posts are read, as `ssg popular` counts it in access logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from blog.platform import Platform
from blog.posts import posts
from blog.posts.changes import note
from blog.posts.freshness import HOME
from blog.posts.post import MAX_ON_HOME, Span
from ssg.popularity.popular_pages import PopularPages

_AT_ONCE = 500
_POST = """
    SELECT p.id FROM account a CROSS JOIN post p
    WHERE a.name = :user AND p.author = a.id AND p.slug = :slug"""


def import_reads(platform: Platform, popular: PopularPages) -> int:
    """Set the number of readers of all posts: 0 for those that the file does not name.

    Returns the number of posts that have readers. Posts are changed in the order of their ids, and
    not all in one transaction, so authors need not wait.
    """
    requests = _requests(popular)
    found = _posts(platform, requests)
    before = _most_read(platform)
    changes = [{"id": post, "reads": reads} for post, reads in sorted(_changes(platform, found))]
    for start in range(0, len(changes), _AT_ONCE):
        with platform.database.writing() as connection:
            values = changes[start : start + _AT_ONCE]
            connection.change_many("UPDATE post SET reads = :reads WHERE id = :id", values)
    if _most_read(platform) != before:
        with platform.database.writing() as connection:
            note(connection, platform, [HOME])
    return len(found)


def _requests(popular: PopularPages) -> Mapping[tuple[str, str], int]:
    """The requests for each `/USER/SLUG/`, whether it is a live page or a file of a build."""
    counts = Counter[tuple[str, str]]()
    for pages in (popular.site, *popular.routes.values()):
        for path, requests in pages.pages:
            match path.strip("/").split("/"):
                case [user, slug] if requests > 0:
                    counts[user, slug] += requests
    return counts


def _posts(platform: Platform, requests: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """The requests by the ids of posts. What is not a post is left out."""
    found: dict[str, int] = {}
    with platform.database.reading() as connection:
        for (user, slug), count in requests.items():
            if row := connection.row(_POST, user=user, slug=slug):
                found[row["id"]] = count
    return found


def _changes(platform: Platform, found: Mapping[str, int]) -> list[tuple[str, int]]:
    """The posts whose number differs, with the new one."""
    with platform.database.reading() as connection:
        rows = connection.rows("SELECT id, reads FROM post WHERE reads > 0")
    old = {row["id"]: row["reads"] for row in rows}
    new = {**dict.fromkeys(old, 0), **found}
    return [(post, reads) for post, reads in new.items() if reads != old.get(post, 0)]


def _most_read(platform: Platform) -> object:
    with platform.database.reading() as connection:
        return posts.most_read(connection, Span(MAX_ON_HOME))
