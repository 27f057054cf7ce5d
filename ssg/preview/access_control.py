"""Decide who may read the dashboard, and who may use its actions.

The functions are pure: they take headers and addresses. The preview has no login. Two checks
keep pages of other sites out. The check of `Host` keeps them from reading the dashboard through
a host name of theirs that points to 127.0.0.1 (DNS rebinding). The checks of the origin and of a
token, which only the dashboard's own page contains, keep them from making the browser send
actions (cross-site request forgery).
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

SocketAddress = tuple[str, int | None]
"""A host and a port, as in ASGI's `client` and `server`."""

PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A request with one of these headers was forwarded from elsewhere."""


def is_local(
    headers: Mapping[str, str], client: SocketAddress | None, server: SocketAddress | None
) -> bool:
    """Whether a request comes from this machine, to a loopback address, by its own name."""
    if client is None or server is None or not (is_loopback(client[0]) and is_loopback(server[0])):
        return False
    if any(name in headers for name in PROXY_HEADERS):
        return False
    return headers.get("host", "").lower() in host_names(server)


def host_is_own_name(headers: Mapping[str, str], server: SocketAddress | None) -> bool:
    """Whether `Host` names the server's address. Only loopback addresses are checked."""
    if server is None or not is_loopback(server[0]):
        return True
    return headers.get("host", "").lower() in host_names(server)


def host_names(server: SocketAddress) -> frozenset[str]:
    """The values of `Host` that name this address (RFC 9110, section 7.2)."""
    host, port = server
    names = ("localhost", f"[{host}]" if ":" in host else host)
    with_port = frozenset(f"{name}:{port}" for name in names)
    return with_port | frozenset(names) if port == 80 else with_port


def is_loopback(host: str) -> bool:
    """Whether an address reaches only this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local_url(url: str) -> bool:
    """Whether the preview at this URL has a dashboard."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or is_loopback(host)


def may_act(headers: Mapping[str, str], given: str, token: str) -> bool:
    """Whether a POST comes from a page of the dashboard, by its origin and its token."""
    return is_same_origin(headers) and hmac.compare_digest(given.encode(), token.encode())


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the browser says so; all browsers send `Origin` or `Sec-Fetch-Site` with a POST."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None:
        return False
    own = f"http://{headers.get('host', '')}".lower()
    return (origin is None or origin.lower() == own) and (site is None or site == "same-origin")
