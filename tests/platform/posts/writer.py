"""Somebody who is logged in and writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from blog.account import Account
from blog.accounts import csrf, sessions
from tests.platform.client import SECRET, SITE_URL, RunningApi
from tests.platform.posts.stored import store_account


@dataclass
class Writer:
    """A browser with a session."""

    api: RunningApi
    client: TestClient
    account: Account
    token: str

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def send(self, method: str, path: str, value: Mapping[str, Any] | None = None) -> Response:
        """Send JSON with the token of the session."""
        headers = {"X-CSRF-Token": self.token, "Origin": SITE_URL}
        if value is None:
            return self.client.request(method, path, headers=headers)
        headers["Content-Type"] = "application/json"
        return self.client.request(method, path, content=json.dumps(value), headers=headers)

    def value(self, method: str, path: str, value: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a successful answer."""
        answer = self.send(method, path, value)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def create(self, **content: Any) -> Any:
        """Begin a post."""
        return self.value(
            "POST", "/api/me/posts", {"title": "First post", "text": "Hi.", **content}
        )

    def save(self, post: Any, **changes: Any) -> Any:
        """Save a draft with some changes."""
        content = {name: post[name] for name in ("title", "text", "tags", "description", "slug")}
        draft = {**content, "revision": post["revision"], **changes}
        return self.value("PUT", f"/api/me/posts/{post['id']}/draft", draft)

    def publish(self, post: Any, at: str | None = None) -> Any:
        """Publish what the editor shows."""
        value = {"revision": post["revision"], **({"at": at} if at else {})}
        return self.value("POST", f"/api/me/posts/{post['id']}/publish", value)

    def unpublish(self, post: Any) -> Any:
        return self.value("POST", f"/api/me/posts/{post['id']}/unpublish")

    def published(self, **content: Any) -> Any:
        """Write and publish a post."""
        return self.publish(self.create(**content))


def log_in(api: RunningApi, name: str, **values: Any) -> Writer:
    """A new account with a session."""
    now = api.clock()
    with api.platform.database.writing() as connection:
        store_account(connection, name, **values)
        display_name = str(values.get("display_name", name.title()))
        account = Account(f"id-{name}", name, display_name, bool(values.get("is_admin")))
        session = sessions.begin(connection, account, now)
    client = api.browser()
    client.cookies.set(sessions.COOKIE, sessions.signed(session, SECRET, now))
    return Writer(api, client, account, csrf.token(SECRET, session.id))
