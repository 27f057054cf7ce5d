"""Who makes a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who has signed up and is logged in."""

    id: str
    name: str
    """The first part of the addresses of this account's pages."""
    display_name: str
    is_admin: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in the token of a session, which redirect rules of the site read."""
        return ("author", "admin") if self.is_admin else ("author",)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is logged in."""

    id: str
    account: Account
    expires_at: float
    """Seconds since 1970."""
