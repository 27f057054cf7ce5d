"""How often something may be done, in one table: by an account, or by an address before log-in.

The generic cell rate algorithm (GCRA, ITU-T I.371) needs one number for each key: the time at which
all that was done will have been paid for. One statement reads, decides and writes it, so processes
that share a database share the limits.

Nobody can lock somebody else out. Guesses of passwords use up the attempts of an address, and those
that all unknown browsers have together for one account. A browser in which somebody has
logged in before has attempts of its own (`accounts/devices.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from blog.database import Connection
from blog.endpoint import Call
from blog.platform import Platform
from blog.refusal import RefusalError

NETWORK_BITS = 64
"""One customer has a whole network of IPv6 of this size."""

_TAKE = """
    INSERT INTO rate (key, due) VALUES (:key, :next)
    ON CONFLICT (key) DO UPDATE
    SET due = CASE WHEN rate.due > :now THEN rate.due + :interval ELSE :next END
    WHERE rate.due <= :latest
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """Permits `burst` uses at once, and after that one use every `seconds`."""

    burst: int
    seconds: float


LIMITS: Mapping[str, Limit] = {
    "login-address": Limit(30, 10),
    "login-account-and-address": Limit(10, 60),
    "login-account": Limit(100, 30),
    "login-device": Limit(10, 60),
    "confirm": Limit(10, 60),  # the password is asked for again
    "signup": Limit(20, 180),
    "write": Limit(120, 1),
    "preview": Limit(60, 0.5),
    "picture": Limit(30, 10),
    "report": Limit(10, 60),
    "export": Limit(5, 60),
}
"""All limits of the platform. Those of log-in are counted before a password is looked at."""


def check(call: Call, name: str) -> None:
    """Count one use, by the account if somebody is logged in. Raises RefusalError if it is over."""
    holder = call.session.account.id if call.session else network(call.address)
    take(call.platform, name, holder)


def take(platform: Platform, name: str, holder: str) -> None:
    """Count one use by a holder, such as an address. Raises RefusalError if it is one too many."""
    now = platform.clock()
    with platform.database.writing() as connection:
        seconds = wait_seconds(connection, LIMITS[name], f"{name}:{holder}", now)
    if seconds:
        message = f"This was done very often. Try again in {_in_words(seconds)}."
        raise RefusalError(429, message, headers={"Retry-After": str(seconds)})


def wait_seconds(connection: Connection, limit: Limit, key: str, now: float) -> int:
    """Count one use; if it is one too many, count nothing, and say how long to wait."""
    latest = now + (limit.burst - 1) * limit.seconds
    values = {"now": now, "latest": latest, "interval": limit.seconds}
    if connection.change(_TAKE, key=key, next=now + limit.seconds, **values):
        return 0
    row = connection.row("SELECT due FROM rate WHERE key = :key", key=key)
    return max(1, math.ceil(row["due"] - latest)) if row else 1


def remove_old(connection: Connection, now: float) -> None:
    """Remove what no longer limits anything."""
    connection.change("DELETE FROM rate WHERE due < :now", now=now)


def network(address: str) -> str:
    """What counts as one client: an address of IPv4, or a network of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> (128 - NETWORK_BITS) << (128 - NETWORK_BITS)))


def _in_words(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
