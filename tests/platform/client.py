"""The API of the blogging platform, asked as browsers and programs ask it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2.profiles import CHEAPEST
from httpx2 import Response
from starlette.testclient import TestClient

from blog.accounts.passwords import Passwords
from blog.app import application
from blog.platform import Platform
from blog.settings import Settings
from blog.site_shell import FetchShell, no_site
from tests.platform.described import check_answer

SITE_URL = "http://127.0.0.1:8010"
SECRET = "s" * 40
QUICK = Passwords(CHEAPEST)
"""Passwords whose hashes cost little time."""
START = 1_800_000_000.0
"""The time at which the tests begin: 2027-01-15T08:00:00Z."""


@dataclass
class SetClock:
    """A clock that tests set."""

    now: float = START

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class CheckedClient(TestClient):
    """A client for which each answer in JSON must be what its endpoint describes."""

    def request(self, *values: Any, **options: Any) -> Response:
        answer = super().request(*values, **options)
        check_answer(answer)
        return answer


@dataclass
class RunningApi:
    """The API with its lifespan, what it has purged, and clients for it."""

    client: TestClient
    clock: SetClock
    purges: list[str] = field(default_factory=list)
    """The tags that were purged, in their order."""
    fail_purges: list[str] = field(default_factory=list)
    """If this is not empty, its first text is why no purge succeeds."""

    @property
    def platform(self) -> Platform:
        found: Platform = self.client.app.state.platform  # type: ignore[attr-defined]
        return found

    def visitor(self) -> Visitor:
        """Somebody with a browser of their own."""
        return Visitor(self, self.browser())

    def author(self, user: str = "ana") -> Visitor:
        """Somebody who has just signed up."""
        visitor = self.visitor()
        visitor.sign_up(user)
        return visitor

    def browser(self) -> TestClient:
        """A client without cookies, in the event loop in which the API runs."""
        client = CheckedClient(self.client.app, base_url=SITE_URL)
        client.portal = self.client.portal
        return client


@contextmanager
def running_api(
    folder: Path, *, fetch_shell: FetchShell = no_site, **changes: Any
) -> Iterator[RunningApi]:
    """Run the API with a new database of SQLite in a folder; `changes` are settings."""
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{folder / 'blog.db'}",
        "site_url": SITE_URL,
        "jwt_secret": SECRET,
        "purge_secret": SECRET,
        "purge_urls": (SITE_URL,),
    }
    clock, purges, failures = SetClock(), list[str](), list[str]()

    def send(_: str, tags: tuple[str, ...]) -> str | None:
        if failures:
            return failures[0]
        purges.extend(tags)
        return None

    settings = Settings(**{**values, **changes})
    app = application(settings, clock=clock, send=send, fetch_shell=fetch_shell, passwords=QUICK)
    with CheckedClient(app, base_url=SITE_URL) as client:
        yield RunningApi(client, clock, purges, failures)


PASSWORD = "correct horse battery"  # noqa: S105 of tests


@dataclass
class Visitor:
    """A browser: it keeps cookies, and sends the token that belongs to them."""

    api: RunningApi
    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def send(self, method: str, path: str, value: Mapping[str, Any] | None = None) -> Response:
        """Send JSON with the token of the session, as the scripts of the site do."""
        token = self.client.get("/api/session").json()["csrf"]
        headers = {"X-CSRF-Token": token, "Origin": SITE_URL}
        return self.client.request(method, path, json=value, headers=headers)

    def sign_up(self, user: str, name: str = "", password: str = PASSWORD) -> None:
        """Become an author."""
        value = {"user": user, "name": name or user.title(), "password": password}
        answer = self.send("POST", "/api/accounts", value)
        assert answer.status_code == 201, answer.text

    def log_in(self, user: str, password: str = PASSWORD) -> Response:
        """Try to log in."""
        return self.send("POST", "/api/session", {"user": user, "password": password})

    def submit(self, path: str, values: Mapping[str, str], page: str = "") -> Response:
        """Fill in the form of a page (by default the one at the same address), and submit it."""
        html = self.client.get(page or path).text
        found = re.search(r'name="csrf" value="([^"]+)"', html)
        assert found, f"{page or path} has no form with a token"
        data = {"csrf": found[1], **values}
        return self.client.post(
            path, data=data, headers={"Origin": SITE_URL}, follow_redirects=False
        )
