"""Sessions: a signed token in a cookie, and a row for each, so that it can be ended.

The token is the one that redirect rules with `Role=` read, on Netlify and in `ssg start`: a JSON
Web Token in the cookie `nf_jwt`. A rule looks at its signature, its time and its roles only. The
API asks the database on each request: a token whose session has ended is worth nothing here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

import jwt

from blog.account import Account, Session
from blog.clock import text_of_time, time_of_text
from blog.database import Connection
from blog.signed_token import ALGORITHM, valid_claims

COOKIE = "nf_jwt"
LIFETIME_SECONDS = 14 * 24 * 3600
RENEWAL_SECONDS = 24 * 3600
"""A session that is used is renewed after this time."""
_REQUIRED = ["sub", "sid", "iat", "exp"]

_FIND = """
    SELECT s.id, s.expires_at, a.id AS account, a.name, a.display_name, a.is_admin
    FROM session s JOIN account a ON a.id = s.account
    WHERE s.id = :id AND s.account = :account AND s.expires_at > :now
      AND a.suspended = 0 AND a.deleted = 0
"""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a valid token says."""

    session: str
    account: str


def begin(connection: Connection, account: Account, now: float) -> Session:
    """Make a session, always with a new id: nobody can choose it beforehand."""
    session = Session(secrets.token_urlsafe(24), account, now + LIFETIME_SECONDS)
    connection.change(
        """INSERT INTO session (id, account, created_at, expires_at)
           VALUES (:id, :account, :now, :expires)""",
        id=session.id,
        account=account.id,
        now=text_of_time(now),
        expires=text_of_time(session.expires_at),
    )
    return session


def find(connection: Connection, claims: TokenClaims, now: float) -> Session | None:
    """The session of a token, unless it has ended."""
    values = {"id": claims.session, "account": claims.account, "now": text_of_time(now)}
    row = connection.row(_FIND, **values)
    if row is None:
        return None
    account = Account(row["account"], row["name"], row["display_name"], bool(row["is_admin"]))
    return Session(row["id"], account, time_of_text(row["expires_at"]))


def is_due(session: Session, now: float) -> bool:
    """Whether a session was begun or renewed more than a day ago."""
    return session.expires_at - now < LIFETIME_SECONDS - RENEWAL_SECONDS


def renewed(connection: Connection, session: Session, now: float) -> Session | None:
    """The same session with a new expiry; None if it has ended in the meantime."""
    renewed = replace(session, expires_at=now + LIFETIME_SECONDS)
    changed = connection.change(
        "UPDATE session SET expires_at = :expires WHERE id = :id",
        id=session.id,
        expires=text_of_time(renewed.expires_at),
    )
    return renewed if changed else None


def remove_expired(connection: Connection, now: float) -> None:
    """Remove sessions that have ended by themselves."""
    connection.change("DELETE FROM session WHERE expires_at <= :now", now=text_of_time(now))


def end(connection: Connection, session: Session) -> None:
    """End a session, also for those who have copied its token."""
    connection.change("DELETE FROM session WHERE id = :id", id=session.id)


def end_all(connection: Connection, account: str, *, but: str = "") -> None:
    """End all sessions of an account, `but` one."""
    connection.change(
        "DELETE FROM session WHERE account = :account AND id <> :but", account=account, but=but
    )


def signed(session: Session, secret: str, now: float) -> str:
    """The token of a session."""
    roles = {"authorization": {"roles": list(session.account.roles)}}
    claims = {
        "sub": session.account.id,
        "sid": session.id,
        "iat": int(now),
        "exp": int(session.expires_at),
        "app_metadata": roles,
    }
    return jwt.encode(claims, secret, ALGORITHM)


def claims_of(token: str, secret: str, now: float) -> TokenClaims | None:
    """What a token says, if its signature and its time are valid. Only HS256 counts."""
    claims = valid_claims(token, secret, _REQUIRED, now)
    if claims is None or not isinstance(claims["sid"], str):
        return None
    return TokenClaims(claims["sid"], claims["sub"])
