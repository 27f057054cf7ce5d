"""Log-in: limits, the password, and a new session.

An account that does not exist, one that is suspended and a wrong password have the same answer and
cost the same: one verification by Argon2id.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from blog.account import Account, Session
from blog.accounts import accounts, devices, limits, names, sessions
from blog.accounts.accounts import StoredAccount
from blog.database import Connection
from blog.endpoint import Call
from blog.refusal import RefusalError, invalid

_WRONG = "The name or the password is wrong."
_CHANGED = "The account has just been changed. Try again."


@dataclass(frozen=True, slots=True)
class BegunSession:
    """A new session, and what lets its browser be known at the next log-in."""

    session: Session
    device: str = field(repr=False)


def log_in(call: Call, told_name: str, password: str) -> BegunSession:
    """Begin a session. Raises RefusalError."""
    name = names.normalised(told_name)
    name = name if names.is_possible(name) else ""
    with call.platform.database.reading() as connection:
        found = accounts.find(connection, name)
    _check_limits(call, name, found)
    stored = found.password_hash if found and found.may_log_in else ""
    if not call.platform.passwords.matches(password, stored) or found is None:
        raise RefusalError(401, _WRONG)
    new_hash = _renewed_hash(call, password, stored)
    with call.platform.database.writing() as connection:
        present = unchanged(connection, found)
        if new_hash != stored:
            accounts.set_password(connection, present.account.id, new_hash)
        return begin(connection, call, present.account, new_hash)


def begin(connection: Connection, call: Call, account: Account, password_hash: str) -> BegunSession:
    """Begin a session for somebody who has the password; the browser's last one ends."""
    if call.session:
        sessions.end(connection, call.session)
    session = sessions.begin(connection, account, call.platform.clock())
    secret = call.platform.settings.jwt_secret
    return BegunSession(session, devices.new_device(secret, account.id, password_hash))


def confirmed(call: Call, password: str, field: str) -> StoredAccount:
    """The account that is logged in, whose password was asked for again. Raises RefusalError."""
    limits.check(call, "confirm")
    with call.platform.database.reading() as connection:
        found = accounts.find(connection, call.account.name)
    stored = found.password_hash if found else ""
    if not call.platform.passwords.matches(password, stored) or found is None:
        raise invalid({field: "This is not your password."})
    return found


def log_out(call: Call) -> None:
    """End the session of a call, also for other browsers with a copy of its token."""
    if call.session:
        with call.platform.database.writing() as connection:
            sessions.end(connection, call.session)


def unchanged(connection: Connection, found: StoredAccount) -> StoredAccount:
    """The account, locked, unless it has changed since its password was verified."""
    present = accounts.locked(connection, found.account.id)
    if present is None or not present.may_log_in or present.password_hash != found.password_hash:
        raise RefusalError(409, _CHANGED)
    return present


def _check_limits(call: Call, name: str, found: StoredAccount | None) -> None:
    """A browser that the account knows has attempts of its own; all others share theirs."""
    if device := _known_device(call, found):
        limits.take(call.platform, "login-device", device)
        return
    client = limits.network(call.address)
    limits.take(call.platform, "login-address", client)
    limits.take(call.platform, "login-account-and-address", f"{name} {client}")
    limits.take(call.platform, "login-account", name)


def _known_device(call: Call, found: StoredAccount | None) -> str:
    cookie = call.request.cookies.get(devices.COOKIE, "")
    if not cookie or not found or not found.may_log_in:
        return ""
    secret = call.platform.settings.jwt_secret
    return devices.known_device(secret, cookie, found.account.id, found.password_hash)


def _renewed_hash(call: Call, password: str, stored: str) -> str:
    """The hash with the parameters of today, if the stored one has others."""
    passwords = call.platform.passwords
    return passwords.hashed(password) if passwords.is_outdated(stored) else stored
