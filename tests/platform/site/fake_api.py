"""The API of the blogging platform as its site asks it: JSON of a few users and posts, in memory.

`python -m tests.platform.site.fake_api 8011` runs it alone.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Post:
    """A post, as `/posts/{user}/{slug}` has it."""

    user: str
    slug: str
    title: str
    markdown: str = "Some *text*."
    description: str = ""
    tags: tuple[str, ...] = ()
    published_at: str = "2026-11-30T11:15:57Z"
    edited_at: str | None = None
    reads: int = 0


@dataclass
class FakeApi:
    """The data, and the paths that were asked."""

    url: str = ""
    names: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    old_slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    """What Netlify signs the requests with that it passes on."""

    def value(self, path: str, query: dict[str, str]) -> object:
        """The answer for a path; None if there is nothing."""
        match [unquote(part).lower() for part in path.strip("/").split("/")]:
            case ["posts", user, slug]:
                return self._post(user, self.old_slugs.get((user, slug), slug))
            case ["users", user, *posts] if user in self.names:
                return self._posts_of(user, query) if posts else self._user(user)
            case ["tags", tag, "posts"]:
                tagged = [post for post in self._newest() if tag in post.tags]
                return {"tag": tag, **self._part(tagged, query)} if tagged else None
            case ["newest" | "popular" as order]:
                most_read = sorted(self.posts, key=lambda post: -post.reads)
                return self._part(most_read if order == "popular" else self._newest(), query)
        return None

    def _posts_of(self, user: str, query: dict[str, str]) -> dict[str, Any]:
        own = [post for post in self._newest() if post.user == user]
        return {"user": self._user(user), **self._part(own, query)}

    def _newest(self) -> list[Post]:
        return sorted(self.posts, key=lambda post: post.published_at, reverse=True)

    def _post(self, user: str, slug: str) -> dict[str, Any] | None:
        found = [post for post in self.posts if (post.user, post.slug) == (user, slug)]
        return self._with_name(found[0]) if found else None

    def _with_name(self, post: Post) -> dict[str, Any]:
        return {**asdict(post), "name": self.names[post.user]}

    def _user(self, user: str) -> dict[str, Any]:
        return {
            "user": user,
            "name": self.names[user],
            "about": self.about.get(user, ""),
            "joined_at": "2026-01-05T08:00:00Z",
            "posts": sum(post.user == user for post in self.posts),
        }

    def _part(self, posts: Sequence[Post], query: dict[str, str]) -> dict[str, Any]:
        first = int(query.get("offset", "0"))
        shown = [
            self._with_name(post) for post in posts[first : first + int(query.get("limit", "20"))]
        ]
        if "full" not in query:
            shown = [{key: one[key] for key in one if key != "markdown"} for one in shown]
        return {"items": shown, "total": len(posts)}


class _Handler(BaseHTTPRequestHandler):
    api: FakeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 20

    def log_message(self, format: str, *args: Any) -> None:
        """The tests look at `asked`."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.api.asked.append(self.path)
        self.api.signatures += self.headers.get_all("X-Nf-Sign") or []
        value = self.api.value(parts.path.removeprefix("/api"), dict(parse_qsl(parts.query)))
        body = json.dumps({"error": "not found"} if value is None else value).encode()
        self.send_response(404 if value is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def fake_api(api: FakeApi, port: int = 0) -> Iterator[FakeApi]:
    """Run the API on 127.0.0.1."""
    handler = type("Handler", (_Handler,), {"api": api})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


# -- what the tests and the screenshots show ---------------------------------------------------

PIER = """\
We left before six, when the *water is still flat* and the gulls are not yet arguing.

## What we took along

- a thermos of coffee
- two rods, one of them [borrowed](https://example.org/rods)
- the [notes of last year](/ana/first-post/)

| fish | length |
|:-----|-------:|
| mackerel | 31 cm |
| bass | 44 cm |

> The sea does not reward those who are too anxious.

```python
def tide(hour: float) -> float:
    return 2.1 * math.sin(hour / 12.42 * math.tau)
```

### Home again

The harbour smelled of tar and bread.[^1]

[^1]: The bakery opens at seven.
"""

PLAIN = """\
Hello, *sea*. This is **the first** of `many` posts, and ~~short~~.

1. one
2. two
   - a part of it

> Wind from the west.

| boat | length |
|------|-------:|
| gig  | 4 m    |
"""
"""What means the same in a text of a stranger and in a file."""

HOSTILE_TITLE = '<script>alert("title")</script> & "quotes"'
HOSTILE_TEXT = "<script>alert(2)</script>\n\n[x](javascript:alert(3))"


def example_api() -> FakeApi:
    """Users and posts of all kinds."""
    api = FakeApi(
        names={"ana": "Ana Lima", "ben": "Ben O’Hara", "eve": '<b onclick="alert(1)">Eve</b>'},
        about={
            "ana": "I write about the sea, and about *small boats*. [My boat](https://example.org/)",
            "eve": "<script>alert('about')</script> [click](javascript:alert(1))",
        },
        old_slugs={("ana", "the-old-pier"): "the-pier"},
    )
    pier = Post(
        "ana", "the-pier", "Mornings at the pier", PIER, "Six o’clock, flat water and a thermos.",
        ("sea", "fishing"), "2026-11-28T06:10:00Z", "2026-11-29T09:00:00Z", 412,
    )  # fmt: skip
    api.posts = [
        pier,
        Post("ana", "first-post", "First post", PLAIN, "", ("sea",), reads=98),
        Post("ben", "bread", "Bread without a recipe", "Flour, water, salt, time.",
             "What is left when you leave out the scales.", ("kitchen",), "2026-11-27T18:00:00Z"),
        Post("ben", "low-tide", "الجزر في الصباح", "كان البحر هادئا.", "", ("kitchen",),
             "2026-11-01T10:00:00Z"),
        Post("eve", "hostile", HOSTILE_TITLE, HOSTILE_TEXT, '"><img src=x onerror=alert(4)>',
             ("sea",), "2026-11-20T10:00:00Z"),
    ]  # fmt: skip
    api.posts += [
        replace(pier, slug=f"log-{number}", title=f"Log of day {number}", tags=("log",),
                reads=number, markdown=f"Day *{number}* at sea.", description="A clear sky.",
                published_at=f"2026-10-{number % 30 + 1:02}T12:00:00Z", edited_at=None)
        for number in range(1, 46)
    ]  # fmt: skip
    return api


if __name__ == "__main__":
    with fake_api(example_api(), int(sys.argv[1])):
        threading.Event().wait()
