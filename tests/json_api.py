"""A small JSON API on 127.0.0.1, as a live site would ask one: posts of users, in memory.

    /posts/{user}/{slug}                    a post; 404 if there is none, or it is a draft
    /posts?user={user}&limit=5&offset=10    {"items": [...], "total": 12, "next": "10"}
    /users/{user}                           a user
    /popular?limit=300                      [{"user": ..., "slug": ..., "edited_at": ...}]

All have an ETag. Drafts are shown to requests with `X-Ssg-Draft: 1`. Paths below `/fault/` behave
as bad sources do: see `_FAULTS`.
"""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

WAIT_SECONDS = 20.0
"""The longest time that a thread of the API waits."""

_HOSTS = ("127.0.0.1", "localhost")
"""Certificates are for the name."""

Post = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that the API got."""

    target: str
    """Path and query, as they were sent."""
    headers: Mapping[str, str]
    """With names in small letters."""
    client: tuple[str, int]


@dataclass
class JsonApi:
    """The data of the API, and what it was asked."""

    url: str = ""
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    failing: int = 0
    """The status of every answer, if not 0: as if the database of the API was away."""
    breaking: int = 0
    """The number of next requests whose connection is closed without an answer."""
    stop: threading.Event = field(default_factory=threading.Event)
    meeting: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))
    """Requests to `/fault/meet` are answered when all parties are there."""

    def add_post(self, user: str, slug: str, **values: Any) -> Post:
        """Write a post, in place of one with the same address."""
        post = {
            "user": user,
            "slug": slug,
            "title": f"{slug} by {user}",
            "markdown": f"Text of *{slug}*.",
            "published_at": "2026-01-01T10:00:00Z",
            "edited_at": "2026-01-02T10:00:00Z",
            "is_draft": False,
            **values,
        }
        self.users.setdefault(user, {"user": user, "name": user.title()})
        self.posts[user, slug] = post
        return post

    @property
    def targets(self) -> list[str]:
        """What was asked, in order."""
        return [one.target for one in self.seen]

    def forget(self) -> None:
        """Forget what was asked until now."""
        self.seen.clear()


@contextmanager
def json_api(
    posts: int = 0, users: int = 1, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[JsonApi]:
    """Run an API with so many posts of so many users: `/posts/user1/post1`."""
    api = JsonApi()
    for number in range(1, posts + 1):
        user = f"user{(number - 1) % users + 1}"
        api.add_post(user, f"post{number}", published_at=f"2026-01-01T{number % 24:02}:00:00Z")
    server = _Server(("127.0.0.1", port), _handler(api))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    api.url = f"{'https' if tls else 'http'}://{_HOSTS[tls is not None]}:{server.server_port}"
    try:
        yield api
    finally:
        api.stop.set()
        api.meeting.abort()
        server.shutdown()
        thread.join(WAIT_SECONDS)
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # idle connections have a thread each
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


def _handler(of: JsonApi) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        api = of

    return Handler


class _Handler(BaseHTTPRequestHandler):
    api: JsonApi
    protocol_version = "HTTP/1.1"
    timeout = WAIT_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """The tests look at `seen`."""

    def do_GET(self) -> None:
        target = self.requestline.split(" ")[1]
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.api.seen.append(Seen(target, headers, self.client_address))
        if self.api.breaking:
            self.api.breaking -= 1
            self.close_connection = True
        elif self.api.failing:
            self.answer(self.api.failing, b'{"error": "down"}')
        else:
            self._answer_to(urlsplit(f"http://api{target}").path.removeprefix("/v1"))

    def _answer_to(self, path: str) -> None:
        name, *rest = [unquote(part) for part in path.split("/")[1:]]
        fault = _FAULTS.get(rest[0]) if name == "fault" and rest else None
        if fault:
            fault(self, rest[1] if len(rest) > 1 else "")
            return
        value = self._value(name, rest)
        if value is None:
            self.answer(404, b"{}")
        else:
            self.json(value)

    def _value(self, name: str, rest: list[str]) -> object:
        api = self.api
        if name == "posts" and len(rest) == 2:
            post = api.posts.get((rest[0], rest[1]))
            return post if post and self._may_see(post) else None
        if name == "posts" and not rest:
            return self._posts()
        if name == "users" and len(rest) == 1:
            return api.users.get(rest[0])
        if name == "popular":
            fields = ("user", "slug", "edited_at")
            found = [{key: post[key] for key in fields} for post in self._visible()]
            return found[: int(self.query.get("limit", "10"))]
        return None

    @property
    def query(self) -> dict[str, str]:
        parsed = parse_qs(urlsplit(f"http://api{self.path}").query)
        return {name: values[-1] for name, values in parsed.items()}

    def _may_see(self, post: Post) -> bool:
        return not post["is_draft"] or self.headers.get("X-Ssg-Draft") == "1"

    def _visible(self) -> list[Post]:
        return [post for post in self.api.posts.values() if self._may_see(post)]

    def _posts(self) -> object:
        query = self.query
        found = [post for post in self._visible() if post["user"] == query.get("user")]
        first = int(query.get("offset") or query.get("after") or 0)
        end = first + int(query.get("limit", "10"))
        following = str(end) if end < len(found) else None
        return {"items": found[first:end], "total": len(found), "next": following}

    def json(self, value: object, **headers: str) -> None:
        body = json.dumps(value).encode()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", ETag=etag, **headers)
        else:
            self.answer(200, body, ETag=etag, **headers)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Send an answer. Names of headers are written with `_` for `-`."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if status not in {204, 304}:
            self.wfile.write(body)

    def no_body(self, status: int) -> None:
        """Send a body where there is none, and keep the connection."""
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def raw(self, data: bytes) -> None:
        """Send bytes that are no proper answer, and close."""
        self.close_connection = True
        self.wfile.write(data)
        self.wfile.flush()

    def drip(self, data: bytes) -> None:
        """Send a byte, wait, and so on: each of them is in time."""
        self.close_connection = True
        for byte in data:
            if self.api.stop.wait(0.05):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()


def _meet(handler: _Handler, name: str) -> None:
    handler.api.meeting.wait(WAIT_SECONDS)
    handler.json({"name": name})


def _echo(handler: _Handler, _: str) -> None:
    handler.json({"headers": dict(handler.headers.items()), "target": handler.path})


def _bomb(handler: _Handler, size: str) -> None:
    body = gzip.compress(b"[" + b" " * int(size) + b"]")
    handler.answer(200, body, Content_Encoding="gzip")


def _compressed(handler: _Handler, which: str) -> None:
    body = gzip.compress(b'{"is": "compressed"}')
    damaged = {"": body, "short": body[:-9], "longer": body + b"x", "wrong": b"{}"}
    handler.answer(200, damaged[which], Content_Encoding="gzip")


def _dated(handler: _Handler, _: str) -> None:
    date = "Thu, 01 Jan 2026 10:00:00 GMT"
    if handler.headers.get("If-Modified-Since") == date:
        handler.answer(304, b"")
    else:
        handler.answer(200, b'{"is": "dated"}', Last_Modified=date)


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_FAULTS: Mapping[str, Callable[[_Handler, str], None]] = {
    "status": lambda handler, status: handler.answer(int(status), b'{"error": "so"}'),
    "empty": lambda handler, _: handler.answer(204, b""),
    "html": lambda handler, _: handler.answer(200, b"<p>Not JSON</p>"),
    "redirect": lambda handler, to: handler.answer(302, b"", Location=f"/{to}"),
    "away": lambda handler, to: handler.answer(301, b"", Location=f"http://{to}/x"),
    "slow": lambda handler, _: [handler.api.stop.wait(WAIT_SECONDS), handler.raw(b"")][-1],
    "drip-head": lambda handler, _: handler.drip(_HEAD + b"X-Long: " + b"x" * 400),
    "drip-body": lambda handler, _: handler.drip(
        _HEAD + b"Content-Length: 900\r\n\r\n" + b" " * 900
    ),
    "huge": lambda handler, size: handler.answer(200, b'"' + b"x" * int(size) + b'"'),
    "endless": lambda handler, _: handler.raw(_HEAD + b"\r\n" + b" " * 5_000_000),
    "bomb": _bomb,
    "gzip": _compressed,
    "brotli": lambda handler, _: handler.answer(200, b"{}", Content_Encoding="br"),
    "break-head": lambda handler, _: handler.raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "break-body": lambda handler, _: handler.raw(_HEAD + b"Content-Length: 100\r\n\r\n[1, 2"),
    "not-http": lambda handler, _: handler.raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "cookie": lambda handler, _: handler.json({}, Set_Cookie="id=1; Path=/"),
    "no-body": lambda handler, status: handler.no_body(int(status)),
    "no-store": lambda handler, _: handler.json({}, Cache_Control="private, no-store"),
    "dated": _dated,
    "echo": _echo,
    "meet": _meet,
}
