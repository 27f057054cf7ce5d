"""Writers and readers who go on while parts of the platform crash.

A writer knows which version of each post was acknowledged. What was not acknowledged may have
happened or not, so a writer looks before the next change.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

REQUEST_SECONDS = 8.0
PAUSE_SECONDS = 0.05
_VERSION = re.compile(r"version=(\d+);")


@dataclass(frozen=True, slots=True)
class Glance:
    """What a reader has seen of a post."""

    begin: float
    path: str
    status: int
    version: int


@dataclass
class Acknowledged:
    """The last version of each post whose publication was acknowledged, and when."""

    versions: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By the path of the page."""

    def older(self, glance: Glance) -> bool:
        """Whether a reader has seen less than what was acknowledged before they asked."""
        at, version = self.versions.get(glance.path, (float("inf"), 0))
        return at < glance.begin and (glance.status != 200 or glance.version < version)


class Writer(threading.Thread):
    """Publishes posts, and further versions of them, until it is told to stop."""

    def __init__(self, url: str, user: str, known: Acknowledged, stop: threading.Event) -> None:
        super().__init__(name=user, daemon=True)
        self._user = user
        self._known = known
        self._stopping = stop
        # One address for each writer: limits of sign-ups count by address.
        address = {"X-Forwarded-For": f"192.0.2.{1 + len(user)}"}
        self._client = httpx2.Client(base_url=url, timeout=REQUEST_SECONDS, headers=address)
        self._posts: list[str] = []
        self.failures: list[str] = []
        """Answers that say that something is wrong with a request, and not with the platform."""

    def sign_up(self) -> None:
        password = "four small boats in fog"  # noqa: S105 of a test
        account = {"user": self._user, "name": self._user, "password": password}
        answer = self._send("POST", "/api/accounts", account)
        assert answer.status_code == 201, answer.text

    def run(self) -> None:
        number = 0
        while not self._stopping.wait(PAUSE_SECONDS):
            number += 1
            try:
                self._begin(number) if number % 4 == 1 else self._publish(number)
            except (httpx2.HTTPError, _UnavailableError):
                time.sleep(PAUSE_SECONDS)  # what it was about may have happened

    def _begin(self, number: int) -> None:
        draft = {"title": f"{self._user} {number}", "text": "version=0;", "tags": ["crash"]}
        self._posts.append(self._wanted("POST", "/api/me/posts", draft)["id"])

    def _publish(self, number: int) -> None:
        if not self._posts:
            return
        own = f"/api/me/posts/{self._posts[number % len(self._posts)]}"
        post = self._wanted("GET", own)
        version = int(_VERSION.findall(post["text"])[0]) + 1
        draft = {"title": post["title"], "text": f"version={version};", "tags": post["tags"]}
        saved = self._wanted("PUT", f"{own}/draft", {**draft, "revision": post["revision"]})
        published = self._wanted("POST", f"{own}/publish", {"revision": saved["revision"]})
        self._known.versions[published["address"]] = time.time(), version

    def _wanted(self, method: str, path: str, value: object = None) -> dict[str, str]:
        """The object of a successful answer. Raises _UnavailableError if there is none now."""
        answer = self._send(method, path, value)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise _UnavailableError
        if answer.is_error:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text}")
            raise _UnavailableError
        found: dict[str, str] = answer.json()
        return found

    def _send(self, method: str, path: str, value: object = None) -> httpx2.Response:
        session = self._client.get("/api/session")
        if session.is_error:
            raise _UnavailableError
        origin = str(self._client.base_url).rstrip("/")
        headers = {"X-CSRF-Token": session.json()["csrf"], "Origin": origin}
        return self._client.request(method, path, json=value, headers=headers)


class _UnavailableError(Exception):
    """The platform does not answer at the moment."""


class Reader(threading.Thread):
    """Reads the pages of posts until it is told to stop."""

    def __init__(self, url: str, known: Acknowledged, stop: threading.Event) -> None:
        super().__init__(name="reader", daemon=True)
        self._known = known
        self._stopping = stop
        self._look = looking(url)
        self.glances: list[Glance] = []

    def run(self) -> None:
        while not self._stopping.wait(PAUSE_SECONDS / 5):
            for path in list(self._known.versions)[-5:]:
                self.glances.append(self._look(path))


def looking(url: str) -> Callable[[str], Glance]:
    """A reader's browser, which opens paths."""
    client = httpx2.Client(base_url=url, timeout=REQUEST_SECONDS)

    def look(path: str) -> Glance:
        begin = time.time()
        try:
            answer = client.get(path)
        except httpx2.HTTPError:
            return Glance(begin, path, 0, 0)
        found = _VERSION.findall(answer.text)
        return Glance(begin, path, answer.status_code, int(found[0]) if found else 0)

    return look
