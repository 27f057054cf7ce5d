"""Browsers in which somebody has logged in before: a signed cookie says so.

It lets nobody in. It gives a browser attempts of its own at the log-in, so that others who try
passwords for the account cannot use them up (OWASP, Slow Down Online Guessing Attacks with Device
Cookies). The signature covers the hash of the password: a new password forgets all devices.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

COOKIE = "device"
LIFETIME_SECONDS = 365 * 24 * 3600
_ID_BYTES = 16


def new_device(secret: str, account: str, password_hash: str) -> str:
    """The value of the cookie for a browser in which somebody has just logged in."""
    device = secrets.token_urlsafe(_ID_BYTES)
    return f"{device}.{_signature(secret, device, account, password_hash)}"


def known_device(secret: str, cookie: str, account: str, password_hash: str) -> str:
    """The id of a browser in which this account has logged in; empty if it is another one."""
    device, _, signature = cookie.partition(".")
    expected = _signature(secret, device, account, password_hash)
    return device if hmac.compare_digest(expected.encode(), signature.encode()) else ""


def _signature(secret: str, device: str, account: str, password_hash: str) -> str:
    text = f"device {device} {account} {password_hash}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
