"""Accounts that are there already, and browsers in which they are logged in: quick to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from httpx2 import Response

from blog.account import Account
from blog.accounts import csrf, sessions
from tests.platform.client import SECRET, SITE_URL, RunningApi, Visitor

_ADD = """
    INSERT INTO account (id, name, skeleton, display_name, password, is_admin, joined_at)
    VALUES (:id, :name, :name, :display_name, '', :is_admin, '2027-01-01T00:00:00Z')
    ON CONFLICT (id) DO NOTHING
"""


@dataclass
class SignedIn(Visitor):
    """A browser in which somebody is logged in."""

    account: Account
    token: str

    def send_token(self, method: str, path: str, value: Any = None) -> Response:
        """Send JSON with the token of the session."""
        headers = {"X-CSRF-Token": self.token, "Origin": SITE_URL}
        return self.client.request(method, path, json=value, headers=headers)


def author(
    api: RunningApi,
    name: str,
    *,
    account_id: str = "",
    display_name: str = "",
    is_admin: bool = False,
) -> SignedIn:
    """A browser of an account, whose id is its name, unless another is given."""
    account = Account(account_id or name, name, display_name or name.title(), is_admin)
    now = api.clock()
    with api.platform.database.writing() as connection:
        connection.change(
            _ADD,
            id=account.id,
            name=name,
            display_name=account.display_name,
            is_admin=int(is_admin),
        )
        session = sessions.begin(connection, account, now)
    client = api.browser()
    client.cookies.set(sessions.COOKIE, sessions.signed(session, SECRET, now))
    return SignedIn(api, client, account, csrf.token(SECRET, session.id))
